import { dropOperation, finishOperation, queue, recordApplying, recordVerdicts, setOperation, setStatus, statusOf } from '../checklist/records.ts';
import type { Assessment } from '../model/assessment.ts';
import type { Change } from '../model/change.ts';
import type { Checklist, OperationRecord, Stamp, StepStatus } from '../model/checklist.ts';
import type { PlannedChange } from '../model/plan.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { undoOf } from '../plan/undo.ts';
import type { Tools } from './run.ts';

/** What the notes are written with. */
type Notes = Pick<Tools, 'store' | 'who' | 'now'>;

const stampOf = (run: Notes): Stamp => ({ who: run.who, when: run.now() });

/** The id of the operation of a change. A change that is tried again has one of its own. */
export function newOperationId(checklist: Checklist, change: Change): string {
  const tries = checklist.operations.filter(({ change: other }) => other.id === change.id).length;
  return tries === 0 ? change.id : `${change.id}#${tries + 1}`;
}

const forSteps = (list: Checklist, steps: readonly string[], note: (list: Checklist, step: string) => Checklist): Checklist => steps.reduce(note, list);

/** What is known of a request before it leaves. */
export interface Intention {
  readonly id: string;
  readonly planned: PlannedChange;
  readonly via: OperationRecord['via'];
  readonly etag?: string | undefined;
  readonly reachableBefore?: boolean | undefined;
  /** The way back to note; the change's own when not given. */
  readonly undo?: readonly Change[] | undefined;
}

/** Notes a change and its way back. When this resolves it is on disk, and the request may leave. */
export async function noteIntended(run: Notes, { id, planned, via, etag, reachableBefore, undo }: Intention): Promise<void> {
  const { change, steps } = planned;
  await run.store.update((list) => {
    const operation: OperationRecord = {
      id,
      change,
      steps,
      status: 'intended',
      startedAt: run.now(),
      via,
      ...(etag === undefined ? {} : { etag }),
      ...(reachableBefore === undefined ? {} : { reachableBefore }),
    };
    return forSteps(setOperation(list, operation), steps, (next, step) => recordApplying(next, step, undo ?? undoOf(change), stampOf(run)));
  });
}

/** Notes that an operation runs, and how to find it again. */
export async function noteRunning(run: Notes, id: string, poller: { readonly state: string; readonly url?: string } | undefined): Promise<void> {
  await run.store.update((list) => {
    const known = list.operations.find((entry) => entry.id === id);
    if (known === undefined) return list;
    const found = poller === undefined ? {} : { poller: poller.state, ...(poller.url === undefined ? {} : { url: poller.url }) };
    return setOperation(list, { ...known, status: 'running', ...found });
  });
}

/** Notes how an operation ended. */
export async function noteEnd(run: Notes, id: string, status: OperationRecord['status'], problem?: Problem): Promise<void> {
  await run.store.update((list) => finishOperation(list, id, { status, endedAt: run.now(), ...(problem === undefined ? {} : { problem }) }));
}

/** Notes that nobody watches an operation any more, which goes on. */
export async function noteLeft(run: Notes, id: string): Promise<void> {
  await run.store.update((list) => {
    const known = list.operations.find((entry) => entry.id === id);
    return known === undefined ? list : setOperation(list, { ...known, status: 'left-running' });
  });
}

/** Takes the note of an operation back whose request had no effect: its steps are as they were, in the queue when they were there. */
export async function noteNothingDone(run: Notes, id: string, steps: readonly string[]): Promise<void> {
  await run.store.update((list) =>
    forSteps(dropOperation(list, id), steps, (next, step) =>
      next.queue.includes(step) ? queue(next, step, stampOf(run)) : setStatus(next, step, 'open', stampOf(run)),
    ),
  );
}

/** Notes verdicts on fresh facts for the steps of a change, and the end of its operation, in one write. */
export async function noteVerified(
  run: Notes,
  id: string | undefined,
  verified: { readonly [step: string]: { readonly [control: string]: Assessment } },
): Promise<void> {
  await run.store.update((list) => {
    const ended = id === undefined ? list : finishOperation(list, id, { status: 'succeeded', endedAt: run.now() });
    return forSteps(ended, Object.keys(verified), (next, step) => recordVerdicts(next, step, verified[step] ?? {}, stampOf(run)));
  });
}

/** Notes what a step has come to. */
export async function noteStep(run: Notes, step: string, status: StepStatus, problem?: Problem): Promise<void> {
  await run.store.update((list) => setStatus(list, step, status, stampOf(run), problem));
}

/** What the verdicts noted for a step's controls come to. */
export function notedStatus(run: Notes, step: string, controls: readonly string[]): 'verified' | 'half-done' {
  const after = run.store.current().steps[step]?.after ?? {};
  return statusOf(controls.map((control) => after[control] ?? { status: 'unknown', reason: 'it was not assessed' }));
}

/** True for the one error after which nothing more may be sent: what is done could not be noted. */
export function isUnwritable(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'checklist-unwritable';
}
