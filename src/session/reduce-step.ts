import type { FactKey } from '../model/facts.ts';
import type { Option, Step } from '../model/step.ts';
import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import { entryOf, paramsOf } from './draft.ts';
import type { Effect } from './effects.ts';
import type { Intent } from './events.ts';
import { type Next, stay, tell, to } from './next.ts';
import { reduceCommands, reduceDecision, reduceDecline, skipStep, startDecline } from './reduce-decide.ts';
import { reduceParams } from './reduce-params.ts';
import { choiceOf, draftPlan, optionsOf, recordOf, stepOf } from './selectors.ts';
import type { Draft, SessionState, StepPhase, StepScreen } from './state.ts';
import { toOverview } from './walk.ts';

/** The same step in another phase. */
export function inPhase(state: SessionState, screen: StepScreen, phase: StepPhase, ...effects: readonly Effect[]): Next {
  return to(state, { ...screen, phase }, ...effects);
}

export function reduceStep(state: SessionState, screen: StepScreen, event: Intent, tools: Tools): Next {
  const step = stepOf(tools, screen.step);
  if (!step) return toOverview(state, tools);
  const { phase } = screen;
  if (phase.kind !== 'params' && phase.kind !== 'decline') {
    if (event.type === 'skip') return skipStep(state, step, tools);
    if (event.type === 'decline') return startDecline(state, screen);
  }
  switch (phase.kind) {
    case 'state':
      return reduceState(state, screen, step, event, tools);
    case 'options':
      return reduceOptions(state, screen, phase.cursor, step, event, tools);
    case 'params':
      return reduceParams(state, screen, phase, step, event, tools);
    case 'preview':
      return reducePreview(state, screen, step, event, tools);
    case 'decision':
      return reduceDecision(state, screen, phase.cursor, step, event, tools);
    case 'commands':
      return reduceCommands(state, screen, step, event, tools);
    case 'decline':
      return reduceDecline(state, screen, phase, step, event, tools);
    default:
      return phase satisfies never;
  }
}

/** What only planning this step needs and nobody has read yet. */
function unread(state: SessionState, step: Step): readonly FactKey[] {
  return (step.needsToPlan ?? []).filter((key) => state.facts?.known[key] === undefined);
}

/** Where the cursor of the options begins: what was chosen before, what is recommended, the first that can be chosen. */
function firstOption(state: SessionState, step: Step, options: readonly Option[]): number {
  const before = state.drafts[step.id]?.option ?? recordOf(state, step.id)?.choice?.option;
  const found = [
    options.findIndex(({ id }) => id === before),
    options.findIndex(({ recommended }) => recommended),
    options.findIndex(({ unavailable }) => !unavailable),
  ];
  return found.find((index) => index >= 0) ?? 0;
}

function reduceState(state: SessionState, screen: StepScreen, step: Step, event: Intent, tools: Tools): Next {
  if (event.type === 'back') return toOverview(state, tools, step.id);
  if (event.type !== 'choose' || !state.facts) return stay(state);
  const options = optionsOf(state, tools, step);
  if (options.length === 0) return tell(state, 'There is nothing to choose here: n goes to the next open decision.', 'info');
  const phase: StepPhase = { kind: 'options', cursor: firstOption(state, step, options) };
  const keys = unread(state, step);
  if (keys.length === 0) return inPhase(state, screen, phase);
  return inPhase({ ...state, readingFor: step.id }, screen, phase, { type: 'read-to-plan', step: step.id, keys, facts: state.facts });
}

/** The draft with this option, and a field for each of its parameters; fields that are there stay as they were typed. */
function drafted(state: SessionState, step: Step, option: Option): Draft {
  const { facts } = state;
  const before = state.drafts[step.id];
  const remembered = recordOf(state, step.id)?.choice;
  const entries = { ...before?.entries };
  for (const param of facts ? paramsOf(step, option) : []) {
    const value = remembered?.option === option.id ? remembered.values[param.name] : undefined;
    if (facts && entries[param.name] === undefined) entries[param.name] = entryOf(param, facts, value ?? param.defaultValue(facts));
  }
  return { option: option.id, entries };
}

function reduceOptions(state: SessionState, screen: StepScreen, cursor: number, step: Step, event: Intent, tools: Tools): Next {
  const options = optionsOf(state, tools, step);
  if (event.type === 'move' || event.type === 'across') return inPhase(state, screen, { kind: 'options', cursor: moved(cursor, event.by, options.length) });
  if (event.type === 'back') return inPhase(state, screen, { kind: 'state' });
  const option = options[cursor];
  if (event.type !== 'choose' || !option) return stay(state);
  if (option.unavailable !== undefined) return tell(state, `This cannot be chosen now: ${option.unavailable}`);
  const chosen = { ...state, drafts: { ...state.drafts, [step.id]: drafted(state, step, option) } };
  return option.params.length > 0 ? inPhase(chosen, screen, { kind: 'params', focus: 0, errors: {} }) : toPreview(chosen, screen, step, tools);
}

/** The preview, if the choice is complete. What the parameters name is read now, for the guards. */
export function toPreview(state: SessionState, screen: StepScreen, step: Step, tools: Tools): Next {
  const made = choiceOf(state, tools, step);
  if ('problems' in made) {
    const [problem] = made.problems;
    return tell(state, problem ? [problem.what, problem.why].filter(Boolean).join(' ') : 'This choice is not complete.');
  }
  const keys = step.needsToPlan ?? [];
  if (keys.length === 0 || !state.facts) return inPhase(state, screen, { kind: 'preview' });
  return inPhase(
    { ...state, readingFor: step.id },
    screen,
    { kind: 'preview' },
    { type: 'read-to-plan', step: step.id, keys, facts: state.facts, choice: made.choice },
  );
}

function reducePreview(state: SessionState, screen: StepScreen, step: Step, event: Intent, tools: Tools): Next {
  if (event.type === 'back') {
    const options = optionsOf(state, tools, step);
    const cursor = Math.max(
      0,
      options.findIndex(({ id }) => id === state.drafts[step.id]?.option),
    );
    const params = options[cursor]?.params.length ?? 0;
    return inPhase(state, screen, params > 0 ? { kind: 'params', focus: 0, errors: {} } : { kind: 'options', cursor });
  }
  if (event.type !== 'choose') return stay(state);
  const planned = draftPlan(state, tools, step);
  if (!planned) return tell(state, 'This choice does not fit what was read since. Go back and choose again.');
  return 'problem' in planned ? tell(state, planned.problem.what) : inPhase(state, screen, { kind: 'decision', cursor: 0 });
}
