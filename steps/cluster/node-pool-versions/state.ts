import { type Facts, knownValue, pools } from '../../../src/model/facts.ts';
import { at, type JsonObject, path, text } from '../../../src/model/json.ts';
import { namedPools, poolAt } from '../../shared/pool-edits.ts';
import { compareVersions, controlPlaneVersion, isVersion, minorNumber, poolVersion } from '../../shared/versions.ts';

export const STEP = 'cluster.node-pool-versions';
export const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';

/** Production value of the AKS docs (upgrade-aks-node-pools-rolling). */
export const SURGE = '33%';

/** How many minors a pool is behind its control plane; below zero where it is ahead; undefined where one of the two is not told. */
export function behind(facts: Facts, pool: JsonObject): number | undefined {
  const [plane, own] = [controlPlaneVersion(facts), poolVersion(pool)];
  return plane === undefined || own === undefined ? undefined : minorNumber(plane) - minorNumber(own);
}

/** Pools that an upgrade to `version` moves. */
export const slowerThan = (facts: Facts, version: string): readonly JsonObject[] =>
  namedPools(facts).filter((pool) => {
    const own = poolVersion(pool);
    return own !== undefined && compareVersions(own, version) < 0 && text(poolAt(facts, nameOf(pool), 'orchestratorVersion')) !== version;
  });

/**
 * Versions that pools may be brought to, the control plane's own first: what it runs, and what it may be upgraded to before them in the same plan.
 */
export function targets(facts: Facts): readonly string[] {
  const plane = controlPlaneVersion(facts);
  if (plane === undefined || !isVersion(plane)) return [];
  const later = [
    ...(knownValue(facts, 'clusterUpgrades')?.controlPlane.upgrades ?? []),
    ...(knownValue(facts, 'kubernetesVersions') ?? []).flatMap(({ patches, preview }) => (preview ? [] : patches.map(({ version }) => version))),
  ];
  const ahead = [...new Set(later)].filter((version) => isVersion(version) && compareVersions(version, plane) > 0).sort(compareVersions);
  return [plane, ...ahead];
}

const amount = (pool: JsonObject, setting: string): number => {
  const value = at(pool, path(`upgradeSettings.${setting}`));
  return Number.parseFloat(typeof value === 'number' ? String(value) : (text(value) ?? '0')) || 0;
};

/** Whether a pool says how its nodes are replaced: extra nodes, or some at a time. */
export const saysHow = (pool: JsonObject): boolean => amount(pool, 'maxSurge') > 0 || amount(pool, 'maxUnavailable') > 0;

/** Pools that do not say it. */
export const silentPools = (facts: Facts): readonly JsonObject[] => namedPools(facts).filter((pool) => !saysHow(pool));

/** Pools of availability sets, unsupported since 2025-09-30 (AKS docs: includes/availability-sets-retirement). */
export const availabilitySets = (facts: Facts): readonly JsonObject[] => pools(facts).filter((pool) => text(pool['type'])?.toLowerCase() === 'availabilityset');
