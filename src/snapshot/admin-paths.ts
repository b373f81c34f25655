import type { AdminNetwork, AdminPaths, BastionHost, NetworkGateway, NetworkMachine, Unread } from '../model/admin-path-facts.ts';
import type { ArmResource } from '../model/facts.ts';
import { at, isObject, isTrue, type Json, list, path, text, texts } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { nodeGroupId, ownNetworks } from './network.ts';
import { armId, cannotTell, getList, getResource, groupOf, type Reading, subscriptionOf, unknownFrom } from './reading.ts';

/** More networks than a cluster's is peered with; what lies beyond is not looked at. */
const most = 20;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const shortOf = (id: string): string => id.split('/').at(-1) ?? id;
/** The virtual network in an id below it. */
const networkIn = (id: string | undefined): string | undefined => (id === undefined ? undefined : /^.*\/virtualNetworks\/[^/]+/i.exec(id)?.[0]);
const prop = (resource: Json | undefined, dotted: string): Json | undefined => at(resource, ['properties', ...path(dotted)]);

/** What a search gave, and what it could not look at. */
interface Found {
  readonly resources: readonly ArmResource[];
  readonly unread: readonly Unread[];
}

/** A list that may fail without taking the other lists with it. An abort is thrown. */
async function tried(reading: Reading, what: string, read: () => Promise<readonly ArmResource[]>): Promise<Found> {
  try {
    return { resources: await read(), unread: [] };
  } catch (thrown) {
    reading.signal?.throwIfAborted();
    const { reason, permission } = unknownFrom(thrown);
    return { resources: [], unread: [{ what, reason, ...(permission === undefined ? {} : { permission }) }] };
  }
}

const together = (found: readonly Found[]): Found => ({
  resources: found.flatMap(({ resources }) => resources),
  unread: found.flatMap(({ unread }) => unread),
});

/** Bastions and network interfaces of a subscription: neither has to stand in the network's resource group. */
async function inSubscription(reading: Reading, subscription: string): Promise<Found> {
  const listOf = (type: string, words: string) =>
    tried(reading, words, () => getList(reading, `${subscription}/providers/Microsoft.Network/${type}?api-version=${apiVersions.network}`));
  return together(await Promise.all([listOf('bastionHosts', 'Bastions'), listOf('networkInterfaces', 'network interfaces of machines')]));
}

/** Gateways and their connections, which ARM lists by resource group only. */
async function inGroup(reading: Reading, group: string): Promise<Found> {
  const listOf = (type: string, words: string) =>
    tried(reading, words, () => getList(reading, `${group}/providers/Microsoft.Network/${type}?api-version=${apiVersions.network}`));
  return together(await Promise.all([listOf('virtualNetworkGateways', 'gateways'), listOf('connections', 'connections of gateways')]));
}

/** The peered networks that a network's body tells about, each once. */
function peeringsOf(networks: readonly ArmResource[]): readonly AdminNetwork[] {
  const found = networks.flatMap((network) =>
    list(prop(network, 'virtualNetworkPeerings')).flatMap((peering): readonly AdminNetwork[] => {
      const id = armId(prop(peering, 'remoteVirtualNetwork.id'));
      if (id === undefined) return [];
      const connected = text(prop(peering, 'peeringState'))?.toLowerCase() === 'connected';
      return [{ id, kind: 'peered', connected, usesItsGateways: isTrue(prop(peering, 'useRemoteGateways')) }];
    }),
  );
  return [...new Map(found.map((network) => [network.id.toLowerCase(), network])).values()].slice(0, most);
}

const typeOf = (resource: ArmResource): string =>
  (text(resource['type']) ?? /\/providers\/(.+?)\/[^/]+$/.exec(text(resource['id']) ?? '')?.[1] ?? '').toLowerCase();
const ofType = (resources: readonly ArmResource[], type: string): readonly ArmResource[] =>
  resources.filter((resource) => typeOf(resource) === `microsoft.network/${type}`.toLowerCase());
/** Subnets that a resource's addresses are in. */
const subnetsOf = (resource: ArmResource): readonly string[] =>
  list(prop(resource, 'ipConfigurations')).flatMap((configuration) => text(prop(configuration, 'subnet.id')) ?? []);

/** The first of `networks` that a resource stands in. */
function networkAround(resource: ArmResource, networks: readonly AdminNetwork[]): string | undefined {
  const ids = [...subnetsOf(resource), text(prop(resource, 'virtualNetwork.id'))].flatMap((id) => networkIn(id) ?? []);
  return networks.find((network) => ids.some((id) => same(id, network.id)))?.id;
}

function bastionsOf(resources: readonly ArmResource[], networks: readonly AdminNetwork[]): readonly BastionHost[] {
  return ofType(resources, 'bastionHosts').flatMap((bastion) => {
    const id = text(bastion['id']);
    const networkId = networkAround(bastion, networks);
    if (id === undefined || networkId === undefined) return [];
    return [{ id, networkId, sku: text(at(bastion, path('sku.name'))) ?? '', tunneling: isTrue(prop(bastion, 'enableTunneling')) }];
  });
}

/** Gateways by their own bodies; and those that a GatewaySubnet names but nobody listed, because they stand in another resource group. */
function gatewaysOf(resources: readonly ArmResource[], bodies: readonly ArmResource[], networks: readonly AdminNetwork[]): readonly NetworkGateway[] {
  const connections = ofType(resources, 'connections');
  const read = ofType(resources, 'virtualNetworkGateways').flatMap((gateway): readonly NetworkGateway[] => {
    const id = text(gateway['id']);
    const networkId = networkAround(gateway, networks);
    const type = text(prop(gateway, 'gatewayType'))?.toLowerCase();
    if (id === undefined || networkId === undefined) return [];
    return [
      {
        id,
        networkId,
        ...(type === 'vpn' ? { type: 'Vpn' as const } : type === 'expressroute' ? { type: 'ExpressRoute' as const } : {}),
        clients: texts(prop(gateway, 'vpnClientConfiguration.vpnClientAddressPool.addressPrefixes')).length > 0,
        connections: connections.filter((one) => same(text(prop(one, 'virtualNetworkGateway1.id')) ?? '', id)).length,
      },
    ];
  });
  const named = bodies.flatMap((network) =>
    list(prop(network, 'subnets'))
      .flatMap((subnet) => list(prop(subnet, 'ipConfigurations')))
      .flatMap((configuration): readonly NetworkGateway[] => {
        const id = /^.*\/virtualNetworkGateways\/[^/]+/i.exec(text(at(configuration, ['id'])) ?? '')?.[0];
        return id === undefined ? [] : [{ id, networkId: text(network['id']) ?? '', clients: false, connections: 0 }];
      }),
  );
  // The last one counts: what was read knows more than what was only named.
  return [...new Map([...named, ...read].map((gateway) => [gateway.id.toLowerCase(), gateway])).values()];
}

/** Machines with an interface in the networks. Nodes of scale sets have none of their own; others stand in the node resource group. */
function machinesOf(resources: readonly ArmResource[], networks: readonly AdminNetwork[], nodeGroup: string | undefined): readonly NetworkMachine[] {
  const isNode = (id: string): boolean => nodeGroup !== undefined && id.toLowerCase().startsWith(`${nodeGroup.toLowerCase()}/`);
  return ofType(resources, 'networkInterfaces').flatMap((card) => {
    const id = text(prop(card, 'virtualMachine.id'));
    const networkId = networkAround(card, networks);
    if (id === undefined || networkId === undefined || isNode(id)) return [];
    const publicAddress = list(prop(card, 'ipConfigurations')).some((one) => isObject(prop(one, 'publicIPAddress')));
    return [{ id, networkId, publicAddress }];
  });
}

/** A network's body: from the list of its subscription, which is asked for before anybody knows which networks matter, else by itself. */
type Network = (id: string) => Promise<ArmResource>;

function networksFrom(reading: Reading): Network {
  const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.Network/virtualNetworks?api-version=${apiVersions.network}`;
  const listed = tried(reading, 'networks', () => getList(reading, url));
  // An abort is caught where the list is used; it may not be.
  listed.catch(() => undefined);
  return async (id) => {
    // A list that may not be read takes nothing away: each network is asked for by itself then.
    const known = same(subscriptionOf(id), subscriptionOf(reading.clusterId)) ? (await listed).resources : [];
    return known.find((network) => same(text(network['id']) ?? '', id)) ?? getResource(reading, `${id}?api-version=${apiVersions.network}`);
  };
}

/** The cluster's own networks as bodies: by the pools' subnets, or what AKS made in the node resource group. */
async function ownBodies(reading: Reading, cluster: ArmResource, network: Network): Promise<readonly ArmResource[]> {
  const ids = ownNetworks(cluster);
  if (ids.length > 0) return Promise.all(ids.map(network));
  const group = nodeGroupId(cluster, reading.clusterId) ?? cannotTell('the cluster does not name its node resource group');
  return getList(reading, `${group}/providers/Microsoft.Network/virtualNetworks?api-version=${apiVersions.network}`);
}

/** Lists that several networks share, each asked for once and as soon as it is known to be needed. */
function searches(reading: Reading) {
  const started = new Map<string, Promise<Found>>();
  const start = (key: string, search: () => Promise<Found>): void => {
    if (started.has(key.toLowerCase())) return;
    const found = search();
    // It is awaited at the end; until then a failure elsewhere must not leave it without anybody to catch it.
    found.catch(() => undefined);
    started.set(key.toLowerCase(), found);
  };
  return {
    inSubscriptionOf: (id: string): void => start(subscriptionOf(id), () => inSubscription(reading, subscriptionOf(id))),
    around: (id: string): void => {
      start(subscriptionOf(id), () => inSubscription(reading, subscriptionOf(id)));
      start(groupOf(id), () => inGroup(reading, groupOf(id)));
    },
    all: async (): Promise<Found> => together(await Promise.all(started.values())),
  };
}

/**
 * What people could come in by. What the subscription lists is asked at once, its networks among it, so that two requests in a row tell
 * everything; a third is needed where the cluster's network stands in another subscription, or the networks may not be listed.
 * A network or list that cannot be read is named in `unread`; the cluster's own network must be readable.
 */
export async function readAdminPaths(reading: Reading): Promise<AdminPaths> {
  const search = searches(reading);
  search.inSubscriptionOf(reading.clusterId);
  const network = networksFrom(reading);
  const cluster = await reading.cluster;
  const nodeGroup = nodeGroupId(cluster, reading.clusterId);
  const ownIds = ownNetworks(cluster);
  // Known from the cluster's body already: these lists need not wait for the network.
  for (const id of ownIds.length > 0 ? ownIds : nodeGroup === undefined ? [] : [nodeGroup]) search.around(id);
  const own = await ownBodies(reading, cluster, network);
  const peered = peeringsOf(own);
  const near = peered.filter(({ connected }) => connected);
  for (const { id } of near) search.around(id);
  const beside = together(await Promise.all(near.map(({ id }) => tried(reading, `network ${shortOf(id)}`, async () => [await network(id)]))));
  const around = await search.all();
  const networks: readonly AdminNetwork[] = [
    ...own.flatMap((network) => {
      const id = armId(network['id']);
      return id === undefined ? [] : [{ id, kind: 'own' as const, connected: true, usesItsGateways: true }];
    }),
    ...peered,
  ];
  return {
    networks,
    bastions: bastionsOf(around.resources, networks),
    gateways: gatewaysOf(around.resources, [...own, ...beside.resources], networks),
    machines: machinesOf(around.resources, networks, nodeGroup),
    unread: [...beside.unread, ...around.unread],
  };
}
