import { same } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { explicitAbsence } from '../../src/plan/explicit.ts';
import type { Difference } from './compare.ts';

/** A difference that is no divergence, and why. Reviewed one by one: whatever is not here fails the proof. */
interface Allowed {
  readonly where: RegExp;
  readonly when?: (difference: Difference) => boolean;
  readonly why: string;
}

const both = ({ left, right }: Difference) => left !== undefined && right !== undefined;

/** Between the world that the SDK path left and the one that the printed script left. */
export const betweenWorlds: readonly Allowed[] = [
  { where: /(^|\.| )eTag$/, when: both, why: 'A new eTag is made up by every write, and az may need two writes where the SDK path needs one.' },
  {
    where: /roleassignments\/\S+: properties\.(createdOn|updatedOn)$/i,
    when: both,
    why: 'The service notes when a role was assigned, and the worlds do not run at the same time.',
  },
  {
    where: /pricings\/\S+: properties\.enablementTime$/i,
    when: both,
    why: 'The service notes when a plan was switched on, and the worlds do not run at the same time.',
  },
  {
    where: /maintenanceconfigurations\/\S+: properties\.maintenanceWindow\.startDate$/i,
    when: both,
    why: 'A window without a start date begins on the day of the write, and the worlds do not run on the same day.',
  },
];

const settled = ({ place, left, right }: Difference): boolean => {
  const path = place.slice(place.indexOf(': ') + 2).split('.');
  return left === undefined && same(right, explicitAbsence(path));
};

/** Between the start and the end of doing and undoing. */
export const afterUndo: readonly Allowed[] = [
  ...betweenWorlds,
  {
    where: /pricings\/\S+: properties\.freeTrialRemainingTime$/i,
    when: both,
    why: 'The service counts the free trial of a Defender plan, which begins when the plan is first switched on.',
  },
  {
    where: /managedclusters\/[^/]+: /i,
    when: settled,
    why: 'A write cannot make a property absent; what absent means is said in its place, and AKS reads both alike.',
  },
];

/** The differences that nothing on the list allows. */
export function divergences(found: readonly Difference[], allowed: readonly Allowed[]): readonly Difference[] {
  return found.filter((difference) => !allowed.some(({ where, when }) => where.test(difference.place) && (when?.(difference) ?? true)));
}

/** What a plan itself declares to have no full way back: a property of a one-way change, certificates that were rotated, images of replaced nodes. */
export function isDeclared(plan: Plan, { place }: Difference): boolean {
  return plan.changes.some(({ change }) => {
    const replaced = change.impact.kind === 'reimage' || change.impact.kind === 'recreate';
    if (replaced && /agentPoolProfiles\.[^.]+\.(nodeImageVersion|currentOrchestratorVersion)$/.test(place)) return true;
    if (change.reversible.kind === 'yes') return false;
    if (change.kind === 'arm.action') return change.action === 'rotateClusterCertificates' && place.startsWith('certificates/');
    if (change.kind !== 'arm.update') return false;
    const here = place.slice(place.indexOf(': ') + 2).toLowerCase();
    return change.edits.some(({ path }) => `${here}.`.startsWith(`${path.join('.').toLowerCase()}.`));
  });
}
