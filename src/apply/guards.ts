import { clean } from '../model/foreign.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Guard } from '../model/step.ts';
import { digestOf } from '../plan/digest.ts';

/** A guard that somebody lifts, by the phrase that it asks for. */
export interface Override {
  readonly guard: string;
  readonly step: string;
  readonly phrase: string;
}

type PlanGuard = Plan['guards'][number];

/** True when a guard stops its change: it refuses, or could not be checked where it could be lifted. */
function stops(guard: Guard): boolean {
  switch (guard.verdict) {
    case 'refuse':
      return true;
    case 'unknown':
      return guard.override !== undefined;
    case 'clear':
    case 'warn':
      return false;
    default:
      return guard.verdict satisfies never;
  }
}

/** The override that lifts a guard: its phrase to the letter. One whose override is `never`, or that has none, is not lifted. */
function liftedBy(guard: PlanGuard, overrides: readonly Override[]): Override | undefined {
  if (guard.override === undefined || guard.override === 'never') return undefined;
  return overrides.find((override) => override.guard === guard.id && override.step === guard.step && override.phrase.trim() === guard.override);
}

/** What stands before a plan: guards that stop it, and overrides that lift some. */
export function guardsOf(plan: Plan, overrides: readonly Override[]): { readonly stopping: readonly PlanGuard[]; readonly lifted: readonly Override[] } {
  const found = plan.guards.filter(stops).map((guard) => ({ guard, override: liftedBy(guard, overrides) }));
  return {
    stopping: found.filter(({ override }) => override === undefined).map(({ guard }) => guard),
    lifted: found.flatMap(({ override }) => (override === undefined ? [] : [override])),
  };
}

/** A guard that stops a plan, as a Problem. */
export function guardProblem(guard: PlanGuard): Problem {
  const way = guard.override === undefined || guard.override === 'never' ? 'This guard cannot be lifted.' : `To go ahead all the same, type: ${guard.override}`;
  return {
    code: 'guard-refused',
    what: `${guard.verdict === 'unknown' ? 'It could not be checked' : 'Refused'}: ${clean(guard.title)}.`,
    why: clean(guard.detail),
    next: [...(guard.next ?? []), way],
  };
}

/** Why a plan must not be carried out with this checklist at all; undefined when it may. */
export function planFault(plan: Plan, checklistCluster: string): Problem | undefined {
  if (plan.cluster.id.toLowerCase() !== checklistCluster.toLowerCase()) {
    return {
      code: 'plan-foreign',
      what: 'The plan is for another cluster than the checklist.',
      why: `The plan is for ${clean(plan.cluster.id)}, the checklist for ${clean(checklistCluster)}.`,
      next: ['Plan anew for this cluster.'],
    };
  }
  if (digestOf(plan.changes.map(({ change }) => change)) !== plan.digest) {
    return {
      code: 'plan-altered',
      what: 'The plan is not the one that was approved.',
      why: 'Its changes do not have the digest that it carries.',
      next: ['Plan anew, and look at it again before it is applied.'],
    };
  }
  return undefined;
}
