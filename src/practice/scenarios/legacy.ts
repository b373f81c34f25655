import type { ArmResource } from '../../model/facts.ts';
import { roleDefinitions } from '../cluster-access.ts';
import { cluster, type Ground, location, network, pool, resource, resourceGroup, subscription, workspace } from './ground.ts';
import { grant, managedIdentity, registry } from './registries.ts';
import { workloadsOf } from './workloads/index.ts';
import { settlementIdentity } from './workloads/pod-identity.ts';

const group = 'shop-rg';
const name = 'shop-legacy';
const clientId = '5e000000-0000-4000-8000-000000000001';
const version = '1.30.9';
const image = 'AKSUbuntu-2204gen2containerd-202411.12.0';
const subnetId = `${subscription}/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet/subnets/nodes`;
// The tag was set for a monitoring agent that is long gone.
const tags = { 'aks-disable-kubelet-serving-certificate-rotation': 'true' };
const own = {
  orchestratorVersion: version,
  currentOrchestratorVersion: version,
  nodeImageVersion: image,
  vnetSubnetID: subnetId,
  vmSize: 'Standard_DS3_v2',
  tags,
};
const logs = workspace('shop-monitoring-rg', 'shop-logs');

const clusterId = `${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;

/** What az granted the service principal when it switched container insights on, and looks for at every later update (azure-cli, add_monitoring_role_assignment). */
const metricsRole: ArmResource = {
  id: `${clusterId}/providers/Microsoft.Authorization/roleAssignments/c1000000-0000-4000-8000-000000000002`,
  name: 'c1000000-0000-4000-8000-000000000002',
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions['Monitoring Metrics Publisher'] ?? ''}`,
    principalId: clientId,
    principalType: 'ServicePrincipal',
    scope: clusterId,
  },
};

/** A cluster of 2020 that was kept alive and never secured: service principal, kubenet, Basic load balancer, no Entra, pod identity. */
export const legacy: Ground = {
  scenario: 'legacy',
  cluster: cluster(group, name, {
    top: { tags: { environment: 'production', 'managed-by': 'terraform' } },
    properties: {
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      resourceUID: '5f3c0de0c0de0000015e9ac7',
      agentPoolProfiles: [
        pool('nodepool1', { ...own, mode: 'System', count: 3, upgradeSettings: {} }),
        pool('apps', { ...own, count: 4, upgradeSettings: { maxSurge: '50%' } }),
        pool('batch', { ...own, count: 2, upgradeSettings: {}, osSKU: 'AzureLinux', nodeImageVersion: 'AKSAzureLinux-V2gen2-202411.12.0' }),
      ],
      servicePrincipalProfile: { clientId },
      addonProfiles: {
        httpApplicationRouting: { enabled: true, config: { HTTPApplicationRoutingZoneName: `7c1d0ac5.${location}.aksapp.io` } },
        omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: String(logs['id']), useAADAuth: 'false' } },
        kubeDashboard: { enabled: false, config: null },
      },
      podIdentityProfile: { enabled: true, allowNetworkPluginKubenet: true },
      networkProfile: {
        networkPlugin: 'kubenet',
        networkPolicy: 'none',
        loadBalancerSku: 'basic',
        podCidr: '10.244.0.0/16',
        podCidrs: ['10.244.0.0/16'],
        serviceCidr: '10.0.0.0/16',
        serviceCidrs: ['10.0.0.0/16'],
        dnsServiceIP: '10.0.0.10',
        outboundType: 'loadBalancer',
        ipFamilies: ['IPv4'],
      },
      autoUpgradeProfile: { nodeOSUpgradeChannel: 'Unmanaged' },
      oidcIssuerProfile: { enabled: false },
    },
  }),
  resources: [
    resourceGroup(group, { environment: 'production', 'managed-by': 'terraform' }),
    resourceGroup(`MC_${group}_${name}_${location}`),
    resourceGroup('shop-network-rg'),
    resourceGroup('shop-monitoring-rg'),
    resourceGroup('shop-registry-rg'),
    ...network('shop-network-rg', 'shop-vnet', '10.10.0.0/16', [
      { name: 'nodes', addressPrefix: '10.10.0.0/22' },
      { name: 'api-server', addressPrefix: '10.10.8.0/28', apiServer: true },
    ]),
    logs,
    metricsRole,
    workspace('shop-monitoring-rg', 'shop-security'),
    // Made by hand and waiting: what the cluster could act as.
    managedIdentity(group, 'shop-legacy-control-plane', 5),
    managedIdentity(group, 'shop-legacy-kubelet', 6),
    // What pod identity gives to an application.
    settlementIdentity,
    registry('shop-registry-rg', 'shoplegacy', 'Standard', {
      adminUserEnabled: true,
      anonymousPullEnabled: true,
      policies: { quarantinePolicy: { status: 'disabled' }, trustPolicy: { type: 'Notary', status: 'enabled' } },
    }),
    // What az aks create gave its service principal in 2020, and what somebody gave it to be done with the questions.
    grant(subscription, 'Contributor', clientId, 1),
    resource(
      'shop-monitoring-rg',
      'Microsoft.Storage/storageAccounts',
      'shopauditlogs',
      {},
      { kind: 'StorageV2', sku: { name: 'Standard_ZRS', tier: 'Standard' } },
    ),
  ],
  principals: [
    { id: clientId, displayName: 'shop-aks-2020', kind: 'servicePrincipal', secretDays: [19] },
    { id: '5e000000-0000-4000-8000-000000000002', displayName: 'shop-legacySP-20200312101500', kind: 'servicePrincipal', secretDays: [-900] },
  ],
  certificateDays: 690,
  kubernetes: workloadsOf('legacy'),
};
