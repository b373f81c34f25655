import type { Change } from '../model/change.ts';
import { type Before, hasRing } from './graph.ts';

const poolOf = (change: Change): string | undefined => ('target' in change ? /\/agentPools\/([^/]+)$/i.exec(change.target.id)?.[1]?.toLowerCase() : undefined);

/**
 * Pools, lower case, that a write brings to another Kubernetes version: their nodes get the newest image by that (AKS docs, auto-upgrade-cluster:
 * "Any upgrade operation, whether performed manually or automatically, upgrades the node image version").
 */
export function upgradedPools(change: Change | undefined): readonly string[] {
  if (change?.kind !== 'arm.update') return [];
  const own = poolOf(change);
  return change.edits.flatMap(({ path }) => {
    if (path.at(-1)?.toLowerCase() !== 'orchestratorversion') return [];
    if (own !== undefined) return path.length === 2 ? [own] : [];
    return path[1]?.toLowerCase() === 'agentpoolprofiles' ? [path[2]?.replace(/^\[|\]$/g, '').toLowerCase() ?? ''] : [];
  });
}

/**
 * Moves a node-image upgrade into the write that upgrades its pool anyway, where the strict order lets it: that write then waits for everything
 * that the new image was to bring to the nodes. `contracted` tells which groups come before which.
 */
export function gatherImages(
  groups: readonly (readonly number[])[],
  changes: readonly Change[],
  contracted: (groups: readonly (readonly number[])[]) => Before,
): readonly (readonly number[])[] {
  let best = groups;
  for (const group of groups) {
    const head = changes[group[0] ?? -1];
    const pool = head?.kind === 'arm.action' && head.action === 'upgradeNodeImageVersion' ? poolOf(head) : undefined;
    if (pool === undefined) continue;
    const home = best.find((other) => other.some((n) => upgradedPools(changes[n]).includes(pool)));
    if (home === undefined) continue;
    const moved = best.flatMap((one) => (one === home ? [[...home, ...group]] : one === group ? [] : [one]));
    if (!hasRing(contracted(moved))) best = moved;
  }
  return best;
}
