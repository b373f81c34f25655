import type { Tone } from '../theme.ts';
import { cells, fitting } from './width.ts';

/** A run of text of one tone. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One row of the screen. */
export type Line = readonly Span[];

/**
 * Lines that belong together. Screens are made of lines and not of nested boxes: what fits is known before anything is painted,
 * so that a frame never outgrows the terminal and the selection is never painted outside of it.
 */
export interface Block {
  readonly lines: readonly Line[];
  /** The cursor is here: the screen scrolls so that it is seen. */
  readonly focused?: boolean;
  /** An entry of a list, for screen readers. */
  readonly item?: { readonly selected: boolean; readonly checked?: boolean; readonly disabled?: boolean };
}

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });
/** A line of spans and plain texts. */
export const line = (...parts: readonly (Span | string)[]): Line => parts.map((part) => (typeof part === 'string' ? span(part) : part));
export const block = (...lines: readonly Line[]): Block => ({ lines });
export const blank: Block = { lines: [[]] };

/** Columns that a line takes. */
export function lineCells(of: Line): number {
  return of.reduce((sum, { text }) => sum + cells(text), 0);
}

/** A line of exactly `width` columns: filled with blanks, or cut. */
export function exactly(of: Line, width: number): Line {
  const missing = width - lineCells(of);
  if (missing >= 0) return missing === 0 ? of : [...of, span(' '.repeat(missing))];
  const kept: Span[] = [];
  let room = width;
  for (const part of of) {
    const text = fitting(part.text, room);
    room -= cells(text);
    if (text !== '') kept.push({ ...part, text });
    if (text !== part.text) break;
  }
  return [...kept, span(' '.repeat(room))];
}

/** Two texts at the two ends of a line; the left one gives way. */
export function ends(left: Line, right: Line, width: number): Line {
  const room = width - lineCells(right);
  return room < 2 ? exactly(left, width) : [...exactly(left, room - 1), span(' '), ...right];
}

/** The text of a line, without its tones. */
export function plainText(of: Line): string {
  return of.map(({ text }) => text).join('');
}
