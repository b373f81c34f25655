import { clusterRef, type Facts, fact, idPart, knownValue } from '../../../src/model/facts.ts';
import { type Json, text, texts } from '../../../src/model/json.ts';
import type { Param } from '../../../src/model/step.ts';
import { byId } from '../../../src/model/way-out.ts';
import { normalised, rangeFault } from '../../shared/addresses.ts';
import { isAbac } from '../../shared/registry-access.ts';
import { sameId, shortName } from '../../shared/texts.ts';
import { egress, nodesComeFromOutside } from '../api-server-exposure/state.ts';
import { addressFault, gatewayAddresses, homeGroup, isNetworkId, meant, nameFor, offeredAddresses } from './addresses.ts';
import { subnetPaths } from './paths.ts';
import { wayOut } from './state.ts';

/** A list of texts, also where somebody typed it with commas. */
const entries = (value: Json): readonly string[] =>
  (typeof value === 'string' ? value.split(',') : texts(value)).map((entry) => entry.trim()).filter((entry) => entry !== '');

function addressesFault(value: Json, facts: Facts): string | undefined {
  const ids = entries(value).map((said) => meant(facts, 'publicIPAddresses', said));
  if (ids.length === 0) return 'Name at least one public address: its ARM id, or a new name.';
  if (ids.length > 16) return `${ids.length} addresses are more than the 16 that make sense here: each carries 64,000 connections.`;
  const odd = ids.find((id) => !isNetworkId(id, 'publicIPAddresses'));
  if (odd !== undefined)
    return `"${shortName(odd)}" is neither a name nor the id of a public address (/subscriptions/…/providers/Microsoft.Network/publicIPAddresses/NAME).`;
  if (new Set(ids.map((id) => id.toLowerCase())).size < ids.length) return 'The same address is named twice.';
  return ids.flatMap((id) => addressFault(facts, id) ?? [])[0];
}

function gatewayFault(value: Json, facts: Facts): string | undefined {
  const id = meant(facts, 'natGateways', text(value) ?? '');
  if (!isNetworkId(id, 'natGateways')) return 'Name a NAT gateway: the ARM id of one, or a new name.';
  const there = byId(knownValue(facts, 'natGateways') ?? [], id);
  return there !== undefined && gatewayAddresses(facts, id).length === 0
    ? `${shortName(id)} has no public address of its own (prefixes are not followed here): put it on the subnets by hand, or name another.`
    : undefined;
}

/**
 * The NAT gateway that is offered: the one that serves a subnet of the nodes already, or a new one, in the cluster's group or, where the
 * network is of another subscription, beside the network. Undefined where neither will do.
 */
function offeredGateway(facts: Facts): string | undefined {
  const paths = subnetPaths(facts);
  const standing = paths.state === 'known' ? paths.value.find(({ natGateway }) => natGateway !== undefined)?.natGateway : undefined;
  const subnet = wayOut(facts).subnets[0] ?? '';
  const isAway = subnet !== '' && !sameId(idPart(subnet, 'subscriptions') ?? '', clusterRef(facts).subscriptionId);
  const group = isAway ? (/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(subnet)?.[0] ?? '') : homeGroup(facts);
  const id = standing ?? `${group}/providers/Microsoft.Network/natGateways/${nameFor(facts, 'nat')}`;
  return gatewayFault(id, facts) === undefined ? id : undefined;
}

function registryFault(value: Json, facts: Facts): string | undefined {
  const said = (text(value) ?? '').trim();
  if (said === '') return undefined;
  if (!/^\/subscriptions\/[\w-]+\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[A-Za-z0-9]{5,50}$/i.test(said)) {
    return `"${shortName(said)}" is no registry's ARM id. Leave it empty, and AKS makes and runs one itself.`;
  }
  const found = fact(facts, 'registries');
  const registry = found.state === 'known' ? byId(found.value, said) : undefined;
  const sku = registry?.['sku'];
  const tier = typeof sku === 'object' && sku !== null && 'name' in sku ? text(sku['name']) : undefined;
  if (tier !== undefined && tier.toLowerCase() !== 'premium')
    return `${shortName(said)} is ${tier}: AKS's images need a Premium registry with a private endpoint.`;
  return registry !== undefined && isAbac(registry)
    ? `${shortName(said)} decides by repository: that AKS can pull its own images from such a registry is not documented. Name another.`
    : undefined;
}

/** What the options ask for. */
export const params: readonly Param[] = [
  {
    name: 'outboundIps',
    prompt: 'From which public addresses of yours shall traffic leave?',
    help: 'ARM ids of Standard, static IPv4 addresses that nothing uses, or new names: what is not there is made in the cluster’s resource group. An address of AKS’s own cannot be taken over.',
    kind: 'list',
    defaultValue: (facts) => offeredAddresses(facts)?.slice(),
    validate: addressesFault,
  },
  {
    name: 'natGateway',
    prompt: 'Which NAT gateway shall carry the traffic?',
    help: 'The ARM id of one in the region and subscription of the nodes’ network, or a new name: it is made in the cluster’s resource group with an address of its own. One of SKU Standard stands in one zone; for all zones make a StandardV2 gateway yourself and name it here.',
    kind: 'text',
    defaultValue: offeredGateway,
    validate: gatewayFault,
  },
  {
    name: 'firewallAddresses',
    prompt: 'From which public addresses does the firewall send?',
    help: 'Those of the Azure firewall behind the route are filled in. Another appliance must be asked. They have to be among the authorized ranges, where there are any.',
    kind: 'list',
    defaultValue: (facts) => {
      const known = egress(facts);
      return known?.every((cidr) => rangeFault(cidr) === undefined) ? [...known] : [];
    },
    validate: (value, facts) => (nodesComeFromOutside(facts) ? entries(value).flatMap((entry) => rangeFault(entry) ?? [])[0] : undefined),
  },
  {
    name: 'cacheRegistry',
    prompt: 'Which registry shall keep AKS’s own images?',
    help: 'Empty: AKS makes and runs one. Or the ARM id of a Premium registry of yours with a private endpoint, its DNS zone, AcrPull for the kubelets, and the cache rule aks-managed-mcr from mcr.microsoft.com/* to aks-managed-repository/*.',
    kind: 'text',
    defaultValue: () => '',
    validate: registryFault,
  },
];

/** The choice's values in the forms that plans and guards use. */
export interface Wanted {
  readonly addresses: readonly string[];
  readonly gateway: string;
  readonly firewall: readonly string[];
  readonly registry: string | undefined;
}

/** Reads a valid choice; what its option does not ask for comes from the facts. */
export function wantedOf(facts: Facts, values: { readonly [param: string]: Json }): Wanted {
  const addresses = entries(values['outboundIps'] ?? []).map((said) => meant(facts, 'publicIPAddresses', said));
  return {
    addresses: addresses.length > 0 ? addresses : (offeredAddresses(facts) ?? []),
    gateway: meant(facts, 'natGateways', text(values['natGateway']) ?? offeredGateway(facts) ?? ''),
    firewall: normalised(entries(values['firewallAddresses'] ?? [])),
    registry: text(values['cacheRegistry'])?.trim() || undefined,
  };
}
