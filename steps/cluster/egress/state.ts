import { clusterAt, type Facts, pools } from '../../../src/model/facts.ts';
import { isTrue, type Json, list, text } from '../../../src/model/json.ts';
import { idsOf } from '../../../src/model/way-out.ts';
import { type OutboundType, outboundTypeOf } from './matrix.ts';

export const STEP = 'cluster.egress';
export const NETWORK = 'properties.networkProfile';
export const TYPE = `${NETWORK}.outboundType`;
export const BALANCER = `${NETWORK}.loadBalancerProfile`;
export const GATEWAY = `${NETWORK}.natGatewayProfile`;
export const BOOTSTRAP = 'properties.bootstrapProfile';
export const STATIC_GATEWAY = `${NETWORK}.staticEgressGatewayProfile.enabled`;

/** How the cluster's traffic leaves, as its own body says it. */
export interface WayOut {
  /** Whether the body has a network profile at all. */
  readonly isKnown: boolean;
  readonly isBasic: boolean;
  /** Undefined for a type of tomorrow; `said` holds it then. */
  readonly type: OutboundType | undefined;
  readonly said: string;
  /** Subnets of one's own that the nodes are in; none where AKS made the network. */
  readonly subnets: readonly string[];
  /** Ids of addresses and prefixes of one's own on the load balancer. */
  readonly ownAddresses: readonly string[];
  /** Addresses that AKS made for the load balancer. */
  readonly managedCount: number;
  readonly isCached: boolean;
  readonly hasStaticGateway: boolean;
}

const count = (value: Json | undefined): number => (typeof value === 'number' && value > 0 ? value : 1);

/** Reads the way out from the cluster's body. Where no type is said it is the load balancer, ARM's default. */
export function wayOut(facts: Facts): WayOut {
  const profile = clusterAt(facts, NETWORK);
  const said = text(clusterAt(facts, TYPE)) ?? 'loadBalancer';
  const subnets = pools(facts).flatMap((pool) => text(pool['vnetSubnetID']) || []);
  return {
    isKnown: profile !== undefined && profile !== null,
    isBasic: text(clusterAt(facts, `${NETWORK}.loadBalancerSku`))?.toLowerCase() === 'basic',
    type: outboundTypeOf(said),
    said,
    subnets: [...new Map(subnets.map((id) => [id.toLowerCase(), id])).values()],
    ownAddresses: [
      ...idsOf(list(clusterAt(facts, `${BALANCER}.outboundIPs.publicIPs`))),
      ...idsOf(list(clusterAt(facts, `${BALANCER}.outboundIPPrefixes.publicIPPrefixes`))),
    ],
    managedCount: count(clusterAt(facts, `${BALANCER}.managedOutboundIPs.count`)),
    isCached: text(clusterAt(facts, `${BOOTSTRAP}.artifactSource`))?.toLowerCase() === 'cache',
    hasStaticGateway: isTrue(clusterAt(facts, STATIC_GATEWAY)),
  };
}
