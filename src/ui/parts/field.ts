import type { Field } from '../../session/field.ts';
import { flow, literal } from '../text/flow.ts';
import { type Block, type Line, span } from '../text/line.ts';
import { cells, characters } from '../text/width.ts';
import type { Tone } from '../theme.ts';
import type { Scene } from '../view.ts';

/** The text of a field, a block for each of its rows; the cursor is shown in it: inverse, or a mark where there is no inverse. */
export function fieldRows(scene: Scene, field: Field, focused: boolean, indent: number): readonly Block[] {
  const room = scene.width - indent;
  const margin = span(' '.repeat(indent));
  let start = 0;
  return field.text.split('\n').map((row): Block => {
    const at = field.cursor - start;
    start += row.length + 1;
    const here = focused && at >= 0 && at <= row.length;
    const lines = here ? withCursor(scene, row, at, room) : literal(row, room);
    return { lines: lines.map((each) => [margin, ...each]), focused: here };
  });
}

/** One row with the cursor in it, hard-broken at `room`; a URL or a resource id may be longer than the screen is wide. */
function withCursor({ colour, symbols }: Scene, row: string, at: number, room: number): readonly Line[] {
  const under = characters(row.slice(at))[0] ?? '';
  const spans: Line = colour
    ? [span(row.slice(0, at)), span(under || ' ', 'cursor'), span(row.slice(at + under.length))]
    : [span(`${row.slice(0, at)}${symbols.caret}${row.slice(at)}`)];
  const lines: Line[] = [];
  let open: { text: string; tone: Tone }[] = [];
  let used = 0;
  for (const { text, tone } of spans) {
    for (const piece of characters(text)) {
      if (used + cells(piece) > room) {
        lines.push(open);
        open = [];
        used = 0;
      }
      const last = open.at(-1);
      if (last && last.tone === tone) last.text += piece;
      else open.push({ text: piece, tone });
      used += cells(piece);
    }
  }
  return [...lines, open];
}

/** A field with its prompt above it. */
export function fieldBlock(scene: Scene, prompt: Line, field: Field, focused: boolean): Block {
  const rows = fieldRows(scene, field, focused, 4).flatMap(({ lines }) => lines);
  return { lines: [...flow(prompt, scene.width), ...rows], focused, item: { selected: focused } };
}
