import { dropOperation, queue, setStatus, statusOf, unfinished } from '../checklist/records.ts';
import type { Change } from '../model/change.ts';
import type { Checklist, OperationRecord, Stamp } from '../model/checklist.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { Operation } from '../model/gateway.ts';
import type { PlannedChange } from '../model/plan.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';
import { standing } from './effect.ts';
import { isReachable, lookAtObjects } from './kube-look.ts';
import { failureOf, noteFailure } from './one-change.ts';
import { isUnsettled, outcomeOf } from './outcome.ts';
import { follow, followState } from './poll.ts';
import { look, whenQuiet } from './quiet.ts';
import { isUnwritable, noteNothingDone, noteStep } from './record.ts';
import { RESTORE_ENDING } from './restore.ts';
import { isAborted, type Result, type Run, type Tools } from './run.ts';
import { leave, settle } from './settle.ts';
import { type ArmChange, eTagOf, isArm } from './state.ts';
import { newWatch, type Watch } from './wait.ts';

/** What following the operations of a checklist takes. */
export type ResumeOptions = Tools;

type Ended = { readonly result: Result; readonly problem?: Problem };

/**
 * Follows what a checklist holds as running or intended, and sends nothing new, but for the old state where a change cut the API server off. An operation with
 * a poller is followed by it; one that may or may not have left is looked for in the cluster: it stands (then it is verified), runs (then it is
 * waited for), or never took effect (then its steps are open again). The last event is `finished`. Does not throw: errors are events.
 */
export async function* resumeOperations(options: ResumeOptions): AsyncGenerator<ApplyEvent, void> {
  const { store, now } = options;
  const results: Result[] = [];
  let unsettled = false;
  try {
    // Putting the old state back is begun afresh by the operation it belongs to, and finds what stands already.
    await store.update((list) =>
      unfinished(list)
        .filter(({ id }) => id.endsWith(RESTORE_ENDING))
        .reduce((next, { id }) => dropOperation(next, id), list),
    );
    for (const operation of unfinished(store.current())) {
      if (isAborted(options)) break;
      const result = yield* resumeOne(options, operation);
      results.push(result);
      unsettled ||= result === 'done' && isUnsettled(options, operation.steps, operation.change.controls);
    }
    if (unfinished(store.current()).length === 0) await store.update((list) => withoutApplying(list, { who: options.who, when: now() }));
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    results.push('failed');
  }
  yield { type: 'finished', at: now(), outcome: outcomeOf(results, isAborted(options), unsettled) };
}

/** Steps that were being carried out while nothing runs: back into the queue where they came from, else what their verdicts say. */
function withoutApplying(list: Checklist, stamp: Stamp): Checklist {
  return Object.entries(list.steps)
    .filter(([, { status }]) => status === 'applying')
    .reduce((next, [step, record]) => {
      if (next.queue.includes(step)) return queue(next, step, stamp);
      return setStatus(next, step, record.after === undefined ? 'open' : statusOf(Object.values(record.after)), stamp);
    }, list);
}

async function* resumeOne(options: ResumeOptions, operation: OperationRecord): AsyncGenerator<ApplyEvent, Result> {
  const run: Run = { ...options, via: 'sdk', previewProperties: [], left: new Map() };
  const planned: PlannedChange = { change: operation.change, parts: [operation.change.id], steps: operation.steps };
  try {
    const ended = yield* pickUp(run, planned, operation);
    if (ended.problem !== undefined) yield { type: 'failed', change: planned.change.id, at: run.now(), problem: ended.problem };
    if (ended.result === 'done') await noteResumed(run, operation);
    if (ended.result === 'failed') for (const step of operation.steps) await noteStep(run, step, 'failed', ended.problem);
    return ended.result;
  } catch (error) {
    const failure = failureOf(run, operation.id, planned.change.title, problemOf(error));
    const { problem } = failure;
    yield { type: 'failed', change: planned.change.id, at: run.now(), problem };
    if (isUnwritable(error)) throw error;
    await noteFailure(run, operation.id, failure);
    for (const step of operation.steps) await noteStep(run, step, 'failed', problem);
    return 'failed';
  }
}

/** A step whose controls all hold is done. Of others nobody knows here whether more was planned: they go back where they came from. */
async function noteResumed(run: Run, { steps, change }: OperationRecord): Promise<void> {
  for (const step of steps) {
    const { steps: records, queue: queued } = run.store.current();
    const after = Object.entries(records[step]?.after ?? {}).filter(([control]) => change.controls.includes(control));
    const status = statusOf(after.map(([, assessment]) => assessment));
    await noteStep(run, step, status === 'half-done' && queued.includes(step) ? 'queued' : status);
  }
}

const NO_EFFECT = 'Its request had no effect: nothing was applied.';
const NOT_KNOWN = 'It is not known whether it was carried out. It is looked at again, and planned anew where it is missing.';

/** Whether objects stand as a change wanted them; `unknown` where the cluster does not tell, or somebody has changed them since. */
async function standingObjects({ kubernetes }: Run, change: Change): Promise<'yes' | 'no' | 'unknown'> {
  const isKube = change.kind === 'kube.apply' || change.kind === 'kube.patch' || change.kind === 'kube.delete';
  if (!isKube || !isReachable(kubernetes, change)) return 'unknown';
  try {
    const { kind } = await lookAtObjects(kubernetes, change);
    return kind === 'noop' ? 'yes' : kind === 'go' ? 'no' : 'unknown';
  } catch (error) {
    // Refused or not reached: either way nothing tells.
    if (!(error instanceof ProblemError)) throw error;
    return 'unknown';
  }
}

async function* pickUp(run: Run, planned: PlannedChange, operation: OperationRecord): AsyncGenerator<ApplyEvent, Ended> {
  const { change } = planned;
  const { id, url } = operation;
  const watch = newWatch();
  if (!isArm(change)) {
    const found = await standingObjects(run, change);
    if (found === 'yes') {
      yield { type: 'started', change: change.id, at: run.now(), resumed: true };
      return yield* settle(run, planned, { id }, watch);
    }
    await noteNothingDone(run, id, operation.steps);
    yield { type: 'skipped', change: change.id, at: run.now(), reason: found === 'no' ? NO_EFFECT : NOT_KNOWN };
    return { result: 'skipped' };
  }
  const ended = operation.poller === undefined ? yield* learn(run, change, operation, watch) : yield* reattach(run, change, operation, operation.poller, watch);
  switch (ended) {
    case 'aborted':
      return yield* leave(run, planned, id, url);
    case 'not-applied':
      await noteNothingDone(run, id, operation.steps);
      yield { type: 'skipped', change: change.id, at: run.now(), reason: NO_EFFECT };
      return { result: 'skipped' };
    case 'done':
      return yield* settle(run, planned, { id, reachableBefore: operation.reachableBefore }, watch);
    default:
      return ended satisfies never;
  }
}

/** Follows an operation by its own poller; by the state of the resource where the saved one cannot be used. */
async function* reattach(
  run: Run,
  change: ArmChange,
  { id, url }: OperationRecord,
  poller: string,
  watch: Watch,
): AsyncGenerator<ApplyEvent, 'done' | 'aborted'> {
  yield { type: 'started', change: change.id, at: run.now(), resumed: true, ...(url === undefined ? {} : { operationUrl: url }) };
  let operation: Operation;
  try {
    operation = run.arm.restore(poller);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return yield* followState(run, change, watch, error.problem);
  }
  return yield* follow(run, change, id, operation, watch);
}

/**
 * Finds out what became of a request that may or may not have left. What runs on the cluster is waited for: right before the request was noted nothing ran,
 * so that it is most likely ours.
 */
async function* learn(run: Run, change: ArmChange, operation: OperationRecord, watch: Watch): AsyncGenerator<ApplyEvent, 'done' | 'aborted' | 'not-applied'> {
  const first = await look(run, change);
  const ranAtFirst = first.activity.kind === 'busy';
  const seen = yield* whenQuiet(run, change, watch, 'An operation runs');
  if (seen === undefined) return 'aborted';
  const found = standing(change, seen.resource);
  const untouched = operation.etag !== undefined && eTagOf(seen.resource) === operation.etag;
  if (found === 'no' || (found === 'unknown' && untouched)) return 'not-applied';
  if (found === 'unknown' && !ranAtFirst) throw new ProblemError(unknownAction(change));
  yield { type: 'started', change: change.id, at: run.now(), resumed: true };
  return yield* followState(run, change, watch);
}

function unknownAction(change: ArmChange): Problem {
  return {
    code: 'action-unknown',
    what: `It is not known whether "${change.title}" was carried out.`,
    why: 'This program ended right when it was sent, the cluster has changed since, and the change leaves no trace in the cluster that could be read.',
    next: ['The activity log tells: az monitor activity-log list --resource-id ID -o table', 'Decide the step again when you know.'],
  };
}
