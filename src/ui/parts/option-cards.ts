import { clean } from '../../model/foreign.ts';
import type { Option } from '../../model/step.ts';
import { flow } from '../text/flow.ts';
import { type Block, exactly, type Line, span } from '../text/line.ts';
import { cut } from '../text/width.ts';
import type { Tone } from '../theme.ts';
import type { Scene } from '../view.ts';
import { impactNames, impactTones, minutesText } from './words.ts';

const wayBack = { yes: 'yes', partly: 'partly', no: 'no way back' } as const;

/** Everything that is said of an option, for a card of `width` columns. */
function details(scene: Scene, option: Option, width: number): readonly Line[] {
  const { dash, star } = scene.symbols;
  const row = (label: string, content: Line) => flow(content, width, [span(label.padEnd(9), 'muted')]);
  const say = (text: string, tone: Tone = 'plain') => flow([span(clean(text), tone)], width);
  return [
    ...(option.unavailable ? [...say(`Not now: ${option.unavailable}`, 'warn'), []] : []),
    ...(option.recommended ? [...flow([span('Recommended. ', 'good'), span(clean(option.recommended))], width, [span(`${star} `, 'good')]), []] : []),
    ...say(option.tradeOff),
    [],
    ...row('Impact', [
      span(impactNames[option.impact.kind], impactTones[option.impact.kind]),
      span(option.impact.scope ? `: ${clean(option.impact.scope)}` : ''),
    ]),
    ...row('Time', [span(minutesText(option.minutes, dash))]),
    ...row('Cost', [span(clean(option.cost))]),
    ...row('Undo', [span(wayBack[option.reversible.kind], option.reversible.kind === 'no' ? 'bad' : 'plain'), span(`: ${clean(option.reversible.how)}`)]),
    ...(option.notWhen ? row('Not when', [span(clean(option.notWhen))]) : []),
  ];
}

/** A card of exactly `width` columns; its content is filled up to `height` lines. */
function card(scene: Scene, option: Option, selected: boolean, width: number, content: readonly Line[], height: number): readonly Line[] {
  const [tl, tr, bl, br, across, down] = selected ? scene.symbols.focusedCard : scene.symbols.card;
  const tone: Tone = selected ? 'focus' : 'muted';
  const title = cut(clean(option.title), width - 6, scene.symbols.ellipsis);
  const top: Line = [span(`${tl}${across} `, tone), span(title, selected ? 'focus' : 'strong')];
  const used = exactly(top, width - 1);
  const filler = used.at(-1);
  // The blanks that fill the top line up become the card's upper edge.
  const edge: Line =
    filler && used.length > top.length ? [...top, span(` ${across.repeat(Math.max(0, filler.text.length - 1))}${tr}`, tone)] : [...used, span(tr, tone)];
  const rows = Array.from(
    { length: height },
    (_, index): Line => [span(`${down} `, tone), ...exactly(content[index] ?? [], width - 4), span(` ${down}`, tone)],
  );
  return [edge, ...rows, [span(`${bl}${across.repeat(width - 2)}${br}`, tone)]];
}

/** Cards side by side, as many as there is room for; further ones stand below. */
function sideBySide(scene: Scene, options: readonly Option[], cursor: number): readonly Block[] {
  const perRow = Math.min(options.length, Math.max(1, Math.floor((scene.width + 1) / 38)), options.length === 4 ? 2 : 3);
  const width = Math.floor((scene.width - (perRow - 1)) / perRow);
  const rows = Array.from({ length: Math.ceil(options.length / perRow) }, (_, row) => options.slice(row * perRow, (row + 1) * perRow));
  return rows.map((group, row) => {
    const contents = group.map((option) => details(scene, option, width - 4));
    const height = Math.max(...contents.map((lines) => lines.length));
    const cards = group.map((option, column) => card(scene, option, row * perRow + column === cursor, width, contents[column] ?? [], height));
    const lines = Array.from(
      { length: height + 2 },
      (_, index): Line => cards.flatMap((each, column) => [...(column > 0 ? [span(' ')] : []), ...(each[index] ?? [])]),
    );
    return { lines, focused: cursor >= row * perRow && cursor < (row + 1) * perRow };
  });
}

/** One below the other: the option under the cursor in full, the others in two lines. */
function stacked(scene: Scene, options: readonly Option[], cursor: number): readonly Block[] {
  const { symbols, width } = scene;
  return options.map((option, index) => {
    const selected = index === cursor;
    const star = option.recommended ? ` ${symbols.star} recommended` : option.unavailable ? ' (not now)' : '';
    const head = flow([span(clean(option.title), selected ? 'focus' : 'strong'), span(star, option.recommended ? 'good' : 'warn')], width, [
      span(selected ? `${symbols.pointer} ` : '  ', 'focus'),
    ]);
    const brief: Line = [
      span(`    ${impactNames[option.impact.kind]}`, impactTones[option.impact.kind]),
      span(` ${symbols.dot} ${minutesText(option.minutes, symbols.dash)}`, 'muted'),
    ];
    const bar = span(selected ? `  ${symbols.focusedCard[5]} ` : '    ', 'focus');
    const body =
      selected || scene.linear ? details(scene, option, width - 4).map((each): Line => (scene.linear ? [span('    '), ...each] : [bar, ...each])) : [brief];
    return { lines: [...head, ...body, []], focused: selected, item: { selected, ...(option.unavailable ? { disabled: true } : {}) } };
  });
}

/** The options of a step: side by side where a reader can compare them so, else one below the other. */
export function optionCards(scene: Scene, options: readonly Option[], cursor: number): readonly Block[] {
  return scene.mode === 'full' && !scene.linear && options.length > 1 ? sideBySide(scene, options, cursor) : stacked(scene, options, cursor);
}
