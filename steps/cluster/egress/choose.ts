import { clusterAt, clusterRef, type Facts } from '../../../src/model/facts.ts';
import { isTrue, text } from '../../../src/model/json.ts';
import { poolsWhere, windowsPools } from '../../shared/pool-sizes.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { exposure } from '../api-server-exposure/state.ts';
import { minorVersion, network } from '../network-policy/state.ts';
import { fence } from './addresses.ts';
import { canBecome, type OutboundType } from './matrix.ts';
import { isFiltered, isRouted, subnetPaths } from './paths.ts';
import { wayOut } from './state.ts';

export const optionIds = ['static-ip', 'nat-gateway', 'firewall', 'network-isolated', 'static-egress-gateway'] as const;
export type OptionId = (typeof optionIds)[number];

/** The outbound type that an option leads to; undefined where it changes none. */
export function targetOf(facts: Facts, id: OptionId): OutboundType | undefined {
  switch (id) {
    case 'nat-gateway':
      return wayOut(facts).subnets.length > 0 ? 'userassignednatgateway' : 'managednatgateway';
    case 'firewall':
      return 'userdefinedrouting';
    case 'network-isolated':
      return 'none';
    case 'static-ip':
    case 'static-egress-gateway':
      return undefined;
    default:
      return id satisfies never;
  }
}

/** Whether the subnets' routes lead where AKS wants them for user-defined routing; undefined where they could not be read. */
export function routesReady(facts: Facts): boolean | undefined {
  const found = subnetPaths(facts);
  return found.state === 'unknown' ? undefined : found.value.length > 0 && found.value.every(isRouted);
}

/** Whether an option is in place: nothing of it is left to do. */
export function isInPlace(facts: Facts, id: OptionId): boolean {
  const { type, ownAddresses, isCached, hasStaticGateway } = wayOut(facts);
  switch (id) {
    case 'static-ip':
      return type === 'loadbalancer' && ownAddresses.length > 0;
    case 'nat-gateway':
      return type === 'managednatgateway' || type === 'managednatgatewayv2' || type === 'userassignednatgateway';
    case 'firewall': {
      const paths = subnetPaths(facts);
      const ready = paths.state === 'known' && paths.value.length > 0 && paths.value.every(isFiltered);
      return ready && (type === 'userdefinedrouting' || type === 'none');
    }
    case 'network-isolated':
      return isCached && (type === 'none' || type === 'block');
    case 'static-egress-gateway':
      return hasStaticGateway;
    default:
      return id satisfies never;
  }
}

/** Why nothing about the way out can be decided yet. */
function common(facts: Facts): string | undefined {
  const { isKnown, isBasic, type, said } = wayOut(facts);
  if (!isKnown) return 'The facts do not say how traffic leaves the cluster.';
  if (isBasic) return 'The cluster has a Basic load balancer, which allows no other way out: decide cluster.load-balancer first.';
  return type === undefined ? `Outbound type "${listed([said])}" is not known to this program.` : undefined;
}

/** Outbound types are a matter of scale sets (AKS docs: egress-outboundtype, limitations). */
function availabilitySets(facts: Facts): string | undefined {
  const sets = poolsWhere(facts, (pool) => text(pool['type'])?.toLowerCase() === 'availabilityset');
  return sets.length > 0 ? `Pool ${listed(sets)} is an availability set: another outbound type needs scale sets.` : undefined;
}

function transition(facts: Facts, to: OutboundType): string | undefined {
  const { type, subnets, said } = wayOut(facts);
  const isOwn = subnets.length > 0;
  if (type === undefined || type === to || canBecome(type, to, isOwn)) return undefined;
  if (!isOwn && to === 'userdefinedrouting') {
    return 'AKS made this network, and only a network of your own can have routes of your own for everything: that takes a new cluster in such a network.';
  }
  return `AKS lists no way from outbound type ${listed([said])} to this one in ${isOwn ? 'a network of your own' : 'a network that AKS made'}.`;
}

function natRefusal(facts: Facts): string | undefined {
  const { subnets } = wayOut(facts);
  if (subnets.length === 0) {
    return fence(facts).stands
      ? 'Authorized ranges are in force, and AKS makes the gateway’s address in the very moment that traffic moves to it: it cannot be let in beforehand, and nodes would be cut off.'
      : undefined;
  }
  const networks = new Set(subnets.map((id) => id.toLowerCase().split('/subnets/')[0]));
  if (networks.size > 1)
    return `The nodes are in ${networks.size} virtual networks; one NAT gateway serves one. Make one for each, put them on the subnets, and choose again.`;
  const paths = subnetPaths(facts);
  if (paths.state === 'unknown') return `How traffic leaves the subnets could not be read: ${listed([paths.reason])}.`;
  const routed = paths.value.filter(isRouted);
  return routed.length > 0
    ? `Subnet ${listed(routed.map(({ id }) => shortName(id)))} has a default route of its own, which goes before a NAT gateway.`
    : undefined;
}

function firewallRefusal(facts: Facts): string | undefined {
  if (network(facts).plugin === 'kubenet' && text(clusterAt(facts, 'identity.type'))?.toLowerCase() === 'systemassigned') {
    return 'With kubenet, user-defined routing needs a user-assigned identity (AKS docs: limit-egress-traffic): decide identity.cluster-identity first.';
  }
  if (fence(facts).stands && fence(facts).onlyBalancer) {
    return 'The authorized ranges are 0.0.0.0/32, which means the load balancer’s address and no other: name real ranges first (cluster.api-server-exposure).';
  }
  const paths = subnetPaths(facts);
  return paths.state === 'unknown' ? `How traffic leaves the subnets could not be read: ${listed([paths.reason])}.` : undefined;
}

/** What a network isolated cluster cannot have (AKS docs: concepts-network-isolated, network-isolated). */
function isolationRefusal(facts: Facts): string | undefined {
  const { isPrivate, isIntegrated } = exposure(facts);
  if (!isPrivate && !isIntegrated) return 'The API server is public: nodes must reach it inside the network first (cluster.api-server-exposure).';
  if (network(facts).plugin === 'kubenet') return 'It is not supported with kubenet: decide cluster.network-policy first.';
  const windows = windowsPools(facts);
  if (windows.length > 0) return `It is not supported with Windows pools, and ${listed(windows)} is one.`;
  const minor = minorVersion(facts);
  if (minor !== undefined && minor < 30) return `It needs Kubernetes 1.30; this cluster runs 1.${minor}.`;
  const channel = text(clusterAt(facts, 'properties.autoUpgradeProfile.nodeOSUpgradeChannel'))?.toLowerCase() ?? '';
  if (channel !== '' && channel !== 'nodeimage' && channel !== 'none') {
    return `Nodes patch themselves over the internet (channel ${listed([channel])}): decide NodeImage in cluster.node-os-updates first.`;
  }
  return undefined;
}

function gatewayRefusal(facts: Facts): string | undefined {
  const families = clusterAt(facts, 'properties.networkProfile.ipFamilies');
  if (Array.isArray(families) && families.length > 1) return 'It is not supported in dual-stack clusters.';
  const podSubnets = poolsWhere(facts, (pool) => text(pool['podSubnetID']) !== undefined);
  return podSubnets.length > 0 ? `It is not supported with pods in a subnet of their own, as in pool ${listed(podSubnets)}.` : undefined;
}

/** Why an option cannot be had here; undefined when it can, or is in place. */
export function refusal(facts: Facts, id: OptionId): string | undefined {
  const first = common(facts);
  if (first !== undefined) return first;
  if (isInPlace(facts, id)) return undefined;
  const to = targetOf(facts, id);
  const blocked = to === undefined ? undefined : (availabilitySets(facts) ?? transition(facts, to));
  if (blocked !== undefined) return blocked;
  switch (id) {
    case 'static-ip':
      return wayOut(facts).type === 'loadbalancer' ? undefined : `Traffic does not leave by the load balancer (outbound type ${listed([wayOut(facts).said])}).`;
    case 'nat-gateway':
      return natRefusal(facts);
    case 'firewall':
      return firewallRefusal(facts);
    case 'network-isolated':
      return isolationRefusal(facts);
    case 'static-egress-gateway':
      return gatewayRefusal(facts);
    default:
      return id satisfies never;
  }
}

/** Add-ons that send something out of the network and have to be given a private way first. */
export function talkative(facts: Facts): readonly string[] {
  const on = (place: string): boolean => isTrue(clusterAt(facts, place));
  const known: readonly (readonly [string, boolean])[] = [
    ['Container Insights', on('properties.addonProfiles.omsagent.enabled')],
    ['Defender', on('properties.securityProfile.defender.securityMonitoring.enabled')],
    ['Azure Policy', on('properties.addonProfiles.azurepolicy.enabled')],
    ['managed Prometheus', on('properties.azureMonitorProfile.metrics.enabled')],
    ['Key Vault secrets', on('properties.addonProfiles.azureKeyvaultSecretsProvider.enabled')],
  ];
  return known.flatMap(([name, isOn]) => (isOn ? [name] : []));
}

/** Which option to lean towards, and why. */
export function recommendation(facts: Facts): readonly [OptionId, string] | undefined {
  const can = (id: OptionId): boolean => refusal(facts, id) === undefined;
  const standing = (['firewall', 'network-isolated', 'nat-gateway', 'static-ip'] as const).find((id) => can(id) && isInPlace(facts, id));
  if (standing !== undefined) return [standing, 'It is in place.'];
  if (can('firewall') && routesReady(facts) === true)
    return ['firewall', 'The subnets’ routes lead to a firewall already: what is left is to close the other way out beside it.'];
  if (can('static-ip')) {
    return [
      'static-ip',
      `It fixes the outgoing address${wayOut(facts).managedCount > 1 ? 'es' : ''} in minutes and touches no node of ${clusterRef(facts).name === '' ? 'the cluster' : listed([clusterRef(facts).name])}. A firewall can follow when somebody is there to run it.`,
    ];
  }
  return undefined;
}
