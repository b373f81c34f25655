import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ApplyOptions, apply } from '../../src/apply/apply.ts';
import { resumeOperations } from '../../src/apply/resume.ts';
import { openChecklist } from '../../src/checklist/store.ts';
import type { ChecklistStore } from '../../src/model/checklist.ts';
import { clusterRef, type FactKey, type Facts } from '../../src/model/facts.ts';
import { at, path } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { digestOf } from '../../src/plan/digest.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import { planOnlyKeys, readFacts } from '../../src/snapshot/live.ts';
import { steps } from '../../steps/index.ts';
import { collect, told } from './kit.ts';

const read = (practice: Practice, keys?: readonly FactKey[]): Promise<Facts> =>
  readFacts({
    arm: practice.arm,
    clusterId: practice.clusterId,
    ...(keys === undefined ? {} : { keys }),
    planKeys: planOnlyKeys,
    now: new Date(practice.world.clock.now()),
    kubernetes: practice.kubernetes,
    runCommand: async () => ({ reachable: true, detail: 'it answered' }),
  });

const open = async (practice: Practice, facts: Facts, folder: string): Promise<ChecklistStore> =>
  openChecklist({
    path: join(folder, 'c.json'),
    cluster: { ...clusterRef(facts), fingerprint: '' },
    tool: 'test',
    practice: { scenario: practice.scenario, world: 'w' },
    now: () => new Date(practice.world.clock.now()).toISOString(),
  });

/** A practice cluster, its facts and its checklist. */
async function enter(scenario: string, folder?: string, more: { readonly statePath?: string } = {}) {
  const practice = await createPractice({ scenario, clock: steppedClock(Date.parse('2026-07-01T08:00:00Z')), ...more });
  const facts = await read(practice);
  const store = await open(practice, facts, folder ?? (await mkdtemp(join(tmpdir(), 'apply-'))));
  const tools = {
    arm: practice.arm,
    store,
    steps,
    kubernetes: practice.kubernetes,
    reread: (keys: readonly FactKey[]) => read(practice, keys),
    who: 'ada',
    now: () => new Date(practice.world.clock.now()).toISOString(),
  };
  const run = (plan: Plan, from: Facts, options: Partial<ApplyOptions> = {}) => collect(apply({ ...tools, plan, facts: from, ...options }));
  return { practice, facts, store, tools, run };
}

function planFor(facts: Facts, choices: { readonly [step: string]: string }): Plan {
  const complete = Object.entries(choices).map(([id, option]) => {
    const step = steps.find((candidate) => candidate.id === id);
    if (step === undefined) throw new Error(`no step ${id}`);
    const completed = completeChoice(step, facts, { option, values: {} });
    if ('problems' in completed) throw new Error(completed.problems.map(({ what }) => what).join(' '));
    return [id, completed.choice] as const;
  });
  return makePlan(facts, steps, Object.fromEntries(complete));
}

const cases: readonly { readonly scenario: string; readonly choices: { readonly [step: string]: string } }[] = [
  {
    scenario: 'legacy',
    choices: { 'platform.control-plane-logs': 'workspace', 'platform.defender': 'plan-and-sensor', 'cluster.node-os-updates': 'node-image' },
  },
  {
    scenario: 'typical',
    choices: { 'cluster.api-server-exposure': 'authorized-ranges', 'cluster.network-policy': 'cilium', 'platform.defender': 'sensor-only' },
  },
  { scenario: 'private', choices: { 'identity.local-accounts': 'disable', 'cluster.api-server-exposure': 'hide-public-fqdn' } },
];

describe('on the practice cluster', () => {
  it.each(cases)('$scenario: applied, then nothing is left to do, then taken back', async ({ scenario, choices }) => {
    const { practice, facts, run, store } = await enter(scenario);
    const planned = planFor(facts, choices);
    const overrides = planned.guards.flatMap(({ id, step, override }) => (override === undefined ? [] : [{ guard: id, step, phrase: override }]));
    const events = await run(planned, facts, { overrides });
    expect(told(events).filter((line) => /^(failed|drift|skipped)/.test(line))).toEqual([]);
    expect(told(events).at(-1)).toBe('finished applied');
    expect(store.current().operations.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(events.flatMap((event) => (event.type === 'done' ? event.besides : []))).toEqual([]);

    const plan = planFor(facts, choices);
    expect(told(await run(plan, facts, { overrides })).at(-1)).toBe('finished nothing-to-do');

    const undo = await run(undoPlan(plan), await read(practice));
    expect(told(undo).filter((line) => /^(failed|drift)/.test(line))).toEqual([]);
    await store.close();
  });

  it('an operation is picked up by another process, from the files alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'apply-'));
    const statePath = join(folder, 'w.world.json');
    const first = await enter('legacy', folder, { statePath });
    const plan = planFor(first.facts, { 'platform.defender': 'sensor-only' });
    const controller = new AbortController();
    const events = apply({ ...first.tools, plan, facts: first.facts, signal: controller.signal });
    const lines: string[] = [];
    for await (const event of events) {
      lines.push(...told([event]));
      if (event.type === 'waiting') controller.abort();
    }
    expect(lines).toEqual([
      'checked platform.defender/sensor',
      'started platform.defender/sensor',
      'left-running platform.defender/sensor',
      'finished interrupted',
    ]);
    await first.store.close();
    await first.practice.close();

    const second = await enter('legacy', folder, { statePath });
    expect(told(await collect(resumeOperations(second.tools)))).toEqual([
      'started platform.defender/sensor again',
      'done platform.defender/sensor',
      'finished applied',
    ]);
    expect(second.store.current().operations.map(({ status }) => status)).toEqual(['succeeded']);
    await second.store.close();
  });

  it('ranges without this machine are put back', async () => {
    const { practice, facts, run, store } = await enter('typical');
    const plan = planFor(facts, { 'cluster.api-server-exposure': 'authorized-ranges' });
    const wrong = ['8.8.8.0/24'];
    const changes = plan.changes.map((planned) => {
      const { change } = planned;
      if (change.kind !== 'arm.update') return planned;
      return {
        ...planned,
        change: {
          ...change,
          edits: change.edits.map((one) => ({ ...one, after: wrong })),
          undo: change.undo?.map((back) => (back.kind === 'arm.update' ? { ...back, edits: back.edits.map((one) => ({ ...one, before: wrong })) } : back)),
        },
      };
    });
    const events = await run(
      { ...plan, changes: changes as Plan['changes'], digest: digestOf(changes.map(({ change }) => change as Plan['changes'][number]['change'])) },
      facts,
    );
    expect(told(events)).toContain('restored cluster.api-server-exposure/authorized-ranges');
    const now = await read(practice, []);
    expect(at(now.cluster, path('properties.apiServerAccessProfile.authorizedIPRanges')) ?? []).toEqual([]);
    await store.close();
  });
});
