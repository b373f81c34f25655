import type { Choice, Step } from '../model/step.ts';
import { moved } from './cursor.ts';
import { decisionItems } from './decision-items.ts';
import type { Tools } from './deps.ts';
import type { Decision, Effect } from './effects.ts';
import type { Intent } from './events.ts';
import { fieldOf } from './field.ts';
import { journaled, type Next, stay, tell } from './next.ts';
import { askConfirmation } from './reduce-confirm.ts';
import { edited } from './reduce-filter.ts';
import { inPhase } from './reduce-step.ts';
import { choiceOf, draftPlan, optionsOf, planOf } from './selectors.ts';
import type { JournalLine, SessionState, StepPhase, StepScreen } from './state.ts';
import { noted, toNextOpen } from './walk.ts';

/** Writes a decision down and walks on. */
function decided(state: SessionState, tools: Tools, step: Step, decision: Decision, mark: JournalLine['mark'], said: string): Next {
  const { state: after, effect } = noted(state, tools, [decision]);
  const next = toNextOpen(journaled(after, mark, `${said}: ${step.title}`), tools, step.id);
  return { state: next.state, effects: [effect, ...next.effects] };
}

export function skipStep(state: SessionState, step: Step, tools: Tools): Next {
  return decided(state, tools, step, { kind: 'skipped', step: step.id }, 'info', 'Skipped');
}

export function startDecline(state: SessionState, screen: StepScreen): Next {
  return inPhase(state, screen, { kind: 'decline', focus: 'reason', reason: fieldOf(), review: fieldOf() });
}

/** The title of the drafted option, for the journal. */
function optionTitle(state: SessionState, tools: Tools, step: Step): string {
  return optionsOf(state, tools, step).find(({ id }) => id === state.drafts[step.id]?.option)?.title ?? '';
}

export function reduceDecision(state: SessionState, screen: StepScreen, cursor: number, step: Step, event: Intent, tools: Tools): Next {
  const items = decisionItems(state, tools, step);
  if (event.type === 'move') return inPhase(state, screen, { kind: 'decision', cursor: moved(cursor, event.by, items.length) });
  if (event.type === 'back') return inPhase(state, screen, { kind: 'preview' });
  const item = items[cursor];
  if (event.type !== 'choose' || !item) return stay(state);
  if (item.unavailable !== undefined) return tell(state, `${item.label} is not possible: ${item.unavailable}.`);
  switch (item.id) {
    case 'apply': {
      const made = choiceOf(state, tools, step);
      return 'choice' in made ? askConfirmation(state, tools, { kind: 'step', step: step.id }, { [step.id]: made.choice }) : stay(state);
    }
    case 'queue':
      return withPlan(state, tools, step, (choice, digest) =>
        decided(state, tools, step, { kind: 'queued', step: step.id, choice, digest }, 'info', `Queued (${optionTitle(state, tools, step)})`),
      );
    case 'commands':
      return inPhase(state, screen, { kind: 'commands' });
    case 'decline':
      return startDecline(state, screen);
    case 'skip':
      return skipStep(state, step, tools);
    default:
      return item.id satisfies never;
  }
}

/** Goes on with the draft's choice and its plan's digest, or stays where there is none. */
function withPlan(state: SessionState, tools: Tools, step: Step, on: (choice: Choice, digest: string) => Next): Next {
  const made = choiceOf(state, tools, step);
  const planned = 'choice' in made ? planOf(state, tools, { [step.id]: made.choice }) : undefined;
  return 'choice' in made && planned && 'plan' in planned
    ? on(made.choice, planned.plan.digest)
    : tell(state, 'There is no plan for this choice any more. Go back and choose again.');
}

/** The script of a step's plan, as an effect made with it. */
function withScript(state: SessionState, tools: Tools, step: Step, effect: (plan: Parameters<Tools['script']>[0]) => Effect): Next {
  const planned = draftPlan(state, tools, step);
  return planned && 'plan' in planned ? stay(state, effect(planned.plan)) : stay(state);
}

export function reduceCommands(state: SessionState, screen: StepScreen, step: Step, event: Intent, tools: Tools): Next {
  const { shell } = state;
  switch (event.type) {
    case 'back':
      return inPhase(state, screen, { kind: 'decision', cursor: decisionItems(state, tools, step).findIndex(({ id }) => id === 'commands') });
    case 'shell':
      return stay({ ...state, shell: shell === 'bash' ? 'pwsh' : 'bash' });
    case 'copy':
      return withScript(
        { ...state, notice: { tone: 'info', text: 'Copied, where the terminal allows it. The commands stay on the screen.' } },
        tools,
        step,
        (plan) => ({
          type: 'copy',
          text: tools.script(plan, shell),
        }),
      );
    case 'script':
      return withScript(state, tools, step, (plan) => ({ type: 'write-script', plan, shell }));
    case 'choose':
      return withPlan(state, tools, step, (choice, digest) =>
        decided(state, tools, step, { kind: 'printed', step: step.id, choice, digest }, 'info', 'Commands taken, to be run by hand'),
      );
    default:
      return stay(state);
  }
}

type DeclinePhase = Extract<StepPhase, { kind: 'decline' }>;

/** What is wrong with a review date; undefined when it is empty or a day after `today` (YYYY-MM-DD). */
export function reviewDateProblem(text: string, today: string): string | undefined {
  if (text === '') return undefined;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse takes 2027-02-31 for the third of March in some engines: the day must come out as it went in.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    return 'Write the date as YYYY-MM-DD, for example 2027-01-31, or leave it empty.';
  return text > today ? undefined : `${text} is not in the future.`;
}

export function reduceDecline(state: SessionState, screen: StepScreen, phase: DeclinePhase, step: Step, event: Intent, tools: Tools): Next {
  const field = edited(phase[phase.focus], event);
  if (field) return inPhase(state, screen, { ...phase, [phase.focus]: field, error: undefined });
  switch (event.type) {
    case 'back':
      return inPhase(state, screen, { kind: 'state' });
    case 'previous-field':
      return inPhase(state, screen, { ...phase, focus: 'reason' });
    case 'next-field':
    case 'choose': {
      const reason = phase.reason.text.trim();
      if (reason === '') return inPhase(state, screen, { ...phase, focus: 'reason', error: 'Say why, in a few words: whoever looks next wants to know.' });
      if (phase.focus === 'reason') return inPhase(state, screen, { ...phase, focus: 'review', error: undefined });
      if (event.type === 'next-field') return inPhase(state, screen, { ...phase, focus: 'reason' });
      const reviewOn = phase.review.text.trim();
      const error = reviewDateProblem(reviewOn, (state.facts?.source.readAt ?? '').slice(0, 10));
      if (error !== undefined) return inPhase(state, screen, { ...phase, error });
      return decided(state, tools, step, { kind: 'declined', step: step.id, reason, ...(reviewOn === '' ? {} : { reviewOn }) }, 'info', 'Declined');
    }
    default:
      return stay(state);
  }
}
