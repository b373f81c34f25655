import { type Facts, nodeCount, pools } from '../../src/model/facts.ts';
import { type JsonObject, text } from '../../src/model/json.ts';
import { nodesOf, sizesOf } from '../../src/model/machines.ts';
import { commandWord, plural } from './texts.ts';

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

/** How many machines of which size, as `az aks nodepool add` takes them: a pool like this one. */
export function machineFlags(pool: JsonObject): string {
  const sizes = sizesOf(pool).map((size) => commandWord(size, 'SIZE'));
  const count = `--node-count ${Math.max(nodesOf(pool), 1)}`;
  return text(pool['type'])?.toLowerCase() === 'virtualmachines'
    ? `--vm-set-type VirtualMachines --vm-sizes ${sizes.length > 0 ? sizes.join(',') : 'SIZE'} ${count}`
    : `--node-vm-size ${sizes[0] ?? 'SIZE'} ${count}`;
}

/** `about 40 to 60 minutes`, or `about 3 minutes`. */
export function about([low, high]: readonly [number, number]): string {
  return low === high ? `about ${plural(low, 'minute')}` : `about ${low} to ${high} minutes`;
}
