import { clean } from '../../model/foreign.ts';
import { optionsOf, planOf, queueOf, recordOf } from '../../session/selectors.ts';
import type { Screen } from '../../session/state.ts';
import { heading, menu, paragraph } from '../parts/blocks.ts';
import { changeBlocks, guardBlocks, guardCounts, totalsLine } from '../parts/plan.ts';
import { problemBlocks } from '../parts/problem.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** The queue as one plan: what it does, in which order, what it costs, what stands in the way. */
export function reviewView(scene: Scene, { cursor }: Extract<Screen, { kind: 'review' }>): View {
  const { state, tools } = scene;
  const { steps, choices, stale } = queueOf(state, tools);
  const entries = steps.map((step) => {
    const option = optionsOf(state, tools, step).find(({ id }) => id === recordOf(state, step.id)?.choice?.option);
    return { label: step.title, hint: option ? clean(option.title) : '' };
  });
  const planned = Object.keys(choices).length > 0 ? planOf(state, tools, choices) : undefined;
  const body = (): readonly Block[] => {
    if (!planned) return [];
    if ('problem' in planned) return [blank, ...problemBlocks(scene, planned.problem)];
    const { plan } = planned;
    return [
      heading('Together'),
      { lines: flow(totalsLine(scene, plan), scene.width) },
      ...guardCounts(scene, plan.guards),
      heading('In this order'),
      ...changeBlocks(scene, plan, 'full'),
      ...(plan.guards.length > 0 ? [heading('Checked before it is done'), ...guardBlocks(scene, plan.guards)] : []),
    ];
  };
  return {
    key: 'review',
    crumbs: ['Queue'],
    aside: `${steps.length} queued`,
    blocks:
      steps.length === 0
        ? [paragraph(scene, 'The queue is empty.', 'strong'), paragraph(scene, 'n goes to the next open decision.', 'muted')]
        : [
            ...menu(scene, entries, cursor),
            ...stale.flatMap(({ step, problem }) => [
              blank,
              paragraph(scene, `${step.title} no longer fits and is left out. ${problem.what} ${problem.why}`, 'warn'),
            ]),
            ...body(),
          ],
    contexts: ['list', 'pages', ...(steps.length > 0 ? (['go-on', 'queue', 'commands', 'viewable'] as const) : []), 'back', 'walk', 'anywhere'],
  };
}
