import { clean } from '../../model/foreign.ts';
import type { Param, Step } from '../../model/step.ts';
import { decisionItems } from '../../session/decision-items.ts';
import { onEmptyLine } from '../../session/field.ts';
import { askedParams } from '../../session/reduce-params.ts';
import { draftPlan, optionsOf } from '../../session/selectors.ts';
import type { Entry, StepPhase } from '../../session/state.ts';
import type { Context } from '../keys.ts';
import { heading, menu, paragraph } from '../parts/blocks.ts';
import { fieldBlock } from '../parts/field.ts';
import { optionCards } from '../parts/option-cards.ts';
import { changeBlocks, commandText, guardBlocks, guardCounts, totalsLine } from '../parts/plan.ts';
import { problemBlocks } from '../parts/problem.ts';
import { flow, literal } from '../text/flow.ts';
import { type Block, blank, type Line, line, span } from '../text/line.ts';
import type { Scene, View } from '../view.ts';
import { waitingBlock } from './waiting.ts';

type Of<K> = Extract<StepPhase, { kind: K }>;

/** Said while facts are read that this decision needs. */
function readingBlocks(scene: Scene, step: Step): readonly Block[] {
  return scene.state.readingFor === step.id ? [waitingBlock(scene, `Reading what this decision needs${scene.symbols.ellipsis}`), blank] : [];
}

export function stepOptionsView(scene: Scene, step: Step, phase: Of<'options'>): View {
  const options = optionsOf(scene.state, scene.tools, step);
  return {
    key: `${step.id}/options`,
    crumbs: [step.title, 'Options'],
    blocks: [...readingBlocks(scene, step), ...optionCards(scene, options, phase.cursor)],
    contexts: ['cards', 'pick', 'step', 'back', 'walk', 'anywhere'],
  };
}

/** The entries of a choice with the cursor on one of them. */
function choiceLines(scene: Scene, param: Param, entry: Extract<Entry, { kind: 'choice' | 'choices' }>, focused: boolean): readonly Line[] {
  const { symbols, state, width } = scene;
  const choices = state.facts ? (param.choices?.(state.facts) ?? []) : [];
  return choices.flatMap(({ value, label }, index) => {
    const here = focused && (entry.kind === 'choice' ? entry.value === value : entry.cursor === index);
    const on = entry.kind === 'choice' ? entry.value === value : entry.chosen.includes(value);
    const mark = entry.kind === 'choice' ? (on ? symbols.radioOn : symbols.radioOff) : on ? symbols.boxOn : symbols.boxOff;
    return flow([span(clean(label), here ? 'focus' : 'plain')], width, [
      span(here ? `  ${symbols.pointer} ` : '    ', 'focus'),
      span(`${mark} `, on ? 'accent' : 'muted'),
    ]);
  });
}

function entryBlock(scene: Scene, param: Param, entry: Entry, focused: boolean, error: string | undefined): Block {
  const prompt: Line = [span(focused ? `${scene.symbols.pointer} ` : '  ', 'focus'), span(clean(param.prompt), focused ? 'focus' : 'strong')];
  const head = flow(prompt.slice(1), scene.width, prompt.slice(0, 1));
  const body = (): readonly Line[] => {
    switch (entry.kind) {
      case 'text':
      case 'list':
        return fieldBlock(scene, [], entry.field, focused).lines.slice(1);
      case 'choice':
      case 'choices':
        return choiceLines(scene, param, entry, focused);
      case 'yes-no':
        return [line('    ', span(`${entry.value ? scene.symbols.boxOn : scene.symbols.boxOff} ${entry.value ? 'Yes' : 'No'}`, focused ? 'focus' : 'plain'))];
      default:
        return entry satisfies never;
    }
  };
  const below = error
    ? flow([span(clean(error), 'bad')], scene.width, [span(`    ${scene.symbols.fail} `, 'bad')])
    : focused
      ? flow([span(clean(param.help), 'muted')], scene.width, [span('    ')])
      : [];
  return { lines: [...head, ...body(), ...below, []], focused, item: { selected: focused } };
}

/** Contexts of the field that has the focus. */
function entryContexts(entry: Entry | undefined): readonly Context[] {
  switch (entry?.kind) {
    case 'text':
      return ['text', 'next-value'];
    case 'list':
      return ['lines', onEmptyLine(entry.field) ? 'next-value' : 'list-value'];
    case 'choice':
      return ['list', 'next-value', 'anywhere'];
    case 'choices':
      return ['list', 'tick', 'next-value', 'anywhere'];
    case 'yes-no':
      return ['flip', 'next-value', 'anywhere'];
    default:
      return ['anywhere'];
  }
}

export function stepParamsView(scene: Scene, step: Step, phase: Of<'params'>): View {
  const params = askedParams(scene.state, scene.tools, step);
  const draft = scene.state.drafts[step.id];
  const option = optionsOf(scene.state, scene.tools, step).find(({ id }) => id === draft?.option);
  const blocks = params.flatMap((param, index) => {
    const entry = draft?.entries[param.name];
    return entry ? [entryBlock(scene, param, entry, index === phase.focus, phase.errors[param.name])] : [];
  });
  const here = params[phase.focus];
  return {
    key: `${step.id}/params`,
    crumbs: [step.title, option?.title ?? '', 'Values'],
    aside: params.length > 1 ? `value ${phase.focus + 1} of ${params.length}` : undefined,
    blocks: [...readingBlocks(scene, step), ...blocks],
    contexts: [
      ...entryContexts(here && draft?.entries[here.name]),
      ...(params.length > 1 || (here && draft?.entries[here.name]?.kind === 'list') ? (['fields'] as const) : []),
      'back',
      'pages',
    ],
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
