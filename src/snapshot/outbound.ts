import type { ArmResource, OutboundAddress } from '../model/facts.ts';
import { at, type Json, list, path, text } from '../model/json.ts';
import { byId, defaultRoute, firewallAt, firewallSources, idsOf, networkOf } from '../model/way-out.ts';
import { apiVersions } from './api-versions.ts';
import { listAround, nodeSubnetIds, readPublicAddresses } from './around-network.ts';
import { armId, cannotTell, getResource, type Reading } from './reading.ts';

/** The address or prefix of a publicIPAddresses or publicIPPrefixes resource as CIDR. */
function cidrOf(resource: ArmResource): string {
  const address = text(at(resource, path('properties.ipAddress')));
  if (address !== undefined) return asCidr(address);
  return text(at(resource, path('properties.ipPrefix'))) ?? cannotTell(`the public IP ${text(resource['name']) ?? ''} has no address yet`);
}

const idsIn = (value: Json | undefined): readonly string[] => list(value).flatMap((entry) => armId(at(entry, ['id'])) ?? []);

async function readAll(reading: Reading, ids: readonly string[]): Promise<readonly OutboundAddress[]> {
  return Promise.all(
    ids.map(async (resourceId) => ({ resourceId, cidr: cidrOf(await getResource(reading, `${resourceId}?api-version=${apiVersions.network}`)) })),
  );
}

const asCidr = (address: string): string => (address.includes(':') ? `${address}/128` : `${address}/32`);

function addressesOf(ids: readonly string[], known: readonly ArmResource[], whose: string): readonly OutboundAddress[] {
  return ids.map((resourceId) => {
    const resource = byId(known, resourceId);
    return resource ? { resourceId, cidr: cidrOf(resource) } : cannotTell(`the ${whose}'s address ${resourceId} cannot be read`);
  });
}

/**
 * Addresses of a NAT gateway that the cluster did not make. The cluster names only its subnet, so gateways and addresses of that subscription
 * are listed side by side and matched here: following subnet, gateway and address one after the other would take three rounds.
 */
async function userNatGateway(reading: Reading, cluster: ArmResource): Promise<readonly OutboundAddress[]> {
  const subnets = new Set(nodeSubnetIds(cluster).map((id) => id.toLowerCase()));
  if (subnets.size === 0) return cannotTell('the cluster does not name the subnet whose NAT gateway it uses');
  const [gateways, known] = await Promise.all([listAround(reading, 'natGateways'), readPublicAddresses(reading)]);
  const ours = gateways.filter((gateway) => idsOf(at(gateway, path('properties.subnets'))).some((id) => subnets.has(id.toLowerCase())));
  const wanted = ours.flatMap((gateway) => ['publicIpAddresses', 'publicIpPrefixes'].flatMap((key) => idsOf(at(gateway, ['properties', key]))));
  if (wanted.length === 0) return cannotTell("no NAT gateway with a public address was found on the cluster's subnet");
  return addressesOf(wanted, known, 'NAT gateway');
}

const namedByHand = 'traffic leaves through a user-defined route: name the public address of the firewall or appliance behind it';

/**
 * Addresses of the Azure firewall that the subnets' default routes lead to. Other appliances do not tell theirs. `otherwise` is what no
 * route at all comes to.
 */
async function routed(reading: Reading, cluster: ArmResource, otherwise: () => readonly OutboundAddress[]): Promise<readonly OutboundAddress[]> {
  const subnets = nodeSubnetIds(cluster);
  if (subnets.length === 0) return otherwise();
  const [tables, firewalls, known] = await Promise.all([
    listAround(reading, 'routeTables'),
    listAround(reading, 'azureFirewalls'),
    readPublicAddresses(reading),
  ]);
  const tableOf = (subnet: string) => tables.find((one) => idsOf(at(one, path('properties.subnets'))).some((id) => id.toLowerCase() === subnet.toLowerCase()));
  const hops = subnets.map((subnet) => ({ subnet, route: defaultRoute(tableOf(subnet) ?? {}) }));
  if (hops.every(({ route }) => route === undefined)) return otherwise();
  const found = hops.map(
    ({ subnet, route }) => (route?.address === undefined ? undefined : firewallAt(firewalls, route.address, networkOf(subnet))) ?? cannotTell(namedByHand),
  );
  const sources = [...new Set(found)].map((firewall) => ({ firewall, ...firewallSources(firewall) }));
  const addresses = sources.flatMap(({ firewall, ids, addresses: own }) => [
    ...addressesOf(ids, known, 'firewall'),
    ...own.map((address) => ({ resourceId: text(firewall['id']) ?? '', cidr: asCidr(address) })),
  ]);
  return addresses.length > 0 ? addresses : cannotTell(namedByHand);
}

/**
 * The addresses that the cluster's traffic leaves from, by its outbound type (AKS docs: egress-outboundtype). Unknown where something else
 * than the cluster decides: a firewall behind user-defined routes, a Basic load balancer.
 */
export async function readOutboundAddresses(reading: Reading): Promise<readonly OutboundAddress[]> {
  const cluster = await reading.cluster;
  const network = at(cluster, path('properties.networkProfile'));
  const type = text(at(network, ['outboundType'])) ?? 'loadBalancer';
  switch (type.toLowerCase()) {
    case 'loadbalancer': {
      const ids = idsIn(at(network, path('loadBalancerProfile.effectiveOutboundIPs')));
      if (ids.length > 0) return readAll(reading, ids);
      const basic = text(at(network, ['loadBalancerSku']))?.toLowerCase() === 'basic';
      return cannotTell(
        basic
          ? 'a Basic load balancer does not tell which addresses traffic leaves from'
          : 'the cluster does not list the addresses its load balancer sends from',
      );
    }
    case 'managednatgateway':
    case 'managednatgatewayv2': {
      const ids = idsIn(at(network, path('natGatewayProfile.effectiveOutboundIPs')));
      return ids.length > 0 ? readAll(reading, ids) : cannotTell('the cluster does not list the addresses its NAT gateway sends from');
    }
    case 'userassignednatgateway':
      return userNatGateway(reading, cluster);
    case 'userdefinedrouting':
      return routed(reading, cluster, () => cannotTell(namedByHand));
    case 'none':
      return routed(reading, cluster, () => []);
    case 'block':
      return [];
    default:
      return cannotTell(`outbound type ${type} is not known to this program`);
  }
}
