import type { Facts } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { text, texts } from '../model/json.ts';
import type { Option, Param, Step } from '../model/step.ts';
import { entriesOf, fieldOf } from './field.ts';
import type { Draft, Entry } from './state.ts';

/** The parameters an option asks for, in its order. */
export function paramsOf(step: Step, option: Option): readonly Param[] {
  return option.params.flatMap((name) => step.params.find((param) => param.name === name) ?? []);
}

/** A field that holds `value`: a default from the facts, or what the checklist remembers. */
export function entryOf(param: Param, facts: Facts, value: Json | undefined): Entry {
  const shown = typeof value === 'number' || typeof value === 'boolean' ? String(value) : (text(value) ?? '');
  switch (param.kind) {
    case 'text':
      return { kind: 'text', field: fieldOf(shown) };
    case 'list':
      return { kind: 'list', field: fieldOf(texts(value).join('\n')) };
    case 'choice':
      return { kind: 'choice', value: shown || (param.choices?.(facts)[0]?.value ?? '') };
    case 'choices':
      return { kind: 'choices', cursor: 0, chosen: texts(value) };
    case 'yes-no':
      return { kind: 'yes-no', value: value === true || value === 'true' };
    default:
      return param.kind satisfies never;
  }
}

/** The value a field stands for. */
export function enteredValue(entry: Entry): Json {
  switch (entry.kind) {
    case 'text':
      return entry.field.text.trim();
    case 'list':
      return entriesOf(entry.field);
    case 'choice':
    case 'yes-no':
      return entry.value;
    case 'choices':
      return entry.chosen;
    default:
      return entry satisfies never;
  }
}

/** The values of the named parameters that a draft has fields for. An empty text counts as not given. */
export function draftValues(draft: Draft | undefined, params: readonly string[]): { readonly [param: string]: Json } {
  const values: { [param: string]: Json } = {};
  for (const name of params) {
    const entry = draft?.entries[name];
    if (entry === undefined) continue;
    const value = enteredValue(entry);
    if (value !== '') values[name] = value;
  }
  return values;
}
