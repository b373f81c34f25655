/** Text being edited: what is there, and where the cursor stands (in code units, never inside of a character). */
export interface Field {
  readonly text: string;
  readonly cursor: number;
}

/** A field that holds `text`, the cursor at its end. */
export function fieldOf(text = ''): Field {
  return { text, cursor: text.length };
}

/** What no terminal should be asked to show: control characters, but line ends stay for those who want them. */
const unwanted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** Puts typed or pasted text in at the cursor. In a field of one line, line ends become spaces. */
export function insert(field: Field, typed: string, lines: 'one' | 'many'): Field {
  const whole = typed.replaceAll(/\r\n?/g, '\n').replaceAll(unwanted, '');
  const text = lines === 'many' ? whole : whole.replaceAll('\n', ' ');
  return { text: field.text.slice(0, field.cursor) + text + field.text.slice(field.cursor), cursor: field.cursor + text.length };
}

/** The next place a cursor can stand, beyond a whole character. */
function beside(field: Field, by: -1 | 1): number {
  if (by > 0) return field.cursor + (String.fromCodePoint(field.text.codePointAt(field.cursor) ?? 32).length || 1);
  const before = [...field.text.slice(0, field.cursor)];
  return field.cursor - (before.at(-1)?.length ?? 0);
}

const within = (field: Field, cursor: number): Field => ({ ...field, cursor: Math.max(0, Math.min(field.text.length, cursor)) });

/** One character left or right. */
export function across(field: Field, by: -1 | 1): Field {
  return within(field, beside(field, by));
}

/** To the first or last place of the cursor's line; by lines it goes to the end of the line above or below. */
export function along(field: Field, by: number | 'first' | 'last'): Field {
  const starts = [0, ...[...field.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const line = starts.findLastIndex((start) => start <= field.cursor);
  const endOf = (at: number) => (starts[at + 1] ?? field.text.length + 1) - 1;
  if (by === 'first') return within(field, starts[line] ?? 0);
  if (by === 'last') return within(field, endOf(line));
  const target = Math.max(0, Math.min(starts.length - 1, line + by));
  return target === line ? field : within(field, endOf(target));
}

/** Takes away the character before or after the cursor, or the cursor's line up to it. */
export function erase(field: Field, what: 'before' | 'after' | 'line'): Field {
  const from = what === 'before' ? beside(field, -1) : what === 'line' ? along(field, 'first').cursor : field.cursor;
  const to = what === 'after' ? Math.min(field.text.length, beside(field, 1)) : field.cursor;
  return { text: field.text.slice(0, from) + field.text.slice(to), cursor: from };
}

/** True when the cursor's line is empty: where Enter ends a list rather than adding to it. */
export function onEmptyLine(field: Field): boolean {
  const first = along(field, 'first').cursor;
  return first === along(field, 'last').cursor;
}

/** The entries of a list field: one a line, or divided by commas, semicolons or blanks, as people paste them. */
export function entriesOf(field: Field): readonly string[] {
  return [...new Set(field.text.split(/[\s,;]+/).filter(Boolean))];
}
