import { clean } from '../../model/foreign.ts';
import type { Sign } from '../symbols.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank, type Line, line, type Span, span } from '../text/line.ts';
import { cells } from '../text/width.ts';
import type { Tone } from '../theme.ts';
import type { Scene } from '../view.ts';

/** A paragraph. All text that comes here is made fit for a terminal first. */
export function paragraph(scene: Scene, text: string, tone: Tone = 'plain', indent = 0): Block {
  return { lines: flow([span(clean(text), tone)], scene.width, [span(' '.repeat(indent))]) };
}

/** A heading with a blank line before it. */
export function heading(text: string, tone: Tone = 'strong'): Block {
  return { lines: [[], line(span(clean(text), tone))] };
}

/** `label  text`, the text in a column of its own. */
export function labelled(scene: Scene, label: string, text: string | Line, labelWidth: number, indent = 0): Block {
  const content: Line = typeof text === 'string' ? [span(clean(text))] : text;
  const first = `${' '.repeat(indent)}${label}${' '.repeat(Math.max(1, labelWidth - cells(label)))}`;
  return { lines: flow(content, scene.width, [span(first, 'muted')], [span(' '.repeat(cells(first)))]) };
}

/** `• text`. */
export function bullet(scene: Scene, text: string, indent = 2, tone: Tone = 'plain'): Block {
  return { lines: flow([span(clean(text), tone)], scene.width, [span(`${' '.repeat(indent)}${scene.symbols.bullet} `, 'muted')]) };
}

/** A sign as mark and word. */
export function signSpans(scene: Scene, sign: Sign, wordWidth = 0): readonly Span[] {
  const { mark } = sign;
  return [span(`${scene.symbols[mark]} ${sign.word.padEnd(wordWidth)}`, sign.tone)];
}

/** An entry of a menu: pointer, label, hint. What cannot be chosen says why. */
export interface MenuEntry {
  readonly label: string;
  readonly hint?: string;
  readonly unavailable?: string;
}

/** A vertical menu of our own: the cursor is where `cursor` says, nothing is chosen by moving. */
export function menu(scene: Scene, entries: readonly MenuEntry[], cursor: number): readonly Block[] {
  const labels = Math.max(...entries.map(({ label }) => cells(clean(label)))) + 2;
  return entries.map((entry, index) => {
    const selected = index === cursor;
    const label = clean(entry.label);
    const off = entry.unavailable !== undefined;
    const hint = off ? `not now: ${clean(entry.unavailable ?? '')}` : clean(entry.hint ?? '');
    const pointer = span(selected ? `${scene.symbols.pointer} ` : '  ', 'focus');
    const tone: Tone = off ? 'muted' : selected ? 'focus' : 'plain';
    const wide = scene.mode !== 'cards' && labels + 24 <= scene.width && !scene.linear;
    const lines = wide
      ? flow([span(hint, 'muted')], scene.width, [pointer, span(label.padEnd(labels), tone)])
      : [...flow([span(label, tone)], scene.width, [pointer]), ...(hint ? flow([span(hint, 'muted')], scene.width, [span('    ')]) : [])];
    return { lines, focused: selected, item: { selected, ...(off ? { disabled: true } : {}) } };
  });
}

/** Blocks with a blank line between them. */
export function spaced(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((each, index) => (index === 0 ? [each] : [blank, each]));
}
