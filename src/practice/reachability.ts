import ipaddr from 'ipaddr.js';
import type { ArmResource, Reachability } from '../model/facts.ts';
import { at, list, path, text } from '../model/json.ts';
import { defaultRoute, firewallAt, firewallSources, idsOf, networkOf } from '../model/way-out.ts';
import { resourceOf, resourcesOf, type World } from './world.ts';

/** How long new ranges take to hold: up to two minutes (AKS docs: api-server-authorized-ip-ranges). */
const PROPAGATION_MS = 90_000;
/** How long nodes stay Ready without the API server: the node monitor's grace period and its pause, rounded up. */
const GRACE_MS = 240_000;

const get = (cluster: ArmResource, dotted: string) => at(cluster, path(`properties.${dotted}`));
const keyOfCluster = (cluster: ArmResource): string => (text(cluster['id']) ?? '').toLowerCase();

/** The ranges that hold now, and since when. */
function rangesInForce(world: World, cluster: ArmResource): { readonly ranges: readonly string[]; readonly since: number } {
  const history = world.state.ranges[keyOfCluster(cluster)] ?? [];
  const now = world.clock.now();
  const last = history.filter((change) => change.at + PROPAGATION_MS <= now).at(-1);
  return last === undefined ? { ranges: [], since: 0 } : { ranges: last.ranges, since: last.at };
}

/** True when an address lies in one of the ranges. */
export function covers(ranges: readonly string[], address: string): boolean {
  const wanted = ipaddr.parse(address);
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range.includes('/') ? range : `${range}/32`);
    return network.kind() === wanted.kind() && wanted.match(network, bits);
  });
}

const addressOf = (world: World, id: string): string | undefined => text(at(resourceOf(world, id), ['properties', 'ipAddress']));

/** Addresses of the firewall that a subnet's default route leads to; none where it has no such route. */
function routed(world: World, subnetId: string): readonly string[] {
  const table = resourceOf(world, text(at(resourceOf(world, subnetId), path('properties.routeTable.id'))) ?? '');
  const hop = table && defaultRoute(table)?.address;
  const firewall = hop === undefined ? undefined : firewallAt(resourcesOf(world, '', 'Microsoft.Network/azureFirewalls'), hop, networkOf(subnetId));
  return firewall === undefined ? [] : firewallSources(firewall).ids.flatMap((id) => addressOf(world, id) ?? []);
}

/** Addresses of the NAT gateway on a subnet: it goes before the load balancer. */
function translated(world: World, subnetId: string): readonly string[] {
  const gateway = resourceOf(world, text(at(resourceOf(world, subnetId), path('properties.natGateway.id'))) ?? '');
  return idsOf(at(gateway, path('properties.publicIpAddresses'))).flatMap((id) => addressOf(world, id) ?? []);
}

/** Addresses the nodes leave from, as far as the world knows them: by route, by NAT gateway, by what the cluster says, in this order. */
export function egressAddresses(world: World, cluster: ArmResource): readonly string[] {
  const profiles = ['networkProfile.loadBalancerProfile.effectiveOutboundIPs', 'networkProfile.natGatewayProfile.effectiveOutboundIPs'];
  const own = profiles.flatMap((dotted) => idsOf(get(cluster, dotted))).flatMap((id) => addressOf(world, id) ?? []);
  const subnets = list(get(cluster, 'agentPoolProfiles')).flatMap((pool) => text(at(pool, ['vnetSubnetID'])) ?? []);
  if (subnets.length === 0) return own;
  const found = subnets.flatMap((subnet) => [routed(world, subnet), translated(world, subnet), own].find((addresses) => addresses.length > 0) ?? []);
  return [...new Set(found)];
}

/** Whether the nodes reach the API server. They stay Ready for a few minutes after they were cut off. */
export function nodesAreReady(world: World, cluster: ArmResource): boolean {
  if (get(cluster, 'apiServerAccessProfile.enablePrivateCluster') === true || get(cluster, 'apiServerAccessProfile.enableVnetIntegration') === true)
    return true;
  const { ranges, since } = rangesInForce(world, cluster);
  // `0.0.0.0/32` stands for the load balancer's own outbound address (AKS docs: api-server-authorized-ip-ranges).
  if (ranges.length === 0 || ranges.includes('0.0.0.0/32') || world.clock.now() - since < GRACE_MS) return true;
  return egressAddresses(world, cluster).every((address) => covers(ranges, address));
}

/** An API server's certificate lasts two years (AKS docs: certificate-rotation). */
const CERTIFICATE_MS = 2 * 365 * 86_400_000;

function reachable(world: World, cluster: ArmResource, detail: string): Reachability {
  const issuedAt = world.state.certificates[keyOfCluster(cluster)]?.issuedAt;
  if (issuedAt === undefined) return { reachable: true, detail };
  const iso = (ms: number) => new Date(ms).toISOString();
  return { reachable: true, detail, certificate: { notBefore: iso(issuedAt), notAfter: iso(issuedAt + CERTIFICATE_MS) } };
}

const unreachable = (detail: string): Reachability => ({ reachable: false, detail });

/** Whether the operator's machine reaches a cluster's API server now, and how that shows. */
export function apiServerReachability(world: World, cluster: ArmResource): Reachability {
  const host = text(get(cluster, 'fqdn')) ?? '';
  if (text(get(cluster, 'powerState.code')) === 'Stopped') return unreachable(`dial tcp: lookup ${host}: no such host`);
  if (text(get(cluster, 'provisioningState')) === 'Certificate Rotating') return unreachable(`Get "https://${host}:443/readyz": connection refused`);
  if (get(cluster, 'apiServerAccessProfile.enablePrivateCluster') === true) {
    if (world.state.settings.privatePath) return reachable(world, cluster, 'readyz answered over the private address');
    return unreachable(`dial tcp 10.224.0.4:443: i/o timeout (${text(get(cluster, 'privateFQDN')) ?? host} is a private address)`);
  }
  const address = world.state.settings.operator.address;
  const { ranges } = rangesInForce(world, cluster);
  if (ranges.length > 0 && (address === undefined || !covers(ranges, address))) return unreachable(`dial tcp ${host}:443: i/o timeout`);
  return reachable(world, cluster, 'readyz answered');
}

/** The probe of the practice world: the cluster is found by its public or private name. */
export function probe(world: World, host: string): Reachability {
  const name = host
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[:/].*$/, '');
  const clusters = resourcesOf(world, `/subscriptions/${world.state.subscriptionId}`, 'Microsoft.ContainerService/managedClusters');
  const cluster = clusters.find((one) => [get(one, 'fqdn'), get(one, 'privateFQDN')].some((known) => text(known)?.toLowerCase() === name));
  return cluster === undefined ? unreachable(`dial tcp: lookup ${name}: no such host`) : apiServerReachability(world, cluster);
}
