import type { ApplyEvent, Drift, Outcome } from '../model/events.ts';
import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import type { Effect } from './effects.ts';
import type { Intent } from './events.ts';
import { journaled, type Next, stay, to } from './next.ts';
import type { ApplyingScreen, JournalLine, RunChange, SessionState } from './state.ts';

/** The answers to "stop?", the harmless one first. */
export const interruptAnswers = [
  { id: 'leave', label: 'Leave it running', hint: 'Azure carries on; come back with resume' },
  { id: 'wait', label: 'Keep waiting', hint: 'as if nothing was pressed' },
  { id: 'after-this', label: 'Stop after this change', hint: 'finish what runs, start nothing more' },
] as const;

export function reduceApplying(state: SessionState, screen: ApplyingScreen, event: Intent, _tools: Tools): Next {
  const { question } = screen;
  if (question === undefined) {
    if (event.type !== 'interrupt' && event.type !== 'quit') return stay(state);
    // It was asked to leave already and the executor has not answered: the file is ahead of the cloud, so that leaving now loses nothing.
    if (screen.stopping === 'leaving') return stay({ ...state, ended: 130 }, { type: 'quit', code: 130 });
    return to(state, { ...screen, question: 0 });
  }
  const answered = (stopping: ApplyingScreen['stopping'], ...effects: readonly Effect[]) =>
    to(state, { ...screen, question: undefined, stopping: stopping === 'no' ? screen.stopping : stopping }, ...effects);
  switch (event.type) {
    case 'move':
      return to(state, { ...screen, question: moved(question, event.by, interruptAnswers.length) });
    case 'back':
      return answered('no');
    case 'choose': {
      const answer = interruptAnswers[question];
      if (answer?.id === 'leave') return answered('leaving', { type: 'leave-running' });
      return answer?.id === 'after-this' ? answered('after-this', { type: 'stop-after-this' }) : answered('no');
    }
    default:
      return stay(state);
  }
}

/** A change after one thing that the executor told of it. */
function told(change: RunChange, event: Exclude<ApplyEvent, { type: 'finished' }>, seenAt: number): RunChange {
  switch (event.type) {
    case 'checked':
      return { ...change, status: event.noop ? 'unchanged' : 'checked', seenAt };
    case 'drift':
      return { ...change, status: 'drift', drift: event.differences, seenAt };
    case 'started':
      return {
        ...change,
        status: 'running',
        seenAt,
        elapsedMs: 0,
        ...(event.operationUrl === undefined ? {} : { url: event.operationUrl }),
        ...(event.resumed ? { detail: 'picked up again' } : {}),
      };
    case 'waiting':
      return { ...change, status: 'running', elapsedMs: event.elapsedMs, seenAt, detail: event.detail };
    case 'output':
      return { ...change, detail: event.line, seenAt: change.seenAt };
    case 'probed':
      return { ...change, detail: event.detail };
    case 'restoring':
      return { ...change, status: 'restoring', detail: event.reason, seenAt };
    case 'restored':
      return { ...change, status: 'restored', seenAt };
    case 'done':
      return { ...change, status: 'done', verified: event.verified, besides: event.besides, seenAt };
    case 'failed':
      return { ...change, status: 'failed', problem: event.problem, seenAt };
    case 'skipped':
      return { ...change, status: 'skipped', detail: event.reason, seenAt };
    case 'manual':
      return { ...change, status: 'manual', instructions: event.instructions, detail: event.doneWhen, seenAt };
    case 'left-running':
      return { ...change, status: 'left-running', seenAt, ...(event.operationUrl === undefined ? {} : { url: event.operationUrl }) };
    default:
      return event satisfies never;
  }
}

/** What the journal says of an event; most say nothing. */
function journalOf(
  change: RunChange,
  event: Exclude<ApplyEvent, { type: 'finished' }>,
): { readonly mark: JournalLine['mark']; readonly text: string } | undefined {
  switch (event.type) {
    case 'done':
      return { mark: 'good', text: `Done: ${change.title}` };
    case 'failed':
      return { mark: 'bad', text: `Failed: ${change.title}. ${event.problem.what}` };
    case 'restored':
      return { mark: 'warn', text: `Put back: ${change.title}` };
    case 'skipped':
      return { mark: 'warn', text: `Not done: ${change.title}. ${event.reason}` };
    case 'left-running':
      return { mark: 'warn', text: `Left running: ${change.title}` };
    case 'drift':
      return { mark: 'warn', text: `Not as planned any more: ${change.title}${differing(event.differences)}` };
    default:
      return undefined;
  }
}

const differing = (differences: readonly Drift[]) => (differences.length > 0 ? ` (${differences.map(({ path }) => path).join(', ')})` : '');

/** The exit code that a run's outcome stands for if the session ends on it. */
const exitCodes: { readonly [O in Outcome]: number } = { applied: 0, 'nothing-to-do': 0, partly: 5, failed: 1, drift: 4, refused: 1, interrupted: 130 };

/** Takes in what the executor says. Changes that it names and the screen does not know (found on resume) are added. */
export function applyEvent(state: SessionState, event: ApplyEvent, seenAt: number): Next {
  const { screen } = state;
  if (screen.kind !== 'applying') return stay(state);
  if (event.type === 'finished') return finished(state, screen, event.outcome);
  const known = screen.changes.some(({ id }) => id === event.change);
  const title = state.checklist?.operations.find(({ change }) => change.id === event.change)?.change.title ?? event.change;
  const changes: readonly RunChange[] = known ? screen.changes : [...screen.changes, { id: event.change, title, status: 'waiting', elapsedMs: 0, seenAt }];
  const next = changes.map((change) => (change.id === event.change ? told(change, event, seenAt) : change));
  const change = next.find(({ id }) => id === event.change);
  const line = change && journalOf(change, event);
  return to(line ? journaled(state, line.mark, line.text) : state, { ...screen, changes: next });
}

function finished(state: SessionState, screen: ApplyingScreen, outcome: Outcome): Next {
  const exitCode = exitCodes[outcome];
  if (screen.stopping === 'leaving') return stay({ ...state, exitCode, ended: 130 }, { type: 'quit', code: 130 });
  // What was stopped on purpose ends like any other run: with fresh facts and a summary.
  return to(
    { ...state, exitCode: outcome === 'interrupted' ? 0 : exitCode },
    { kind: 'summary', changes: screen.changes, outcome, fresh: false },
    { type: 'read' },
  );
}
