import { type Assessment, isSettled, type Status } from '../model/assessment.ts';
import type { Change } from '../model/change.ts';
import type { Checklist, OperationRecord, Stamp, StepRecord, StepStatus } from '../model/checklist.ts';
import type { Problem } from '../model/problem.ts';
import type { Choice } from '../model/step.ts';

/** Verdicts by control id. */
type Verdicts = { readonly [control: string]: Assessment };

function withStep(checklist: Checklist, step: string, stamp: Stamp, change: (record: StepRecord) => StepRecord): Checklist {
  const record = checklist.steps[step] ?? { status: 'open' as const, stamp };
  return { ...checklist, steps: { ...checklist.steps, [step]: { ...change(record), stamp } } };
}

const without = (queue: readonly string[], step: string): readonly string[] => queue.filter((entry) => entry !== step);

/** Keeps a decision: the choice, the verdicts it was made on, and the plan it gave. The step's status stays, unless it was declined or skipped. */
export function recordChoice(
  checklist: Checklist,
  step: string,
  decision: { readonly choice: Choice; readonly before?: Verdicts; readonly planDigest?: string },
  stamp: Stamp,
): Checklist {
  return withStep(checklist, step, stamp, ({ declined: _declined, ...record }) => ({
    ...record,
    status: record.status === 'declined' || record.status === 'skipped' ? 'open' : record.status,
    choice: decision.choice,
    ...(decision.before === undefined ? {} : { before: decision.before }),
    ...(decision.planDigest === undefined ? {} : { planDigest: decision.planDigest }),
  }));
}

/** Keeps the verdicts that a step's plan was made on. Those that were kept with the decision stay. */
export function recordBefore(checklist: Checklist, step: string, before: Verdicts, stamp: Stamp): Checklist {
  return checklist.steps[step]?.before === undefined ? withStep(checklist, step, stamp, (record) => ({ ...record, before })) : checklist;
}

/** Puts a step at the end of the queue; one that is in it keeps its place. */
export function queue(checklist: Checklist, step: string, stamp: Stamp): Checklist {
  const next = withStep(checklist, step, stamp, ({ problem: _problem, ...record }) => ({ ...record, status: 'queued' }));
  return { ...next, queue: checklist.queue.includes(step) ? checklist.queue : [...checklist.queue, step] };
}

/** Takes a step out of the queue; its choice stays. */
export function unqueue(checklist: Checklist, step: string, stamp: Stamp): Checklist {
  const next = withStep(checklist, step, stamp, (record) => ({ ...record, status: record.status === 'queued' ? 'open' : record.status }));
  return { ...next, queue: without(checklist.queue, step) };
}

/** Declines a step, with the reason and an optional day (YYYY-MM-DD) to look at it again. */
export function decline(checklist: Checklist, step: string, declined: { readonly reason: string; readonly reviewOn?: string }, stamp: Stamp): Checklist {
  const next = withStep(checklist, step, stamp, (record) => ({ ...record, status: 'declined', declined }));
  return { ...next, queue: without(checklist.queue, step) };
}

/** Leaves a step for another time. */
export function skip(checklist: Checklist, step: string, stamp: Stamp): Checklist {
  const next = withStep(checklist, step, stamp, (record) => ({ ...record, status: 'skipped' }));
  return { ...next, queue: without(checklist.queue, step) };
}

/** Remembers that a step's commands were printed for somebody to run. */
export function printed(checklist: Checklist, step: string, stamp: Stamp): Checklist {
  const next = withStep(checklist, step, stamp, (record) => ({ ...record, status: 'printed' }));
  return { ...next, queue: without(checklist.queue, step) };
}

/** Remembers a guard that was lifted by its phrase. */
export function recordOverride(checklist: Checklist, step: string, override: { readonly guard: string; readonly phrase: string }, stamp: Stamp): Checklist {
  return withStep(checklist, step, stamp, (record) => ({ ...record, overrides: [...(record.overrides ?? []), { ...override, stamp }] }));
}

/** Adds an operation, or replaces the one of the same id. */
export function setOperation(checklist: Checklist, operation: OperationRecord): Checklist {
  const known = checklist.operations.some(({ id }) => id === operation.id);
  return {
    ...checklist,
    operations: known ? checklist.operations.map((entry) => (entry.id === operation.id ? operation : entry)) : [...checklist.operations, operation],
  };
}

/** Ends an operation. One that is not there stays not there. */
export function finishOperation(
  checklist: Checklist,
  id: string,
  end: { readonly status: OperationRecord['status']; readonly endedAt: string; readonly problem?: Problem },
): Checklist {
  return { ...checklist, operations: checklist.operations.map((entry) => (entry.id === id ? { ...entry, ...end } : entry)) };
}

/** Takes an operation away whose request never took effect. */
export function dropOperation(checklist: Checklist, id: string): Checklist {
  return { ...checklist, operations: checklist.operations.filter((entry) => entry.id !== id) };
}

/** Begins to carry out a step: its way back is kept before anything is sent. The undo of a later change comes first. */
export function recordApplying(checklist: Checklist, step: string, undo: readonly Change[], stamp: Stamp): Checklist {
  return withStep(checklist, step, stamp, ({ problem: _problem, ...record }) => {
    const kept = (record.undo ?? []).filter(({ id }) => !undo.some((change) => change.id === id));
    return { ...record, status: 'applying', undo: [...undo, ...kept] };
  });
}

/** Sets a step's status, and what went wrong; a step that is carried out or half carried out leaves the queue. */
export function setStatus(checklist: Checklist, step: string, status: StepStatus, stamp: Stamp, problem?: Problem): Checklist {
  const next = withStep(checklist, step, stamp, ({ problem: _problem, ...record }) => ({ ...record, status, ...(problem === undefined ? {} : { problem }) }));
  return status === 'verified' || status === 'half-done' ? { ...next, queue: without(next.queue, step) } : next;
}

/** Adds verdicts on fresh facts to what is known after the change. */
export function recordVerdicts(checklist: Checklist, step: string, verdicts: Verdicts, stamp: Stamp): Checklist {
  return withStep(checklist, step, stamp, (record) => ({ ...record, after: { ...record.after, ...verdicts } }));
}

/** What verdicts come to: `verified` when every one of them is settled, `half-done` when not, or when there is none. */
export function statusOf(verdicts: readonly Assessment[]): 'verified' | 'half-done' {
  return verdicts.length > 0 && verdicts.every(({ status }) => isSettled(status)) ? 'verified' : 'half-done';
}

/** Remembers statuses as they were seen, by control. */
export function see(checklist: Checklist, statuses: { readonly [control: string]: Status }): Checklist {
  return { ...checklist, lastSeen: statuses };
}

/** A control whose status is not what it was; undefined where it was not there before, or is no longer. */
export interface SeenChange {
  readonly control: string;
  readonly before: Status | undefined;
  readonly now: Status | undefined;
}

/** What changed between two sets of statuses, e.g. `checklist.lastSeen` and the verdicts on facts just read. Nothing seen before: nothing changed. */
export function changesSince(lastSeen: { readonly [control: string]: Status }, current: { readonly [control: string]: Status }): readonly SeenChange[] {
  if (Object.keys(lastSeen).length === 0) return [];
  const controls = [...new Set([...Object.keys(lastSeen), ...Object.keys(current)])];
  return controls.filter((control) => lastSeen[control] !== current[control]).map((control) => ({ control, before: lastSeen[control], now: current[control] }));
}

/** Which steps still want a decision: never decided, or tried and not carried through. In the order given. */
export function openSteps(checklist: Checklist, order: readonly string[]): readonly string[] {
  const open: readonly StepStatus[] = ['open', 'failed', 'half-done'];
  return order.filter((step) => open.includes(checklist.steps[step]?.status ?? 'open'));
}

/** Operations that may still run, or whose request may or may not have left. */
export function unfinished(checklist: Checklist): readonly OperationRecord[] {
  return checklist.operations.filter(({ status }) => status === 'intended' || status === 'running' || status === 'left-running');
}

/** A checklist in numbers, for a picker. */
export interface Progress {
  readonly verified: number;
  readonly queued: number;
  readonly declined: number;
  /** Half done or failed. */
  readonly unsettled: number;
  /** Operations to look after. */
  readonly running: number;
}

/** How far a checklist has come. */
export function progressOf(checklist: Checklist): Progress {
  const count = (...statuses: readonly StepStatus[]): number => Object.values(checklist.steps).filter(({ status }) => statuses.includes(status)).length;
  return {
    verified: count('verified'),
    queued: count('queued'),
    declined: count('declined'),
    unsettled: count('half-done', 'failed'),
    running: unfinished(checklist).length,
  };
}
