import { wayouts } from '../../session/reduce-overview.ts';
import type { Screen } from '../../session/state.ts';
import { menu } from '../parts/blocks.ts';
import { problemBlocks } from '../parts/problem.ts';
import { blank } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

export function problemView(scene: Scene, screen: Extract<Screen, { kind: 'problem' }>): View {
  return {
    key: `problem/${screen.problem.code}`,
    crumbs: ['Problem'],
    blocks: [...problemBlocks(scene, screen.problem), blank, ...menu(scene, wayouts(scene.state, screen), screen.cursor)],
    contexts: ['list', 'pick', 'back', 'pages', 'anywhere'],
  };
}
