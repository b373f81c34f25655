import type { Assessment } from '../../src/model/assessment.ts';
import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Choice, Step, StepPlan } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';

/** The plan of an option as the command line would make it: values typed, defaults filled. Throws what would be refused. */
export function decide(step: Step, facts: Facts, option: string, values: Choice['values'] = {}): StepPlan {
  const done = completeChoice(step, facts, { option, values });
  if ('choice' in done) return step.plan(facts, done.choice);
  throw new Error(done.problems.map(({ what, why }) => `${what} ${why}`).join(' '));
}

/** A control's status. */
export const statusOf = (step: Step, facts: Facts, control: string): Assessment['status'] | undefined => step.assess(facts)[control]?.status;

/** Edits of a change as `path=value`, for tables. */
export function editsOf(change: Change | undefined): readonly string[] {
  return change?.kind === 'arm.update' ? change.edits.map(({ path, after }) => `${path.join('.')}=${JSON.stringify(after) ?? 'gone'}`) : [];
}

/** A guard's verdict by its id. */
export const guardOf = (plan: StepPlan, id: string): string | undefined => plan.guards.find((guard) => guard.id === id)?.verdict;
