import { needsName } from '../model/change.ts';
import type { Plan } from '../model/plan.ts';
import { moved } from './cursor.ts';
import { demandOf, whyNotApply } from './decision-items.ts';
import type { Override, Tools } from './deps.ts';
import type { Intent } from './events.ts';
import { fieldOf } from './field.ts';
import { journaled, type Next, stay, tell, to } from './next.ts';
import { edited } from './reduce-filter.ts';
import { type Choices, planOf } from './selectors.ts';
import type { ConfirmScreen, ConfirmStage, RunChange, Scope, SessionState } from './state.ts';
import { noted } from './walk.ts';

/** What to ask for next: the phrase of the first guard that is not lifted yet, then the name or a Yes. */
function stageFor(plan: Plan, overrides: readonly Override[]): ConfirmStage {
  const guard = plan.guards.find((each) => demandOf(each) === 'phrase' && !overrides.some((lifted) => lifted.guard === each.id && lifted.step === each.step));
  if (guard?.override !== undefined) return { kind: 'phrase', guard: guard.id, step: guard.step, phrase: guard.override, field: fieldOf() };
  return plan.changes.some(({ change }) => needsName(change)) ? { kind: 'name', field: fieldOf() } : { kind: 'ask', cursor: 0 };
}

/** Puts the question before a plan, or says why it cannot be applied at all. */
export function askConfirmation(state: SessionState, tools: Tools, scope: Scope, choices: Choices): Next {
  const planned = planOf(state, tools, choices);
  if (!planned) return stay(state);
  if ('problem' in planned) return tell(state, `${planned.problem.what} ${planned.problem.why}`);
  const wall = whyNotApply(state, planned.plan);
  if (wall !== undefined) return tell(state, `This cannot be applied: ${wall}.`);
  return to(state, { kind: 'confirm', scope, choices, digest: planned.plan.digest, stage: stageFor(planned.plan, []), overrides: [] });
}

function leave(state: SessionState, scope: Scope): Next {
  return scope.kind === 'queue'
    ? to(state, { kind: 'review', cursor: 0 })
    : to(state, { kind: 'step', step: scope.step, phase: { kind: 'decision', cursor: 0 } });
}

export function reduceConfirm(state: SessionState, screen: ConfirmScreen, event: Intent, tools: Tools): Next {
  const { stage, scope } = screen;
  if (event.type === 'back' || (stage.kind === 'ask' && event.type === 'refuse')) return leave(state, scope);
  if (stage.kind === 'ask') {
    if (event.type === 'move' || event.type === 'across') return to(state, { ...screen, stage: { kind: 'ask', cursor: moved(stage.cursor, event.by, 2) } });
    if (event.type === 'choose' && stage.cursor === 0) return leave(state, scope);
    return event.type === 'confirm' ? approved(state, screen, tools) : stay(state);
  }
  const field = edited(stage.field, event);
  if (field) return to(state, { ...screen, stage: { ...stage, field, mistake: undefined } });
  if (stage.kind === 'phrase') return event.type === 'choose' ? phraseTyped(state, screen, stage, tools) : stay(state);
  if (event.type !== 'confirm') return stay(state);
  const name = state.place?.cluster?.name ?? '';
  if (name !== '' && stage.field.text.trim() === name) return approved(state, screen, tools);
  return to(state, { ...screen, stage: { ...stage, mistake: 'That is not the name of the cluster. Nothing was applied.' } });
}

function phraseTyped(state: SessionState, screen: ConfirmScreen, stage: Extract<ConfirmStage, { kind: 'phrase' }>, tools: Tools): Next {
  if (stage.field.text.trim() !== stage.phrase) return to(state, { ...screen, stage: { ...stage, mistake: 'That is not the phrase. The guard stays.' } });
  const planned = planOf(state, tools, screen.choices);
  if (!planned || 'problem' in planned) return leave(state, screen.scope);
  const overrides = [...screen.overrides, { guard: stage.guard, step: stage.step, phrase: stage.phrase }];
  return to(state, { ...screen, overrides, stage: stageFor(planned.plan, overrides) });
}

/** A change that nothing has been heard of yet. */
function waiting(plan: Plan): readonly RunChange[] {
  return plan.changes.map(({ change }) => ({ id: change.id, title: change.title, minutes: change.minutes, status: 'waiting', elapsedMs: 0, seenAt: 0 }));
}

/** The one place that an apply comes from: the plan on the screen was approved, and it is still the plan. */
function approved(state: SessionState, screen: ConfirmScreen, tools: Tools): Next {
  const planned = planOf(state, tools, screen.choices);
  const plan = planned && 'plan' in planned ? planned.plan : undefined;
  if (!plan || !state.facts || plan.digest !== screen.digest) {
    return tell(leave(state, screen.scope).state, 'The plan is another one now than the one that was shown. Look at it again.');
  }
  const open = plan.guards.some(
    (guard) => demandOf(guard) !== 'nothing' && !screen.overrides.some((lifted) => lifted.guard === guard.id && lifted.step === guard.step),
  );
  if (open) return tell(leave(state, screen.scope).state, 'A guard stands in the way that was not lifted.');
  const decisions = Object.entries(screen.choices).map(([step, choice]) => ({
    kind: 'applying' as const,
    step,
    choice,
    digest: plan.digest,
    overrides: screen.overrides.filter((lifted) => lifted.step === step),
  }));
  const { state: after, effect } = noted(state, tools, decisions);
  const started = journaled(after, 'info', `Applying ${plan.changes.length === 1 ? 'one change' : `${plan.changes.length} changes`}`);
  return to(started, { kind: 'applying', mode: 'apply', changes: waiting(plan), stopping: 'no' }, effect, {
    type: 'apply',
    plan,
    facts: state.facts,
    overrides: screen.overrides,
  });
}
