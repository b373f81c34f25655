import { draftPlan, planOf, queueOf, stepOf } from '../../session/selectors.ts';
import type { Overlay } from '../../session/state.ts';
import { type Context, hintsOf } from '../keys.ts';
import { labelled, menu, paragraph, spaced } from '../parts/blocks.ts';
import { ascii } from '../symbols.ts';
import { literal } from '../text/flow.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';
import { stepDetailBlocks } from './step-state.ts';

const sections: readonly { readonly title: string; readonly contexts: readonly Context[] }[] = [
  { title: 'Moving', contexts: ['list', 'cards', 'scroll', 'pages', 'filterable'] },
  { title: 'A decision', contexts: ['go-on', 'back', 'step', 'viewable'] },
  { title: 'Between decisions', contexts: ['walk', 'queue', 'refreshable'] },
  { title: 'Values', contexts: ['tick', 'fields', 'lines'] },
  { title: 'Commands', contexts: ['commands'] },
  { title: 'Applying', contexts: ['ask', 'name', 'working'] },
  { title: 'Anywhere', contexts: ['anywhere'] },
];

/** Every key there is, from the key table: help cannot say what the keys do not do. */
function helpBlocks(scene: Scene): readonly Block[] {
  return sections.map(({ title, contexts }) => {
    const hints = hintsOf(contexts, scene.symbols === ascii, 'help');
    return { lines: [line(span(title, 'strong')), ...hints.flatMap(({ keys, label }) => labelled(scene, keys, label, 12, 2).lines)] };
  });
}

/** The script of what is on the screen. */
function scriptBlocks(scene: Scene): readonly Block[] {
  const { state, tools, width } = scene;
  const { screen } = state;
  const step = screen.kind === 'step' ? stepOf(tools, screen.step) : undefined;
  const planned = step
    ? draftPlan(state, tools, step)
    : screen.kind === 'confirm'
      ? planOf(state, tools, screen.choices)
      : screen.kind === 'review'
        ? planOf(state, tools, queueOf(state, tools).choices)
        : undefined;
  if (!planned || 'problem' in planned) return [paragraph(scene, 'There is no plan to show.', 'muted')];
  return [{ lines: literal(tools.script(planned.plan, state.shell), width) }];
}

export function overlayView(scene: Scene, overlay: Overlay): View {
  switch (overlay.kind) {
    case 'help':
      return {
        key: 'help',
        crumbs: ['Help'],
        blocks: [
          ...spaced(helpBlocks(scene)),
          blank,
          paragraph(scene, 'No key applies a change but the confirmation. Ctrl-C twice leaves at any time; nothing that was decided is lost.', 'muted'),
        ],
        contexts: ['scroll', 'overlay'],
      };
    case 'pager': {
      const { screen } = scene.state;
      const step = screen.kind === 'step' ? stepOf(scene.tools, screen.step) : undefined;
      return {
        key: `pager/${overlay.about}`,
        crumbs: [overlay.about === 'script' ? 'The whole script' : 'In full'],
        blocks: overlay.about === 'details' && step ? stepDetailBlocks(scene, step) : scriptBlocks(scene),
        contexts: ['scroll', 'overlay'],
      };
    }
    case 'quit':
      return {
        key: 'quit',
        crumbs: ['Quit?'],
        blocks: [
          paragraph(scene, 'Leave aks-harden?', 'strong'),
          paragraph(scene, scene.state.place?.checklist ? `Every decision is saved in ${scene.state.place.checklist}.` : 'Nothing was changed.', 'muted'),
          blank,
          ...menu(scene, [{ label: 'Stay' }, { label: 'Quit' }], overlay.cursor),
        ],
        contexts: ['list', 'pick', 'ask', 'back'],
      };
    default:
      return overlay satisfies never;
  }
}
