import type { Step } from '../../model/step.ts';
import { decisionItems } from '../../session/decision-items.ts';
import { draftPlan, optionsOf } from '../../session/selectors.ts';
import type { StepPhase } from '../../session/state.ts';
import { heading, menu, paragraph } from '../parts/blocks.ts';
import { fieldBlock } from '../parts/field.ts';
import { optionCards } from '../parts/option-cards.ts';
import { changeBlocks, commandText, guardBlocks, guardCounts, totalsLine } from '../parts/plan.ts';
import { problemBlocks } from '../parts/problem.ts';
import { flow, literal } from '../text/flow.ts';
import { type Block, blank, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';
import { readingBlocks } from './waiting.ts';

type Of<K> = Extract<StepPhase, { kind: K }>;

export function stepOptionsView(scene: Scene, step: Step, phase: Of<'options'>): View {
  const options = optionsOf(scene.state, scene.tools, step);
  return {
    key: `${step.id}/options`,
    crumbs: [step.title, 'Options'],
    blocks: [...readingBlocks(scene, step), ...optionCards(scene, options, phase.cursor)],
    contexts: ['cards', 'pick', 'step', 'back', 'walk', 'anywhere'],
  };
}

export function stepPreviewView(scene: Scene, step: Step): View {
  const planned = draftPlan(scene.state, scene.tools, step);
  const option = optionsOf(scene.state, scene.tools, step).find(({ id }) => id === scene.state.drafts[step.id]?.option);
  const body = (): readonly Block[] => {
    if (!planned) return [paragraph(scene, 'This choice does not fit what was read since. Go back and choose again.', 'warn')];
    if ('problem' in planned) return problemBlocks(scene, planned.problem);
    const { plan } = planned;
    if (plan.changes.length === 0)
      return [paragraph(scene, 'Nothing would change: the cluster is like this already.', 'good'), ...guardBlocks(scene, plan.guards)];
    return [
      { lines: flow(totalsLine(scene, plan), scene.width) },
      ...guardCounts(scene, plan.guards),
      heading('What will change'),
      ...changeBlocks(scene, plan, 'full'),
      ...(plan.guards.length > 0 ? [heading('Checked before it is done'), ...guardBlocks(scene, plan.guards)] : []),
    ];
  };
  return {
    key: `${step.id}/preview`,
    crumbs: [step.title, option?.title ?? '', 'Preview'],
    blocks: [...readingBlocks(scene, step), ...body()],
    contexts: ['scroll', 'go-on', 'step', 'back', 'viewable', 'walk', 'anywhere'],
  };
}

export function stepDecisionView(scene: Scene, step: Step, phase: Of<'decision'>): View {
  const items = decisionItems(scene.state, scene.tools, step);
  const planned = draftPlan(scene.state, scene.tools, step);
  const option = optionsOf(scene.state, scene.tools, step).find(({ id }) => id === scene.state.drafts[step.id]?.option);
  return {
    key: `${step.id}/decision`,
    crumbs: [step.title, 'Decide'],
    blocks: [
      paragraph(scene, option?.title ?? '', 'strong'),
      ...(planned && 'plan' in planned ? [{ lines: flow(totalsLine(scene, planned.plan), scene.width) }, ...changeBlocks(scene, planned.plan, 'short')] : []),
      heading('What shall happen?'),
      ...menu(scene, items, phase.cursor),
    ],
    contexts: ['list', 'pick', 'step', 'back', 'viewable', 'pages', 'walk', 'anywhere'],
  };
}

export function stepCommandsView(scene: Scene, step: Step): View {
  const planned = draftPlan(scene.state, scene.tools, step);
  const text = planned && 'plan' in planned ? commandText(scene, planned.plan) : '';
  return {
    key: `${step.id}/commands/${scene.state.shell}`,
    crumbs: [step.title, 'Commands'],
    aside: scene.state.shell === 'bash' ? 'bash' : 'PowerShell',
    blocks: [paragraph(scene, 'Nothing is applied here. Enter notes that you run these yourself.', 'muted'), blank, { lines: literal(text, scene.width) }],
    contexts: ['scroll', 'commands', 'go-on', 'back', 'viewable', 'anywhere'],
  };
}

export function stepDeclineView(scene: Scene, step: Step, phase: Of<'decline'>): View {
  return {
    key: `${step.id}/decline`,
    crumbs: [step.title, 'Decline'],
    blocks: [
      paragraph(scene, 'Declining keeps the finding and says why it is accepted. It stands in the checklist and in reports.', 'muted'),
      blank,
      fieldBlock(scene, line(span('Why?', phase.focus === 'reason' ? 'focus' : 'strong')), phase.reason, phase.focus === 'reason'),
      blank,
      fieldBlock(
        scene,
        line(span('Look again on (YYYY-MM-DD, may stay empty)', phase.focus === 'review' ? 'focus' : 'strong')),
        phase.review,
        phase.focus === 'review',
      ),
      ...(phase.error ? [blank, paragraph(scene, phase.error, 'bad', 2)] : []),
    ],
    contexts: ['text', 'next-value', 'fields', 'back'],
  };
}
