import { isSettled } from '../../model/assessment.ts';
import { clean } from '../../model/foreign.ts';
import { unfinishedOperations } from '../../session/selectors.ts';
import type { Since } from '../../session/state.ts';
import { bullet, heading, paragraph } from '../parts/blocks.ts';
import { count, whenText } from '../parts/words.ts';
import { statusSigns } from '../symbols.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** One control that is not as it was last seen. */
function changeBlock(scene: Scene, { control, before, now }: Since['changes'][number]): Block {
  const title = scene.tools.steps.flatMap(({ controls }) => controls).find(({ id }) => id === control)?.title ?? '';
  const was = before === undefined ? 'not looked at' : statusSigns[before].word;
  const sign = now === undefined ? undefined : statusSigns[now];
  const better = now !== undefined && isSettled(now);
  return {
    lines: flow(
      [
        span(`${control} `, 'muted'),
        span(clean(title)),
        span(`  ${was} ${scene.symbols.arrow} `, 'muted'),
        span(sign?.word ?? 'not looked at', better ? 'good' : 'warn'),
      ],
      scene.width,
      [span(`  ${scene.symbols.bullet} `, 'muted')],
    ),
  };
}

/** Coming back: what was decided, what still runs, and what is not as it was. */
export function sinceView(scene: Scene): View {
  const { state } = scene;
  const { since } = state;
  const running = unfinishedOperations(state);
  const enter = running.length > 0 ? 'Enter follows what still runs, then goes to the first open decision.' : 'Enter goes to the first open decision.';
  return {
    key: 'since',
    crumbs: ['Welcome back'],
    blocks: since
      ? [
          paragraph(scene, `Last time: ${whenText(since.when)}. ${count(since.decided, 'decision')} made, ${since.queued} of them queued.`, 'strong'),
          paragraph(scene, 'The cluster was read again: what follows is how it is now, not how the file remembers it.', 'muted'),
          ...(running.length > 0
            ? [
                heading('Still under way'),
                ...running.map(({ change, status }) => bullet(scene, `${change.title}${status === 'intended' ? ' (it may or may not have started)' : ''}`)),
              ]
            : []),
          heading('What changed since'),
          ...(since.changes.length === 0
            ? [paragraph(scene, 'Nothing that this program looks at.', 'plain', 2)]
            : since.changes.map((change) => changeBlock(scene, change))),
          blank,
          paragraph(scene, enter, 'accent'),
        ]
      : [],
    contexts: ['scroll', 'go-on', 'back', 'anywhere'],
  };
}
