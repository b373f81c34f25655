import { changesSince, unfinished } from '../checklist/records.ts';
import type { Checklist } from '../model/checklist.ts';
import type { Facts } from '../model/facts.ts';
import { assessAll } from '../model/verdicts.ts';
import type { Tools } from './deps.ts';
import type { Since } from './state.ts';

/** What is not as the checklist last saw it, from facts read just now. */
export function sinceOf(tools: Tools, facts: Facts, checklist: Checklist): Since {
  const records = Object.values(checklist.steps);
  const now = Object.fromEntries(
    assessAll(tools.steps, facts).flatMap(({ controls }) => controls.map(({ control, assessment }) => [control.id, assessment.status])),
  );
  return {
    when: checklist.updatedAt,
    changes: changesSince(checklist.lastSeen, now),
    decided: records.filter(({ status }) => status !== 'open').length,
    queued: records.filter(({ status }) => status === 'queued').length,
    running: unfinished(checklist).length,
  };
}
