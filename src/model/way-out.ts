import type { ArmResource } from './facts.ts';
import { at, type JsonObject, list, path, text } from './json.ts';

/** Where a route table sends what no other route takes. */
export interface DefaultRoute {
  /** ARM's word in lower case: `virtualappliance`, `virtualnetworkgateway`, `internet`, `none`, `vnetlocal`. */
  readonly nextHop: string;
  /** The appliance's private address. */
  readonly address: string | undefined;
}

/** The ids in a list of references: `[{id}, …]`. */
export function idsOf(references: Parameters<typeof list>[0]): readonly string[] {
  return list(references).flatMap((one) => text(at(one, ['id'])) ?? []);
}

/** The route for 0.0.0.0/0, or undefined where the table has none. */
export function defaultRoute(table: ArmResource): DefaultRoute | undefined {
  const route = list(at(table, path('properties.routes'))).find((one) => text(at(one, path('properties.addressPrefix'))) === '0.0.0.0/0');
  if (route === undefined) return undefined;
  return {
    nextHop: (text(at(route, path('properties.nextHopType'))) ?? '').toLowerCase(),
    address: text(at(route, path('properties.nextHopIpAddress'))),
  };
}

/** A resource's place among `all`, by its id in any case. */
export function byId(all: readonly ArmResource[], id: string): ArmResource | undefined {
  return all.find((one) => text(one['id'])?.toLowerCase() === id.toLowerCase());
}

/** The virtual network that a subnet is in, by their ids. */
export function networkOf(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]+$/i, '');
}

const configurations = (firewall: ArmResource): readonly JsonObject[] =>
  list(at(firewall, path('properties.ipConfigurations'))).flatMap((one) => (at(one, ['properties']) === undefined ? [] : [one as JsonObject]));

const privateAddresses = (firewall: ArmResource): readonly string[] => [
  ...configurations(firewall).flatMap((one) => text(at(one, path('properties.privateIPAddress'))) ?? []),
  ...[text(at(firewall, path('properties.hubIPAddresses.privateIPAddress')))].filter((one) => one !== undefined),
];

/**
 * The firewall that answers at a private address. Two networks may use the same one: then it is the firewall in `network`, and where that
 * does not decide, nobody.
 */
export function firewallAt(firewalls: readonly ArmResource[], address: string, network: string): ArmResource | undefined {
  const found = firewalls.filter((firewall) => privateAddresses(firewall).includes(address));
  const inside = (firewall: ArmResource) =>
    configurations(firewall).some((one) => networkOf(text(at(one, path('properties.subnet.id'))) ?? '').toLowerCase() === network.toLowerCase());
  const [only, ...others] = found.length > 1 ? found.filter(inside) : found;
  return others.length === 0 ? only : undefined;
}

/** What a firewall sends from: ids of public addresses, and, in a virtual hub, the addresses themselves. */
export function firewallSources(firewall: ArmResource): { readonly ids: readonly string[]; readonly addresses: readonly string[] } {
  return {
    ids: configurations(firewall).flatMap((one) => text(at(one, path('properties.publicIPAddress.id'))) ?? []),
    addresses: list(at(firewall, path('properties.hubIPAddresses.publicIPs.addresses'))).flatMap((one) => text(at(one, ['address'])) ?? []),
  };
}
