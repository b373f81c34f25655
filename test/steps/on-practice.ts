import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from '../../src/apply/apply.ts';
import { openChecklist } from '../../src/checklist/store.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { clusterRef, type FactKey, type Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Choice, Step } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import { readFacts } from '../../src/snapshot/live.ts';

/** What happened when a choice was carried out on a practice cluster. */
export interface Carried {
  readonly plan: Plan;
  readonly events: readonly ApplyEvent[];
  readonly facts: Facts;
}

/** A practice cluster in the hands of some steps. */
export interface Bench {
  readonly practice: Practice;
  readonly read: () => Promise<Facts>;
  /** Plans from fresh facts and applies; guards that a phrase lifts are lifted. Throws where the choice is incomplete. */
  readonly carryOut: (step: Step, option: string, values?: Choice['values']) => Promise<Carried>;
}

/** A scenario with its clock stopped where a test can count on it; `steps` are what verdicts after a change come from. */
export async function bench(scenario: string, steps: readonly Step[]): Promise<Bench> {
  const practice = await createPractice({ scenario, clock: steppedClock(Date.parse('2026-11-20T08:00:00Z')) });
  const now = () => new Date(practice.world.clock.now());
  const read = (keys?: readonly FactKey[]) => readFacts({ arm: practice.arm, clusterId: practice.clusterId, now: now(), ...(keys ? { keys } : {}) });
  const first = await read();
  const store = await openChecklist({
    path: join(await mkdtemp(join(tmpdir(), 'steps-')), 'c.json'),
    cluster: { ...clusterRef(first), fingerprint: '' },
    tool: 'test',
    practice: { scenario, world: 'w' },
    now: () => now().toISOString(),
  });
  const carryOut = async (step: Step, option: string, values: Choice['values'] = {}): Promise<Carried> => {
    const facts = await read();
    const completed = completeChoice(step, facts, { option, values });
    if ('problems' in completed) throw new Error(completed.problems.map(({ what, why }) => `${what} ${why}`).join(' '));
    const plan = makePlan(facts, steps, { [step.id]: completed.choice });
    const overrides = plan.guards.flatMap((guard) =>
      guard.override === undefined || guard.override === 'never' ? [] : [{ step: guard.step, guard: guard.id, phrase: guard.override }],
    );
    const events: ApplyEvent[] = [];
    const run = apply({ arm: practice.arm, store, steps, reread: read, who: 'ada', now: () => now().toISOString(), plan, facts, overrides });
    for await (const event of run) events.push(event);
    return { plan, events, facts: await read() };
  };
  return { practice, read: () => read(), carryOut };
}

/** Ids of the changes that were sent, in order. */
export function sent(events: readonly ApplyEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'started' ? [event.change] : []));
}

/** Why changes failed or were left out: for a test's own message. */
export function troubles(events: readonly ApplyEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'failed'
      ? [`${event.change}: ${event.problem.what} ${event.problem.why}`]
      : event.type === 'drift'
        ? [`${event.change}: drift ${JSON.stringify(event.differences)}`]
        : [],
  );
}
