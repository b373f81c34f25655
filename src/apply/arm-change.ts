import type { ApplyEvent, Drift } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import { ProblemError } from '../model/problem.ts';
import { type Attempt, type Written, writeChange } from './arm-write.ts';
import { runArmCommands } from './az-backend.ts';
import { assertSendable, checkChange } from './check.ts';
import { probeBefore } from './dead-man.ts';
import { whenQuiet } from './quiet.ts';
import { noteNothingDone } from './record.ts';
import type { Run } from './run.ts';
import type { Watch } from './wait.ts';

/** How carrying out a change of an ARM resource ended, before anything was verified. Failures are thrown. */
export type Carried =
  | { readonly kind: 'done'; readonly before: ArmResource | undefined; readonly reachableBefore?: boolean | undefined }
  | { readonly kind: 'noop' }
  | { readonly kind: 'drift'; readonly differences: readonly Drift[] }
  | { readonly kind: 'aborted'; readonly sent: boolean; readonly operationUrl?: string };

type Again = Extract<Written, { kind: 'again' }>['because'];

/** How often a try may end without effect before it is said. One 412 is read again, a second one is the operator's. */
const most: { readonly [because in Again]: number } = { disturbed: 5, changed: 1, busy: 50, throttled: 10 };

function keepsChanging(because: Again): ProblemError {
  return new ProblemError({
    code: 'changed-meanwhile',
    what: 'Somebody else keeps changing the resource while it is being changed here.',
    why:
      because === 'changed'
        ? 'Azure refused the write twice because the resource was not as just read.'
        : 'It was another one each time it was read right before the write.',
    next: ['Find out who: az monitor activity-log list --resource-id ID -o table', 'Then carry on: aks-harden resume'],
  });
}

/**
 * Checks a change of an ARM resource on a fresh read, and carries it out: by the SDK's pipeline or by the printed commands. Refusals that
 * say that the resource is not as read lead to another read and another check, never to the same write again.
 */
export async function* carryOut(run: Run, attempt: Attempt, watch: Watch): AsyncGenerator<ApplyEvent, Carried> {
  const { change, planned, id } = attempt;
  const tries: { [because in Again]: number } = { disturbed: 0, changed: 0, busy: 0, throttled: 0 };
  let told = false;
  let reachableBefore: boolean | undefined;
  let noted = false;
  /** Ends an attempt whose request had no effect. */
  const withdraw = async <T>(end: T): Promise<T> => {
    if (noted) await noteNothingDone(run, id, planned.steps);
    return end;
  };
  for (;;) {
    const seen = yield* whenQuiet(run, change, watch);
    if (seen === undefined) return withdraw({ kind: 'aborted', sent: false });
    const checked = checkChange(change, seen.resource, run.left.get(change.target.id.toLowerCase()));
    if (checked.kind === 'go') assertSendable(change, seen, run.previewProperties, run.via);
    if (!told && checked.kind !== 'drift') yield { type: 'checked', change: change.id, at: run.now(), noop: checked.kind === 'noop' };
    told = true;
    if (checked.kind !== 'go') return withdraw(checked);
    if (change.probeAfter && reachableBefore === undefined && seen.cluster !== undefined) reachableBefore = yield* probeBefore(run, change.id, seen.cluster);
    const next = { ...attempt, reachableBefore };
    const written: Written = run.via === 'az' ? yield* runArmCommands(run, next, seen, watch) : yield* writeChange(run, next, seen, watch);
    if (written.kind === 'done') return { ...written, reachableBefore };
    if (written.kind === 'aborted') return written.sent ? written : { kind: 'aborted', sent: await withdrawn(run, attempt) };
    noted ||= written.because !== 'disturbed';
    tries[written.because] += 1;
    if (tries[written.because] > most[written.because]) {
      throw written.because === 'busy' || written.because === 'throttled'
        ? (written.problem ?? keepsChanging(written.because))
        : keepsChanging(written.because);
    }
  }
}

async function withdrawn(run: Run, { id, planned }: Attempt): Promise<false> {
  await noteNothingDone(run, id, planned.steps);
  return false;
}
