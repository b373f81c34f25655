import type { ArmResource } from '../../model/facts.ts';
import { roleDefinitions } from '../cluster-access.ts';
import { behindFirewall } from './firewall.ts';
import {
  adminGroupId,
  cluster,
  type Ground,
  kubeletIdentity,
  latestNodeImage,
  location,
  network,
  pool,
  publicIp,
  resource,
  resourceGroup,
  subscription,
  tenantId,
  workspace,
} from './ground.ts';
import { guardedRegistry, scannerId } from './guarded-registry.ts';
import { hub } from './hub.ts';
import { deleteLock, ownKeys } from './keys.ts';
import { below } from './registries.ts';
import { workloadsOf } from './workloads/index.ts';

const group = 'shop-rg';
const name = 'shop-hardened';
const version = '1.35.1';
const nodes = `MC_${group}_${name}_${location}`;
const subnets = `${subscription}/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet/subnets`;
const clusterId = `${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
const logs = workspace('shop-monitoring-rg', 'shop-logs');
const identity = resource(group, 'Microsoft.ManagedIdentity/userAssignedIdentities', 'shop-hardened-control-plane', {
  clientId: 'f0000000-0000-4000-8000-000000000030',
  principalId: 'f0000000-0000-4000-8000-000000000031',
  tenantId,
});
const egress = publicIp('shop-network-rg', 'shop-egress', '20.101.20.32');
const firewall = behindFirewall('shop-network-rg', String(egress['id']), [`${subnets}/nodes`]);

const vnet = subnets.replace(/\/subnets$/, '');
// Bastion does not reach clusters whose node resource group is locked down (AKS docs: private-cluster-connect): people dial in by VPN.
const entrance = hub({ group: 'shop-network-rg', spoke: vnet, door: 'vpn', address: '20.101.20.41' });
const keys = ownKeys('shop-keys-rg', 'shop-hardened-kv', 'f0000000-0000-4000-8000-000000000031');

const own = {
  orchestratorVersion: version,
  currentOrchestratorVersion: version,
  nodeImageVersion: `AKSUbuntu-2404gen2containerd-${latestNodeImage}`,
  vnetSubnetID: `${subnets}/nodes`,
  enableEncryptionAtHost: true,
  availabilityZones: ['1', '2', '3'],
  upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30, undrainableNodeBehavior: 'Cordon' },
  securityProfile: { sshAccess: 'Disabled', enableVTPM: true, enableSecureBoot: true },
};

const window = (dayOfWeek: string, startTime: string) => ({
  maintenanceWindow: { schedule: { weekly: { intervalWeeks: 1, dayOfWeek } }, durationHours: 8, utcOffset: '+00:00', startDate: '2026-01-05', startTime },
});
const maintenance = (configuration: string, properties: ReturnType<typeof window>): ArmResource => ({
  id: `${clusterId}/maintenanceConfigurations/${configuration}`,
  name: configuration,
  type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
  properties,
});

const categories = [
  'kube-audit-admin',
  'guard',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cluster-autoscaler',
  'cloud-controller-manager',
  'csi-azuredisk-controller',
  'csi-azurefile-controller',
  'csi-snapshot-controller',
];
const diagnostics: ArmResource = {
  id: `${clusterId}/providers/Microsoft.Insights/diagnosticSettings/control-plane`,
  name: 'control-plane',
  type: 'Microsoft.Insights/diagnosticSettings',
  properties: {
    workspaceId: String(logs['id']),
    logAnalyticsDestinationType: 'Dedicated',
    logs: categories.map((category) => ({ category, enabled: true })),
    metrics: [],
  },
};

const adminRole: ArmResource = {
  id: `${clusterId}/providers/Microsoft.Authorization/roleAssignments/c1000000-0000-4000-8000-000000000001`,
  name: 'c1000000-0000-4000-8000-000000000001',
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions['Azure Kubernetes Service RBAC Cluster Admin'] ?? ''}`,
    principalId: adminGroupId,
    principalType: 'Group',
    scope: clusterId,
  },
};

const addonIdentity = (addon: string) => ({
  resourceId: `${subscription}/resourceGroups/${nodes}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${addon}-${name}`,
  clientId: 'f0000000-0000-4000-8000-000000000040',
  objectId: 'f0000000-0000-4000-8000-000000000041',
});

const ruleId = `${subscription}/resourceGroups/${group}/providers/Microsoft.Insights/dataCollectionRules/MSCI-${location}-${name}`;
/** What tells the monitoring agent what to send, and where. */
const collection: readonly ArmResource[] = [
  resource(
    group,
    'Microsoft.Insights/dataCollectionRules',
    `MSCI-${location}-${name}`,
    {
      dataSources: {
        extensions: [
          {
            name: 'ContainerInsightsExtension',
            streams: ['Microsoft-ContainerInsights-Group-Default'],
            extensionName: 'ContainerInsights',
            extensionSettings: {
              dataCollectionSettings: { interval: '5m', namespaceFilteringMode: 'Exclude', namespaces: ['kube-system'], enableContainerLogV2: true },
            },
          },
        ],
      },
      dataFlows: [{ streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['la-workspace'] }],
      destinations: { logAnalytics: [{ workspaceResourceId: String(logs['id']), name: 'la-workspace' }] },
    },
    { kind: 'Linux' },
  ),
  below(clusterId, 'Microsoft.Insights/dataCollectionRuleAssociations', 'ContainerInsightsExtension', { dataCollectionRuleId: ruleId }),
];

/** A cluster with nothing left to do: what the wizard should call hardened. */
export const hardened: Ground = {
  scenario: 'hardened',
  cluster: cluster(group, name, {
    top: {
      sku: { name: 'Base', tier: 'Standard' },
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: {
          [String(identity['id'])]: { clientId: 'f0000000-0000-4000-8000-000000000030', principalId: 'f0000000-0000-4000-8000-000000000031' },
        },
      },
    },
    properties: {
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      resourceUID: '6980a1d07847250001a3b001',
      privateFQDN: `${name}-1u2v3w4x.0c0c0c0c-0000-4000-8000-000000000001.private.${location}.azmk8s.io`,
      agentPoolProfiles: [pool('system', { ...own, mode: 'System', nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'] }), pool('apps', { ...own, count: 3 })],
      servicePrincipalProfile: { clientId: 'msi' },
      identityProfile: kubeletIdentity(group, name),
      aadProfile: { managed: true, adminGroupObjectIDs: [adminGroupId], enableAzureRBAC: true, tenantID: tenantId },
      disableLocalAccounts: true,
      diskEncryptionSetID: keys.diskEncryptionSetID,
      apiServerAccessProfile: {
        enablePrivateCluster: true,
        enableVnetIntegration: true,
        subnetId: `${subnets}/api-server`,
        privateDNSZone: 'system',
        enablePrivateClusterPublicFQDN: false,
        disableRunCommand: true,
      },
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkPolicy: 'cilium',
        networkDataplane: 'cilium',
        loadBalancerSku: 'standard',
        loadBalancerProfile: { backendPoolType: 'NodeIPConfiguration' },
        podCidr: '10.244.0.0/16',
        podCidrs: ['10.244.0.0/16'],
        serviceCidr: '10.0.0.0/16',
        serviceCidrs: ['10.0.0.0/16'],
        dnsServiceIP: '10.0.0.10',
        outboundType: 'none',
        ipFamilies: ['IPv4'],
      },
      autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
      // Its own images come from a registry that AKS made, so that nothing needs the internet but what the firewall lets through.
      bootstrapProfile: {
        artifactSource: 'Cache',
        containerRegistryId: `${subscription}/resourceGroups/${nodes}/providers/Microsoft.ContainerRegistry/registries/ad76684fa15a479a847161b6474d1f46`,
      },
      oidcIssuerProfile: { enabled: true, issuerURL: `https://${location}.oic.prod-aks.azure.com/${tenantId}/0d0d0d0d-0000-4000-8000-000000000002/` },
      securityProfile: {
        defender: { logAnalyticsWorkspaceResourceId: String(logs['id']), securityMonitoring: { enabled: true } },
        imageCleaner: { enabled: true, intervalHours: 168 },
        azureKeyVaultKms: keys.azureKeyVaultKms,
        workloadIdentity: { enabled: true },
      },
      nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
      addonProfiles: {
        azurepolicy: { enabled: true, config: null, identity: addonIdentity('azurepolicy') },
        azureKeyvaultSecretsProvider: {
          enabled: true,
          config: { enableSecretRotation: 'true', rotationPollInterval: '2m' },
          identity: addonIdentity('azurekeyvaultsecretsprovider'),
        },
        omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: String(logs['id']), useAADAuth: 'true' }, identity: addonIdentity('omsagent') },
      },
      azureMonitorProfile: { metrics: { enabled: true, kubeStateMetrics: { metricLabelsAllowlist: '', metricAnnotationsAllowList: '' } } },
    },
  }),
  resources: [
    resourceGroup(group),
    resourceGroup(nodes),
    resourceGroup('shop-network-rg'),
    resourceGroup('shop-monitoring-rg'),
    identity,
    egress,
    ...firewall.resources,
    ...network(
      'shop-network-rg',
      'shop-vnet',
      '10.10.0.0/16',
      [
        { name: 'nodes', addressPrefix: '10.10.0.0/22', routeTable: firewall.routeTable },
        { name: 'api-server', addressPrefix: '10.10.8.0/28', apiServer: true },
      ],
      [entrance.peering],
    ),
    ...entrance.resources,
    resourceGroup('shop-keys-rg'),
    ...keys.resources,
    deleteLock(clusterId, 'shop-stays'),
    logs,
    ...guardedRegistry(vnet),
    // The built-in initiative "pod security baseline standards for Linux-based workloads", at audit.
    below(subscription, 'Microsoft.Authorization/policyAssignments', 'pod-security-baseline', {
      displayName: 'Kubernetes pod security baseline (audit)',
      policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/a8640138-9b0a-4a28-b8cb-1666c838647d',
      scope: subscription,
      enforcementMode: 'Default',
      parameters: { effect: { value: 'audit' } },
    }),
    // The built-in policy for images, refusing what is from anywhere else.
    below(subscription, 'Microsoft.Authorization/policyAssignments', 'approved-images', {
      displayName: 'Kubernetes images from approved registries',
      policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/febd0533-8e55-448f-b837-bd0e06f16469',
      scope: subscription,
      enforcementMode: 'Default',
      parameters: {
        effect: { value: 'Deny' },
        allowedContainerImagesRegex: { value: String.raw`^(mcr\.microsoft\.com|shophardened\.azurecr\.io)/.+$` },
      },
    }),
    ...collection,
    diagnostics,
    adminRole,
    maintenance('aksManagedAutoUpgradeSchedule', window('Sunday', '02:00')),
    maintenance('aksManagedNodeOSUpgradeSchedule', window('Saturday', '02:00')),
  ],
  pricing: {
    pricingTier: 'Standard',
    freeTrialRemainingTime: 'PT0S',
    enablementTime: '2026-01-05T09:00:00Z',
    extensions: ['ContainerRegistriesVulnerabilityAssessments', 'AgentlessDiscoveryForKubernetes', 'AgentlessVmScanning', 'ContainerSensor'].map((one) => ({
      name: one,
      isEnabled: 'True',
    })),
  },
  principals: [{ id: scannerId, displayName: 'image-scanner', kind: 'servicePrincipal' }],
  privatePath: true,
  rotated: true,
  kubernetes: workloadsOf('hardened'),
};
