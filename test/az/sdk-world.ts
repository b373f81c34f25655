import { type ApplyOptions, apply } from '../../src/apply/apply.ts';
import { fingerprintOf } from '../../src/checklist/fingerprint.ts';
import { factKeys, planKeys } from '../../src/commands/source.ts';
import { CHECKLIST_SCHEMA, type Checklist, type ChecklistStore } from '../../src/model/checklist.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { clusterRef, type FactKey, type Facts, knownValue } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import { digestOf } from '../../src/plan/digest.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import { doneConsent, type ScriptOptions, script } from '../../src/render/script.ts';
import { readFacts } from '../../src/snapshot/live.ts';
import { withNamedGroups } from '../../src/snapshot/named-groups.ts';
import { steps } from '../../steps/index.ts';
import type { TestGround } from './grounds.ts';
import { prepare } from './prepare.ts';
import { adminGroups } from './values.ts';

const now = () => new Date();

/** A practice cluster in this process, on a ground. Its time passes only when somebody waits. */
export async function openSdkWorld(ground: TestGround, at: Date = now()): Promise<Practice> {
  const practice = await createPractice({ scenario: ground.scenario, clock: steppedClock(at.getTime()) });
  prepare(practice.world, ground);
  return practice;
}

/** Facts as the wizard reads them before it plans: every step's, planning ones and named groups included. */
export async function factsOf(
  { arm, clusterId, kubernetes }: Doors,
  keys: readonly FactKey[] = [...factKeys(steps), ...planKeys(steps)],
  at: Date = now(),
): Promise<Facts> {
  return withNamedGroups(await readFacts({ arm, clusterId, keys, kubernetes, now: at }), arm, adminGroups);
}

/** A checklist in memory. */
export function memoryStore(facts: Facts): ChecklistStore {
  const at = now().toISOString();
  let current: Checklist = {
    schemaVersion: CHECKLIST_SCHEMA,
    tool: 'aks-harden test',
    cluster: { ...clusterRef(facts), fingerprint: fingerprintOf(facts.cluster) },
    createdAt: at,
    updatedAt: at,
    queue: [],
    steps: {},
    operations: [],
    lastSeen: {},
  };
  return {
    path: 'memory',
    current: () => current,
    update: async (change) => {
      current = change(current);
      return current;
    },
    close: async () => {},
  };
}

/** Guards that stop a plan, each lifted by its phrase. */
export function overridesOf(plan: Plan): readonly { readonly guard: string; readonly step: string; readonly phrase: string }[] {
  return plan.guards.flatMap(({ id, step, verdict, override }) =>
    verdict === 'clear' || verdict === 'warn' || override === undefined || override === 'never' ? [] : [{ guard: id, step, phrase: override }],
  );
}

/** The plan as it stands once its work by hand is done: what waited for that waits no more. */
export function withoutManual(plan: Plan): Plan {
  const kept = plan.changes.filter(({ change }) => change.kind !== 'manual');
  const ids = new Set(kept.map(({ change }) => change.id));
  const changes = kept.map((one) => ({ ...one, change: { ...one.change, after: one.change.after.filter((id) => ids.has(id)) } }));
  return { ...plan, changes, digest: digestOf(changes.map(({ change }) => change)) };
}

/** Everything that AKS_HARDEN_OVERRIDE must hold for a script to run through. */
export function consentOf(plan: Plan): string {
  const guards = overridesOf(plan).map(({ guard, phrase }) => `${guard}=${phrase}`);
  return [...guards, ...plan.changes.map(({ change }) => doneConsent(change.id))].join('\n');
}

/** The script that the plan command prints for a plan that was made from these facts. */
export function printed(plan: Plan, facts: Facts, how: Pick<ScriptOptions, 'shell' | 'undo'>): string {
  const tenant = knownValue(facts, 'subscriptionTenant');
  return script(plan, { ...how, version: 'test', readAt: facts.source.readAt, ...(tenant === undefined ? {} : { tenant }) });
}

/** What a run is watched and changed through. */
export type Doors = Pick<Practice, 'arm' | 'clusterId' | 'kubernetes'>;

/** Carries a plan out, through the SDK's pipeline or with the printed commands, and gives what was told. */
export async function applyIn(
  doors: Doors,
  plan: Plan,
  facts: Facts,
  more: Partial<Pick<ApplyOptions, 'via' | 'commands' | 'store'>> = {},
): Promise<readonly ApplyEvent[]> {
  const { arm, kubernetes } = doors;
  const events: ApplyEvent[] = [];
  const run = apply({
    plan,
    facts,
    steps,
    arm,
    kubernetes,
    store: memoryStore(facts),
    who: 'test',
    now: () => now().toISOString(),
    reread: (keys) => factsOf(doors, keys),
    overrides: overridesOf(plan),
    ...more,
  });
  for await (const event of run) events.push(event);
  return events;
}

/** Why a run did not come through, in its own words; empty when it did. Work by hand is not counted: the other world does not do it either. */
export function troubles(events: readonly ApplyEvent[]): readonly string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'failed':
        return [`${event.change} failed: ${event.problem.what} ${event.problem.why}`];
      case 'skipped':
        return [`${event.change} skipped: ${event.reason}`];
      case 'drift':
        return [`${event.change} drifted: ${JSON.stringify(event.differences)}`];
      case 'restored':
        return [`${event.change} was put back`];
      case 'left-running':
        return [`${event.change} was left running`];
      default:
        return [];
    }
  });
}
