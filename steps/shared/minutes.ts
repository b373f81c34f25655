import { type Facts, pools } from '../../src/model/facts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { at, path, text } from '../../src/model/json.ts';
import { nodesOf } from '../../src/model/machines.ts';

/** A write of the cluster that touches no node. Recorded writes took 89 to 181 seconds (azure-cli's own test recordings). */
export const CLUSTER_WRITE_MINUTES: readonly [number, number] = [2, 4];

/** A write of a resource beside the cluster (diagnostic setting, plan, role assignment): seconds. */
export const SIDE_WRITE_MINUTES: readonly [number, number] = [0, 1];

/** How many nodes of a pool are replaced at once: `maxSurge` as a count or a share, AKS's default of 10 % where nothing is set. */
export function surge(pool: JsonObject): number {
  const count = nodesOf(pool);
  const set = at(pool, path('upgradeSettings.maxSurge'));
  const said = text(set) ?? (typeof set === 'number' ? String(set) : '10%');
  const number = Number.parseFloat(said);
  if (!Number.isFinite(number) || number <= 0) return 1;
  return Math.max(1, said.trim().endsWith('%') ? Math.ceil((count * number) / 100) : Math.floor(number));
}

/**
 * Minutes, low and high, to reimage pools one after the other: rounds of surge nodes, 4 to 10 minutes a round.
 * An estimate: a drain may wait for pods up to the pool's drain timeout. `only` names the pools; all of them when it is not given.
 */
export function reimageMinutes(facts: Facts, only?: readonly string[]): readonly [number, number] {
  const wanted = pools(facts).filter((pool) => only === undefined || only.includes(text(pool['name']) ?? ''));
  const rounds = wanted.reduce((sum, pool) => sum + Math.ceil(nodesOf(pool) / surge(pool)), 0);
  return [CLUSTER_WRITE_MINUTES[0] + rounds * 4, CLUSTER_WRITE_MINUTES[1] + rounds * 10];
}

/** The names of all pools, for an impact that replaces their nodes. */
export function poolNames(facts: Facts): readonly string[] {
  return pools(facts).map((pool) => text(pool['name']) ?? '?');
}
