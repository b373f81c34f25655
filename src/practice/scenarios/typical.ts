import { cluster, type Ground, kubeletIdentity, location, network, pool, publicIp, resourceGroup, tenantId, workspace } from './ground.ts';
import { grant, registry } from './registries.ts';
import { workloadsOf } from './workloads/index.ts';

const group = 'shop-rg';
const name = 'shop-typical';
const version = '1.34.2';
const nodes = `MC_${group}_${name}_${location}`;
const images = registry('shop-registry-rg', 'shoptypical', 'Basic', {});
const egress = publicIp(nodes, '3b0c6f6e-5f0b-4a8e-9a56-0b1f7f2f4f10', '20.101.20.30');

/** What `az aks create` gives today: managed identity, Azure CNI Overlay, Standard load balancer, local accounts, no Entra. */
export const typical: Ground = {
  scenario: 'typical',
  cluster: cluster(group, name, {
    top: { identity: { type: 'SystemAssigned', principalId: 'f0000000-0000-4000-8000-000000000010', tenantId } },
    properties: {
      kubernetesVersion: '1.34',
      currentKubernetesVersion: version,
      resourceUID: '68d6e1d07847250001a3a816',
      agentPoolProfiles: [
        pool('nodepool1', {
          mode: 'System',
          orchestratorVersion: '1.34',
          currentOrchestratorVersion: version,
          nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202605.12.0',
          maxPods: 250,
          vmSize: 'Standard_D8ds_v5',
        }),
      ],
      servicePrincipalProfile: { clientId: 'msi' },
      identityProfile: kubeletIdentity(group, name),
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkPolicy: 'none',
        networkDataplane: 'azure',
        loadBalancerSku: 'standard',
        loadBalancerProfile: { managedOutboundIPs: { count: 1 }, effectiveOutboundIPs: [{ id: String(egress['id']) }], backendPoolType: 'NodeIPConfiguration' },
        podCidr: '10.244.0.0/16',
        podCidrs: ['10.244.0.0/16'],
        serviceCidr: '10.0.0.0/16',
        serviceCidrs: ['10.0.0.0/16'],
        dnsServiceIP: '10.0.0.10',
        outboundType: 'loadBalancer',
        ipFamilies: ['IPv4'],
      },
      autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' },
      oidcIssuerProfile: { enabled: true, issuerURL: `https://${location}.oic.prod-aks.azure.com/${tenantId}/0d0d0d0d-0000-4000-8000-000000000001/` },
      nodeProvisioningProfile: { mode: 'Manual', defaultNodePools: 'Auto' },
      bootstrapProfile: { artifactSource: 'Direct' },
    },
  }),
  resources: [
    resourceGroup(group),
    resourceGroup(nodes),
    resourceGroup('shop-monitoring-rg'),
    resourceGroup('shop-registry-rg'),
    images,
    grant(String(images['id']), 'AcrPull', 'f0000000-0000-4000-8000-000000000002', 1),
    egress,
    ...network(nodes, 'aks-vnet-31415926', '10.224.0.0/12', [{ name: 'aks-subnet', addressPrefix: '10.224.0.0/16' }]),
    workspace('shop-monitoring-rg', 'shop-logs'),
  ],
  kubernetes: workloadsOf('typical'),
};
