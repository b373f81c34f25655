import type { ArmResource } from '../model/facts.ts';
import { at, type Json, type JsonObject, path, text, withAt } from '../model/json.ts';
import { idsOf } from '../model/way-out.ts';
import { freeAddress } from './network-resources.ts';
import { newId, resourceOf, type World } from './world.ts';

/** A cluster with its way out filled in, addresses that AKS made for it, and those it needs no more. */
export interface Outbound {
  readonly cluster: ArmResource;
  readonly created: readonly ArmResource[];
  readonly removed: readonly string[];
}

const NETWORK = 'properties.networkProfile';
const BALANCER = `${NETWORK}.loadBalancerProfile`;
const GATEWAY = `${NETWORK}.natGatewayProfile`;

const get = (resource: ArmResource, dotted: string): Json | undefined => at(resource, path(dotted));
const set = (resource: ArmResource, dotted: string, value: Json | undefined): ArmResource => {
  if (value === undefined && get(resource, dotted) === undefined) return resource;
  return withAt(resource, path(dotted), value) as JsonObject;
};
const lower = (resource: ArmResource, dotted: string): string => (text(get(resource, dotted)) ?? '').toLowerCase();

/** The node resource group's scope. */
export function nodeGroupScope(cluster: ArmResource): string {
  const subscription = (text(cluster['id']) ?? '').split('/')[2] ?? '';
  return `/subscriptions/${subscription}/resourceGroups/${text(get(cluster, 'properties.nodeResourceGroup')) ?? ''}`;
}

/** Addresses that AKS made: those in the node resource group. */
function managed(cluster: ArmResource): readonly string[] {
  const inside = `${nodeGroupScope(cluster).toLowerCase()}/`;
  const all = [`${BALANCER}.effectiveOutboundIPs`, `${GATEWAY}.effectiveOutboundIPs`].flatMap((dotted) => idsOf(get(cluster, dotted)));
  return all.filter((id) => id.toLowerCase().startsWith(inside));
}

function publicIp(cluster: ArmResource, ipAddress: string): ArmResource {
  const name = newId();
  const id = `${nodeGroupScope(cluster)}/providers/Microsoft.Network/publicIPAddresses/${name}`;
  const properties = { provisioningState: 'Succeeded', ipAddress, publicIPAddressVersion: 'IPv4', publicIPAllocationMethod: 'Static', idleTimeoutInMinutes: 4 };
  return { id, name, type: 'Microsoft.Network/publicIPAddresses', location: cluster['location'], sku: { name: 'Standard', tier: 'Regional' }, properties };
}

/** As many addresses of AKS's own as are wanted: those that stand, and new ones. */
function addresses(
  world: World,
  goal: ArmResource,
  standing: readonly string[],
  wanted: Json | undefined,
): { readonly ids: Json; readonly made: ArmResource[] } {
  const count = typeof wanted === 'number' ? Math.max(1, wanted) : 1;
  const kept = standing.filter((id) => resourceOf(world, id) !== undefined).slice(0, count);
  const made: ArmResource[] = [];
  while (kept.length + made.length < count) made.push(publicIp(goal, freeAddress(world, '20.101.64', made)));
  return { ids: [...kept.map((id) => ({ id })), ...made.map(({ id }) => ({ id }))], made };
}

/** A load balancer that only lets traffic in, as the service shows it (recorded body of a cluster with outbound type none). */
const inboundOnly = (goal: ArmResource): ArmResource =>
  set(
    goal,
    BALANCER,
    get(goal, BALANCER) === undefined ? undefined : { backendPoolType: text(get(goal, `${BALANCER}.backendPoolType`)) ?? 'NodeIPConfiguration' },
  );

function throughBalancer(world: World, goal: ArmResource): Omit<Outbound, 'removed'> {
  const bare = set(goal, GATEWAY, undefined);
  const own = [...idsOf(get(bare, `${BALANCER}.outboundIPs.publicIPs`)), ...idsOf(get(bare, `${BALANCER}.outboundIPPrefixes.publicIPPrefixes`))];
  const pooled = get(bare, `${BALANCER}.backendPoolType`) === undefined ? set(bare, `${BALANCER}.backendPoolType`, 'NodeIPConfiguration') : bare;
  if (own.length > 0) {
    const ids = own.map((id) => ({ id }));
    return { cluster: set(set(pooled, `${BALANCER}.managedOutboundIPs`, undefined), `${BALANCER}.effectiveOutboundIPs`, ids), created: [] };
  }
  const wanted = get(pooled, `${BALANCER}.managedOutboundIPs.count`);
  const standing = idsOf(get(pooled, `${BALANCER}.effectiveOutboundIPs`)).filter((id) => managed(pooled).includes(id));
  const { ids, made } = addresses(world, pooled, standing, wanted);
  const counted = set(pooled, `${BALANCER}.managedOutboundIPs.count`, typeof wanted === 'number' ? Math.max(1, wanted) : 1);
  return { cluster: set(counted, `${BALANCER}.effectiveOutboundIPs`, ids), created: made };
}

function throughManagedGateway(world: World, goal: ArmResource): Omit<Outbound, 'removed'> {
  const wanted = get(goal, `${GATEWAY}.managedOutboundIPProfile.count`);
  const { ids, made } = addresses(world, goal, idsOf(get(goal, `${GATEWAY}.effectiveOutboundIPs`)), wanted);
  const counted = set(inboundOnly(goal), `${GATEWAY}.managedOutboundIPProfile.count`, typeof wanted === 'number' ? wanted : 1);
  const idle = set(counted, `${GATEWAY}.idleTimeoutInMinutes`, get(goal, `${GATEWAY}.idleTimeoutInMinutes`) ?? 4);
  return { cluster: set(idle, `${GATEWAY}.effectiveOutboundIPs`, ids), created: made };
}

function byType(world: World, goal: ArmResource): Omit<Outbound, 'removed'> {
  if (lower(goal, `${NETWORK}.loadBalancerSku`) !== 'standard') return { cluster: goal, created: [] };
  switch (lower(goal, `${NETWORK}.outboundType`) || 'loadbalancer') {
    case 'loadbalancer':
      return throughBalancer(world, goal);
    case 'managednatgateway':
      return throughManagedGateway(world, goal);
    default:
      return { cluster: set(inboundOnly(goal), GATEWAY, undefined), created: [] };
  }
}

/** A private registry of AKS's own where nobody names one (AKS docs: concepts-network-isolated). */
function bootstrap(before: ArmResource, goal: ArmResource): ArmResource {
  const place = 'properties.bootstrapProfile';
  if (lower(goal, `${place}.artifactSource`) !== 'cache') return set(goal, `${place}.containerRegistryId`, undefined);
  if (get(goal, `${place}.containerRegistryId`) !== undefined || get(before, `${place}.containerRegistryId`) !== undefined) return goal;
  const name = `aks${text(get(goal, 'properties.resourceUID')) ?? 'cache'}`.toLowerCase();
  return set(goal, `${place}.containerRegistryId`, `${nodeGroupScope(goal)}/providers/Microsoft.ContainerRegistry/registries/${name}`);
}

/** Fills in how a cluster's traffic leaves. Addresses that AKS made and that nothing leaves by any more are given back. */
export function outbound(world: World, before: ArmResource, goal: ArmResource): Outbound {
  const { cluster, created } = byType(world, bootstrap(before, goal));
  const used = managed(cluster);
  return { cluster, created, removed: managed(before).filter((id) => !used.includes(id)) };
}
