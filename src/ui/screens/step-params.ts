import { clean } from '../../model/foreign.ts';
import type { Param, Step } from '../../model/step.ts';
import { onEmptyLine } from '../../session/field.ts';
import { askedParams, openSuggestions } from '../../session/reduce-params.ts';
import { optionsOf } from '../../session/selectors.ts';
import type { Entry, StepPhase } from '../../session/state.ts';
import type { Context } from '../keys.ts';
import { fieldRows } from '../parts/field.ts';
import { flow } from '../text/flow.ts';
import { type Block, type Line, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';
import { readingBlocks } from './waiting.ts';

/** The entries of a choice, the cursor on one of them. A long list that nobody is in shows only what is chosen in it. */
function choiceRows(scene: Scene, param: Param, entry: Extract<Entry, { kind: 'choice' | 'choices' }>, focused: boolean): readonly Block[] {
  const { symbols, state, width } = scene;
  const choices = state.facts ? (param.choices?.(state.facts) ?? []) : [];
  const isOn = (value: string) => (entry.kind === 'choice' ? entry.value === value : entry.chosen.includes(value));
  const marks = entry.kind === 'choice' ? ([symbols.radioOn, symbols.radioOff] as const) : ([symbols.boxOn, symbols.boxOff] as const);
  const brief = !focused && choices.length > 3 && choices.some(({ value }) => isOn(value));
  return choices.flatMap(({ value, label }, index): readonly Block[] => {
    const on = isOn(value);
    if (brief && !on) return [];
    const here = focused && (entry.kind === 'choice' ? on : entry.cursor === index);
    const first: Line = [span(here ? `  ${symbols.pointer} ` : '    ', 'focus'), span(`${on ? marks[0] : marks[1]} `, on ? 'accent' : 'muted')];
    return [{ lines: flow([span(clean(label), here ? 'focus' : 'plain')], width, first), focused: here, item: { selected: here, checked: on } }];
  });
}

function entryRows(scene: Scene, param: Param, entry: Entry, focused: boolean): readonly Block[] {
  switch (entry.kind) {
    case 'text':
    case 'list':
      return fieldRows(scene, entry.field, focused, 4);
    case 'choice':
    case 'choices':
      return choiceRows(scene, param, entry, focused);
    case 'yes-no': {
      const shown = entry.value ? `${scene.symbols.boxOn} Yes` : `${scene.symbols.boxOff} No`;
      return [{ lines: [line('    ', span(shown, focused ? 'focus' : 'plain'))], focused, item: { selected: focused, checked: entry.value } }];
    }
    default:
      return entry satisfies never;
  }
}

/** How many suggestions are shown at once: the rest follow as these are put in. */
const mostSuggestions = 5;

/** What can be put into the field with a key, the next one first. */
function suggestionRows(scene: Scene, suggestions: ReturnType<typeof openSuggestions>): readonly Line[] {
  const shown = suggestions.slice(0, mostSuggestions);
  const rows = shown.flatMap(({ value, label }, index) =>
    flow([span(clean(label), 'plain'), span(` ${clean(value)}`, 'muted')], scene.width, [span(index === 0 ? '    Ctrl-O puts in ' : '    then ', 'muted')]),
  );
  const more = suggestions.length - shown.length;
  return more > 0 ? [...rows, ...flow([span(`and ${more} more`, 'muted')], scene.width, [span('    ')])] : rows;
}

/** A parameter: its prompt, what it holds, and below it what is wrong or, while it has the focus, what helps. */
function entryBlocks(scene: Scene, param: Param, entry: Entry, focused: boolean, error: string | undefined): readonly Block[] {
  const { symbols, width } = scene;
  const prompt = flow([span(clean(param.prompt), focused ? 'focus' : 'strong')], width, [span(focused ? `${symbols.pointer} ` : '  ', 'focus')]);
  const wrong = error ? flow([span(clean(error), 'bad')], width, [span(`    ${symbols.fail} `, 'bad')]) : [];
  const help = focused && !error ? flow([span(clean(param.help), 'muted')], width, [span('    ')]) : [];
  const suggestions = focused && scene.state.facts ? suggestionRows(scene, openSuggestions(entry, param, scene.state.facts)) : [];
  return [{ lines: prompt }, ...entryRows(scene, param, entry, focused), { lines: [...wrong, ...suggestions, ...help, []] }];
}

/** Contexts of the field that has the focus. */
function entryContexts(entry: Entry | undefined): readonly Context[] {
  switch (entry?.kind) {
    case 'text':
      return ['text', 'next-value'];
    case 'list':
      return ['lines', onEmptyLine(entry.field) ? 'next-value' : 'list-value'];
    case 'choice':
      return ['list', 'next-value', 'anywhere'];
    case 'choices':
      return ['list', 'tick', 'next-value', 'anywhere'];
    case 'yes-no':
      return ['flip', 'next-value', 'anywhere'];
    default:
      return ['anywhere'];
  }
}

function suggestedContext({ state }: Scene, param: Param | undefined, entry: Entry | undefined): readonly Context[] {
  return param && entry && state.facts && openSuggestions(entry, param, state.facts).length > 0 ? ['suggested'] : [];
}

export function stepParamsView(scene: Scene, step: Step, phase: Extract<StepPhase, { kind: 'params' }>): View {
  const params = askedParams(scene.state, scene.tools, step);
  const draft = scene.state.drafts[step.id];
  const option = optionsOf(scene.state, scene.tools, step).find(({ id }) => id === draft?.option);
  const blocks = params.flatMap((param, index) => {
    const entry = draft?.entries[param.name];
    return entry ? entryBlocks(scene, param, entry, index === phase.focus, phase.errors[param.name]) : [];
  });
  const here = params[phase.focus];
  return {
    key: `${step.id}/params`,
    crumbs: [step.title, option?.title ?? '', 'Values'],
    aside: params.length > 1 ? `value ${phase.focus + 1} of ${params.length}` : undefined,
    blocks: [...readingBlocks(scene, step), ...blocks],
    contexts: [
      ...entryContexts(here && draft?.entries[here.name]),
      ...suggestedContext(scene, here, here && draft?.entries[here.name]),
      ...(params.length > 1 || (here && draft?.entries[here.name]?.kind === 'list') ? (['fields'] as const) : []),
      'back',
      'pages',
    ],
  };
}
