import { type Facts, fact, knownValue, pools } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { daysLeft, skuBlocks, systemOf } from '../../shared/os-support.ts';
import { CALENDAR_OF } from '../../shared/release-calendar.ts';
import { listed } from '../../shared/texts.ts';
import { controlPlaneVersion, minorNumber, minorText, mostBehind } from '../../shared/versions.ts';
import { type Channel, isSupported, slowestPool } from './state.ts';

/** AKS refuses a minor where an API that it drops was used in the last twelve hours (AKS docs: stop-cluster-upgrade-api-breaking-changes). */
const removedApis: Guard = {
  id: 'removed-apis',
  title: 'Nobody uses APIs that go',
  verdict: 'warn',
  detail:
    'Not read: whether workloads use APIs that the new minor drops. AKS refuses the upgrade where it saw one in the last twelve hours (UpgradeBlockedOnDeprecatedAPIUsage), but does not see manifests that are applied later.',
  next: ['Azure portal: Diagnose and solve problems, Kubernetes API deprecations; or run kubent.', 'Mend the callers. This plan never forces its way past.'],
};

/** Far jumps: what Kubernetes itself does not support (AKS docs: supported-kubernetes-versions, "Unsupported recovery path"). */
function recoveryGuard(facts: Facts, goal: string): Guard {
  const from = slowestPool(facts) ?? controlPlaneVersion(facts) ?? goal;
  const far = minorNumber(goal) - minorNumber(from);
  const beyond = far > mostBehind(goal) ? ` Until a pool is through, its nodes are ${far} minors behind the API server: more than Kubernetes supports.` : '';
  return {
    id: 'recovery-path',
    title: 'The way out of an unsupported version is understood',
    verdict: 'warn',
    detail: `From ${minorText(from)} to ${minorText(goal)} AKS skips minors without any guarantee, outside of support.${beyond}`,
    next: ['Try it on a copy of the cluster first. Or build a new cluster, move workloads there, and delete this one.'],
  };
}

/** AKS checks for an expired secret before it upgrades (AKS docs: upgrade-options). */
function secretGuard(facts: Facts): readonly Guard[] {
  const principal = knownValue(facts, 'servicePrincipal');
  if (principal === undefined || principal === null || principal.credentials.length === 0) return [];
  const now = Date.parse(facts.source.readAt);
  if (principal.credentials.some(({ endsAt }) => Date.parse(endsAt) > now)) return [];
  return [
    {
      id: 'expired-secret',
      title: 'The cluster can act on Azure',
      verdict: 'refuse',
      detail: 'Every secret of the cluster’s service principal has expired: AKS refuses the upgrade, and nodes could not be made.',
      next: ['Decide identity.cluster-identity first: a managed identity, or a new secret.'],
      override: 'never',
    },
  ];
}

function systemsGuard(facts: Facts, goal: string): readonly Guard[] {
  const stuck = pools(facts).flatMap((pool) => {
    const last = skuBlocks(pool, goal);
    return last === undefined ? [] : [`${text(pool['name']) ?? '?'} (${text(pool['osSKU']) ?? '?'}, up to 1.${last})`];
  });
  if (stuck.length === 0) return [];
  return [
    {
      id: 'os-sku',
      title: 'The nodes’ system exists for that version',
      verdict: 'refuse',
      detail: `${listed(stuck)}: that system does not exist for ${minorText(goal)}.`,
      next: ['Decide cluster.node-os-updates, option os-version, first; Windows pools are made anew.'],
      override: 'never',
    },
  ];
}

/** What stands before an upgrade to `goal`. */
export function upgradeGuards(facts: Facts, goal: string): readonly Guard[] {
  const now = controlPlaneVersion(facts);
  const minorChange = now === undefined || minorText(now) !== minorText(goal);
  return [
    ...(minorChange ? [removedApis] : []),
    ...(now !== undefined && isSupported(facts, now) === false ? [recoveryGuard(facts, goal)] : []),
    ...systemsGuard(facts, goal),
    ...secretGuard(facts),
  ];
}

/** What stands before a channel: without a window AKS begins whenever it likes (AKS docs: planned-maintenance). */
export function windowGuard(facts: Facts, channel: Channel): Guard {
  const id = 'upgrade-window';
  const title = 'Upgrades have their hours';
  const found = fact(facts, 'maintenanceConfigurations');
  const moves = channel === 'patch' ? '' : ` ${channel} also changes minors, and may begin at once.`;
  const next = ['Decide cluster.node-os-updates in the same plan: it writes the window before this channel.'];
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `Maintenance windows were not read: ${found.reason}.${moves}`, next };
  const has = found.value.some((one) => text(one['name'])?.toLowerCase() === 'aksmanagedautoupgradeschedule');
  return has
    ? { id, title, verdict: 'clear', detail: `A window for upgrades exists (aksManagedAutoUpgradeSchedule).${moves}` }
    : { id, title, verdict: 'warn', detail: `There is no window aksManagedAutoUpgradeSchedule: AKS rolls nodes at any hour, within a day.${moves}`, next };
}

/** What comes with long-term support. */
export function longTermGuards(facts: Facts): readonly Guard[] {
  const old = pools(facts).filter((pool) => {
    const system = systemOf(pool);
    return system !== undefined && (daysLeft(facts, system) ?? Number.POSITIVE_INFINITY) < 365;
  });
  const young = minorNumber(controlPlaneVersion(facts) ?? '0.0') >= 33;
  if (old.length === 0 || !young) return [];
  return [
    {
      id: 'long-term-system',
      title: 'The nodes’ system lasts as long',
      verdict: 'warn',
      detail: `Pool ${listed(old.map((pool) => text(pool['name']) ?? '?'))} runs a system that ends within the year. For long-term support from 1.33 on, AKS asks for Ubuntu 24.04 first (AKS docs, ${CALENDAR_OF.slice(0, 7)}).`,
      next: ['Decide cluster.node-os-updates, option os-version, first.'],
    },
  ];
}
