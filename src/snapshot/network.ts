import type { ArmResource } from '../model/facts.ts';
import { at, isObject, list, path, text } from '../model/json.ts';
import { networkOf } from '../model/way-out.ts';
import { apiVersions } from './api-versions.ts';
import { armId, cannotTell, getList, groupOf, type Reading, subscriptionOf } from './reading.ts';

/** The node resource group's id: `properties.nodeResourceGroup` in the cluster's subscription. */
export function nodeGroupId(cluster: ArmResource, clusterId: string): string | undefined {
  const name = text(at(cluster, path('properties.nodeResourceGroup')));
  return name && !/[/?#]/.test(name) ? `${subscriptionOf(clusterId)}/resourceGroups/${name}` : undefined;
}

/** Ids of the virtual networks that the pools' subnets belong to, each once; none where AKS made the network itself. */
export function ownNetworks(cluster: ArmResource): readonly string[] {
  const subnets = list(at(cluster, path('properties.agentPoolProfiles'))).flatMap((pool) => armId(at(pool, ['vnetSubnetID'])) ?? []);
  return [...new Map(subnets.map((id) => [networkOf(id).toLowerCase(), networkOf(id)])).values()];
}

/** Subnets of the virtual network that the nodes are in: the operator's own, or the one AKS made in the node resource group. */
export async function readSubnets(reading: Reading): Promise<readonly ArmResource[]> {
  const cluster = await reading.cluster;
  const networks = ownNetworks(cluster);
  if (networks.length > 0) {
    const found = await Promise.all(networks.map((id) => getList(reading, `${id}/subnets?api-version=${apiVersions.network}`)));
    return found.flat();
  }
  const group = nodeGroupId(cluster, reading.clusterId) ?? (groupOf(reading.clusterId) && cannotTell('the cluster does not name its node resource group'));
  const managed = await getList(reading, `${group}/providers/Microsoft.Network/virtualNetworks?api-version=${apiVersions.network}`);
  return managed.flatMap((network) => list(at(network, path('properties.subnets')))).filter(isObject);
}
