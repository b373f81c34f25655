import type { Plan } from '../model/plan.ts';
import type { Guard, Step } from '../model/step.ts';
import type { Tools } from './deps.ts';
import { draftPlan } from './selectors.ts';
import type { SessionState } from './state.ts';

export type DecisionId = 'apply' | 'queue' | 'commands' | 'decline' | 'skip';

/** One way to go on from a preview. `unavailable` says why it cannot be taken. */
export interface DecisionItem {
  readonly id: DecisionId;
  readonly label: string;
  readonly hint: string;
  readonly unavailable?: string;
}

/** What a guard asks for: nothing, its phrase, or that nobody goes on. A guard that refuses and names no phrase cannot be lifted. */
export function demandOf(guard: Guard): 'nothing' | 'phrase' | 'never' {
  if (guard.verdict === 'refuse') return guard.override === undefined || guard.override === 'never' ? 'never' : 'phrase';
  if (guard.verdict === 'unknown' && guard.override !== undefined) return guard.override === 'never' ? 'never' : 'phrase';
  return 'nothing';
}

/** Why a plan cannot be applied at all, in a line; undefined when it can be (a phrase may still be asked for). */
export function whyNotApply(state: SessionState, plan: Plan): string | undefined {
  if (state.place?.readOnly !== undefined) return state.place.readOnly;
  if (plan.changes.length === 0) return 'nothing would change';
  const wall = plan.guards.find((guard) => demandOf(guard) === 'never');
  return wall && `a guard stands in the way: ${wall.title}`;
}

/** How a step can be decided now. */
export function decisionItems(state: SessionState, tools: Tools, step: Step): readonly DecisionItem[] {
  const planned = draftPlan(state, tools, step);
  const plan = planned && 'plan' in planned ? planned.plan : undefined;
  const noPlan = plan === undefined ? 'there is no plan for it' : plan.changes.length === 0 ? 'nothing would change' : undefined;
  const reading = state.readingFor === step.id ? 'what it needs is still being read' : undefined;
  const cannot = noPlan ?? reading ?? (plan && whyNotApply(state, plan));
  return [
    { id: 'apply', label: 'Apply now', hint: 'asks once more before anything is sent', ...(cannot ? { unavailable: cannot } : {}) },
    { id: 'queue', label: 'Queue it', hint: 'apply it later with others, in fewer writes', ...(cannot ? { unavailable: cannot } : {}) },
    { id: 'commands', label: 'Show the commands', hint: 'run them yourself; nothing is applied here', ...(noPlan ? { unavailable: noPlan } : {}) },
    { id: 'decline', label: 'Decline it', hint: 'with the reason, and a date to look again' },
    { id: 'skip', label: 'Skip it for now', hint: 'it stays open in the overview' },
  ];
}
