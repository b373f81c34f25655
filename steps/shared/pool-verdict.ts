import { type Assessment, fail, notApplicable, partial, pass, unknown } from '../../src/model/assessment.ts';
import { clusterAt, type Facts, isManagedPool, pools } from '../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject, path, text } from '../../src/model/json.ts';
import { listed } from './texts.ts';

const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';

/** One property that every pool (or every pool of a kind) shall have. */
export interface PoolRule {
  /** Paths below the pool that are shown as evidence. */
  readonly properties: readonly string[];
  readonly wanted: string;
  readonly holds: (pool: JsonObject) => boolean;
  /** Pools that the rule is about; all when not given. */
  readonly among?: (pool: JsonObject) => boolean;
  /** Why the rule has no object when no pool is of that kind. */
  readonly none: string;
  /** The first api-version that shows the properties. */
  readonly since: string;
  /** What some good and some bad pools come to. A hole in one pool is a hole. */
  readonly mixed: 'partial' | 'fail';
}

/** Why nothing can be said about the pools: the body has no list of them. */
export function poolsMissing(facts: Facts): Assessment | undefined {
  return Array.isArray(clusterAt(facts, 'properties.agentPoolProfiles')) ? undefined : unknown('the facts hold no list of node pools');
}

/** A verdict over all pools, with every pool as evidence: looking at the first pool alone says nothing about the others. */
export function overPools(facts: Facts, rule: PoolRule): Assessment {
  const missing = poolsMissing(facts);
  if (missing !== undefined) return missing;
  const chosen = pools(facts).filter((pool) => !isManagedPool(pool) && (rule.among?.(pool) ?? true));
  if (chosen.length === 0) return notApplicable(rule.none);
  const value = (pool: JsonObject, property: string): Json | undefined => at(pool, path(property));
  const hidden = chosen.some((pool) => rule.properties.every((property) => value(pool, property) === undefined));
  if (hidden && facts.apiVersion < rule.since) {
    return unknown(`the cluster was read at api-version ${facts.apiVersion}, which does not show ${listed(rule.properties)}`);
  }
  const evidence = chosen.flatMap((pool) =>
    rule.properties.map((property) => ({
      path: `properties.agentPoolProfiles[${nameOf(pool)}].${property}`,
      actual: value(pool, property),
      wanted: rule.wanted,
    })),
  );
  const bad = chosen.filter((pool) => !rule.holds(pool));
  if (bad.length === 0) return pass(...evidence);
  if (bad.length === chosen.length || rule.mixed === 'fail') return fail(...evidence);
  return partial(`not on pool ${listed(bad.map(nameOf))}`, ...evidence);
}

/**
 * Why a property of the cluster cannot be judged, or undefined when it can: the body has no properties at all, or the property is
 * absent at an api-version that did not show it yet.
 */
export function notShown(facts: Facts, dotted: string, since: string): Assessment | undefined {
  if (!isObject(facts.cluster['properties'])) return unknown('the facts hold no properties of the cluster');
  if (clusterAt(facts, dotted) !== undefined || facts.apiVersion >= since) return undefined;
  return unknown(`the cluster was read at api-version ${facts.apiVersion}, which does not show ${dotted}`);
}
