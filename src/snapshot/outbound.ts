import type { ArmResource, OutboundAddress } from '../model/facts.ts';
import { at, type Json, list, path, text } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { armId, cannotTell, getList, getResource, type Reading, subscriptionOf } from './reading.ts';

/** The address or prefix of a publicIPAddresses or publicIPPrefixes resource as CIDR. */
function cidrOf(resource: ArmResource): string {
  const address = text(at(resource, path('properties.ipAddress')));
  if (address !== undefined) return address.includes(':') ? `${address}/128` : `${address}/32`;
  return text(at(resource, path('properties.ipPrefix'))) ?? cannotTell(`the public IP ${text(resource['name']) ?? ''} has no address yet`);
}

const idsIn = (value: Json | undefined): readonly string[] => list(value).flatMap((entry) => armId(at(entry, ['id'])) ?? []);

async function readAll(reading: Reading, ids: readonly string[]): Promise<readonly OutboundAddress[]> {
  return Promise.all(
    ids.map(async (resourceId) => ({ resourceId, cidr: cidrOf(await getResource(reading, `${resourceId}?api-version=${apiVersions.network}`)) })),
  );
}

/**
 * Addresses of a NAT gateway that the cluster did not make. The cluster names only its subnet, so gateways and addresses of that subscription
 * are listed side by side and matched here: following subnet, gateway and address one after the other would take three rounds.
 */
async function userNatGateway(reading: Reading, cluster: ArmResource): Promise<readonly OutboundAddress[]> {
  const subnets = new Set(list(at(cluster, path('properties.agentPoolProfiles'))).flatMap((pool) => armId(at(pool, ['vnetSubnetID']))?.toLowerCase() ?? []));
  const [subnet] = subnets;
  if (subnet === undefined) return cannotTell('the cluster does not name the subnet whose NAT gateway it uses');
  const network = `${subscriptionOf(subnet)}/providers/Microsoft.Network`;
  const [gateways, addresses, prefixes] = await Promise.all(
    ['natGateways', 'publicIPAddresses', 'publicIPPrefixes'].map((kind) => getList(reading, `${network}/${kind}?api-version=${apiVersions.network}`)),
  );
  const ours = (gateways ?? []).filter((gateway) => idsIn(at(gateway, path('properties.subnets'))).some((id) => subnets.has(id.toLowerCase())));
  const wanted = ours.flatMap((gateway) => ['publicIpAddresses', 'publicIpPrefixes'].flatMap((key) => idsIn(at(gateway, ['properties', key]))));
  if (wanted.length === 0) return cannotTell("no NAT gateway with a public address was found on the cluster's subnet");
  const known = [...(addresses ?? []), ...(prefixes ?? [])];
  return wanted.map((resourceId) => {
    const resource = known.find((one) => text(one['id'])?.toLowerCase() === resourceId.toLowerCase());
    return resource ? { resourceId, cidr: cidrOf(resource) } : cannotTell(`the NAT gateway's address ${resourceId} cannot be read`);
  });
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
      return cannotTell('traffic leaves through a user-defined route: name the public address of the firewall or appliance behind it');
    case 'none':
    case 'block':
      return [];
    default:
      return cannotTell(`outbound type ${type} is not known to this program`);
  }
}
