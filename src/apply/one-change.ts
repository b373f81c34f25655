import type { ApplyEvent } from '../model/events.ts';
import type { PlannedChange } from '../model/plan.ts';
import { type Problem, problemOf } from '../model/problem.ts';
import { carryOut } from './arm-change.ts';
import { carryOutOther, tellManual } from './other-change.ts';
import { isUnwritable, newOperationId, noteEnd, noteLeft } from './record.ts';
import type { Result, Run } from './run.ts';
import { leave, settle } from './settle.ts';
import { isArm } from './state.ts';
import { newWatch } from './wait.ts';

/** How a change ended, and why where it did not come through. */
export interface Ended {
  readonly result: Result;
  readonly problem?: Problem;
}

/** How an error is told, and what becomes of the operation's note. */
interface Failure {
  readonly problem: Problem;
  readonly note: 'failed' | 'left-running' | 'as-it-is';
}

/** A read that failed for a reason that says nothing about the operation: no connection, no sign-in, trouble at Azure. */
function isBlind(problem: Problem): boolean {
  const status = problem.cloud?.status;
  // az passes ARM's refusals on without their status.
  return problem.code !== 'command-refused' && status !== undefined && (status === 0 || [401, 403, 404, 408, 429].includes(status) || status >= 500);
}

/**
 * What an error means for a noted operation. One that runs and cannot be seen any more goes on: it is left running, and resume follows it.
 * One whose outcome is not known stays noted as intended: resume looks once more.
 */
export function failureOf(run: Run, id: string, title: string, cause: Problem): Failure {
  const status = run.store.current().operations.find((entry) => entry.id === id)?.status;
  if (status === undefined || cause.code === 'outcome-unknown') return { problem: cause, note: 'as-it-is' };
  if (status === 'intended' || !isBlind(cause)) return { problem: cause, note: 'failed' };
  const problem = {
    ...cause,
    code: 'lost-sight',
    what: `"${title}" goes on in Azure, but it cannot be followed from here any more.`,
    why: `${cause.what} ${cause.why}`,
    next: ['Carry on when that is mended: aks-harden resume', ...cause.next],
  };
  return { problem, note: 'left-running' };
}

/** Notes a failure. An operation that has ended already keeps its end. */
export async function noteFailure(run: Run, id: string, { problem, note }: Failure): Promise<void> {
  const open = run.store.current().operations.some((entry) => entry.id === id && ['intended', 'running', 'left-running'].includes(entry.status));
  if (!open || note === 'as-it-is') return;
  await (note === 'failed' ? noteEnd(run, id, 'failed', problem) : noteLeft(run, id));
}

/** Checks, sends, follows, proves and verifies one change. Never throws but for a checklist that cannot be written. */
export async function* applyChange(run: Run, planned: PlannedChange): AsyncGenerator<ApplyEvent, Ended> {
  const { change } = planned;
  const id = newOperationId(run.store.current(), change);
  try {
    const ended = yield* steps(run, planned, id);
    if (ended.problem !== undefined) yield { type: 'failed', change: change.id, at: run.now(), problem: ended.problem };
    return ended;
  } catch (error) {
    const failure = failureOf(run, id, change.title, problemOf(error));
    const { problem } = failure;
    yield { type: 'failed', change: change.id, at: run.now(), problem };
    if (isUnwritable(error)) throw error;
    await noteFailure(run, id, failure);
    return { result: 'failed', problem };
  }
}

async function* steps(run: Run, planned: PlannedChange, id: string): AsyncGenerator<ApplyEvent, Ended> {
  const { change } = planned;
  const watch = newWatch();
  if (change.kind === 'manual') {
    yield tellManual(run, change);
    return { result: 'manual' };
  }
  if (!isArm(change)) {
    const done = yield* carryOutOther(run, planned, change, id);
    switch (done) {
      case 'done':
        return yield* settle(run, planned, { id }, watch);
      case 'noop':
        return yield* settle(run, planned, { id: undefined }, watch);
      case 'drift':
        return { result: 'drift' };
      case 'cancelled':
        return yield* leave(run, planned, id);
      default:
        return done satisfies never;
    }
  }
  const carried = yield* carryOut(run, { planned, change, id }, watch);
  switch (carried.kind) {
    case 'done':
      return yield* settle(run, planned, { ...carried, id }, watch);
    case 'noop':
      return yield* settle(run, planned, { id: undefined }, watch);
    case 'drift':
      yield { type: 'drift', change: change.id, at: run.now(), differences: carried.differences };
      return { result: 'drift' };
    case 'aborted': {
      if (carried.sent) return yield* leave(run, planned, id, carried.operationUrl);
      yield { type: 'skipped', change: change.id, at: run.now(), reason: 'It was stopped before anything was sent.' };
      return { result: 'skipped' };
    }
    default:
      return carried satisfies never;
  }
}
