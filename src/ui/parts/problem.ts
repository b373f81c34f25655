import { clean } from '../../model/foreign.ts';
import type { Problem } from '../../model/problem.ts';
import type { Block } from '../text/line.ts';
import { span } from '../text/line.ts';
import type { Scene } from '../view.ts';
import { bullet, heading, labelled, paragraph } from './blocks.ts';

/** What happened, why, what to do next, where to read on; the cloud's own words last. */
export function problemBlocks(scene: Scene, problem: Problem): readonly Block[] {
  const { cloud } = problem;
  return [
    {
      lines: [
        [
          span(`${scene.symbols.fail} `, 'bad'),
          span('ERROR: ', 'bad'),
          ...(paragraph({ ...scene, width: scene.width - 9 }, problem.what, 'strong').lines[0] ?? []),
        ],
        ...paragraph({ ...scene, width: scene.width - 9 }, problem.what, 'strong').lines.slice(1),
      ],
    },
    ...(problem.why ? [paragraph(scene, problem.why, 'plain', 2)] : []),
    ...(problem.next.length > 0 ? [heading('What to do'), ...problem.next.map((text) => bullet(scene, text))] : []),
    ...(problem.links ?? []).map(({ title, url }) => labelled(scene, 'Read', [span(`${clean(title)}: `), span(clean(url), 'accent')], 6, 2)),
    ...(cloud
      ? [
          heading('What Azure said', 'muted'),
          paragraph(scene, `${cloud.status} ${cloud.code}: ${cloud.message}`, 'muted', 2),
          ...(cloud.requestId ? [paragraph(scene, `request ${cloud.requestId}`, 'muted', 2)] : []),
        ]
      : []),
  ];
}
