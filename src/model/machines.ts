import { at, isObject, type JsonObject, list, path, text } from './json.ts';

/** Machines of one size in a pool. */
export interface Machines {
  /** Absent where the body does not tell it. */
  readonly size?: string;
  readonly count: number;
}

const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function machinesIn(entry: JsonObject): Machines {
  const size = text(entry['size']) || list(entry['sizes']).find((one) => typeof one === 'string' && one !== '');
  return { count: number(entry['count']) ?? 0, ...(typeof size === 'string' ? { size } : {}) };
}

/**
 * The machines of a pool by size. A pool of type VirtualMachines has neither a count nor a size of its own: what runs stands in
 * `virtualMachineNodesStatus`, what shall run in `virtualMachinesProfile` (ARM, managedClusters/agentPools).
 */
export function machinesOf(pool: JsonObject): readonly Machines[] {
  const count = number(pool['count']);
  const size = text(pool['vmSize']) || undefined;
  const one = { count: count ?? 0, ...(size === undefined ? {} : { size }) };
  if (count !== undefined) return [one];
  const running = list(pool['virtualMachineNodesStatus']).filter(isObject);
  const wanted = list(at(pool, path('virtualMachinesProfile.scale.manual'))).filter(isObject);
  const found = (running.length > 0 ? running : wanted).map(machinesIn);
  return found.length > 0 ? found : [one];
}

/** Nodes of a pool; none where the body does not tell. */
export function nodesOf(pool: JsonObject): number {
  return machinesOf(pool).reduce((sum, { count }) => sum + count, 0);
}

/** The machine sizes of a pool, each once; none where the body does not tell. */
export function sizesOf(pool: JsonObject): readonly string[] {
  return [...new Set(machinesOf(pool).flatMap(({ size }) => size ?? []))];
}
