import type { AdminPaths, BastionHost, NetworkGateway } from '../../../src/model/admin-path-facts.ts';
import { clusterAt, type Facts, fact, isAutomatic, knownValue } from '../../../src/model/facts.ts';
import { isTrue, text } from '../../../src/model/json.ts';
import { sameId, shortName } from '../../shared/texts.ts';

export const STEP = 'cluster.admin-access';
export const RUN_COMMAND = 'properties.apiServerAccessProfile.disableRunCommand';

/** Something that people could come in by, and what keeps it from being a way to the API server today. */
export interface Way {
  readonly kind: 'bastion' | 'gateway' | 'machine';
  readonly id: string;
  readonly name: string;
  /** The network it stands in, by its short name. */
  readonly network: string;
  /** In a few words: `Standard, tunnels on`. */
  readonly shape: string;
  /** Undefined for a way that leads to the API server. */
  readonly fault?: string;
}

export const isPrivate = (facts: Facts): boolean => isTrue(clusterAt(facts, 'properties.apiServerAccessProfile.enablePrivateCluster'));
export const runCommandAllowed = (facts: Facts): boolean => !isTrue(clusterAt(facts, RUN_COMMAND));

export const isLockedDown = (facts: Facts): boolean =>
  text(clusterAt(facts, 'properties.nodeResourceGroupProfile.restrictionLevel'))?.toLowerCase() === 'readonly';

/** Why no Bastion tunnel leads to this cluster, whatever the Bastion (AKS docs: private-cluster-connect, limitations). */
export function bastionRefusal(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return 'The tunnel of Azure Bastion is not supported for AKS Automatic.';
  return isLockedDown(facts) ? 'The tunnel of Azure Bastion is not supported for clusters whose node resource group is locked down.' : undefined;
}

function networkFault({ networks }: AdminPaths, networkId: string, gateway: boolean): string | undefined {
  const network = networks.find(({ id }) => sameId(id, networkId));
  if (network === undefined || network.kind === 'own') return undefined;
  if (!network.connected) return `the peering with ${shortName(networkId)} is not connected`;
  return gateway && !network.usesItsGateways ? `the cluster's network does not use the gateways of ${shortName(networkId)}` : undefined;
}

function bastionFault(facts: Facts, paths: AdminPaths, host: BastionHost): string | undefined {
  const apart = networkFault(paths, host.networkId, false);
  if (apart !== undefined) return apart;
  if (bastionRefusal(facts) !== undefined)
    return isAutomatic(facts) ? 'no tunnel to AKS Automatic' : 'no tunnel to a cluster with a locked node resource group';
  if (!['standard', 'premium'].includes(host.sku.toLowerCase())) return `tier ${host.sku || '?'} has no tunnel`;
  return host.tunneling ? undefined : 'native client support is off';
}

/** A gateway that nobody can come in by, as far as can be seen: connections may stand in a resource group that was not looked at. */
function gatewayFault(paths: AdminPaths, gateway: NetworkGateway): string | undefined {
  const apart = networkFault(paths, gateway.networkId, true);
  if (apart !== undefined) return apart;
  if (gateway.type === undefined) return 'it could not be read';
  return gateway.clients || gateway.connections > 0 ? undefined : 'no address pool for people and no connection was seen';
}

const gatewayShape = ({ type, clients, connections }: NetworkGateway): string =>
  [type === 'Vpn' ? 'VPN' : (type ?? 'not read'), ...(clients ? ['people dial in'] : []), ...(connections > 0 ? [`connections: ${connections}`] : [])].join(
    ', ',
  );

/** Every way that was seen around the cluster; none where nothing could be read. */
export function waysIn(facts: Facts): readonly Way[] {
  const paths = knownValue(facts, 'adminPaths');
  if (paths === undefined) return [];
  const way = (kind: Way['kind'], id: string, networkId: string, shape: string, fault: string | undefined): Way => ({
    kind,
    id,
    name: shortName(id),
    network: shortName(networkId),
    shape,
    ...(fault === undefined ? {} : { fault }),
  });
  return [
    ...paths.bastions.map((host) =>
      way('bastion', host.id, host.networkId, `${host.sku || '?'}, tunnels ${host.tunneling ? 'on' : 'off'}`, bastionFault(facts, paths, host)),
    ),
    ...paths.gateways.map((gateway) => way('gateway', gateway.id, gateway.networkId, gatewayShape(gateway), gatewayFault(paths, gateway))),
    ...paths.machines
      .filter(({ networkId }) => networkFault(paths, networkId, false) === undefined)
      .map((machine) =>
        way(
          'machine',
          machine.id,
          machine.networkId,
          machine.publicAddress ? 'a machine with a public address' : 'a machine',
          'whether people get in by it is not to be seen',
        ),
      ),
  ];
}

/** The first way of a kind that leads in. */
export function openWay(facts: Facts, kind: Way['kind']): Way | undefined {
  return waysIn(facts).find((way) => way.kind === kind && way.fault === undefined);
}

/** The private API server answered from here: whichever way that took, it is proven. */
export function isProven(facts: Facts): boolean {
  const probe = fact(facts, 'apiServerReachability');
  return isPrivate(facts) && probe.state === 'known' && probe.value.reachable;
}

/** What could not be looked at, for a sentence; undefined when everything was. */
export function notSeen(facts: Facts): string | undefined {
  const found = fact(facts, 'adminPaths');
  if (found.state === 'unknown') return `what stands around the cluster's network could not be read: ${found.reason}`;
  const [first, ...rest] = found.value.unread;
  if (first === undefined) return undefined;
  return `${first.what} could not be read: ${first.reason}${rest.length > 0 ? ` (and ${rest.length} more)` : ''}`;
}
