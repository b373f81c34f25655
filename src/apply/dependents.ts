import { clean } from '../model/foreign.ts';
import type { Plan, PlannedChange } from '../model/plan.ts';
import type { Result } from './run.ts';
import { isArm } from './state.ts';

/** Results after which what depends on a change may go on. */
const through: readonly Result[] = ['done', 'noop'];

const because: { readonly [result in Exclude<Result, 'done' | 'noop'>]: string } = {
  failed: 'failed',
  drift: 'was not applied: the cluster has drifted from the plan',
  skipped: 'was skipped',
  manual: 'is for a person to do first',
  'left-running': 'still runs',
};

/**
 * Why a change must not start, from how the changes before it ended: one that it comes after did not come through, or one on the same
 * resource failed or still runs. Undefined when nothing is in the way.
 */
export function obstacle(plan: Plan, planned: PlannedChange, results: ReadonlyMap<string, Result>): string | undefined {
  const { change } = planned;
  const target = isArm(change) ? change.target.id.toLowerCase() : undefined;
  for (const other of plan.changes) {
    const result = results.get(other.change.id);
    if (result === undefined || through.includes(result)) continue;
    const comesAfter = other.parts.concat(other.change.id).some((id) => change.after.includes(id));
    const sameResource = target !== undefined && isArm(other.change) && other.change.target.id.toLowerCase() === target;
    if (comesAfter || (sameResource && (result === 'failed' || result === 'left-running'))) {
      return `"${clean(other.change.title)}" ${because[result as keyof typeof because]}.`;
    }
  }
  return undefined;
}
