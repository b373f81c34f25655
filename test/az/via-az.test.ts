import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azPreflight } from '../../src/apply/az-preflight.ts';
import { createCommandRunner } from '../../src/apply/az-run.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { practiceGateway } from '../../src/practice/index.ts';
import { practiceKubernetes } from '../../src/practice/kube-gateway.ts';
import { settle } from '../../src/practice/operations.ts';
import { betweenWorlds, divergences } from './allowed-differences.ts';
import { whyNot } from './az-program.ts';
import { type AzGround, type AzWorld, openAzGround } from './az-world.ts';
import { allCases, type Case } from './cases.ts';
import { compare, idsIn, snapshotOf } from './compare.ts';
import { type RefusingProxy, startRefusingProxy } from './refusing-proxy.ts';
import { applyIn, type Doors, openSdkWorld, troubles, withoutManual } from './sdk-world.ts';

/** One option for each kind of change that az carries out. */
const chosen: readonly string[] = [
  'typical: platform.control-plane-logs=workspace-and-storage',
  'typical: platform.defender=plan-and-sensor',
  'typical: identity.entra-sign-in=entra-azure-rbac',
  'typical: cluster.node-os-updates=security-patch',
  'typical: cluster.api-server-exposure=authorized-ranges',
  'typical: cluster.certificates=rotate-now',
  'typical: cluster.network-policy=cilium',
  'private: cluster.network-policy=azure',
];

type Run = Extract<Case, { readonly kind: 'run' }>;
const missing = whyNot();
const runs = missing === undefined ? (await allCases()).filter((one): one is Run => one.kind === 'run' && chosen.includes(one.place)) : [];

const doorsTo = ({ served: { world } }: AzWorld): Doors => ({
  arm: practiceGateway(world),
  clusterId: world.state.clusterId,
  kubernetes: practiceKubernetes(world),
});

/** The events that both back ends tell: what is started, and how it ends. How often one waits, and what az prints, is each one's own. */
const told = (events: readonly ApplyEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'waiting' || event.type === 'output' ? [] : [`${event.type} ${'change' in event ? event.change : event.outcome}`]));

describe.runIf(missing === undefined)('--via az with the real az', () => {
  let proxy: RefusingProxy;
  let ground: AzGround;

  beforeAll(async () => {
    proxy = await startRefusingProxy();
    ground = await openAzGround(proxy);
  });
  afterAll(async () => {
    await ground.close();
    await proxy.close();
  });

  it('is tried with one option for each kind of change', () => {
    expect(runs.map(({ place }) => place).sort()).toEqual([...chosen].sort());
  });

  for (const { place, plan: whole, facts, ground: where } of runs) {
    it.concurrent(`${place}: the same world and the same events as through the SDK`, async ({ expect: expecting }) => {
      const plan = withoutManual(whole);
      const [sdk, az] = [await openSdkWorld(where), await ground.open(where)];
      try {
        const known = idsIn(snapshotOf(sdk.world), plan);
        const bySdk = await applyIn(sdk, plan, facts);
        const byAz = await applyIn(doorsTo(az), plan, facts, { via: 'az', commands: createCommandRunner({ env: az.env }) });
        expecting(troubles(byAz)).toEqual([]);
        expecting(told(byAz)).toEqual(told(bySdk));
        settle(az.served.world);
        expecting(divergences(compare(snapshotOf(sdk.world), snapshotOf(az.served.world), known), betweenWorlds), 'SDK (left) and az (right)').toEqual([]);
      } finally {
        await az.close();
        await sdk.close();
      }
    });
  }

  describe('before anything runs', () => {
    let az: AzWorld;
    beforeAll(async () => {
      az = await ground.open({ name: 'typical', scenario: 'typical', alter: () => {} });
    });
    afterAll(() => az.close());

    const logs = (): Run => {
      const found = runs.find(({ place }) => place === 'typical: platform.control-plane-logs=workspace-and-storage');
      if (found === undefined) throw new Error('no plan to look over');
      return found;
    };
    const codes = async (options: { readonly subscription?: string; readonly tenantId?: string; readonly env?: { readonly [name: string]: string } }) => {
      const { plan } = logs();
      const { subscription = plan.cluster.subscriptionId, tenantId, env = {} } = options;
      const asked = { ...plan, cluster: { ...plan.cluster, subscriptionId: subscription } };
      const commands = createCommandRunner({ env: { ...az.env, ...env } });
      return (await azPreflight({ plan: asked, commands, ...(tenantId === undefined ? {} : { tenantId }) })).map(({ code }) => code);
    };

    it('finds nothing where all is well', async () => {
      expect(await codes({ tenantId: az.served.world.state.tenantId })).toEqual([]);
    });

    it('finds another tenant, and another subscription', async () => {
      expect(await codes({ tenantId: '11111111-1111-4111-8111-111111111111' })).toEqual(['az-other-tenant']);
      expect(await codes({ subscription: '11111111-1111-4111-8111-111111111111' })).toEqual(['az-other-subscription']);
    });

    it('finds nobody signed in, and no az', async () => {
      expect(await codes({ env: { AZURE_CONFIG_DIR: `${az.env['HOME']}/nobody` } })).toHaveLength(1);
      expect(await codes({ env: { PATH: '/nonexistent' } })).toEqual(['az-missing']);
    });

    it('tells what is wrong when a proxy stands between az and Azure, and changes nothing', async () => {
      const before = snapshotOf(az.served.world);
      const commands = createCommandRunner({ env: { ...az.env, NO_PROXY: '', no_proxy: '' } });
      const { plan, facts } = logs();
      const events = await applyIn(doorsTo(az), plan, facts, { via: 'az', commands });
      const failed = events.find((event) => event.type === 'failed');
      expect(failed?.problem.code).toMatch(/proxy|network|connection|command-failed/);
      expect(`${failed?.problem.why} ${failed?.problem.next.join(' ')}`).toMatch(/proxy/i);
      expect(snapshotOf(az.served.world)).toEqual(before);
    });
  });
});
