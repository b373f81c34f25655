import {
  adminGroupId,
  cluster,
  type Ground,
  kubeletIdentity,
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
import { hub } from './hub.ts';
import { workloadsOf } from './workloads/index.ts';

const group = 'shop-rg';
const name = 'shop-private';
const version = '1.33.5';
const nodes = `MC_${group}_${name}_${location}`;
const subnetId = `${subscription}/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet/subnets/nodes`;
const identity = resource(group, 'Microsoft.ManagedIdentity/userAssignedIdentities', 'shop-private-control-plane', {
  clientId: 'f0000000-0000-4000-8000-000000000020',
  principalId: 'f0000000-0000-4000-8000-000000000021',
  tenantId,
});
const egress = publicIp(nodes, '7a0d1be2-1d0c-4b6b-8c55-9a4e0e5f6a11', '20.101.20.31');
const own = {
  orchestratorVersion: version,
  currentOrchestratorVersion: version,
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202604.07.0',
  vnetSubnetID: subnetId,
};
// The Bastion that people tunnel through; the operator of this world has not opened a tunnel.
const beside = hub({
  group: 'shop-hub-rg',
  spoke: subnetId.replace(/\/subnets\/.*$/, ''),
  door: 'bastion',
  address: '20.101.20.40',
});
const clusterId = `${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;

/** A private cluster, by private link, with Entra and an engine; the operator sits outside of its network. */
export const privateCluster: Ground = {
  scenario: 'private',
  cluster: cluster(group, name, {
    top: {
      sku: { name: 'Base', tier: 'Standard' },
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: {
          [String(identity['id'])]: { clientId: 'f0000000-0000-4000-8000-000000000020', principalId: 'f0000000-0000-4000-8000-000000000021' },
        },
      },
    },
    properties: {
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      resourceUID: '661214034f74c9000181593e',
      privateFQDN: `${name}-92n309lk.fb0b227e-9053-4fad-a30d-8a91c95f22b6.privatelink.${location}.azmk8s.io`,
      privateLinkResources: [
        {
          id: `${clusterId}/privateLinkResources/management`,
          name: 'management',
          type: 'Microsoft.ContainerService/managedClusters/privateLinkResources',
          groupId: 'management',
          requiredMembers: ['management'],
        },
      ],
      agentPoolProfiles: [pool('system', { ...own, mode: 'System', nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'] }), pool('apps', { ...own, count: 3 })],
      servicePrincipalProfile: { clientId: 'msi' },
      identityProfile: kubeletIdentity(group, name),
      aadProfile: { managed: true, adminGroupObjectIDs: [adminGroupId], enableAzureRBAC: false, tenantID: tenantId },
      apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: 'system', enablePrivateClusterPublicFQDN: true },
      networkProfile: {
        networkPlugin: 'azure',
        networkPolicy: 'calico',
        networkDataplane: 'azure',
        loadBalancerSku: 'standard',
        loadBalancerProfile: { managedOutboundIPs: { count: 1 }, effectiveOutboundIPs: [{ id: String(egress['id']) }], backendPoolType: 'NodeIPConfiguration' },
        serviceCidr: '10.0.0.0/16',
        serviceCidrs: ['10.0.0.0/16'],
        dnsServiceIP: '10.0.0.10',
        outboundType: 'loadBalancer',
        ipFamilies: ['IPv4'],
      },
      autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
      oidcIssuerProfile: { enabled: false },
    },
  }),
  resources: [
    resourceGroup(group),
    resourceGroup(nodes),
    resourceGroup('shop-network-rg'),
    resourceGroup('shop-hub-rg'),
    ...beside.resources,
    resourceGroup('shop-monitoring-rg'),
    identity,
    egress,
    ...network(
      'shop-network-rg',
      'shop-vnet',
      '10.10.0.0/16',
      [
        { name: 'nodes', addressPrefix: '10.10.0.0/22' },
        { name: 'api-server', addressPrefix: '10.10.8.0/28', apiServer: true },
      ],
      [beside.peering],
    ),
    workspace('shop-monitoring-rg', 'shop-logs'),
  ],
  kubernetes: workloadsOf('private'),
};
