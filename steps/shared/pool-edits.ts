import { type ArmAction, CLUSTER_API_VERSION, type Edit, type Target } from '../../src/model/change.ts';
import { type ArmResource, clusterRef, type Facts, isManagedPool, knownValue, pools } from '../../src/model/facts.ts';
import { at, type Json, type JsonObject, path, text } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { standsAs } from './edits.ts';
import { reimageMinutes } from './minutes.ts';
import { listed } from './texts.ts';

/** ARM actions on a pool of its own. */
export const WRITE_POOL = 'Microsoft.ContainerService/managedClusters/agentPools/write';
export const UPGRADE_NODE_IMAGE = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';

const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '';
/** A child resource may be named `cluster/pool`; the last part is the pool's own name. */
const ownName = (resource: ArmResource): string => nameOf(resource).split('/').at(-1) ?? '';

/** Pools that a change can name, but those that AKS keeps itself: a file may hold entries without a name, or the same one twice. */
export function namedPools(facts: Facts): readonly JsonObject[] {
  const all = pools(facts).filter((pool) => /^[A-Za-z0-9]+$/.test(nameOf(pool)) && !isManagedPool(pool));
  return all.filter((pool, i) => all.findIndex((other) => nameOf(other) === nameOf(pool)) === i);
}

/** A node pool as a resource of its own. */
export function poolTarget(facts: Facts, name: string): Target {
  return { id: `${clusterRef(facts).id}/agentPools/${name}`, type: 'Microsoft.ContainerService/managedClusters/agentPools', apiVersion: CLUSTER_API_VERSION };
}

/** What a pool has at a path below its properties: from its own resource where that was read, else from the cluster body. */
export function poolAt(facts: Facts, name: string, dotted: string): Json | undefined {
  const own = knownValue(facts, 'agentPools')?.find((pool) => ownName(pool) === name);
  if (own !== undefined) return at(own, ['properties', ...path(dotted)]);
  return at(
    pools(facts).find((pool) => nameOf(pool) === name),
    path(dotted),
  );
}

/** Edits of one pool, from paths below its properties (`securityProfile.sshAccess`); what stands as wanted is left out. */
export function poolEdits(facts: Facts, name: string, wanted: readonly (readonly [dotted: string, after: Json | undefined])[]): readonly Edit[] {
  return wanted
    .map(([dotted, after]) => ({ path: ['properties', ...path(dotted)], before: poolAt(facts, name, dotted), after }))
    .filter(({ before, after }) => !standsAs(before, after));
}

/**
 * Replaces a pool's nodes with the newest image of the same Kubernetes version: what makes a setting that AKS only keeps in its
 * model reach the nodes (AKS docs: node-disruption-policy, manage-ssh-node-access).
 */
export function nodeImageUpgrade(
  facts: Facts,
  pool: string,
  rest: Pick<ArmAction, 'id' | 'step' | 'controls' | 'after'> & { readonly why: string },
): ArmAction {
  const { why, ...common } = rest;
  return {
    kind: 'arm.action',
    action: 'upgradeNodeImageVersion',
    title: `Replace the nodes of pool ${listed([pool])} so that ${why}`,
    target: poolTarget(facts, pool),
    impact: { kind: 'reimage', scope: `the nodes of pool ${listed([pool])}, one round of surge nodes after the other`, pools: [pool] },
    minutes: reimageMinutes(facts, [pool]),
    reversible: { kind: 'no', how: 'a node image is never taken back; the nodes run on, on the newer one' },
    ...common,
  };
}

/** What Azure cannot tell about a drain. Stands before everything that replaces nodes. */
export const drainGuard: Guard = {
  id: 'drain',
  title: 'Pods can leave their nodes',
  verdict: 'warn',
  detail:
    'Pod disruption budgets without room, pods without a controller, data in emptyDir, free addresses in the subnet and quota for surge nodes cannot be seen in Azure.',
  next: ['kubectl get poddisruptionbudget -A  (ALLOWED DISRUPTIONS must not be 0)', 'az vm list-usage --location LOCATION  (room for the surge nodes)'],
};
