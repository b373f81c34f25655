import type { ArmResource } from '../model/facts.ts';
import { at, list, path } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { nodeGroupId } from './network.ts';
import { armId, cannotTell, getList, type Reading, subscriptionOf } from './reading.ts';

/** Kinds of network resources that are listed by subscription. */
export type NetworkKind = 'natGateways' | 'routeTables' | 'azureFirewalls' | 'publicIPAddresses' | 'publicIPPrefixes';

/** Ids of the subnets that the nodes are in; none where AKS made the network. */
export function nodeSubnetIds(cluster: ArmResource): readonly string[] {
  const ids = list(at(cluster, path('properties.agentPoolProfiles'))).flatMap((pool) => armId(at(pool, ['vnetSubnetID'])) ?? []);
  return [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()];
}

/**
 * Resources of a kind in the cluster's subscription, and in its subnets' subscription where that is another. The first list is asked for at
 * once, the other when the cluster has told its subnets: two rounds.
 */
export async function listAround(reading: Reading, kind: NetworkKind): Promise<readonly ArmResource[]> {
  const home = subscriptionOf(reading.clusterId);
  const listIn = (subscription: string) => getList(reading, `${subscription}/providers/Microsoft.Network/${kind}?api-version=${apiVersions.network}`);
  const elsewhere = reading.cluster.then((cluster) => {
    const others = nodeSubnetIds(cluster).map(subscriptionOf);
    const away = others.filter((other, i) => other.toLowerCase() !== home.toLowerCase() && others.indexOf(other) === i);
    return Promise.all(away.map(listIn));
  });
  const [own, others] = await Promise.all([listIn(home), elsewhere]);
  return [...own, ...others.flat()];
}

/** Public addresses and prefixes, side by side. */
export async function readPublicAddresses(reading: Reading): Promise<readonly ArmResource[]> {
  const both = await Promise.all([listAround(reading, 'publicIPAddresses'), listAround(reading, 'publicIPPrefixes')]);
  return both.flat();
}

/** Load balancers in the node resource group. */
export async function readNodeLoadBalancers(reading: Reading): Promise<readonly ArmResource[]> {
  const group = nodeGroupId(await reading.cluster, reading.clusterId) ?? cannotTell('the cluster does not name its node resource group');
  return getList(reading, `${group}/providers/Microsoft.Network/loadBalancers?api-version=${apiVersions.network}`);
}
