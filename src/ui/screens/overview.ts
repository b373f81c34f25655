import { isSettled } from '../../model/assessment.ts';
import { clean } from '../../model/foreign.ts';
import { wayText } from '../../model/kubernetes-way.ts';
import { byPillar, countControls, type StepVerdict } from '../../model/verdicts.ts';
import { listedSteps } from '../../session/reduce-overview.ts';
import { isOpen, recordOf, verdictsOf } from '../../session/selectors.ts';
import type { Screen } from '../../session/state.ts';
import { paragraph, signSpans } from '../parts/blocks.ts';
import { gravestSeverity, pillarNames, severityTones } from '../parts/words.ts';
import { type Sign, statusSigns, stepSigns } from '../symbols.ts';
import { type Block, blank, ends, exactly, type Line, lineCells, span } from '../text/line.ts';
import { cells, cut } from '../text/width.ts';
import type { Scene, View } from '../view.ts';
import { filterBlocks, listContexts } from './pick.ts';

/** How far the cluster is, as a bar and in words. */
function gauge(scene: Scene, verdicts: readonly StepVerdict[]): Line {
  const counts = countControls(verdicts);
  const all = Object.values(counts).reduce((sum, number) => sum + number, 0);
  const held = counts.pass + counts.preconfigured + counts['not-applicable'];
  const words = `${held} of ${all} controls hold`;
  if (scene.linear || all === 0) return [span(words, 'strong')];
  const room = Math.min(30, scene.width - cells(words) - 2);
  const full = Math.round((held / all) * room);
  return [span(scene.symbols.heavy.repeat(full), 'good'), span(scene.symbols.rule.repeat(room - full), 'muted'), span('  '), span(words, 'strong')];
}

/** `3 pass, 2 fail` for a pillar. */
function countsText(verdicts: readonly StepVerdict[]): Line {
  const counts = countControls(verdicts);
  return (['fail', 'partial', 'unknown', 'pass', 'preconfigured', 'not-applicable'] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [span('  '), span(`${counts[status]} ${statusSigns[status].word}`, statusSigns[status].tone)],
  );
}

/** What was decided about a step; nothing is said of one that needs nothing. */
function decisionSign(scene: Scene, verdict: StepVerdict): Sign | undefined {
  const record = recordOf(scene.state, verdict.step.id);
  if (record && record.status !== 'open') return stepSigns[record.status];
  return isSettled(verdict.status) ? undefined : stepSigns.open;
}

function stepBlock(scene: Scene, verdict: StepVerdict, selected: boolean): Block {
  const { symbols, width, mode } = scene;
  const pointer = span(selected ? `${symbols.pointer} ` : '  ', 'focus');
  const status = signSpans(scene, statusSigns[verdict.status], mode === 'cards' ? 0 : 10);
  const decision = decisionSign(scene, verdict);
  const failing = verdict.controls.filter(({ assessment }) => !isSettled(assessment.status)).map(({ control }) => control.severity);
  const severity = gravestSeverity(failing);
  const titleTone = selected ? 'focus' : 'plain';
  const right: Line = [
    ...(mode === 'full' ? [span((severity ?? '').padEnd(10), severity ? severityTones[severity] : 'muted')] : []),
    ...(decision ? signSpans(scene, decision, mode === 'full' ? 14 : 0) : [span(mode === 'full' ? ' '.repeat(16) : '')]),
  ];
  const title = clean(verdict.step.title);
  const item = { selected };
  if (mode === 'cards' || scene.linear) {
    return {
      lines: [
        [pointer, span(cut(title, width - 2, symbols.ellipsis), titleTone)],
        [span('    '), ...status, span('  '), ...right],
      ],
      focused: selected,
      item,
    };
  }
  const left: Line = [pointer, ...status, span('  ')];
  const room = width - lineCells(left) - lineCells(right) - 2;
  return { lines: [ends([...left, span(cut(title, room, symbols.ellipsis), titleTone)], right, width)], focused: selected, item };
}

/** How what runs inside was read, where that needs saying. */
function insideBlocks(scene: Scene): readonly Block[] {
  const way = scene.state.facts?.kubernetes;
  return way === undefined ? [] : [paragraph(scene, wayText(way), way.via === 'none' ? 'warn' : 'muted')];
}

/** Everything at a glance: by pillar, what holds and what was decided. */
export function overviewView(scene: Scene, screen: Extract<Screen, { kind: 'overview' }>): View {
  const { state, tools } = scene;
  const all = verdictsOf(state, tools);
  const listed = listedSteps(state, screen, tools);
  const open = all.filter((verdict) => isOpen(verdict, recordOf(state, verdict.step.id))).length;
  const queued = state.checklist?.queue.length ?? 0;
  const groups = byPillar(listed).flatMap(({ pillar, verdicts }): readonly Block[] => [
    blank,
    { lines: [exactly([span(pillarNames[pillar].toUpperCase(), 'strong'), ...countsText(verdicts)], scene.width)] },
    ...verdicts.map((verdict) => stepBlock(scene, verdict, listed.indexOf(verdict) === screen.cursor)),
  ]);
  return {
    key: 'overview',
    crumbs: ['Overview'],
    aside: `${open} open${queued ? ` ${scene.symbols.dot} ${queued} queued` : ''}`,
    blocks: [
      { lines: [gauge(scene, all)] },
      ...insideBlocks(scene),
      ...(screen.filter.editing || screen.filter.field.text ? [blank] : []),
      ...filterBlocks(scene, screen.filter, listed.length, all.length),
      ...(listed.length === 0 ? [paragraph(scene, 'Nothing matches. Esc clears the filter.', 'muted', 2)] : groups),
    ],
    contexts: listContexts(screen.filter, 'open', 'walk', 'refreshable').filter((context) => context !== 'back'),
  };
}
