import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';

export const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network`;
export const NODES = `${NETWORK}/virtualNetworks/v/subnets/nodes`;
export const TABLE = `${NETWORK}/routeTables/rt`;
export const OLD = '20.50.60.70/32';
export const PRINCIPAL = '00000000-0000-0000-0000-00000000000a';
export const HOME = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Network`;

type Known = Parameters<typeof factsOf>[1];

/** What an owner reads around a cluster that leaves by its load balancer. */
const around: Known = {
  ...readable,
  outboundAddresses: [{ resourceId: '/out', cidr: OLD }],
  subnets: [],
  routeTables: [],
  natGateways: [],
  publicAddresses: [],
  firewalls: [],
  registries: [],
  identityRoleAssignments: [{ identity: 'control-plane', principalId: PRINCIPAL, assignments: [] }],
};

/** A cluster in a network that AKS made. */
export const managed = (networkProfile: JsonObject = {}, properties: JsonObject = {}, known: Known = {}): Facts =>
  factsOf(cluster({ properties: { networkProfile: { loadBalancerProfile: { managedOutboundIPs: { count: 1 } }, ...networkProfile }, ...properties } }), {
    ...around,
    ...known,
  });

const pool = (vnetSubnetID: string): JsonObject => ({ name: 'work', mode: 'System', osType: 'Linux', count: 3, vmSize: 'S', vnetSubnetID });

/** A subnet of one's own, with what is attached to it. */
export const subnet = (properties: JsonObject = {}, id = NODES): JsonObject => ({ id, properties });

/** A route table whose default route leads to `nextHopType`. */
export const table = (nextHopType: string, more: JsonObject = {}): JsonObject => ({
  id: TABLE,
  properties: { routes: [{ properties: { addressPrefix: '0.0.0.0/0', nextHopType, nextHopIpAddress: '10.9.0.4', ...more } }] },
});

/** A cluster in a network of one's own. */
export const own = (networkProfile: JsonObject = {}, known: Known = {}, properties: JsonObject = {}): Facts =>
  managed(networkProfile, { agentPoolProfiles: [pool(NODES)], ...properties }, { subnets: [subnet()], ...known });

/** The same, with its subnet behind a route. */
export const routed = (networkProfile: JsonObject = {}, nextHop = 'VirtualAppliance', known: Known = {}, properties: JsonObject = {}): Facts =>
  own(networkProfile, { subnets: [subnet({ routeTable: { id: TABLE.toUpperCase() } })], routeTables: [table(nextHop)], ...known }, properties);

/** The API server lets in the operator and today's outgoing address alone. */
export const fenced = { apiServerAccessProfile: { authorizedIPRanges: ['137.117.106.88/32', OLD] } };

/** A public address that is there. */
export const address = (name: string, more: JsonObject = {}, properties: JsonObject = {}): JsonObject => ({
  id: `${HOME}/publicIPAddresses/${name}`,
  location: 'West Europe',
  sku: { name: 'Standard' },
  ...more,
  properties: { ipAddress: '20.9.9.9', publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4', ...properties },
});
