import type { Screen } from '../../session/state.ts';
import { heading, paragraph } from '../parts/blocks.ts';
import { blank } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** Where no sign-in was found: practise, sign in, or leave. The menu itself is a component. */
export function welcomeView(scene: Scene, { reason }: Extract<Screen, { kind: 'welcome' }>): View {
  const short = scene.mode === 'cards';
  return {
    key: 'welcome',
    crumbs: ['Welcome'],
    blocks: [
      paragraph(scene, 'Harden an AKS cluster, one decision at a time: what is true now, what each way costs, what exactly will change.', 'strong'),
      ...(short ? [] : [blank, paragraph(scene, 'Nothing is changed before you have seen it and said yes.', 'muted')]),
      ...(reason
        ? [
            blank,
            paragraph(scene, reason.what, 'warn'),
            ...(short ? [] : [paragraph(scene, reason.why, 'muted'), ...(reason.next[0] ? [paragraph(scene, reason.next[0], 'muted')] : [])]),
          ]
        : []),
      heading('How do you want to start?'),
    ],
    contexts: ['menu', 'anywhere'],
    menu: true,
  };
}
