import type { Change } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import { cleanValue } from '../model/foreign.ts';
import type { PlannedChange, Request } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { requestOf } from '../render/index.ts';
import { alike, settled } from './compare.ts';
import { losslessWrite } from './lossless.ts';
import { follow } from './poll.ts';
import { look, type Seen } from './quiet.ts';
import { noteIntended, noteRunning } from './record.ts';
import type { Run } from './run.ts';
import { type Sent, sendOnce } from './send.ts';
import { type ArmChange, allETags, eTagOf } from './state.ts';
import { learnOutcome } from './unknown-outcome.ts';
import { pass, type Watch } from './wait.ts';

/** A change on its way: what it is noted under, and whether the API server answered before it. */
export interface Attempt {
  readonly planned: PlannedChange;
  readonly change: ArmChange;
  readonly id: string;
  readonly reachableBefore?: boolean | undefined;
  /** The way back to note; the change's own when not given. */
  readonly undo?: readonly Change[];
}

/** How sending ended. `again`: nothing was changed, and the target must be read and checked anew before another try. */
export type Written =
  | { readonly kind: 'done'; readonly before: ArmResource | undefined }
  | { readonly kind: 'aborted'; readonly sent: boolean; readonly operationUrl?: string }
  | { readonly kind: 'again'; readonly because: 'disturbed' | 'changed' | 'busy' | 'throttled'; readonly problem?: ProblemError };

/** After a 409, the cluster is looked at again this much later. */
const BUSY_MS = 15_000;

/** True when nobody changed anything between two reads. A cluster's eTag does not tell of its pools, and may be missing altogether. */
function undisturbed(before: ArmResource | undefined, now: ArmResource | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return (eTagOf(now) !== undefined && allETags(before) === allETags(now)) || alike(settled(before), settled(now));
}

function bodyFor(change: ArmChange, current: ArmResource | undefined): Request {
  if (change.kind === 'arm.update' && current !== undefined) return losslessWrite(change, current);
  const request = requestOf(change, current);
  if (request === undefined) throw new Error(`${change.id} has no request`);
  return request;
}

/**
 * Sends a checked change and follows it. A write of a whole resource is read once more right before it leaves, and carries its eTag.
 * Each request is on file before it leaves, its poller as soon as there is one.
 */
export async function* writeChange(run: Run, attempt: Attempt, seen: Seen, watch: Watch): AsyncGenerator<ApplyEvent, Written> {
  const { change, planned, id, reachableBefore, undo } = attempt;
  const guarded = change.kind === 'arm.update';
  const now = guarded ? await look(run, change) : undefined;
  if (now !== undefined && (now.activity.kind !== seen.activity.kind || !undisturbed(seen.resource, now.resource)))
    return { kind: 'again', because: 'disturbed' };
  const current = now === undefined ? seen.resource : now.resource;
  const request = bodyFor(change, current);
  const etag = eTagOf(current);
  await noteIntended(run, { id, planned, via: 'sdk', etag, reachableBefore, undo });
  const sent: Sent = await sendOnce(run.arm, request, guarded ? etag : undefined);
  switch (sent.kind) {
    case 'accepted': {
      const { operation } = sent;
      await noteRunning(run, id, operation);
      const url = operation?.url === undefined ? {} : { operationUrl: operation.url };
      yield { type: 'started', change: change.id, at: run.now(), ...url };
      if (operation === undefined) return { kind: 'done', before: current };
      const ended = yield* follow(run, change, id, operation, watch);
      return ended === 'done' ? { kind: 'done', before: current } : { kind: 'aborted', sent: true, ...url };
    }
    case 'there':
      return { kind: 'done', before: current };
    case 'changed':
      return { kind: 'again', because: 'changed', problem: new ProblemError(sent.problem) };
    case 'busy': {
      // The read did not show the operation, so that the next one may not either: a pause, or this would be asked over and over.
      const goOn = yield* pass(run, change.id, watch, BUSY_MS, cleanValue(sent.problem.cloud?.message ?? sent.problem.why));
      return goOn ? { kind: 'again', because: 'busy', problem: new ProblemError(sent.problem) } : { kind: 'aborted', sent: false };
    }
    case 'throttled': {
      const goOn = yield* pass(run, change.id, watch, sent.waitMs, 'Azure asks to slow down');
      return goOn ? { kind: 'again', because: 'throttled', problem: new ProblemError(sent.problem) } : { kind: 'aborted', sent: false };
    }
    case 'unknown': {
      const ended = yield* learnOutcome(run, change, etag, sent.problem, watch);
      return ended === 'done' ? { kind: 'done', before: current } : { kind: 'aborted', sent: true };
    }
    default:
      return sent satisfies never;
  }
}
