import type { ApplyEvent } from '../model/events.ts';
import { clean } from '../model/foreign.ts';
import type { Operation } from '../model/gateway.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { standing } from './effect.ts';
import { whenQuiet } from './quiet.ts';
import { noteRunning } from './record.ts';
import type { Tools } from './run.ts';
import { type ArmChange, provisioningState } from './state.ts';
import { pass, type Watch } from './wait.ts';

/** How following an operation ended; a failure is thrown. */
export type Followed = 'done' | 'aborted';

/** Codes of Problems that say nothing about the operation, only that it cannot be followed. */
const lost: readonly string[] = ['operation-unreadable', 'operation-damaged', 'foreign-operation'];

/**
 * Follows an operation to its end by its own poller. Where that can no longer be asked (ARM has forgotten it, the connection is gone),
 * the state of the resource is followed instead. Throws the operation's Problem when it failed.
 */
export async function* follow(run: Tools, change: ArmChange, id: string, operation: Operation, watch: Watch): AsyncGenerator<ApplyEvent, Followed> {
  let state = operation.state;
  for (;;) {
    let answer: Awaited<ReturnType<Operation['poll']>>;
    try {
      answer = await operation.poll();
    } catch (error) {
      if (!(error instanceof ProblemError) || !lost.includes(error.problem.code)) throw error;
      return yield* followState(run, change, watch, error.problem);
    }
    if (answer.done) return 'done';
    if (operation.state !== state) {
      state = operation.state;
      await noteRunning(run, id, operation);
    }
    if (!(yield* pass(run, change.id, watch, Math.max(answer.retryAfterMs, 1000), `Azure says: ${clean(answer.status)}`))) return 'aborted';
  }
}

/**
 * Follows a change by what the resource itself shows: until nothing runs on its cluster, then whether it holds what was wanted.
 * `done` for actions that leave no trace, when the cluster did not end as failed. Throws otherwise; `because` is why the operation itself was not asked.
 */
export async function* followState(run: Tools, change: ArmChange, watch: Watch, because?: Problem): AsyncGenerator<ApplyEvent, Followed> {
  const seen = yield* whenQuiet(run, change, watch, 'The change is being carried out');
  if (seen === undefined) return 'aborted';
  const ended = seen.resource === undefined ? 'Succeeded' : provisioningState(seen.resource);
  if (/^(failed|canceled)$/i.test(ended)) throw new ProblemError(endedBadly(change, ended));
  if (standing(change, seen.resource) === 'no') {
    throw new ProblemError(
      because ?? {
        code: 'change-not-in-place',
        what: `"${change.title}" is not in place.`,
        why: 'Nothing runs on the cluster any more, and it does not hold what was sent.',
        next: ['Read the cluster again and plan anew: aks-harden resume'],
      },
    );
  }
  return 'done';
}

function endedBadly(change: ArmChange, state: string): Problem {
  return {
    code: 'operation-failed',
    what: `"${change.title}" ended as ${clean(state)}.`,
    why: 'The resource says so itself. A change that failed may have been carried out in part.',
    next: ['See why: az monitor activity-log list --resource-id ID --status Failed -o table', 'Then read the cluster again and plan anew: aks-harden resume'],
    links: [{ title: 'Troubleshoot AKS', url: 'https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/welcome-azure-kubernetes' }],
  };
}
