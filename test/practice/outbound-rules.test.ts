import { describe, expect, it } from 'vitest';
import { type Json, type JsonObject, withAt } from '../../src/model/json.ts';
import { behindFirewall } from '../../src/practice/scenarios/firewall.ts';
import { resourceOf, type ScenarioName, storeResource, type World } from '../../src/practice/world.ts';
import { bench } from './bench.ts';

type Edits = { readonly [dotted: string]: Json | undefined };
interface Case {
  readonly what: string;
  readonly on: ScenarioName;
  readonly plant?: Edits;
  readonly around?: (world: World) => void;
  readonly edits: Edits;
  readonly refused: string;
}

const SUBSCRIPTION = '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab';
const nodes = `${SUBSCRIPTION}/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet/subnets/nodes`;
const own = `${SUBSCRIPTION}/resourceGroups/MC_shop-rg_shop-private_westeurope/providers/Microsoft.Network/publicIPAddresses/7a0d1be2-1d0c-4b6b-8c55-9a4e0e5f6a11`;
const BALANCER = 'networkProfile.loadBalancerProfile';
const leaves = (outboundType: string): Edits => ({ 'networkProfile.outboundType': outboundType, [BALANCER]: undefined });
const standard = { 'networkProfile.loadBalancerSku': 'standard' };

/** The nodes' subnet behind a route table with these routes. */
const withRoutes =
  (...routes: readonly JsonObject[]) =>
  (world: World): void => {
    const { routeTable, resources } = behindFirewall('shop-network-rg', '/out', [nodes]);
    const [table] = resources;
    storeResource(
      world,
      withAt(
        table,
        ['properties', 'routes'],
        routes.map((properties) => ({ properties })),
      ) as JsonObject,
    );
    storeResource(world, withAt(resourceOf(world, nodes), ['properties', 'routeTable'], { id: routeTable }) as JsonObject);
  };

const cases: readonly Case[] = [
  {
    what: 'an address that the cluster may not use',
    on: 'private',
    edits: { [BALANCER]: { outboundIPs: { publicIPs: [{ id: own }] } } },
    refused: 'LinkedAuthorizationFailed',
  },
  { what: 'routes without a route table', on: 'private', edits: leaves('userDefinedRouting'), refused: 'ExistingRouteTableNotAssociatedWithSubnet' },
  {
    what: 'a route table without a route for everything',
    on: 'private',
    around: withRoutes({ addressPrefix: '10.0.0.0/8', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.20.0.4' }),
    edits: leaves('userDefinedRouting'),
    refused: 'has no default route',
  },
  {
    what: 'a route to the internet',
    on: 'private',
    around: withRoutes({ addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' }),
    edits: leaves('userDefinedRouting'),
    refused: 'RouteTableInvalidNextHop',
  },
  {
    what: 'routes beside addresses on the load balancer',
    on: 'private',
    edits: { 'networkProfile.outboundType': 'userDefinedRouting' },
    refused: 'InvalidUserDefinedRoutingWithLoadBalancerProfile',
  },
  { what: 'a NAT gateway that the subnet lacks', on: 'private', edits: leaves('userAssignedNATGateway'), refused: 'BadRequest: The subnet' },
  { what: 'a NAT gateway of AKS in one’s own network', on: 'private', edits: leaves('managedNATGateway'), refused: 'BadRequest: Updating outboundType' },
  {
    what: 'the way back from a NAT gateway of AKS',
    on: 'typical',
    plant: { 'networkProfile.outboundType': 'managedNATGateway' },
    edits: { 'networkProfile.outboundType': 'loadBalancer' },
    refused: 'BadRequest: Updating outboundType',
  },
  {
    what: 'another type with a Basic load balancer',
    on: 'legacy',
    edits: { 'networkProfile.outboundType': 'none' },
    refused: 'BadRequest: outboundType is only supported',
  },
  { what: 'a cache with kubenet', on: 'legacy', edits: { bootstrapProfile: { artifactSource: 'Cache' } }, refused: 'does not support kubenet' },
  {
    what: 'a cache on an old version',
    on: 'private',
    plant: { currentKubernetesVersion: '1.29.4' },
    edits: { bootstrapProfile: { artifactSource: 'Cache' } },
    refused: 'requires Kubernetes 1.30',
  },
  { what: 'Standard on an old version', on: 'legacy', plant: { currentKubernetesVersion: '1.26.9' }, edits: standard, refused: 'requires Kubernetes 1.27' },
  {
    what: 'Standard with availability sets',
    on: 'legacy',
    plant: { agentPoolProfiles: [{ name: 'a', mode: 'System', type: 'AvailabilitySet' }] },
    edits: standard,
    refused: 'availability sets',
  },
  {
    what: 'Standard with a private key vault',
    on: 'legacy',
    plant: { 'securityProfile.azureKeyVaultKms': { enabled: true, keyVaultNetworkAccess: 'Private' } },
    edits: standard,
    refused: 'Key Management Service',
  },
  {
    what: 'Standard with an internal load balancer',
    on: 'legacy',
    around: (world) =>
      storeResource(world, {
        id: `${SUBSCRIPTION}/resourceGroups/MC_shop-rg_shop-legacy_westeurope/providers/Microsoft.Network/loadBalancers/kubernetes-internal`,
        type: 'Microsoft.Network/loadBalancers',
        properties: { frontendIPConfigurations: [{ properties: { subnet: { id: nodes } } }] },
      }),
    edits: standard,
    refused: 'internal virtual network load balancers',
  },
];

describe('the practice service refuses', () => {
  it.each(cases)('$what', async ({ on, plant, around, edits, refused }) => {
    const practice = await bench(on);
    if (plant !== undefined) practice.plant(plant);
    around?.(practice.world);
    expect(await practice.write(edits)).toContain(refused);
  });
});

it.each([
  ['hardened', leaves('userDefinedRouting')],
  ['hardened', { 'networkProfile.outboundType': 'loadBalancer', 'bootstrapProfile.artifactSource': 'Direct' }],
  ['private', { 'bootstrapProfile.artifactSource': 'Cache' }],
  ['typical', leaves('managedNATGateway')],
  ['typical', leaves('none')],
] as const)('accepts on %s: %j', async (on, edits) => {
  const practice = await bench(on);
  expect(await practice.apply(edits)).toBe('accepted');
});
