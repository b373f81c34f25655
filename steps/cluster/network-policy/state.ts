import { clusterAt, type Facts, nodeCount, pools } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import { poolNames, reimageMinutes } from '../../shared/minutes.ts';

export const STEP = 'cluster.network-policy';
export const NETWORK = 'properties.networkProfile';

export type Engine = 'none' | 'cilium' | 'calico' | 'azure';

/** The cluster's network as far as policy goes. Texts are lower case. */
export interface Network {
  /** Whether the body has a network profile at all. */
  readonly isKnown: boolean;
  /** `kubenet`, `azure`, or `none` for a CNI that the customer brought. */
  readonly plugin: string;
  /** What enforces NetworkPolicy objects; `none` for null, an empty text and the word itself. Anything else is foreign and kept as it is. */
  readonly engine: string;
  readonly dataplane: string;
  readonly podCidr: string | undefined;
  readonly serviceCidr: string | undefined;
  readonly hasAutoProvisioning: boolean;
  /** Nodes in subnets of the customer's own network. */
  readonly isOwnNetwork: boolean;
  readonly isUserAssigned: boolean;
}

/** Reads the network from the cluster's body. */
export function network(facts: Facts): Network {
  const said = (key: string): string => (text(clusterAt(facts, `${NETWORK}.${key}`)) ?? '').toLowerCase();
  return {
    isKnown: clusterAt(facts, NETWORK) !== undefined && clusterAt(facts, NETWORK) !== null,
    // ARM's default where nothing was said when the cluster was made.
    plugin: said('networkPlugin') || 'kubenet',
    engine: said('networkPolicy') || 'none',
    dataplane: said('networkDataplane') || 'azure',
    podCidr: text(clusterAt(facts, `${NETWORK}.podCidr`)),
    serviceCidr: text(clusterAt(facts, `${NETWORK}.serviceCidr`)),
    hasAutoProvisioning: text(clusterAt(facts, 'properties.nodeProvisioningProfile.mode'))?.toLowerCase() === 'auto',
    isOwnNetwork: pools(facts).some((pool) => text(at(pool, path('vnetSubnetID')))),
    isUserAssigned: text(clusterAt(facts, 'identity.type'))?.toLowerCase() === 'userassigned',
  };
}

/** The minor Kubernetes version of the control plane (33 for 1.33.5), or undefined when it is not said. */
export function minorVersion(facts: Facts): number | undefined {
  const version = text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? text(clusterAt(facts, 'properties.kubernetesVersion'));
  const minor = Number(version?.split('.')[1]);
  return version === undefined || !Number.isInteger(minor) ? undefined : minor;
}

/**
 * Minutes of one reimage of all pools side by side: as long as the slowest pool, but no less than was recorded for clusters of a few
 * nodes (azure-cli's test recordings: overlay 11 minutes, Cilium 23).
 */
export function sideBySideMinutes(facts: Facts, least: readonly [number, number] = [8, 15]): readonly [number, number] {
  const each = poolNames(facts).map((name) => reimageMinutes(facts, [name]));
  return [Math.max(least[0], ...each.map(([low]) => low)), Math.max(least[1], ...each.map(([, high]) => high))];
}

export const OVERLAY_LEAST: readonly [number, number] = [10, 20];
export const CILIUM_LEAST: readonly [number, number] = [15, 30];

/** The pod network that the cluster has, or the one that AKS gives when nothing is said. */
export function standingPodCidr(facts: Facts): string {
  return network(facts).podCidr ?? '10.244.0.0/16';
}

/** Overlay gives every node a /24 of the pod network (AKS docs, concepts-network-azure-cni-overlay): the longest prefix that has room for twice the nodes of today. */
export function longestPodPrefix(facts: Facts): number {
  return 24 - Math.ceil(Math.log2(Math.max(2, 2 * nodeCount(facts))));
}
