import type { ArmResource } from '../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, text, withAt } from '../../src/model/json.ts';
import { behindFirewall } from '../../src/practice/scenarios/firewall.ts';
import { adminGroupId, kubeletIdentity, network, publicIp, resource, subscription, tenantId } from '../../src/practice/scenarios/ground.ts';
import { removeResource, resourcesOf, storeResource, type World } from '../../src/practice/world.ts';

/** A world that options are tried in: a scenario as it is, or altered so that options open up which it refuses. */
export interface TestGround {
  readonly name: string;
  readonly scenario: string;
  /** The same alteration is made to both worlds before the facts are read. */
  readonly alter: (world: World) => void;
  /** Steps tried here; all of them when not given. */
  readonly only?: readonly string[];
}

function cluster(world: World): ArmResource {
  const found = world.state.resources[world.state.clusterId.toLowerCase()];
  if (found === undefined) throw new Error('the world has no cluster');
  return found;
}

function set(world: World, edits: { readonly [dotted: string]: Json }): void {
  const changed = Object.entries(edits).reduce<ArmResource>((body, [dotted, value]) => withAt(body, path(dotted), value) as ArmResource, cluster(world));
  storeResource(world, changed);
}

const entra = { 'properties.aadProfile': { managed: true, adminGroupObjectIDs: [adminGroupId], enableAzureRBAC: false, tenantID: tenantId } };

/** The operator's machine has a way into the network. */
function withPrivatePath(world: World): void {
  world.state.settings = { ...world.state.settings, privatePath: true };
}

function store(world: World, resources: readonly ArmResource[]): void {
  for (const one of resources) storeResource(world, one);
}

/** A cluster in a network of its owner's, with an identity of its owner's and a subnet that waits for the API server. */
function ownNetwork(world: World): void {
  store(
    world,
    network('shop-rg', 'shop-own-vnet', '10.20.0.0/16', [
      { name: 'nodes', addressPrefix: '10.20.0.0/22' },
      { name: 'api-server', addressPrefix: '10.20.8.0/28', apiServer: true },
    ]),
  );
  const identity = resource('shop-rg', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'shop-own-control-plane', {
    clientId: 'f0000000-0000-4000-8000-000000000050',
    principalId: 'f0000000-0000-4000-8000-000000000051',
    tenantId,
  });
  store(world, [identity]);
  const nodes = `${subscription}/resourceGroups/shop-rg/providers/Microsoft.Network/virtualNetworks/shop-own-vnet/subnets/nodes`;
  const body = cluster(world);
  const properties = body['properties'] as JsonObject;
  const pools = (properties['agentPoolProfiles'] as readonly JsonObject[]).map((pool) => ({ ...pool, vnetSubnetID: nodes }));
  const map = { [String(identity['id'])]: { clientId: 'f0000000-0000-4000-8000-000000000050', principalId: 'f0000000-0000-4000-8000-000000000051' } };
  storeResource(world, {
    ...body,
    identity: { type: 'UserAssigned', userAssignedIdentities: map },
    properties: { ...properties, agentPoolProfiles: pools },
  });
}

const addonIdentity = (addon: string): JsonObject => ({
  resourceId: `${subscription}/resourceGroups/MC_shop-rg_shop-legacy_westeurope/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${addon}-shop-legacy`,
  clientId: 'f0000000-0000-4000-8000-000000000060',
  objectId: 'f0000000-0000-4000-8000-000000000061',
});

const asItIs = (scenario: string): TestGround => ({ name: scenario, scenario, alter: () => {} });

/** The nodes' subnet sends everything to a firewall; the load balancer's way out is still there beside it. */
function routedToFirewall(world: World): void {
  const body = cluster(world);
  const nodes = text(at(list(at(body, path('properties.agentPoolProfiles')))[0], ['vnetSubnetID'])) ?? '';
  const address = publicIp('shop-network-rg', 'firewall-out', '20.101.20.77');
  const { routeTable, resources } = behindFirewall('shop-network-rg', String(address['id']), [nodes]);
  const subnet = world.state.resources[nodes.toLowerCase()];
  store(world, [address, ...resources, withAt(subnet, path('properties.routeTable'), { id: routeTable }) as ArmResource]);
}

/** Doors that no scenario has: nodes with public addresses, an ingress whose patches end, a mesh that is retired. */
function withOpenDoors(world: World): void {
  const pools = list(at(cluster(world), path('properties.agentPoolProfiles'))).filter(isObject);
  set(world, {
    'properties.agentPoolProfiles': pools.map((pool) => ({ ...pool, enableNodePublicIP: true })),
    'properties.ingressProfile': { webAppRouting: { enabled: true } },
    'properties.addonProfiles.openServiceMesh': { enabled: true, config: {}, identity: addonIdentity('openservicemesh') },
  });
}

/** The network has lost its hub: nothing leads in any more. */
function withoutHub(world: World): void {
  for (const gateway of resourcesOf(world, '', 'Microsoft.Network/virtualNetworkGateways')) removeResource(world, String(gateway['id']));
  for (const network of resourcesOf(world, '', 'Microsoft.Network/virtualNetworks')) {
    storeResource(world, withAt(network, path('properties.virtualNetworkPeerings'), []) as ArmResource);
  }
  world.state.settings = { ...world.state.settings, privatePath: false };
}

/** Properties of the cluster, and of its first pool. */
const firstPool =
  (own: JsonObject, edits: { readonly [dotted: string]: Json } = {}) =>
  (world: World): void => {
    const cluster = world.state.resources[world.state.clusterId.toLowerCase()];
    const [first, ...rest] = list(at(cluster, path('properties.agentPoolProfiles'))).filter(isObject);
    set(world, { ...edits, 'properties.agentPoolProfiles': [{ ...first, ...own }, ...rest] });
  };

const versions = (plane: string) => ({ 'properties.kubernetesVersion': plane, 'properties.currentKubernetesVersion': plane });
const takenOut = '1.34.1';

/** The scenarios as they are, then altered ones that open what the scenarios refuse. */
export const grounds: readonly TestGround[] = [
  asItIs('legacy'),
  asItIs('typical'),
  asItIs('private'),
  asItIs('hardened'),
  { name: 'typical with Entra sign-in', scenario: 'typical', alter: (world) => set(world, entra), only: ['identity.entra-sign-in', 'identity.local-accounts'] },
  {
    name: 'typical in its own network',
    scenario: 'typical',
    alter: (world) => {
      ownNetwork(world);
      withPrivatePath(world);
    },
    only: ['cluster.api-server-exposure', 'pod.secrets'],
  },
  {
    name: 'legacy with workload identity',
    scenario: 'legacy',
    alter: (world) =>
      set(world, {
        'properties.oidcIssuerProfile': { enabled: true, issuerURL: 'https://westeurope.oic.prod-aks.azure.com/tenant/cluster/' },
        'properties.securityProfile.workloadIdentity': { enabled: true },
      }),
    only: ['pod.workload-identity'],
  },
  {
    name: 'private with a way in',
    scenario: 'private',
    alter: withPrivatePath,
    only: ['identity.local-accounts', 'cluster.api-server-exposure', 'cluster.network-policy', 'pod.workload-identity', 'pod.storage', 'pod.security'],
  },
  {
    name: 'typical with an engine',
    scenario: 'typical',
    alter: (world) => set(world, { 'properties.networkProfile.networkPolicy': 'cilium', 'properties.networkProfile.networkDataplane': 'cilium' }),
    only: ['cluster.network-policy'],
  },
  { name: 'typical with open doors', scenario: 'typical', alter: withOpenDoors, only: ['cluster.node-access', 'governance.retired-add-ons'] },
  { name: 'typical with a control plane ahead', scenario: 'typical', alter: (world) => set(world, versions('1.35.3')), only: ['cluster.node-pool-versions'] },
  {
    name: 'typical with a patch that was taken out',
    scenario: 'typical',
    alter: firstPool({ orchestratorVersion: takenOut, currentOrchestratorVersion: takenOut }, versions(takenOut)),
    only: ['cluster.control-plane-version'],
  },
  {
    name: 'typical with an old system',
    scenario: 'typical',
    alter: firstPool({ osSKU: 'CBLMariner', nodeImageVersion: 'AKSCBLMariner-V2gen2-202511.01.0' }),
    only: ['cluster.node-os-updates'],
  },
  { name: 'typical with an availability set', scenario: 'typical', alter: firstPool({ type: 'AvailabilitySet' }), only: ['cluster.node-pool-versions'] },
  { name: 'hardened without a way in', scenario: 'hardened', alter: withoutHub, only: ['cluster.admin-access'] },
  { name: 'private behind a firewall', scenario: 'private', alter: routedToFirewall, only: ['cluster.egress'] },
  {
    name: 'legacy with an identity of its own',
    scenario: 'legacy',
    alter: (world) => {
      ownNetwork(world);
      set(world, {
        'properties.servicePrincipalProfile': { clientId: 'msi' },
        'properties.identityProfile': kubeletIdentity('shop-rg', 'shop-legacy'),
        'properties.addonProfiles.omsagent.identity': addonIdentity('omsagent'),
        'properties.addonProfiles.httpApplicationRouting.identity': addonIdentity('httpapplicationrouting'),
      });
    },
    only: ['cluster.network-policy', 'platform.container-insights'],
  },
];
