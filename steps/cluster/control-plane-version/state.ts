import { clusterAt, type Facts, knownValue, pools } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import { calendarFor } from '../../shared/release-calendar.ts';
import {
  compareVersions,
  controlPlaneVersion,
  isVersion,
  minorNumber,
  minorText,
  mostBehind,
  poolVersion,
  regionMinor,
  type SupportPlan,
  supportPlan,
} from '../../shared/versions.ts';

export const STEP = 'cluster.control-plane-version';
export const VERSION = 'properties.kubernetesVersion';
export const CURRENT = 'properties.currentKubernetesVersion';
export const CHANNEL = 'properties.autoUpgradeProfile.upgradeChannel';
export const PLAN = 'properties.supportPlan';

/** Channels that upgrade Kubernetes; `node-image` does not, and is legacy. */
export const channels = ['patch', 'stable', 'rapid'] as const;
export type Channel = (typeof channels)[number];

/** The cluster's own upgrade channel, lower case; undefined where none is set. */
export function channelOf(facts: Facts): string | undefined {
  const found = text(clusterAt(facts, CHANNEL))?.toLowerCase();
  return found === undefined || found === '' || found === 'none' ? undefined : found;
}

/** True where a channel upgrades Kubernetes: then control plane and pools only go together (AKS docs: auto-upgrade-cluster). */
export const hasChannel = (facts: Facts): boolean => channels.some((channel) => channel === channelOf(facts));

/** True where the region supports this version's minor under a plan, and it is no preview. Undefined where the region's list was not read. */
export function isSupported(facts: Facts, version: string, plan: SupportPlan = supportPlan(facts)): boolean | undefined {
  if (knownValue(facts, 'kubernetesVersions') === undefined) return undefined;
  const minor = regionMinor(facts, version);
  return minor?.plans.includes(plan) === true && !minor.preview;
}

const newestFirst = (versions: readonly string[]): readonly string[] => [...new Set(versions)].filter(isVersion).sort((a, b) => compareVersions(b, a));

/** What AKS offers this cluster in one step, newest first: supported under its plan, no preview. Undefined where that was not read. */
export function offered(facts: Facts): readonly string[] | undefined {
  const found = knownValue(facts, 'clusterUpgrades');
  return found && newestFirst(found.controlPlane.upgrades).filter((version) => isSupported(facts, version) !== false);
}

/** Versions that the control plane passes through, the last one being the goal. */
export type Route = readonly string[];

/**
 * The shortest way to a version: what AKS offers this cluster, and from there what the region's list says may follow. Undefined where there is none.
 * A minor on the way is passed in its newest patch.
 */
export function routeTo(facts: Facts, goal: string): Route | undefined {
  const region = knownValue(facts, 'kubernetesVersions') ?? [];
  const after = (version: string): readonly string[] =>
    newestFirst(region.flatMap(({ patches }) => patches.filter((patch) => patch.version === version).flatMap(({ upgrades }) => upgrades)));
  let open: readonly Route[] = (offered(facts) ?? []).map((version) => [version]);
  const seen = new Set<string>();
  while (open.length > 0) {
    const found = open.find((route) => route.at(-1) === goal);
    if (found !== undefined) return found;
    open = open.flatMap((route) => {
      const here = route.at(-1) ?? '';
      if (seen.has(here)) return [];
      seen.add(here);
      return after(here)
        .filter((version) => minorNumber(version) > minorNumber(here) && !seen.has(version) && isSupported(facts, version) === true)
        .map((version) => [...route, version]);
    });
  }
  return undefined;
}

/** The oldest version that a pool's nodes run; undefined without pools. */
export function slowestPool(facts: Facts): string | undefined {
  return pools(facts)
    .flatMap((pool) => poolVersion(pool) ?? [])
    .sort(compareVersions)[0];
}

/** Every version that the control plane can reach by itself, newest first: along the offered routes, and within the skew of its slowest pool. */
export function reachable(facts: Facts): readonly string[] {
  const slowest = slowestPool(facts);
  const all = newestFirst([
    ...(offered(facts) ?? []),
    ...(knownValue(facts, 'kubernetesVersions') ?? []).flatMap(({ patches }) => patches.map(({ version }) => version)),
  ]);
  const within = (version: string): boolean => slowest === undefined || minorNumber(version) - minorNumber(slowest) <= mostBehind(version);
  return all.filter((version) => within(version) && routeTo(facts, version) !== undefined);
}

/** Days before a version's end from which on its successor is suggested. */
const SOON = 60;

/** True where the calendar says that a version's support ends within two months, or has ended. */
export function endsSoon(facts: Facts, version: string): boolean {
  const word = calendarFor(facts, version, supportPlan(facts));
  return word.kind === 'ended' || (word.kind === 'until' && word.days <= SOON);
}

/**
 * The version to go to: the oldest offered minor where the cluster is out of support, the newest patch of its own minor while that lasts,
 * else the next minor. Undefined where nothing newer is offered.
 */
export function suggested(facts: Facts): string | undefined {
  const now = controlPlaneVersion(facts);
  const all = offered(facts) ?? [];
  if (now === undefined || all.length === 0) return undefined;
  const oldest = Math.min(...all.map(minorNumber));
  const inMinor = (minor: number): string | undefined => all.find((version) => minorNumber(version) === minor);
  if (isSupported(facts, now) === false) return inMinor(oldest);
  const own = all.find((version) => minorText(version) === minorText(now));
  const next = inMinor(minorNumber(now) + 1);
  return endsSoon(facts, now) ? (next ?? own) : (own ?? next);
}

/** Why nothing can be said about upgrades, for an option that needs them. */
export function whyUnread(facts: Facts): string | undefined {
  for (const key of ['clusterUpgrades', 'kubernetesVersions'] as const) {
    const found = facts.known[key];
    if (found?.state === 'known') continue;
    const right = found?.permission === undefined ? '' : ` (${found.permission})`;
    return `What AKS offers this cluster was not read${found === undefined ? '' : `: ${found.reason}${right}`}. Look: az aks get-upgrades.`;
  }
  return undefined;
}
