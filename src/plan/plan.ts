import type { Change } from '../model/change.ts';
import { clusterRef, type Facts } from '../model/facts.ts';
import { canonical, type Json } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import type { Choice, Guard, Step } from '../model/step.ts';
import { digestOf } from './digest.ts';
import { nearestText } from './nearest.ts';
import { orderAndMerge } from './order.ts';
import { rebase } from './rebase.ts';
import { totalsOf } from './totals.ts';
import { splitUnsettled, waitingGuards } from './unsettled.ts';

/** Guards of all steps. The same guard with the same finding is told once, under the step that asked first. */
function uniqueGuards(guards: readonly (Guard & { readonly step: string })[]): readonly (Guard & { readonly step: string })[] {
  const seen = new Set<string>();
  return guards.filter(({ step: _step, ...guard }) => {
    const key = canonical(guard as unknown as Json);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Change ids are unique in a plan: two alike would make order, checklist and undo ambiguous. */
function checkIds(changes: readonly Change[]): void {
  const seen = new Set<string>();
  for (const { id } of changes) {
    if (seen.has(id)) throw new Error(`two changes are called ${id}`);
    seen.add(id);
  }
}

/**
 * The plan for a set of complete choices: changes in the order they are applied, in as few writes and reimages as possible.
 * `choices` are by step id; a step that is not named is left alone. Throws a ProblemError for an unknown step,
 * for steps or changes that wait for each other, and for decisions that want different values for one property.
 */
export function makePlan(facts: Facts, steps: readonly Step[], choices: { readonly [step: string]: Choice }): Plan {
  for (const id of Object.keys(choices)) {
    if (!steps.some((step) => step.id === id)) {
      const ids = steps.map((step) => step.id);
      throw new ProblemError({
        code: 'unknown-step',
        what: `There is no step ${id}.`,
        why: nearestText(id, ids),
        next: ['aks-harden steps lists them.'],
        exitCode: 2,
      });
    }
  }
  const planned = steps.flatMap((step) => {
    const choice = Object.hasOwn(choices, step.id) ? choices[step.id] : undefined;
    return choice ? [{ step, plan: step.plan(facts, choice) }] : [];
  });
  const all = planned.flatMap(({ plan }) => plan.changes);
  checkIds(all);
  const { now: changes, waiting } = splitUnsettled(all);
  // A decision that waits as a whole is no part of this plan: it stays where it is, in the queue.
  const isIn = (step: string): boolean => !waiting.some(({ change }) => change.step === step) || changes.some((change) => change.step === step);
  const ordered = rebase(orderAndMerge(changes, steps));
  const kept = new Set(ordered.map(({ change }) => change.id));
  const clean = ordered.map((one) => ({ ...one, change: { ...one.change, after: one.change.after.filter((id) => kept.has(id)) } }));
  const last = clean.map(({ change }) => change);
  return {
    schemaVersion: 1,
    cluster: clusterRef(facts),
    choices: Object.fromEntries(Object.entries(choices).filter(([step]) => isIn(step))),
    changes: clean,
    guards: [...uniqueGuards(planned.flatMap(({ step, plan }) => plan.guards.map((guard) => ({ ...guard, step: step.id })))), ...waitingGuards(waiting)],
    totals: totalsOf(last),
    separately: totalsOf(changes),
    digest: digestOf(last),
  };
}
