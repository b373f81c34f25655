import { pillars, type Step } from '../model/step.ts';
import { didYouMean, type Invocation, usageProblem } from './parse.ts';

/** One step by its id; an unknown id is a usage problem that offers the nearest. */
export function stepById(steps: readonly Step[], id: string): Step {
  const found = steps.find((step) => step.id === id);
  if (found) return found;
  const ids = steps.map((step) => step.id);
  throw usageProblem(`There is no step "${id}".${didYouMean(id, ids)}`, 'Steps are named pillar.step.', ['List them: aks-harden steps.']);
}

/** The steps that --step and --pillar leave; all without them. */
export function pickSteps(steps: readonly Step[], invocation: Invocation): readonly Step[] {
  const ids = invocation.texts('step').map((id) => stepById(steps, id).id);
  const wanted = invocation.texts('pillar');
  for (const pillar of wanted) {
    if (!pillars.some((known) => known === pillar)) {
      throw usageProblem(`There is no pillar "${pillar}".${didYouMean(pillar, pillars)}`, `The pillars are ${pillars.join(', ')}.`, ['Use one of these.']);
    }
  }
  if (ids.length === 0 && wanted.length === 0) return steps;
  return steps.filter((step) => ids.includes(step.id) || wanted.includes(step.pillar));
}
