import { type ArmResource, clusterAt, clusterRef, type Facts, fact, idPart, knownValue } from '../../../src/model/facts.ts';
import { at, path, text } from '../../../src/model/json.ts';
import { byId, idsOf } from '../../../src/model/way-out.ts';
import { covered, networksOf } from '../../shared/addresses.ts';
import { type Grant, grantOf, reaches } from '../../shared/roles.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { exposure, nodesComeFromOutside, restricts } from '../api-server-exposure/state.ts';
import { wayOut } from './state.ts';

/** Lets everybody in whom it lets in today, and nobody but the load balancer's own address (AKS docs: api-server-authorized-ip-ranges). */
const ONLY_BALANCER = '0.0.0.0/32';

/** The group that new resources go to: the cluster's own. Never the node resource group, whose addresses AKS makes and takes. */
export const homeGroup = (facts: Facts): string => {
  const { subscriptionId, resourceGroup } = clusterRef(facts);
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
};

/** A name for something new: the cluster's, with what it is for. */
export const nameFor = (facts: Facts, word: string): string => `${clusterRef(facts).name.replace(/[^\w.-]/g, '') || 'cluster'}-${word}`;

const idOf = (facts: Facts, kind: string, name: string): string => `${homeGroup(facts)}/providers/Microsoft.Network/${kind}/${name}`;

/** A resource meant by its id or, in the cluster's group, by its name alone. */
export function meant(facts: Facts, kind: 'publicIPAddresses' | 'natGateways', said: string): string {
  const trimmed = said.trim();
  return trimmed.startsWith('/') ? trimmed : idOf(facts, kind, trimmed);
}

/** True for the id of a network resource of a kind. */
export function isNetworkId(id: string, kind: 'publicIPAddresses' | 'natGateways'): boolean {
  const shape = new RegExp(`^/subscriptions/[\\w-]+/resourceGroups/[\\w.()-]+/providers/Microsoft\\.Network/${kind}/[A-Za-z0-9]([\\w.-]{0,78}\\w)?$`, 'i');
  return shape.test(id);
}

/** A public address as far as it was read: undefined where it is not there; `unread` where nobody looked. */
export function addressResource(facts: Facts, id: string): ArmResource | undefined | 'unread' {
  const found = fact(facts, 'publicAddresses');
  return found.state === 'unknown' ? 'unread' : byId(found.value, id);
}

/** What keeps an address that is there from being the cluster's own, in a sentence that says how to mend it; undefined when it fits. */
export function addressFault(facts: Facts, id: string): string | undefined {
  const name = shortName(id);
  if (sameId(idPart(id, 'resourceGroups') ?? '', text(clusterAt(facts, 'properties.nodeResourceGroup')) ?? '?')) {
    return `${name} is in the node resource group, where AKS makes and takes addresses: name one in a group of your own.`;
  }
  const resource = addressResource(facts, id);
  if (resource === undefined || resource === 'unread') return undefined;
  const has = (dotted: string): string => (text(at(resource, path(dotted))) ?? '').toLowerCase();
  if (has('sku.name') !== 'standard')
    return `${name} is ${has('sku.name') || 'of no known SKU'}: the load balancer takes Standard addresses only. Name another.`;
  if (has('properties.publicIPAllocationMethod') !== 'static') return `${name} is not static. Name another.`;
  if (has('properties.publicIPAddressVersion') === 'ipv6') return `${name} is IPv6. Name an IPv4 address.`;
  const place = (word: string): string => word.toLowerCase().replaceAll(' ', '');
  if (place(has('location')) !== place(clusterRef(facts).location))
    return `${name} is in ${has('location')}, the cluster is in ${clusterRef(facts).location}. Name one of the same region.`;
  const user = text(at(resource, path('properties.natGateway.id'))) ?? text(at(resource, path('properties.ipConfiguration.id')));
  const ownGroup = `/resourceGroups/${text(clusterAt(facts, 'properties.nodeResourceGroup')) ?? '?'}/`.toLowerCase();
  return user !== undefined && !user.toLowerCase().includes(ownGroup) ? `${name} is in use by ${listed([user])}. Name another.` : undefined;
}

/** The addresses that are offered: as many of one's own as AKS made for the load balancer, by names that are free or fit. Undefined where the facts name no group. */
export function offeredAddresses(facts: Facts): readonly string[] | undefined {
  const names = Array.from({ length: 64 }, (_, i) => nameFor(facts, i === 0 ? 'egress' : `egress-${i + 1}`));
  const free = names.map((name) => idOf(facts, 'publicIPAddresses', name)).filter((id) => addressFault(facts, id) === undefined);
  const offered = free.slice(0, Math.min(wayOut(facts).managedCount, 16));
  return offered.length > 0 && offered.every((id) => isNetworkId(id, 'publicIPAddresses')) ? offered : undefined;
}

/** Addresses as networks, of those that are known to have one. */
export function cidrsOf(facts: Facts, ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => {
    const resource = addressResource(facts, id);
    const address = resource === 'unread' ? undefined : text(at(resource, path('properties.ipAddress')));
    return address === undefined ? [] : [`${address}/32`];
  });
}

/** Addresses of a NAT gateway that is there. */
export function gatewayAddresses(facts: Facts, gatewayId: string): readonly string[] {
  const gateway = byId(knownValue(facts, 'natGateways') ?? [], gatewayId);
  return idsOf(at(gateway, path('properties.publicIpAddresses')));
}

/** What the API server asks of an address that the nodes come from. */
export interface Fence {
  /** Only named networks reach the API server, and the nodes come to it over the internet. */
  readonly stands: boolean;
  /** The list is the placeholder for "the load balancer's own address": it takes no other beside it. */
  readonly onlyBalancer: boolean;
  readonly ranges: readonly string[];
}

/** The fence before the API server, as far as the nodes meet it. */
export function fence(facts: Facts): Fence {
  const { ranges } = exposure(facts);
  return { stands: nodesComeFromOutside(facts) && restricts(ranges), onlyBalancer: ranges.includes(ONLY_BALANCER), ranges };
}

/** Those of the networks that the fence does not let in. */
export function outsideFence(facts: Facts, cidrs: readonly string[]): readonly string[] {
  const inside = networksOf(fence(facts).ranges);
  return cidrs.filter((cidr) => networksOf([cidr]).some((network) => !covered(network, inside)));
}

/** Who the control plane acts as on Azure, where its role assignments were read. */
export function controlPlane(facts: Facts): { readonly principalId: string; readonly grants: readonly Grant[] } | undefined {
  const acting = (knownValue(facts, 'identityRoleAssignments') ?? []).find(({ identity }) => identity !== 'kubelet');
  return acting && { principalId: acting.principalId, grants: acting.assignments.map(grantOf) };
}

/** Whether one of the grants lets its holder use a network resource. */
export function mayJoin(grants: readonly Grant[], id: string): boolean {
  return grants.some(({ role, scope }) => role !== undefined && ['Owner', 'Contributor', 'Network Contributor'].includes(role) && reaches(scope, id));
}
