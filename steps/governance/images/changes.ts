import type { ArmPut } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { same } from '../../../src/model/json.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { activeAssignments, assignmentBody, imageAssignments, ownAssignment } from './assignments.ts';
import { patternFor } from './pattern.ts';

export const STEP = 'governance.images';

/**
 * The assignment on the resource group, at audit or deny. What somebody else assigned further up already does the same is not done twice: at audit any
 * assignment will do, at deny only one that refuses.
 */
export function assignmentChange(facts: Facts, effect: 'audit' | 'deny', approved: readonly string[]): readonly ArmPut[] {
  const others = activeAssignments(facts).filter(({ ours }) => !ours);
  const mine = imageAssignments(facts).find(({ ours }) => ours);
  if (mine === undefined && others.some((one) => effect === 'audit' || one.effect === 'deny')) return [];
  const pattern = patternFor(approved);
  if (mine !== undefined && mine.effect === effect && mine.pattern === pattern) return [];
  const body = assignmentBody(mine?.resource, effect, pattern);
  const before = mine === undefined ? undefined : { properties: mine.resource['properties'] };
  if (before !== undefined && same(before, body)) return [];
  const refuses = effect === 'deny';
  return [
    {
      kind: 'arm.put',
      id: `${STEP}/${effect}`,
      step: STEP,
      controls: ['20.3'],
      title: refuses ? 'Refuse images that are not from approved registries' : 'Report images that are not from approved registries',
      target: ownAssignment(facts),
      body,
      before,
      impact: refuses
        ? { kind: 'workload', scope: 'new pods with an image from elsewhere are refused; running ones stay' }
        : { kind: 'none', scope: 'reports only; nothing is refused' },
      minutes: SIDE_WRITE_MINUTES,
      reversible: { kind: 'yes', how: mine === undefined ? 'the assignment is deleted' : 'the assignment is written back as it was' },
      after: [],
    },
  ];
}
