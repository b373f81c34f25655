import { type Facts, nodeCount, pools } from '../../src/model/facts.ts';
import { type JsonObject, text } from '../../src/model/json.ts';
import { plural } from './texts.ts';

const isWindows = (pool: JsonObject): boolean => text(pool['osType'])?.toLowerCase() === 'windows';

/** Names of the pools for which `holds`. */
export function poolsWhere(facts: Facts, holds: (pool: JsonObject) => boolean): readonly string[] {
  return pools(facts)
    .filter(holds)
    .map((pool) => text(pool['name']) ?? '?');
}

/** Names of the Windows pools. */
export function windowsPools(facts: Facts): readonly string[] {
  return poolsWhere(facts, isWindows);
}

/** The cluster's size for a sentence: `3 pools with 12 nodes`. */
export function size(facts: Facts): string {
  const count = pools(facts).length;
  return `${plural(count, 'pool')} with ${plural(nodeCount(facts), 'node')}`;
}

/** `about 40 to 60 minutes`, or `about 3 minutes`. */
export function about([low, high]: readonly [number, number]): string {
  return low === high ? `about ${plural(low, 'minute')}` : `about ${low} to ${high} minutes`;
}
