import { isSettled } from '../model/assessment.ts';
import type { Tools } from './deps.ts';
import type { Decision, Effect } from './effects.ts';
import { fieldOf } from './field.ts';
import { type Next, to } from './next.ts';
import { withNote } from './note-decisions.ts';
import { assessmentsOf, nextOpen, recordOf, statusesOf, verdictsOf } from './selectors.ts';
import type { Filter, SessionState } from './state.ts';

export const noFilter: Filter = { field: fieldOf(), editing: false };

/** The overview, with the cursor on a step. */
export function toOverview(state: SessionState, tools: Tools, step?: string): Next {
  const at = verdictsOf(state, tools).findIndex((verdict) => verdict.step.id === step);
  return to(state, { kind: 'overview', cursor: Math.max(0, at), filter: noFilter });
}

/** A step from its beginning: what is true now. */
export function toStep(state: SessionState, step: string): Next {
  return to(state, { kind: 'step', step, phase: { kind: 'state' } });
}

/** A step can have several controls, and its choice may have been about one of them: done, and yet more could be. */
function stillWanting(state: SessionState, tools: Tools): string {
  const half = verdictsOf(state, tools).filter(({ step, status }) => recordOf(state, step.id)?.status === 'verified' && !isSettled(status)).length;
  if (half === 0) return '';
  return ` ${half === 1 ? '1 step that was carried out has' : `${half} steps that were carried out have`} other controls that do not hold: Enter opens ${half === 1 ? 'it' : 'one'} again.`;
}

/** The next step that waits for a decision; where none does, the queue if there is one, else the overview. */
export function toNextOpen(state: SessionState, tools: Tools, after?: string): Next {
  const next = nextOpen(state, tools, after);
  if (next !== undefined) return toStep(state, next);
  const queued = state.checklist?.queue.length ?? 0;
  const more = queued ? ' This is the queue.' : stillWanting(state, tools);
  const all: SessionState = { ...state, notice: { tone: 'info', text: `Every decision is made.${more}` } };
  return queued ? to(all, { kind: 'review', cursor: 0 }) : toOverview(all, tools, after);
}

/**
 * Notes decisions: in the state at once, so that the walk goes on, and as an effect that writes the file.
 * The stamp in the state is provisional; the written checklist replaces it.
 */
export function noted(state: SessionState, tools: Tools, decisions: readonly Decision[]): { readonly state: SessionState; readonly effect: Effect } {
  const note = {
    decisions,
    seen: statusesOf(state, tools),
    before: Object.fromEntries(decisions.map(({ step }) => [step, assessmentsOf(state, tools, step)])),
  };
  const checklist = state.checklist && withNote(state.checklist, note, { who: '', when: state.checklist.updatedAt });
  return { state: { ...state, ...(checklist === undefined ? {} : { checklist }) }, effect: { type: 'save', note } };
}
