import type { Checklist } from '../model/checklist.ts';
import type { Facts } from '../model/facts.ts';
import { assessAll } from '../model/verdicts.ts';
import type { Tools } from './deps.ts';
import type { Since } from './state.ts';

/** Operations that may still run in Azure, or of which nobody knows. */
export function inFlight(checklist: Checklist): Checklist['operations'] {
  return checklist.operations.filter(({ status }) => status === 'intended' || status === 'running' || status === 'left-running');
}

/** What is not as the checklist last saw it, from facts read just now. Controls it never saw are not a change. */
export function sinceOf(tools: Tools, facts: Facts, checklist: Checklist): Since {
  const records = Object.values(checklist.steps);
  const changes = assessAll(tools.steps, facts).flatMap(({ controls }) =>
    controls.flatMap(({ control, assessment }) => {
      const before = checklist.lastSeen[control.id];
      return before === undefined || before === assessment.status ? [] : [{ control: control.id, before, now: assessment.status }];
    }),
  );
  return {
    when: checklist.updatedAt,
    changes,
    decided: records.filter(({ status }) => status !== 'open').length,
    queued: records.filter(({ status }) => status === 'queued').length,
    running: inFlight(checklist).length,
  };
}
