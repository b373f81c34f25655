import type { Assessment } from '../../src/model/assessment.ts';
import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Step } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { steps } from '../../steps/index.ts';

/** The step that judges a control, by the control's id. Throws where there is none. */
export function stepOf(control: string): Step {
  const found = steps.find(({ controls }) => controls.some(({ id }) => id === control));
  if (found === undefined) throw new Error(`no step judges ${control}`);
  return found;
}

/** A control's verdict on facts, whichever step gives it. */
export function verdictOf(facts: Facts, control: string): Assessment {
  const found = stepOf(control).assess(facts)[control];
  if (found === undefined) throw new Error(`no verdict for ${control}`);
  return found;
}

/** Every change that any option of any step would make of these facts with its defaults; options that need a person's values are left out. */
export function everyChange(facts: Facts): readonly Change[] {
  return steps.flatMap((step) =>
    step.options(facts).flatMap(({ id, unavailable }) => {
      const done = unavailable === undefined ? completeChoice(step, facts, { option: id, values: {} }) : undefined;
      return done !== undefined && 'choice' in done ? step.plan(facts, done.choice).changes : [];
    }),
  );
}
