import type { Outcome } from '../model/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Ended } from './one-change.ts';
import { notedStatus, noteStep } from './record.ts';
import type { Result, Run } from './run.ts';

/** How a run ended, from how its changes did. `unsettled`: a control that was changed does not pass on fresh facts, or could not be read. */
export function outcomeOf(results: readonly Result[], interrupted: boolean, unsettled: boolean): Outcome {
  const has = (...wanted: readonly Result[]): boolean => results.some((result) => wanted.includes(result));
  if (interrupted || has('left-running')) return 'interrupted';
  const applied = has('done');
  if (has('failed')) return applied ? 'partly' : 'failed';
  if (has('drift')) return applied ? 'partly' : 'drift';
  if (has('skipped', 'manual') || unsettled) return 'partly';
  return applied ? 'applied' : 'nothing-to-do';
}

/** The controls that a plan's changes of one step are to settle. */
function controlsOf(plan: Plan, run: Run, step: string): readonly string[] {
  const own = run.steps.find(({ id }) => id === step)?.controls.map(({ id }) => id) ?? [];
  const changed = plan.changes.filter(({ steps }) => steps.includes(step)).flatMap(({ change }) => change.controls);
  return own.filter((control) => changed.includes(control));
}

/** Notes what a step has come to, once each of its changes has ended. A step that did not begin stays as it was. */
export async function noteStepEnd(run: Run, plan: Plan, step: string, ended: ReadonlyMap<string, Ended>): Promise<void> {
  const own = plan.changes.filter(({ steps }) => steps.includes(step)).map(({ change }) => ended.get(change.id));
  if (own.some((one) => one === undefined)) return;
  const results = own.flatMap((one) => (one === undefined ? [] : [one.result]));
  if (results.includes('left-running')) return;
  const problem = own.find((one) => one?.problem !== undefined)?.problem;
  const begun = results.some((result) => result === 'done' || result === 'noop');
  if (results.every((result) => result === 'done' || result === 'noop')) return noteStep(run, step, notedStatus(run, step, controlsOf(plan, run, step)));
  if (begun || results.includes('manual')) return noteStep(run, step, 'half-done', problem);
  if (results.includes('failed')) return noteStep(run, step, 'failed', problem);
}

/**
 * True when a control of these fails on the last facts, or could be read before and cannot be now. What holds in part may be what was
 * chosen; what can never be read (a certificate's age) is told by the step's own status.
 */
export function isUnsettled(run: Pick<Run, 'store'>, steps: readonly string[], controls: readonly string[]): boolean {
  const noted = run.store.current().steps;
  return steps.some((step) =>
    Object.entries(noted[step]?.after ?? {})
      .filter(([control]) => controls.includes(control))
      .some(([control, { status }]) => status === 'fail' || (status === 'unknown' && noted[step]?.before?.[control]?.status !== 'unknown')),
  );
}

/** The same for all that a plan has carried out, or found in place. */
export function leavesUnsettled(run: Run, plan: Plan, ended: ReadonlyMap<string, Ended>): boolean {
  return plan.changes
    .filter(({ change }) => ['done', 'noop'].includes(ended.get(change.id)?.result ?? ''))
    .some(({ change, steps }) => isUnsettled(run, steps, change.controls));
}
