import type { ApplyEvent } from '../model/events.ts';
import type { Problem } from '../model/problem.ts';
import { ProblemError } from '../model/problem.ts';
import { standing } from './effect.ts';
import { type Followed, followState } from './poll.ts';
import { look } from './quiet.ts';
import type { Tools } from './run.ts';
import { type ArmChange, eTagOf } from './state.ts';
import { pass, type Watch } from './wait.ts';

/** How often the state is read, and how long is waited between: a write that arrives late shows within a minute. */
const LOOKS = 6;
const PAUSE_MS = 10_000;

/**
 * A write whose outcome is not known is never sent again. The state tells: it is being carried out (then it is followed), it stands, or
 * nothing shows after a minute, which is thrown as a Problem. The operation stays noted as intended, so that resume looks once more.
 */
export async function* learnOutcome(
  run: Tools,
  change: ArmChange,
  etag: string | undefined,
  problem: Problem,
  watch: Watch,
): AsyncGenerator<ApplyEvent, Followed> {
  let untouched = false;
  let unread: Problem | undefined;
  for (let looks = 0; looks < LOOKS; looks += 1) {
    try {
      const { resource, activity } = await look(run, change);
      unread = undefined;
      if (activity.kind === 'busy') return yield* followState(run, change, watch, problem);
      if (standing(change, resource) === 'yes') return yield* followState(run, change, watch, problem);
      untouched = etag !== undefined && eTagOf(resource) === etag;
    } catch (error) {
      if (!(error instanceof ProblemError) || !isPassing(error.problem)) throw error;
      unread = error.problem;
    }
    if (!(yield* pass(run, change.id, watch, PAUSE_MS, 'It is not known whether Azure took the change: reading the state'))) return 'aborted';
  }
  throw new ProblemError({
    ...problem,
    code: 'outcome-unknown',
    what: `It is not known whether Azure carried out "${change.title}".`,
    why:
      unread === undefined
        ? `${problem.why} ${untouched ? 'The resource has not changed since: most likely it was not carried out.' : 'The resource does not show it.'}`
        : unread.why,
    next: [
      'It was not sent again. Read the state once more later: aks-harden resume',
      'The activity log tells what arrived: az monitor activity-log list --resource-id ID -o table',
    ],
  });
}

/** A read that failed for a reason that may pass. */
function isPassing(problem: Problem): boolean {
  const status = problem.cloud?.status;
  return status !== undefined && (status === 0 || status === 408 || status === 429 || status >= 500);
}
