import { CLUSTER_API_VERSION } from '../model/change.ts';
import { type Answer, ok } from './answer.ts';
import type { Context } from './context.ts';

/** Resource types that `az resource` and `az monitor` look up before they talk to them, with an api-version each. */
const types: { readonly [namespace: string]: { readonly [type: string]: string } } = {
  'Microsoft.ContainerService': {
    managedClusters: CLUSTER_API_VERSION,
    'managedClusters/agentPools': CLUSTER_API_VERSION,
    'managedClusters/maintenanceConfigurations': CLUSTER_API_VERSION,
  },
  'Microsoft.Insights': { diagnosticSettings: '2021-05-01-preview', dataCollectionRules: '2023-03-11', dataCollectionRuleAssociations: '2023-03-11' },
  'Microsoft.OperationalInsights': { workspaces: '2023-09-01' },
  'Microsoft.Security': { pricings: '2024-01-01' },
  'Microsoft.Authorization': { roleAssignments: '2022-04-01', roleDefinitions: '2022-04-01', locks: '2020-05-01', policyAssignments: '2023-04-01' },
  'Microsoft.Network': {
    publicIPAddresses: '2024-05-01',
    publicIPPrefixes: '2024-05-01',
    virtualNetworks: '2024-05-01',
    'virtualNetworks/subnets': '2024-05-01',
    'virtualNetworks/virtualNetworkPeerings': '2024-05-01',
    bastionHosts: '2024-05-01',
    virtualNetworkGateways: '2024-05-01',
    connections: '2024-05-01',
    networkInterfaces: '2024-05-01',
    natGateways: '2024-05-01',
    routeTables: '2024-05-01',
    azureFirewalls: '2024-05-01',
    loadBalancers: '2024-05-01',
    privateEndpoints: '2024-05-01',
    'privateEndpoints/privateDnsZoneGroups': '2024-05-01',
    privateDnsZones: '2024-06-01',
    'privateDnsZones/virtualNetworkLinks': '2024-06-01',
  },
  'Microsoft.ContainerRegistry': { registries: '2025-11-01', 'registries/webhooks': '2025-11-01' },
  'Microsoft.Resources': { resourceGroups: '2024-07-01', deployments: '2024-07-01' },
  'Microsoft.KeyVault': { vaults: '2024-11-01', 'vaults/keys': '2024-11-01' },
  'Microsoft.Compute': { diskEncryptionSets: '2024-03-02' },
  'Microsoft.ManagedIdentity': { userAssignedIdentities: '2023-01-31', 'userAssignedIdentities/federatedIdentityCredentials': '2023-01-31' },
};

function provider(context: Context, namespace: string): { readonly [key: string]: string | object } {
  const known = Object.entries(types).find(([name]) => name.toLowerCase() === namespace.toLowerCase());
  const resourceTypes = Object.entries(known?.[1] ?? {}).map(([resourceType, version]) => ({
    resourceType,
    apiVersions: [version],
    locations: ['West Europe'],
    capabilities: 'None',
  }));
  const name = known?.[0] ?? namespace;
  return { id: `/subscriptions/${context.world.state.subscriptionId}/providers/${name}`, namespace: name, registrationState: 'Registered', resourceTypes };
}

/** GET providers, all or one by namespace; also what a registration answers. */
export function getProviders(context: Context, namespace: string | undefined): Answer {
  if (namespace !== undefined) return { status: 200, headers: {}, body: JSON.parse(JSON.stringify(provider(context, namespace))) };
  return { status: 200, headers: {}, body: JSON.parse(JSON.stringify({ value: Object.keys(types).map((name) => provider(context, name)) })) };
}

/** GET subscriptions, tenants, and a subscription's locations. */
export function getSubscriptions(context: Context, what: 'list' | 'one' | 'tenants' | 'locations'): Answer {
  const { subscriptionId, tenantId } = context.world.state;
  const id = `/subscriptions/${subscriptionId}`;
  const subscription = {
    id,
    subscriptionId,
    tenantId,
    displayName: 'Practice subscription',
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    managedByTenants: [],
  };
  switch (what) {
    case 'list':
      return ok({ value: [subscription] });
    case 'one':
      return ok(subscription);
    case 'tenants':
      return ok({ value: [{ id: `/tenants/${tenantId}`, tenantId, displayName: 'Practice', defaultDomain: 'practice.example', tenantCategory: 'Home' }] });
    case 'locations':
      return ok({ value: [{ id: `${id}/locations/westeurope`, name: 'westeurope', displayName: 'West Europe', metadata: { regionType: 'Physical' } }] });
    default:
      return what satisfies never;
  }
}
