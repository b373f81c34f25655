import { isSettled } from '../model/assessment.ts';
import type { Facts } from '../model/facts.ts';
import { ProblemError } from '../model/problem.ts';
import type { Choice, Step } from '../model/step.ts';
import { assessStep } from '../model/verdicts.ts';
import { completeChoice, parseChoices } from '../plan/choices.ts';

/** Decisions for steps, and the steps that are left out with the reason. */
export interface Decisions {
  readonly choices: { readonly [step: string]: Choice };
  readonly left: readonly { readonly step: Step; readonly reason: string }[];
}

/** The decision that the step itself recommends for these facts, or why there is none. */
function recommendedChoice(step: Step, facts: Facts, values: Choice['values']): { readonly choice: Choice } | { readonly reason: string } {
  const { status } = assessStep(step, facts);
  if (isSettled(status)) return { reason: 'nothing is left to do' };
  const option = step.options(facts).find((candidate) => candidate.recommended && !candidate.unavailable);
  if (!option) return { reason: 'no option is recommended for this cluster; choose one yourself with --choose' };
  const completed = completeChoice(step, facts, { option: option.id, values });
  if ('problems' in completed) return { reason: completed.problems.map((problem) => problem.what).join(' ') };
  const refusing = step
    .plan(facts, completed.choice)
    .guards.find((guard) => guard.verdict === 'refuse' || (guard.verdict === 'unknown' && guard.override !== undefined));
  // What a guard stands in front of is a decision of its own: nobody makes it by leaving the choice open.
  if (refusing) return { reason: `a guard stands before ${option.id}: ${refusing.title}: ${refusing.detail} To include it: --choose ${step.id}=${option.id}` };
  return { choice: completed.choice };
}

/**
 * The decisions of a command line. With --choose only the named steps are decided; without, each step takes its
 * recommended option. A named choice that is incomplete or wrong is a Problem; a recommended one is left out with the reason.
 */
export function decide(steps: readonly Step[], facts: Facts, given: { readonly choose: readonly string[]; readonly set: readonly string[] }): Decisions {
  const { chosen, values } = parseChoices(steps, given);
  const choices: { [step: string]: Choice } = {};
  const left: { step: Step; reason: string }[] = [];
  const named = Object.keys(chosen).length > 0;
  for (const step of steps) {
    const option = chosen[step.id];
    if (option !== undefined) {
      const completed = completeChoice(step, facts, { option, values: values[step.id] ?? {} });
      if ('problems' in completed) {
        const [first, ...others] = completed.problems;
        if (first) throw new ProblemError({ ...first, exitCode: 2, next: [...first.next, ...others.flatMap((problem) => [problem.what, ...problem.next])] });
        continue;
      }
      choices[step.id] = completed.choice;
    } else if (!named) {
      const found = recommendedChoice(step, facts, values[step.id] ?? {});
      if ('choice' in found) choices[step.id] = found.choice;
      else left.push({ step, reason: found.reason });
    }
  }
  return { choices, left };
}
