import { clusterAt, clusterRef, type Facts, idPart, knownValue, pools } from '../../../src/model/facts.ts';
import { at, isTrue, type Json, list, path, text } from '../../../src/model/json.ts';
import { type PulledRegistry, pulledRegistries, pullRole } from '../../shared/registry-access.ts';
import type { Grant, Role } from '../../shared/roles.ts';
import { sameId } from '../../shared/texts.ts';

export const STEP = 'platform.registry';

/** The last day of Docker Content Trust in Azure Container Registry, and the day from which it could not be turned on (ACR docs: content trust deprecation). */
export const TRUST_END = '2028-03-31';
export const TRUST_CLOSED = '2026-05-31';

/** Registries of this step; none where they are not known. */
export function registriesOf(facts: Facts): readonly PulledRegistry[] {
  const found = pulledRegistries(facts);
  return found.state === 'known' ? found.value : [];
}

/** A property of a registry, below `properties`, dotted. */
export function property(registry: PulledRegistry, dotted: string): Json | undefined {
  return at(registry.resource, path(`properties.${dotted}`));
}

const lower = (registry: PulledRegistry, dotted: string): string => text(property(registry, dotted))?.toLowerCase() ?? '';

/** Whether networks are told apart: closed to the public, or open to named networks only. */
export function isFenced(registry: PulledRegistry): boolean {
  return lower(registry, 'publicNetworkAccess') === 'disabled' || lower(registry, 'networkRuleSet.defaultAction') === 'deny';
}

export const isClosed = (registry: PulledRegistry): boolean => lower(registry, 'publicNetworkAccess') === 'disabled';
export const isPremium = (registry: PulledRegistry): boolean => text(at(registry.resource, path('sku.name')))?.toLowerCase() === 'premium';
export const hasAdminUser = (registry: PulledRegistry): boolean => isTrue(property(registry, 'adminUserEnabled'));
export const hasAnonymousPull = (registry: PulledRegistry): boolean => isTrue(property(registry, 'anonymousPullEnabled'));
export const isQuarantined = (registry: PulledRegistry): boolean => lower(registry, 'policies.quarantinePolicy.status') === 'enabled';
export const hasContentTrust = (registry: PulledRegistry): boolean => lower(registry, 'policies.trustPolicy.status') === 'enabled';

/** Private endpoints that the registry has let in. */
export function approvedEndpoints(registry: PulledRegistry): readonly string[] {
  return list(property(registry, 'privateEndpointConnections'))
    .filter((one) => text(at(one, path('properties.privateLinkServiceConnectionState.status')))?.toLowerCase() === 'approved')
    .flatMap((one) => text(at(one, path('properties.privateEndpoint.id'))) ?? []);
}

const more: readonly Role[] = ['Owner', 'Contributor', 'AcrPush', 'Container Registry Repository Writer', 'Container Registry Repository Contributor'];

/** Roles that let the nodes do more than pull. */
export function excess(registry: PulledRegistry): readonly Grant[] {
  return registry.grants.filter(({ role }) => role !== undefined && more.includes(role));
}

/** Whether the nodes hold the one role that pulling takes. */
export function mayJustPull(registry: PulledRegistry): boolean {
  return registry.grants.some(({ role }) => role === pullRole(registry.resource));
}

/** `azurecr.io`, or the suffix of another cloud: what comes after the registry's name in its address. */
export function suffixOf(registry: PulledRegistry): string {
  const server = (text(property(registry, 'loginServer')) ?? '').toLowerCase();
  const suffix = server.slice(server.indexOf('.') + 1);
  return /^azurecr\.[a-z.]+$/.test(suffix) ? suffix : 'azurecr.io';
}

/** The network that a subnet belongs to. */
export const networkOf = (subnet: string): string => subnet.replace(/\/subnets\/[^/]+$/i, '');

/** Networks that the nodes are in, where somebody brought them; none where AKS made its own. */
export function nodeNetworks(facts: Facts): readonly string[] {
  const ids = pools(facts).flatMap((pool) => text(pool['vnetSubnetID']) ?? []);
  return [...new Map(ids.filter((id) => id.startsWith('/')).map((id) => [networkOf(id).toLowerCase(), networkOf(id)])).values()];
}

/** Subnets that a private endpoint can stand in: of the nodes' own network, and not given to a service. */
export function endpointSubnets(facts: Facts): readonly string[] {
  const networks = nodeNetworks(facts);
  return (knownValue(facts, 'subnets') ?? []).flatMap((subnet) => {
    const id = text(subnet['id']);
    const taken = list(at(subnet, path('properties.delegations'))).length > 0;
    return id !== undefined && !taken && networks.some((network) => sameId(network, networkOf(id))) ? [id] : [];
  });
}

/** How far the private way from the nodes' networks to a registry is: an endpoint, and a zone in which its name is found. */
export function privateWay(facts: Facts, registry: PulledRegistry): 'there' | 'not-there' | 'not-known' {
  const link = knownValue(facts, 'registryPrivateLink');
  if (link === undefined) return 'not-known';
  const approved = approvedEndpoints(registry);
  const networks = nodeNetworks(facts);
  const seen = link.zones.filter((zone) => networks.every((network) => zone.networks.some((one) => sameId(one, network))));
  const whole = link.endpoints.some(
    ({ id, zones }) => approved.some((one) => sameId(one, id)) && zones.some((zone) => seen.some((one) => sameId(one.id, zone))),
  );
  return whole && networks.length > 0 ? 'there' : 'not-there';
}

/** True when the network is AKS's own, in the node resource group: nothing of one's own belongs there. */
export function hasManagedNetwork(facts: Facts): boolean {
  return nodeNetworks(facts).length === 0;
}

/** Whether the registry also serves AKS's own images to a cluster without egress (`bootstrapProfile`). */
export function isBootstrap(facts: Facts, registry: PulledRegistry): boolean {
  return sameId(text(clusterAt(facts, 'properties.bootstrapProfile.containerRegistryId')) ?? '', registry.id);
}

/** The resource group that private link resources of a network go to: the network's own. */
export function groupOf(network: string, facts: Facts): string {
  const { subscriptionId, resourceGroup } = clusterRef(facts);
  return `/subscriptions/${idPart(network, 'subscriptions') ?? subscriptionId}/resourceGroups/${idPart(network, 'resourceGroups') ?? resourceGroup}`;
}
