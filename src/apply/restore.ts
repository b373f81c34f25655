import type { ApplyEvent } from '../model/events.ts';
import type { PlannedChange } from '../model/plan.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';
import { undoOf } from '../plan/undo.ts';
import { carryOut } from './arm-change.ts';
import { commandLines } from './check.ts';
import { isUnwritable, noteEnd } from './record.ts';
import type { Run } from './run.ts';
import { isArm } from './state.ts';
import type { Watch } from './wait.ts';

/** What the notes of a restore are called: resume starts it afresh instead of following it. */
export const RESTORE_ENDING = '/restore';

/**
 * Puts the old state back because the API server does not answer from here any more. Needs ARM alone, which is reached by another way.
 * Returns the Problem that the change failed with, or undefined when the operator asked to stop watching.
 */
export async function* restore(run: Run, planned: PlannedChange, id: string, watch: Watch): AsyncGenerator<ApplyEvent, Problem | undefined> {
  const { change } = planned;
  const undo = undoOf(change).filter(isArm);
  if (undo.length === 0) return noWayBack(planned);
  yield { type: 'restoring', change: change.id, at: run.now(), reason: 'The API server does not answer from here any more.' };
  try {
    for (const back of undo) {
      const restoreId = `${id}${RESTORE_ENDING}`;
      // Told under the change's own name: the undo is part of its story, and no change of the plan.
      const step = { ...back, id: change.id, probeAfter: false };
      const attempt = { planned: { change: step, parts: [change.id], steps: [] }, change: step, id: restoreId, undo: [] };
      const carried = yield* withoutChecked(carryOut(run, attempt, watch));
      if (carried.kind === 'aborted') return undefined;
      if (carried.kind === 'drift') throw new ProblemError(driftedProblem(planned));
      await noteEnd(run, restoreId, 'succeeded');
    }
  } catch (error) {
    if (isUnwritable(error)) throw error;
    return restoreFailed(planned, problemOf(error));
  }
  yield { type: 'restored', change: change.id, at: run.now() };
  return restoredProblem(planned);
}

/** The events of the undo without those that would tell of the change itself. */
async function* withoutChecked<R>(events: AsyncGenerator<ApplyEvent, R>): AsyncGenerator<ApplyEvent, R> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    if (next.value.type !== 'checked') yield next.value;
  }
}

function restoredProblem({ change }: PlannedChange): Problem {
  return {
    code: 'api-server-cut',
    what: `After "${change.title}" the API server did not answer from here. The old state was put back.`,
    why: 'It answered before the change and for three minutes after it, it did not.',
    next: ['Check which address this machine leaves from (VPN, proxy, carrier NAT), add it, and try again.'],
    links: [{ title: 'Authorized IP ranges', url: 'https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges' }],
  };
}

function undoLines({ change }: PlannedChange): readonly string[] {
  return undoOf(change).flatMap(commandLines);
}

function noWayBack({ change }: PlannedChange): Problem {
  return {
    code: 'api-server-unreachable',
    what: `After "${change.title}" the API server does not answer from here, and this change has no way back.`,
    why: change.reversible.how,
    next: ['Reach it by another way: az aks command invoke, or a machine in the cluster network.'],
  };
}

function driftedProblem({ change }: PlannedChange): Problem {
  return {
    code: 'drifted',
    what: `The state before "${change.title}" was not put back.`,
    why: 'Somebody else has changed the same properties meanwhile.',
    next: ['Read the cluster again: aks-harden resume'],
  };
}

function restoreFailed(planned: PlannedChange, cause: Problem): Problem {
  return {
    ...cause,
    code: 'restore-failed',
    what: `After "${planned.change.title}" the API server does not answer from here, and the old state could not be put back.`,
    why: `${cause.what} ${cause.why}`,
    next: ['Put it back with az, which needs no way to the API server:', ...undoLines(planned), ...cause.next],
  };
}
