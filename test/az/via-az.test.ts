import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azPreflight } from '../../src/apply/az-preflight.ts';
import { createCommandRunner } from '../../src/apply/az-run.ts';
import type { Checklist } from '../../src/model/checklist.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import type { Json } from '../../src/model/json.ts';
import { practiceGateway } from '../../src/practice/index.ts';
import { practiceKubernetes } from '../../src/practice/kube-gateway.ts';
import { settle } from '../../src/practice/operations.ts';
import { commandsOf } from '../../src/render/index.ts';
import { betweenWorlds, divergences } from './allowed-differences.ts';
import { whyNot } from './az-program.ts';
import { type AzGround, type AzWorld, openAzGround } from './az-world.ts';
import { allCases, type Case } from './cases.ts';
import { compare, idsIn, snapshotOf, withoutMadeIds } from './compare.ts';
import { type RefusingProxy, startRefusingProxy } from './refusing-proxy.ts';
import { applyIn, type Doors, memoryStore, openSdkWorld, troubles, withoutManual } from './sdk-world.ts';

type Run = Extract<Case, { readonly kind: 'run' }>;

/** What a plan asks of the back end: kinds of changes on types of resources, and the programs' own words for them. */
function askedOf({ plan }: Run): readonly string[] {
  return plan.changes.flatMap(({ change }) => {
    const on = 'target' in change ? change.target.type.toLowerCase() : '';
    const words = commandsOf(change).map(({ argv }) =>
      argv
        .slice(
          0,
          Math.max(
            0,
            argv.findIndex((word) => word.startsWith('-')),
          ),
        )
        .join(' '),
    );
    return change.kind === 'manual' ? [] : words.map((said) => `${change.kind} ${on} ${said}`);
  });
}

/** Few runs that ask everything which all of them together ask; always the same ones. */
function covering(all: readonly Run[]): readonly Run[] {
  const open = new Set(all.flatMap(askedOf));
  const chosen: Run[] = [];
  while (open.size > 0) {
    const news = (run: Run) => new Set(askedOf(run).filter((one) => open.has(one))).size;
    const best = all.reduce((found, run) => (news(run) * found.plan.changes.length > news(found) * run.plan.changes.length ? run : found));
    if (news(best) === 0) break;
    chosen.push(best);
    for (const one of askedOf(best)) open.delete(one);
  }
  return chosen;
}

const missing = whyNot();
const all = missing === undefined ? (await allCases()).filter((one): one is Run => one.kind === 'run') : [];
const runs = covering(all);

const doorsTo = ({ served: { world } }: AzWorld): Doors => ({
  arm: practiceGateway(world),
  clusterId: world.state.clusterId,
  kubernetes: practiceKubernetes(world),
});

/** The events that both back ends tell: what is started, and how it ends. How often one waits, and what az prints, is each one's own. */
const told = (events: readonly ApplyEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'waiting' || event.type === 'output' ? [] : [`${event.type} ${'change' in event ? event.change : event.outcome}`]));

/** What is kept of a run, but for what is each back end's own: times, operation addresses, and how it was sent. */
function kept({ steps, operations }: Checklist): Json {
  const decisions = Object.entries(steps).map(([step, { status, before, after, choice, planDigest, undo }]) => [
    step,
    { status, before, after, choice, planDigest, undo },
  ]);
  const sent = operations.map(({ change, steps: of, status }) => ({ change: change.id, steps: of, status }));
  return JSON.parse(JSON.stringify({ decisions: Object.fromEntries(decisions), sent })) as Json;
}

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

  it('is tried with every kind of change and command that any option needs', () => {
    expect(new Set(runs.flatMap(askedOf))).toEqual(new Set(all.flatMap(askedOf)));
    expect(runs.length).toBeGreaterThan(8);
  });

  for (const { place, plan: whole, facts, ground: where } of runs) {
    it.concurrent(`${place}: the same world, events and checklist as through the SDK`, async ({ expect: expecting }) => {
      const plan = withoutManual(whole);
      const [sdk, az] = [await openSdkWorld(where), await ground.open(where)];
      try {
        const known = idsIn(snapshotOf(sdk.world), plan);
        const [sdkStore, azStore] = [memoryStore(facts), memoryStore(facts)];
        const bySdk = await applyIn(sdk, plan, facts, { store: sdkStore });
        const byAz = await applyIn(doorsTo(az), plan, facts, { via: 'az', store: azStore, commands: createCommandRunner({ env: az.env }) });
        expecting(troubles(byAz)).toEqual([]);
        expecting(told(byAz)).toEqual(told(bySdk));
        expecting(withoutMadeIds(kept(azStore.current()), known)).toEqual(withoutMadeIds(kept(sdkStore.current()), known));
        expecting(azStore.current().operations.map(({ via }) => via)).toEqual(azStore.current().operations.map(() => 'az'));
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
      const found = all.find(({ place }) => place === 'typical: platform.control-plane-logs=workspace-and-storage');
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
