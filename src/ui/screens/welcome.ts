import type { Screen } from '../../session/state.ts';
import { heading, paragraph } from '../parts/blocks.ts';
import { blank } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** Where no sign-in was found: practise, sign in, or leave. The menu itself is a component. */
export function welcomeView(scene: Scene, { reason }: Extract<Screen, { kind: 'welcome' }>): View {
  const { mode } = scene;
  return {
    key: 'welcome',
    crumbs: ['Welcome'],
    blocks: [
      paragraph(scene, 'Harden an AKS cluster, one decision at a time: what is true now, what each way costs, what exactly will change.', 'strong'),
      ...(mode === 'full' || (mode === 'compact' && !reason)
        ? [blank, paragraph(scene, 'Nothing is changed before you have seen it and said yes.', 'muted')]
        : []),
      ...(reason ? [blank, paragraph(scene, reason.what, 'warn')] : []),
      // The menu must stay in sight: the smaller the screen, the less is said about the reason.
      ...(reason && mode === 'full' ? [paragraph(scene, reason.why, 'muted')] : []),
      ...(reason?.next[0] && mode !== 'cards' ? [paragraph(scene, reason.next[0], 'muted')] : []),
      heading('How do you want to start?'),
    ],
    contexts: ['menu', 'anywhere'],
    menu: true,
  };
}
