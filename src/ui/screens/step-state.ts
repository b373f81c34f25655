import { isSettled } from '../../model/assessment.ts';
import { clean } from '../../model/foreign.ts';
import type { Step } from '../../model/step.ts';
import { recordOf, verdictOf } from '../../session/selectors.ts';
import { heading, paragraph, signSpans } from '../parts/blocks.ts';
import { controlBlock } from '../parts/verdicts.ts';
import { whenText } from '../parts/words.ts';
import { statusSigns, stepSigns } from '../symbols.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** What was decided before, and what came of it. */
function recordBlocks(scene: Scene, step: Step): readonly Block[] {
  const record = recordOf(scene.state, step.id);
  if (!record || record.status === 'open') return [];
  const sign = stepSigns[record.status];
  const by = record.stamp.who ? ` by ${clean(record.stamp.who)}` : '';
  return [
    { lines: [line(...signSpans(scene, sign), span(`${by}, ${whenText(clean(record.stamp.when))}`, 'muted'))] },
    ...(record.declined
      ? [paragraph(scene, `Reason: ${record.declined.reason}${record.declined.reviewOn ? ` (look again on ${record.declined.reviewOn})` : ''}`, 'plain', 2)]
      : []),
    ...(record.problem ? [paragraph(scene, `${record.problem.what} ${record.problem.why}`, 'bad', 2)] : []),
    blank,
  ];
}

/** What is true now and why it matters, before anything is chosen. */
export function stepStateView(scene: Scene, step: Step): View {
  const { state, tools } = scene;
  const verdict = verdictOf(state, tools, step.id);
  const { facts } = state;
  const explained = facts ? step.explain(facts) : undefined;
  const sign = statusSigns[verdict?.status ?? 'unknown'];
  const settled = verdict !== undefined && isSettled(verdict.status);
  return {
    key: `${step.id}/state`,
    crumbs: [step.title],
    blocks: [
      ...recordBlocks(scene, step),
      { lines: [line(span('Now', 'strong'), span('  '), ...signSpans(scene, sign))] },
      ...(verdict?.controls ?? []).map((control) => controlBlock(scene, control)),
      ...(settled ? [blank, paragraph(scene, 'Nothing is left to do here: n goes to the next open decision.', 'good')] : []),
      ...(explained
        ? [
            heading('What it is about'),
            paragraph(scene, explained.what),
            blank,
            paragraph(scene, explained.why),
            ...(explained.today ? [blank, paragraph(scene, `Today: ${explained.today}`, 'muted')] : []),
          ]
        : []),
    ],
    contexts: ['scroll', 'go-on', 'step', 'back', 'walk', 'viewable', 'anywhere'],
  };
}

/** The same in full, with the places the words come from. */
export function stepDetailBlocks(scene: Scene, step: Step): readonly Block[] {
  const links = [...new Map(step.controls.flatMap(({ references }) => references.docs).map((link) => [link.url, link])).values()];
  const ids = (label: string, of: (control: Step['controls'][number]) => readonly string[] | undefined) => {
    const found = [...new Set(step.controls.flatMap((control) => of(control) ?? []))];
    return found.length === 0 ? [] : [paragraph(scene, `${label}: ${found.join(', ')}`, 'plain', 2)];
  };
  return [
    ...stepStateView(scene, step).blocks,
    heading('The same elsewhere'),
    ...ids('CIS', ({ references }) => references.cis),
    ...ids('Azure Policy', ({ references }) => references.policy),
    ...ids('PSRule', ({ references }) => references.psrule),
    ...ids('Checkov', ({ references }) => references.checkov),
    heading('Read on'),
    ...links.flatMap(({ title, url }) => [paragraph(scene, title, 'plain', 2), paragraph(scene, url, 'accent', 4)]),
  ];
}
