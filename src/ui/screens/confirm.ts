import { needsName } from '../../model/change.ts';
import { clean } from '../../model/foreign.ts';
import type { Plan } from '../../model/plan.ts';
import { planOf } from '../../session/selectors.ts';
import type { ConfirmScreen } from '../../session/state.ts';
import type { Context } from '../keys.ts';
import { heading, menu, paragraph } from '../parts/blocks.ts';
import { fieldBlock } from '../parts/field.ts';
import { changeBlocks, guardBlocks, totalsLine } from '../parts/plan.ts';
import { flow } from '../text/flow.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';

/** Why Yes is not enough, in the changes' own terms. */
function gravity(plan: Plan): string {
  const grave = plan.changes.filter(({ change }) => needsName(change));
  const oneWay = grave.some(({ change }) => change.reversible.kind === 'no');
  return oneWay ? 'There is no way back from at least one of these changes.' : 'Running things are disturbed by at least one of these changes.';
}

function question(scene: Scene, { stage }: ConfirmScreen, plan: Plan): readonly Block[] {
  const name = clean(scene.state.place?.cluster?.name ?? '');
  switch (stage.kind) {
    case 'phrase': {
      const guard = plan.guards.find(({ id, step }) => id === stage.guard && step === stage.step);
      return [
        ...(guard ? guardBlocks(scene, [guard]) : []),
        blank,
        fieldBlock(scene, line(span('To go on all the same, type: '), span(clean(stage.phrase), 'accent')), stage.field, true),
        paragraph(scene, stage.mistake ?? 'It is written into the checklist with your name.', stage.mistake ? 'bad' : 'muted', 4),
      ];
    }
    case 'name':
      return [
        paragraph(scene, gravity(plan), 'warn'),
        blank,
        fieldBlock(scene, line(span('To apply it, type the name of the cluster: '), span(name, 'accent')), stage.field, true),
        ...(stage.mistake ? [paragraph(scene, stage.mistake, 'bad', 4)] : []),
      ];
    case 'ask':
      return [
        paragraph(scene, `Apply this to ${name} now?`, 'strong'),
        blank,
        ...menu(
          scene,
          [
            { label: 'No, go back', hint: 'nothing is sent' },
            { label: 'Yes, apply it', hint: 'the way back is saved first' },
          ],
          stage.cursor,
        ),
      ];
    default:
      return stage satisfies never;
  }
}

const contexts: { readonly [K in ConfirmScreen['stage']['kind']]: readonly Context[] } = {
  phrase: ['text', 'phrase', 'back', 'pages'],
  name: ['text', 'name', 'back', 'pages'],
  ask: ['list', 'ask', 'back', 'viewable', 'pages', 'anywhere'],
};

/** The last question. What is about to happen stands above it, warnings first. */
export function confirmView(scene: Scene, screen: ConfirmScreen): View {
  const planned = planOf(scene.state, scene.tools, screen.choices);
  const { stage } = screen;
  const plan = planned && 'plan' in planned ? planned.plan : undefined;
  const warnings = plan?.guards.filter(({ verdict }) => verdict === 'warn' || verdict === 'unknown') ?? [];
  return {
    key: `confirm/${stage.kind}/${stage.kind === 'phrase' ? stage.guard : ''}`,
    crumbs: ['Confirm'],
    blocks: plan
      ? [
          { lines: flow(totalsLine(scene, plan), scene.width) },
          ...changeBlocks(scene, plan, 'short'),
          ...(stage.kind !== 'phrase' && warnings.length > 0 ? [heading('Mind'), ...guardBlocks(scene, warnings)] : []),
          blank,
          ...question(scene, screen, plan),
        ]
      : [paragraph(scene, 'There is no plan any more. Go back.', 'warn')],
    contexts: [...contexts[stage.kind], ...(stage.kind === 'ask' ? ([stage.cursor === 1 ? 'yes' : 'pick'] as const) : [])],
  };
}
