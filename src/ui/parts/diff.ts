import { clean, cleanValue } from '../../model/foreign.ts';
import type { DiffRow } from '../../session/deps.ts';
import { flow } from '../text/flow.ts';
import { type Line, lineCells, span } from '../text/line.ts';
import type { Tone } from '../theme.ts';
import type { Scene } from '../view.ts';

const tones: { readonly [S in DiffRow['sign']]: Tone } = { '+': 'good', '-': 'bad', '~': 'warn' };

/** Before and after of one property; on one line where it fits, else the values below the path. Values are shortened, never the paths. */
export function diffLines(scene: Scene, rows: readonly DiffRow[], indent: number): readonly Line[] {
  const margin = ' '.repeat(indent);
  // `properties.` stands before every path and tells nothing.
  const path = (row: DiffRow) => clean(row.path).replace(/^properties\./, '');
  return rows.flatMap((row) => {
    const sign = span(`${margin}${row.sign} `, tones[row.sign]);
    const before = span(cleanValue(row.before, 400), 'bad');
    const after = span(cleanValue(row.after, 400), 'good');
    // What was not there before has one value to show, not two.
    const values: Line = row.before === undefined ? [after] : row.after === undefined ? [before] : [before, span(` ${scene.symbols.arrow} `), after];
    const one: Line = [sign, span(path(row)), span('  '), ...values];
    if (lineCells(one) <= scene.width) return [one];
    const below = [span(`${margin}    `)];
    return [...flow([span(path(row))], scene.width, [sign], below), ...flow(values, scene.width, below)];
  });
}
