import { recordBefore, recordOverride, statusOf } from '../checklist/records.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Problem, problemOf } from '../model/problem.ts';
import { obstacle } from './dependents.ts';
import { guardProblem, guardsOf, type Override, planFault } from './guards.ts';
import { applyChange, type Ended } from './one-change.ts';
import { leavesUnsettled, noteStepEnd, outcomeOf } from './outcome.ts';
import { isUnwritable, noteStep, noteVerified } from './record.ts';
import { isAborted, type Result, type Run, type Tools } from './run.ts';
import { assessFresh } from './verify.ts';

export type { Override } from './guards.ts';

/** What carrying out a plan takes. */
export interface ApplyOptions extends Tools {
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly facts: Facts;
  /** The SDK's pipeline, or the printed commands; `sdk` when not given. Both check, note and verify alike. */
  readonly via?: 'sdk' | 'az';
  readonly overrides?: readonly Override[];
}

/**
 * Carries out a plan, one change after the other, and tells as it goes; the last event is `finished`. Each change is checked on a fresh read
 * before it is sent (drift, an operation in flight, nothing to do), is on file before its request leaves, and is verified on fresh facts. A change
 * that fails stops those that depend on it. Nothing is sent when a guard stands in the way. Does not throw: errors are events.
 */
export async function* apply(options: ApplyOptions): AsyncGenerator<ApplyEvent, void> {
  const { plan, facts, overrides = [], via = 'sdk', ...tools } = options;
  const run: Run = { ...tools, via, previewProperties: facts.previewProperties, left: new Map() };
  const { stopping, lifted } = guardsOf(plan, overrides);
  const fault = planFault(plan, run.store.current().cluster.id);
  if (fault !== undefined || stopping.length > 0) {
    yield* refuse(run, plan, stopping, fault);
    return;
  }
  const ended = new Map<string, Ended>();
  try {
    await noteStart(run, plan, facts, lifted);
    for (const planned of plan.changes) {
      const { id } = planned.change;
      const reason = isStopped(run) ? 'The run was stopped before it.' : obstacle(plan, planned, resultsOf(ended));
      if (reason !== undefined) {
        ended.set(id, { result: 'skipped' });
        yield { type: 'skipped', change: id, at: run.now(), reason };
      } else {
        // It stands as failed until it has ended: what is thrown out of it has been told already.
        ended.set(id, { result: 'failed' });
        ended.set(id, yield* applyChange(run, planned));
      }
      for (const step of planned.steps) await noteStepEnd(run, plan, step, ended);
    }
    await noteStepsWithoutChanges(run, plan);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    yield* stopHere(run, plan, ended, problemOf(error));
    return;
  }
  const results = [...ended.values()].map(({ result }) => result);
  yield { type: 'finished', at: run.now(), outcome: outcomeOf(results, isStopped(run) && results.includes('skipped'), leavesUnsettled(run, plan, ended)) };
}

/** Notes the guards that were lifted, and the verdicts that the plan was made on where the decision did not. */
async function noteStart(run: Run, plan: Plan, facts: Facts, lifted: readonly Override[]): Promise<void> {
  const stamp = { who: run.who, when: run.now() };
  const planned = run.steps.filter(({ id }) => plan.changes.some(({ steps }) => steps.includes(id)));
  await run.store.update((list) => {
    const known = planned.reduce((next, step) => recordBefore(next, step.id, step.assess(facts), stamp), list);
    return lifted.reduce((next, { step, guard, phrase }) => recordOverride(next, step, { guard, phrase }, stamp), known);
  });
}

const isStopped = (run: Run): boolean => isAborted(run) || run.stopAfterThis?.aborted === true;

const resultsOf = (ended: ReadonlyMap<string, Ended>): ReadonlyMap<string, Result> => new Map([...ended].map(([id, { result }]) => [id, result]));

/** A guard stands in the way: its changes fail with its reason, the others are not begun either. What was approved is the whole. */
async function* refuse(run: Run, plan: Plan, stopping: Plan['guards'], fault: Problem | undefined): AsyncGenerator<ApplyEvent, void> {
  for (const { change, steps } of plan.changes) {
    const guard = stopping.find(({ step }) => steps.includes(step));
    const problem = fault ?? (guard === undefined ? undefined : guardProblem(guard));
    yield problem === undefined
      ? { type: 'skipped', change: change.id, at: run.now(), reason: 'Another part of the plan was refused; nothing was sent.' }
      : { type: 'failed', change: change.id, at: run.now(), problem };
  }
  yield { type: 'finished', at: run.now(), outcome: 'refused' };
}

/** Decisions that come to no change (it stands already) are verified like the others. */
async function noteStepsWithoutChanges(run: Run, plan: Plan): Promise<void> {
  if (isStopped(run)) return;
  for (const step of run.steps) {
    if (!Object.hasOwn(plan.choices, step.id) || plan.changes.some(({ steps }) => steps.includes(step.id))) continue;
    const { byStep } = await assessFresh(run, [step.id], () => true);
    await noteVerified(run, undefined, byStep);
    await noteStep(run, step.id, statusOf(Object.values(byStep[step.id] ?? {})));
  }
}

/**
 * The checklist cannot be written: nothing more may leave. The Problem is told with the change that it befell, where that has not been done; `ended`
 * holds a failure without a Problem for a change whose own events told it.
 */
async function* stopHere(run: Run, plan: Plan, ended: ReadonlyMap<string, Ended>, problem: Problem): AsyncGenerator<ApplyEvent, void> {
  const results = [...ended.values()];
  const rest = plan.changes.map(({ change }) => change.id).filter((id) => !ended.has(id));
  const isTold = results.some(({ result, problem: own }) => result === 'failed' && own === undefined);
  const [first = plan.changes.at(-1)?.change.id ?? ''] = rest;
  if (!isTold) yield { type: 'failed', change: first, at: run.now(), problem };
  for (const id of rest.filter((one) => isTold || one !== first)) {
    yield { type: 'skipped', change: id, at: run.now(), reason: 'The checklist cannot be written, and nothing is sent that is not on file first.' };
  }
  yield { type: 'finished', at: run.now(), outcome: results.some(({ result }) => result === 'done') ? 'partly' : 'failed' };
}
