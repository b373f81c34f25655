import { clean } from '../../model/foreign.ts';
import type { Plan, PlannedChange } from '../../model/plan.ts';
import { problemOf } from '../../model/problem.ts';
import { guardSigns } from '../symbols.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank, type Line, span } from '../text/line.ts';
import type { Scene } from '../view.ts';
import { signSpans } from './blocks.ts';
import { diffLines } from './diff.ts';
import { count, impactNames, impactTones, minutesText } from './words.ts';

/** What a plan costs, in a line; with the same done one by one where that is more. */
export function totalsLine(scene: Scene, plan: Plan): Line {
  const { totals, separately } = plan;
  const { dash, dot } = scene.symbols;
  const said = [
    count(totals.writes, 'write'),
    totals.reimages === 0 ? 'no reimage' : count(totals.reimages, 'node pool reimage'),
    minutesText(totals.minutes, dash),
  ];
  const more = separately.writes > totals.writes || separately.reimages > totals.reimages;
  const apart = more
    ? `  (one by one: ${count(separately.writes, 'write')}, ${count(separately.reimages, 'reimage')}, ${minutesText(separately.minutes, dash)})`
    : '';
  return [span(said.join(` ${dot} `), 'strong'), span(apart, 'muted')];
}

const ways = { yes: 'can be undone', partly: 'partly undone', no: 'one-way' } as const;

function changeLines(scene: Scene, { change, steps }: PlannedChange, index: number, depth: 'short' | 'full'): readonly Line[] {
  const number = `${String(index + 1).padStart(2)}. `;
  const { dot, dash } = scene.symbols;
  const facts: Line = [
    span(impactNames[change.impact.kind], impactTones[change.impact.kind]),
    ...(depth === 'full' && change.impact.scope ? [span(` (${clean(change.impact.scope)})`, 'muted')] : []),
    span(` ${dot} ${minutesText(change.minutes, dash)} ${dot} `, 'muted'),
    span(ways[change.reversible.kind], change.reversible.kind === 'no' ? 'bad' : 'muted'),
    ...(steps.length > 1 ? [span(` ${dot} for ${count(steps.length, 'step')}`, 'muted')] : []),
  ];
  const title = flow([span(clean(change.title), 'strong')], scene.width, [span(number, 'muted')]);
  if (depth === 'short') return [...title, ...flow(facts, scene.width, [span('    ')])];
  return [
    ...title,
    ...flow(facts, scene.width, [span('    ')]),
    ...diffLines(scene, scene.tools.diffOf(change), 4),
    ...(change.kind === 'manual'
      ? [
          ...change.instructions.flatMap((text) => flow(clean(text), scene.width, [span(`    ${scene.symbols.bullet} `)])),
          ...flow(`Done when: ${clean(change.doneWhen)}`, scene.width, [span('    ')]),
        ]
      : []),
    ...flow([span(`Way back: ${clean(change.reversible.how)}`, 'muted')], scene.width, [span('    ')]),
  ];
}

/** The changes of a plan in the order they are made. */
export function changeBlocks(scene: Scene, plan: Plan, depth: 'short' | 'full'): readonly Block[] {
  return plan.changes.flatMap((planned, index) => {
    const lines = changeLines(scene, planned, index, depth);
    return depth === 'full' && index > 0 ? [blank, { lines }] : [{ lines }];
  });
}

const gravity = ['refuse', 'unknown', 'warn', 'clear'] as const;

/** How many guards found what, in a line: the guards themselves may stand below the fold. */
export function guardCounts(scene: Scene, guards: Plan['guards']): readonly Block[] {
  const said = gravity.flatMap((verdict): Line => {
    const many = guards.filter((guard) => guard.verdict === verdict).length;
    const sign = guardSigns[verdict];
    return many === 0 ? [] : [span(`${scene.symbols[sign.mark]} ${many} ${sign.word}  `, sign.tone)];
  });
  return said.length === 0 ? [] : [{ lines: flow([span('Checks: ', 'muted'), ...said], scene.width) }];
}

/** The guards, those that stand in the way first; what is clear takes one line each. */
export function guardBlocks(scene: Scene, guards: Plan['guards']): readonly Block[] {
  const sorted = [...guards].sort((a, b) => gravity.indexOf(a.verdict) - gravity.indexOf(b.verdict));
  return sorted.map((guard) => {
    const sign = guardSigns[guard.verdict];
    const head = [span('  '), ...signSpans(scene, sign, scene.mode === 'cards' ? 0 : 9), span('  ')];
    const title = flow([span(clean(guard.title), guard.verdict === 'clear' ? 'plain' : 'strong')], scene.width, head, [span('      ')]);
    if (guard.verdict === 'clear') return { lines: title };
    const next = (guard.next ?? []).flatMap((text) => flow([span(clean(text))], scene.width, [span(`      ${scene.symbols.bullet} `, 'muted')]));
    return { lines: [...title, ...flow([span(clean(guard.detail))], scene.width, [span('      ')]), ...next] };
  });
}

/** The commands of a plan, each with its comment, laid out for the width; none is ever cut. */
export function commandText(scene: Scene, plan: Plan): string {
  const { tools, state } = scene;
  return plan.changes
    .flatMap(({ change }) => {
      try {
        return tools.commandsOf(change).map((command) => {
          const comment = `# ${clean(command.comment ?? change.title)}`;
          return `${comment}\n${tools.showCommand(command, state.shell, scene.width)}${command.stdin === undefined ? '' : `\n# (standard input: ${count(command.stdin.split('\n').length, 'line')}, v shows the whole script)`}\n`;
        });
      } catch (thrown) {
        const { what, why } = problemOf(thrown);
        return [`# ${clean(change.title)}: ${clean(what)} ${clean(why)}\n`];
      }
    })
    .join('\n');
}
