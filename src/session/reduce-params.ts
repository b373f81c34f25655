import type { Facts } from '../model/facts.ts';
import type { Param, Step } from '../model/step.ts';
import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import { enteredValue, paramsOf } from './draft.ts';
import type { Intent } from './events.ts';
import { entriesOf, fieldOf, onEmptyLine } from './field.ts';
import { type Next, stay } from './next.ts';
import { edited } from './reduce-filter.ts';
import { inPhase, toPreview } from './reduce-step.ts';
import { optionsOf } from './selectors.ts';
import type { Entry, SessionState, StepPhase, StepScreen } from './state.ts';

type ParamsPhase = Extract<StepPhase, { kind: 'params' }>;

/** The parameters that the drafted option asks for. */
export function askedParams(state: SessionState, tools: Tools, step: Step): readonly Param[] {
  const option = optionsOf(state, tools, step).find(({ id }) => id === state.drafts[step.id]?.option);
  return option ? paramsOf(step, option) : [];
}

/** The suggestions for a field that are not in it yet. */
export function openSuggestions(entry: Entry, param: Param, facts: Facts): readonly { readonly value: string; readonly label: string }[] {
  if (entry.kind !== 'text' && entry.kind !== 'list') return [];
  const entered = entriesOf(entry.field).map((value) => value.toLowerCase());
  return (param.suggestions?.(facts) ?? []).filter(({ value }) => !entered.includes(value.toLowerCase()));
}

/** The field with the next suggestion: a line of its own in a list, in place of what stands there otherwise. */
function suggested(entry: Extract<Entry, { kind: 'text' | 'list' }>, param: Param, facts: Facts): Entry | undefined {
  const [next] = openSuggestions(entry, param, facts);
  if (next === undefined) return undefined;
  const lines = entry.kind === 'list' ? [...entriesOf(entry.field), next.value, ''] : [next.value];
  return { ...entry, field: fieldOf(lines.join('\n')) };
}

/** An entry after an intent; undefined when the intent is not for it. */
function changed(entry: Entry, param: Param, facts: Facts, event: Intent): Entry | undefined {
  switch (entry.kind) {
    case 'text':
    case 'list': {
      if (event.type === 'suggest') return suggested(entry, param, facts);
      const field = edited(entry.field, event, entry.kind === 'list' ? 'many' : 'one');
      return field && { ...entry, field };
    }
    case 'choice': {
      const values = (param.choices?.(facts) ?? []).map(({ value }) => value);
      const by = event.type === 'move' || event.type === 'across' ? event.by : undefined;
      if (by === undefined) return undefined;
      return { ...entry, value: values[moved(values.indexOf(entry.value), by, values.length)] ?? entry.value };
    }
    case 'choices': {
      const values = (param.choices?.(facts) ?? []).map(({ value }) => value);
      if (event.type === 'move') return { ...entry, cursor: moved(entry.cursor, event.by, values.length) };
      const at = values[entry.cursor];
      if (event.type !== 'toggle' || at === undefined) return undefined;
      const chosen = entry.chosen.includes(at) ? entry.chosen.filter((value) => value !== at) : [...entry.chosen, at];
      return { ...entry, chosen };
    }
    case 'yes-no':
      return event.type === 'toggle' || event.type === 'across' || event.type === 'move' ? { ...entry, value: !entry.value } : undefined;
    default:
      return entry satisfies never;
  }
}

/** What is wrong with each parameter's value now, in the parameters' own words. */
function mistakes(state: SessionState, params: readonly Param[], step: Step): { readonly [param: string]: string } {
  const { facts } = state;
  if (!facts) return {};
  const found = params.flatMap((param) => {
    const entry = state.drafts[step.id]?.entries[param.name];
    const wrong = entry && param.validate(enteredValue(entry), facts);
    return wrong === undefined ? [] : [[param.name, wrong] as const];
  });
  return Object.fromEntries(found);
}

export function reduceParams(state: SessionState, screen: StepScreen, phase: ParamsPhase, step: Step, event: Intent, tools: Tools): Next {
  const params = askedParams(state, tools, step);
  const param = params[phase.focus];
  const draft = state.drafts[step.id];
  const entry = param && draft?.entries[param.name];
  const { facts } = state;
  if (!param || !draft || !entry || !facts) return event.type === 'back' ? inPhase(state, screen, { kind: 'options', cursor: 0 }) : stay(state);

  const next = changed(entry, param, facts, event);
  if (next) {
    const { [param.name]: _mended, ...errors } = phase.errors;
    const drafts = { ...state.drafts, [step.id]: { ...draft, entries: { ...draft.entries, [param.name]: next } } };
    return inPhase({ ...state, drafts }, screen, { ...phase, errors });
  }
  switch (event.type) {
    case 'back': {
      const cursor = optionsOf(state, tools, step).findIndex(({ id }) => id === draft.option);
      return inPhase(state, screen, { kind: 'options', cursor: Math.max(0, cursor) });
    }
    case 'previous-field':
      return inPhase(state, screen, { ...phase, focus: moved(phase.focus, -1, params.length) });
    case 'choose':
      if (entry.kind === 'list' && !onEmptyLine(entry.field)) return reduceParams(state, screen, phase, step, { type: 'text', text: '\n' }, tools);
      return leaveField(state, screen, phase, step, params, tools);
    case 'next-field':
      return leaveField(state, screen, phase, step, params, tools);
    default:
      return stay(state);
  }
}

/** On to the next field if this one is right, and from the last one to the preview if all are. */
function leaveField(state: SessionState, screen: StepScreen, phase: ParamsPhase, step: Step, params: readonly Param[], tools: Tools): Next {
  const wrong = mistakes(state, params, step);
  const here = params[phase.focus]?.name ?? '';
  const mistake = wrong[here];
  if (mistake !== undefined) return inPhase(state, screen, { ...phase, errors: { ...phase.errors, [here]: mistake } });
  if (phase.focus < params.length - 1) return inPhase(state, screen, { ...phase, focus: phase.focus + 1 });
  const first = params.findIndex(({ name }) => wrong[name] !== undefined);
  return first >= 0 ? inPhase(state, screen, { ...phase, focus: first, errors: wrong }) : toPreview(state, screen, step, tools);
}
