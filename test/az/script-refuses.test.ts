import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { whyNot } from './az-program.ts';
import { type AzGround, type AzWorld, openAzGround } from './az-world.ts';
import { allCases } from './cases.ts';
import { snapshotOf } from './compare.ts';
import { grounds } from './grounds.ts';
import { type RefusingProxy, startRefusingProxy } from './refusing-proxy.ts';
import { consentOf, printed } from './sdk-world.ts';

const typical = grounds.filter(({ name }) => name === 'typical');
const missing = whyNot();
const cases = missing === undefined ? await allCases(typical, { hasExtension: () => true, hasKubectl: true, kubectlReaches: () => true }) : [];

function planOf(option: string): { readonly plan: Plan; readonly text: string } {
  const found = cases.find((one) => one.kind === 'run' && one.option === option);
  if (found?.kind !== 'run') throw new Error(`no plan for ${option}`);
  return { plan: found.plan, text: printed(found.plan, found.facts, { shell: 'bash', undo: false }) };
}

describe.runIf(missing === undefined)('a printed script that cannot work here', () => {
  let proxy: RefusingProxy;
  let ground: AzGround;
  let az: AzWorld;

  beforeAll(async () => {
    proxy = await startRefusingProxy();
    ground = await openAzGround(proxy);
    const [where] = typical;
    if (where === undefined) throw new Error('there is no typical cluster');
    az = await ground.open(where);
  });
  afterAll(async () => {
    await az.close();
    await ground.close();
    await proxy.close();
  });

  const elsewhere = '11111111-1111-4111-8111-111111111111';
  const logs = 'platform.control-plane-logs=workspace';

  it.each<[name: string, option: string, text: (text: string) => string, env: (world: AzWorld) => { readonly [name: string]: string }, said: RegExp]>([
    ['nobody is signed in', logs, (text) => text, ({ env }) => ({ AZURE_CONFIG_DIR: `${env['HOME']}/nobody` }), /az is not signed in.*az login --tenant/],
    [
      'az is signed in to another subscription',
      logs,
      (text) => text.replaceAll('c0ffee00-5ca1-4ab1-8e55-0123456789ab', elsewhere),
      () => ({}),
      new RegExp(`not to subscription ${elsewhere}`),
    ],
    ['az is signed in to another tenant', logs, (text) => text.replace(/!= '?[0-9a-f-]{36}'?/, `!= ${elsewhere}`), () => ({}), /az is signed in to tenant/],
    ['an extension is missing', 'cluster.node-access=ssh', (text) => text, () => ({}), /az lacks the extension aks-preview: az extension add/],
    ['a proxy refuses', logs, (text) => text, () => ({ NO_PROXY: '', no_proxy: '' }), /proxy/i],
  ])('%s: says so, and changes nothing', async (_name, option, change, env, said) => {
    const { plan, text } = planOf(option);
    const before = snapshotOf(az.served.world);
    const { code, stderr } = await az.run(change(text), { AKS_HARDEN_OVERRIDE: consentOf(plan), ...env(az) });
    expect(stderr).toMatch(said);
    expect(code).toBe(1);
    expect(snapshotOf(az.served.world)).toEqual(before);
  });
});
