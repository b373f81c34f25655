import { clusterAt, type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, isTrue, path, text, texts } from '../../../src/model/json.ts';
import { networksOf, normalised, rangeFault } from '../../shared/addresses.ts';
import { poolsWhere } from '../../shared/pool-sizes.ts';

export const STEP = 'cluster.api-server-exposure';
export const PROFILE = 'properties.apiServerAccessProfile';

/** Who can reach the API server today, as the cluster's own body says it. */
export interface Exposure {
  readonly isPrivate: boolean;
  /** API Server VNet Integration: nodes reach the API server inside the network, and privacy becomes a switch. */
  readonly isIntegrated: boolean;
  /** As AKS keeps them, each once; empty means that every address may knock. */
  readonly ranges: readonly string[];
  /** A private cluster's name in public DNS. AKS makes one unless told otherwise. */
  readonly hasPublicName: boolean;
  /** `system`, `none`, or the id of a zone; lower case. */
  readonly dnsZone: string;
  readonly subnetId: string | undefined;
  readonly runCommandAllowed: boolean;
  readonly isBasicBalancer: boolean;
  /** How nodes reach the internet, lower case; `loadbalancer` where nothing is set. */
  readonly outbound: string;
}

/** Reads the exposure from the cluster's body. */
export function exposure(facts: Facts): Exposure {
  const of = (key: string) => clusterAt(facts, `${PROFILE}.${key}`);
  const network = (key: string): string => (text(clusterAt(facts, `properties.networkProfile.${key}`)) ?? '').toLowerCase();
  return {
    isPrivate: isTrue(of('enablePrivateCluster')),
    isIntegrated: isTrue(of('enableVnetIntegration')),
    ranges: normalised(texts(of('authorizedIPRanges'))),
    hasPublicName: of('enablePrivateClusterPublicFQDN') === undefined || isTrue(of('enablePrivateClusterPublicFQDN')),
    dnsZone: (text(of('privateDNSZone')) ?? 'system').toLowerCase(),
    subnetId: text(of('subnetId')) || undefined,
    runCommandAllowed: !isTrue(of('disableRunCommand')),
    isBasicBalancer: network('loadBalancerSku') === 'basic',
    outbound: network('outboundType') || 'loadbalancer',
  };
}

/** Ranges that AKS keeps without a meaning for people: everybody, or nobody but the cluster itself. */
export const placeholders: readonly string[] = ['0.0.0.0/0', '0.0.0.0/32'];

/** The addresses the cluster's own traffic leaves from; undefined when they could not be read. */
export function egress(facts: Facts): readonly string[] | undefined {
  const known = knownValue(facts, 'outboundAddresses');
  return known === undefined ? undefined : normalised(known.map(({ cidr }) => cidr));
}

/** Why the egress addresses are not known. */
export function egressReason(facts: Facts): string {
  const found = fact(facts, 'outboundAddresses');
  return found.state === 'unknown' ? clean(found.reason) : '';
}

/**
 * Whether nodes reach the API server through its public address, so that their egress must be among the ranges.
 * With VNet integration they use its private one.
 */
export function nodesComeFromOutside(facts: Facts): boolean {
  const { isIntegrated, isPrivate } = exposure(facts);
  return !isIntegrated && !isPrivate;
}

/** The public address the operator signed in from, when it can be one. */
export function operatorAddress(facts: Facts): string | undefined {
  const address = knownValue(facts, 'operator')?.address;
  return address !== undefined && rangeFault(address) === undefined ? address : undefined;
}

/** What the ranges are offered to become: those that stand, the operator, the cluster itself. Nothing that stands is lost but placeholders. */
export function mergedRanges(facts: Facts): readonly string[] {
  const { ranges } = exposure(facts);
  const operator = operatorAddress(facts);
  const own = nodesComeFromOutside(facts) ? (egress(facts) ?? []) : [];
  const usable = own.filter((cidr) => rangeFault(cidr) === undefined);
  return normalised([...ranges.filter((range) => !placeholders.includes(range)), ...(operator ? [operator] : []), ...usable]);
}

/** How many ranges AKS takes (AKS docs, api-server-authorized-ip-ranges). */
export function rangeLimit(facts: Facts): number {
  return exposure(facts).isIntegrated ? 2000 : 200;
}

/** Pools whose nodes have public addresses of their own, and those among them whose addresses come from no prefix and so cannot be named. */
export function publicNodePools(facts: Facts): { readonly all: readonly string[]; readonly withoutPrefix: readonly string[] } {
  const isPublic = (pool: Parameters<Parameters<typeof poolsWhere>[1]>[0]): boolean => isTrue(at(pool, path('enableNodePublicIP')));
  return {
    all: poolsWhere(facts, isPublic),
    withoutPrefix: poolsWhere(facts, (pool) => isPublic(pool) && !text(at(pool, path('nodePublicIPPrefixID')))),
  };
}

/** Whether ranges restrict anything: there are some, and they do not hold the whole internet. */
export function restricts(ranges: readonly string[]): boolean {
  return ranges.length > 0 && !networksOf(ranges).some(({ prefix }) => prefix === 0);
}
