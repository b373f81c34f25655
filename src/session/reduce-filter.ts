import type { Intent } from './events.ts';
import type { Field } from './field.ts';
import { across, along, erase, fieldOf, insert } from './field.ts';
import type { Filter } from './state.ts';

/** The field after an intent that edits text; undefined when the intent does not. */
export function edited(field: Field, event: Intent, lines: 'one' | 'many' = 'one'): Field | undefined {
  switch (event.type) {
    case 'text':
      return insert(field, event.text, lines);
    case 'erase':
      return erase(field, event.what);
    case 'across':
      return across(field, event.by);
    case 'move':
      return event.by === 'first' || event.by === 'last' || lines === 'many' ? along(field, event.by) : undefined;
    default:
      return undefined;
  }
}

/**
 * A filter after an intent; undefined when the intent is not for it. Enter keeps what is typed and gives the keys back to the list,
 * Escape clears it first.
 */
export function reduceFilter(filter: Filter, event: Intent): Filter | undefined {
  if (!filter.editing) {
    if (event.type === 'filter') return { ...filter, editing: true };
    return event.type === 'back' && filter.field.text !== '' ? { field: fieldOf(), editing: false } : undefined;
  }
  if (event.type === 'choose') return { ...filter, editing: false };
  if (event.type === 'back') return { field: fieldOf(), editing: false };
  const field = edited(filter.field, event);
  return field && { ...filter, field };
}
