import { clean } from '../model/foreign.ts';
import type { SessionState } from '../session/state.ts';
import { type Hint, hintsOf } from './keys.ts';
import type { Layout } from './layout.ts';
import { ascii } from './symbols.ts';
import { ends, exactly, type Line, lineCells, type Span, span } from './text/line.ts';
import { cells, cut } from './text/width.ts';
import type { Scene, View } from './view.ts';

/** Marks that must never be missed, in words. */
export function badges({ place }: SessionState): readonly string[] {
  return [...(place?.kind === 'practice' ? ['PRACTICE'] : []), ...(place?.kind === 'file' ? ['FILE'] : place?.readOnly !== undefined ? ['READ-ONLY'] : [])];
}

/** Program, cluster, subscription; on every screen. What has no room gives way from the right, never the cluster's name before it. */
export function titleLine(scene: Scene): Line {
  const { state, symbols, width, mode } = scene;
  const { place } = state;
  const marks = badges(state).flatMap((text): readonly Span[] => [span(' '), span(scene.colour ? ` ${text} ` : `[${text}]`, 'badge')]);
  const program: Line = mode === 'cards' ? [] : [span('aks-harden', 'accent'), span('  ')];
  if (!place) return exactly(program.length ? program : [span('aks-harden', 'accent')], width);
  const room = width - lineCells(marks) - lineCells(program) - 1;
  const subscription = clean(place.subscription?.name ?? place.cluster?.subscriptionId ?? '');
  const name = cut(clean(place.cluster?.name ?? ''), Math.max(8, room - Math.min(cells(subscription) + 3, Math.floor(room / 2))), symbols.ellipsis);
  const where = [
    subscription,
    mode === 'full' ? clean(place.cluster?.resourceGroup ?? '') : '',
    place.cluster && mode !== 'full' ? '' : clean(place.label),
  ].filter(Boolean);
  const dot = ` ${symbols.dot} `;
  const rest = cut(where.join(dot), Math.max(0, room - cells(name) - (name ? cells(dot) : 0)), symbols.ellipsis);
  return ends([...program, span(name, 'strong'), span(name && rest ? dot : '', 'muted'), span(rest, 'muted')], marks, width);
}

/** Where in the walk, and which step of how many. */
export function crumbLine(scene: Scene, view: View): Line {
  const { symbols, width } = scene;
  const aside: Line = view.aside ? [span(view.aside, 'muted')] : [];
  const parts = view.crumbs.filter(Boolean).map(clean);
  const whole = parts.join(` ${symbols.crumb} `);
  const room = width - lineCells(aside) - 1;
  // The last crumb says what is asked now: it stays when the path to it has no room.
  const shown = cells(whole) <= room ? whole : cut(parts.slice(-2).join(` ${symbols.crumb} `), room, symbols.ellipsis);
  return ends([span(shown, 'strong')], aside, width);
}

/** A rule; a text may stand in its right end. */
export function ruleLine(scene: Scene, text = ''): Line {
  const { rule } = scene.symbols;
  const tail = text ? ` ${text} ` : '';
  return [
    span(rule.repeat(Math.max(0, scene.width - cells(tail) - (tail ? 2 : 0))), 'muted'),
    span(tail, 'plain'),
    ...(tail ? [span(rule.repeat(2), 'muted')] : []),
  ];
}

function hintSpans({ keys, label }: Hint): readonly Span[] {
  return [span(keys, 'accent'), span(` ${label}`, 'muted')];
}

/** The keys that work now, in at most `most` lines. When not all have room, those for help and leaving keep theirs. */
export function hintLines(scene: Scene, view: View, most: number, long: boolean): readonly Line[] {
  const hints = hintsOf(view.contexts, scene.symbols === ascii, long ? 'long' : 'short');
  const lines: (readonly Span[])[] = [];
  let open: readonly Span[] = [];
  const last = hints.filter(({ keys }) => keys === '?' || keys === 'q');
  const reserved = lineCells(last.flatMap((hint) => [span('  '), ...hintSpans(hint)]));
  for (const hint of hints) {
    const next = [...(open.length ? [span('  ')] : []), ...hintSpans(hint)];
    const keep = lines.length === most - 1 && !last.includes(hint) ? reserved : 0;
    if (lineCells(open) + lineCells(next) + keep <= scene.width) open = [...open, ...next];
    else if (lines.length < most - 1) {
      lines.push(open);
      open = hintSpans(hint);
    }
  }
  return [...lines, open];
}

/** What the frame says beside the screen: Ctrl-C pressed once, or a word about what just happened. */
export function noticeLines(scene: Scene): readonly Line[] {
  const { state, symbols, width } = scene;
  if (state.pressAgain) return [[span(cut('Press Ctrl-C again to quit. Every decision is saved.', width, symbols.ellipsis), 'warn')]];
  if (!state.notice) return [];
  return [[span(cut(clean(state.notice.text), width, symbols.ellipsis), state.notice.tone === 'warn' ? 'warn' : 'accent')]];
}

/** Rows that are left for the screen itself between head and foot. */
export function bodyRows(layout: Layout, hints: number, notices: number): number {
  const head = 3 + (layout.airy ? 1 : 0);
  const foot = 1 + hints + notices;
  return Math.max(1, layout.rows - head - foot);
}
