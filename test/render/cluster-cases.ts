import type { Edit } from '../../src/model/change.ts';
import { edit } from '../plan/build.ts';
import { group, p, subnet, uami, update_ } from './words.ts';

/** Edits that one `az aks update` says, with its flags. */
export const oneUpdate: readonly (readonly [name: string, edits: readonly Edit[], flags: string])[] = [
  [
    'Entra',
    [p('aadProfile.managed', true), p('aadProfile.adminGroupObjectIDs', [group]), p('aadProfile.tenantID', 't'), p('aadProfile.enableAzureRBAC', true)],
    `--enable-aad --aad-admin-group-object-ids ${group} --aad-tenant-id t --enable-azure-rbac`,
  ],
  [
    'Entra as one object',
    [p('aadProfile', { managed: true, adminGroupObjectIDs: [group], enableAzureRBAC: false })],
    `--enable-aad --aad-admin-group-object-ids ${group}`,
  ],
  ['Entra in place of the legacy kind', [p('aadProfile.managed', true, false), p('aadProfile.serverAppID', undefined, 'app')], '--enable-aad'],
  ['admin groups', [p('aadProfile.adminGroupObjectIDs', [group, 'g2'], [])], `--aad-admin-group-object-ids ${group},g2`],
  ['no admin groups: az would ask', [p('aadProfile.adminGroupObjectIDs', [], [group])], '--aad-admin-group-object-ids  --yes'],
  ['Azure RBAC on', [p('aadProfile.enableAzureRBAC', true)], '--enable-azure-rbac'],
  ['Azure RBAC off', [p('aadProfile.enableAzureRBAC', false, true)], '--disable-azure-rbac'],
  ['local accounts off', [p('disableLocalAccounts', true)], '--disable-local-accounts'],
  ['local accounts on', [p('disableLocalAccounts', false, true)], '--enable-local-accounts'],
  ['system identity', [edit('identity.type', 'SystemAssigned')], '--enable-managed-identity --yes'],
  [
    'system identity for a service principal',
    [edit('identity', { type: 'SystemAssigned' }), p('servicePrincipalProfile.clientId', 'msi', 'sp')],
    '--enable-managed-identity --yes',
  ],
  [
    'own identity',
    [edit('identity.type', 'UserAssigned'), edit('identity.userAssignedIdentities', { [uami]: {} })],
    `--enable-managed-identity --assign-identity ${uami} --yes`,
  ],
  [
    'own identity by its key',
    [edit('identity.type', 'UserAssigned'), { path: ['identity', 'userAssignedIdentities', uami], before: undefined, after: {} }],
    `--enable-managed-identity --assign-identity ${uami} --yes`,
  ],
  [
    'OIDC issuer and workload identity',
    [p('oidcIssuerProfile.enabled', true), p('securityProfile.workloadIdentity.enabled', true)],
    '--enable-oidc-issuer --enable-workload-identity',
  ],
  ['workload identity off', [p('securityProfile.workloadIdentity.enabled', undefined, true)], '--disable-workload-identity'],
  [
    'authorized ranges',
    [p('apiServerAccessProfile.authorizedIPRanges', ['20.1.2.3/32', '20.1.2.4/32'])],
    '--api-server-authorized-ip-ranges 20.1.2.3/32,20.1.2.4/32',
  ],
  ['no authorized ranges', [p('apiServerAccessProfile.authorizedIPRanges', [], ['20.1.2.3/32'])], '--api-server-authorized-ip-ranges '],
  [
    'VNet integration',
    [p('apiServerAccessProfile.enableVnetIntegration', true), p('apiServerAccessProfile.subnetId', subnet)],
    `--enable-apiserver-vnet-integration --apiserver-subnet-id ${subnet}`,
  ],
  [
    'private',
    [p('apiServerAccessProfile.enablePrivateCluster', true), p('apiServerAccessProfile.authorizedIPRanges', [], ['20.1.2.3/32'])],
    '--enable-private-cluster --api-server-authorized-ip-ranges ',
  ],
  [
    'private with a zone',
    [p('apiServerAccessProfile.enablePrivateCluster', true), p('apiServerAccessProfile.privateDNSZone', 'none')],
    '--enable-private-cluster --private-dns-zone none',
  ],
  ['public again', [p('apiServerAccessProfile.enablePrivateCluster', false, true)], '--disable-private-cluster'],
  ['public name off', [p('apiServerAccessProfile.enablePrivateClusterPublicFQDN', false)], '--disable-public-fqdn'],
  ['public name on', [p('apiServerAccessProfile.enablePrivateClusterPublicFQDN', undefined, false)], '--enable-public-fqdn'],
  ['run command off', [p('apiServerAccessProfile.disableRunCommand', true)], '--disable-run-command'],
  ['run command on', [p('apiServerAccessProfile.disableRunCommand', undefined, true)], '--enable-run-command'],
  ['network policy', [p('networkProfile.networkPolicy', 'calico', 'none')], '--network-policy calico'],
  ['no network policy', [p('networkProfile.networkPolicy', undefined, 'calico')], '--network-policy none'],
  [
    'Cilium',
    [p('networkProfile.networkDataplane', 'cilium', 'azure'), p('networkProfile.networkPolicy', 'cilium', 'none')],
    '--network-dataplane cilium --network-policy cilium',
  ],
  [
    'Overlay',
    [
      p('networkProfile.networkPlugin', 'azure', 'kubenet'),
      p('networkProfile.networkPluginMode', 'overlay'),
      p('networkProfile.podCidr', '192.168.0.0/16'),
      p('networkProfile.podCidrs', ['192.168.0.0/16']),
    ],
    '--network-plugin azure --network-plugin-mode overlay --pod-cidr 192.168.0.0/16',
  ],
  ['Standard load balancer', [p('networkProfile.loadBalancerSku', 'Standard', 'Basic')], '--load-balancer-sku standard'],
  ['outbound type', [p('networkProfile.outboundType', 'userDefinedRouting', 'loadBalancer')], '--outbound-type userDefinedRouting'],
  [
    'outbound type, without the load balancer’s addresses',
    [p('networkProfile.outboundType', 'none', 'loadBalancer'), p('networkProfile.loadBalancerProfile', undefined, { managedOutboundIPs: { count: 1 } })],
    '--outbound-type none',
  ],
  [
    'outbound type, a NAT gateway of AKS',
    [
      p('networkProfile.outboundType', 'managedNATGateway', 'loadBalancer'),
      p('networkProfile.loadBalancerProfile', undefined, { managedOutboundIPs: { count: 1 } }),
      p('networkProfile.natGatewayProfile.managedOutboundIPProfile.count', 2),
    ],
    '--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2',
  ],
  [
    'more addresses of a NAT gateway',
    [p('networkProfile.natGatewayProfile.managedOutboundIPProfile.count', 3, 1)],
    '--nat-gateway-managed-outbound-ip-count 3',
  ],
  [
    'outbound type, back',
    [
      p('networkProfile.outboundType', 'loadBalancer', 'none'),
      p('networkProfile.loadBalancerProfile.managedOutboundIPs', { count: 1 }),
      p('networkProfile.natGatewayProfile', undefined, { idleTimeoutInMinutes: 4 }),
    ],
    '--outbound-type loadBalancer --load-balancer-managed-outbound-ip-count 1',
  ],
  ['static egress gateway', [p('networkProfile.staticEgressGatewayProfile.enabled', true)], '--enable-static-egress-gateway'],
  ['no static egress gateway', [p('networkProfile.staticEgressGatewayProfile.enabled', false, true)], '--disable-static-egress-gateway'],
  ['AKS’s own images from a cache', [p('bootstrapProfile.artifactSource', 'Cache', 'Direct')], '--bootstrap-artifact-source Cache'],
  [
    'AKS’s own images from a registry',
    [p('bootstrapProfile.artifactSource', 'Cache', 'Direct'), p('bootstrapProfile.containerRegistryId', '/registries/r')],
    '--bootstrap-artifact-source Cache --bootstrap-container-registry-resource-id /registries/r',
  ],
  ['AKS’s own images from the internet', [p('bootstrapProfile.artifactSource', 'Direct', 'Cache')], '--bootstrap-artifact-source Direct'],
  [
    'outbound addresses',
    [
      p('networkProfile.loadBalancerProfile.outboundIPs', { publicIPs: [{ id: '/ip/1' }, { id: '/ip/2' }] }),
      p('networkProfile.loadBalancerProfile.managedOutboundIPs', undefined, { count: 1 }),
    ],
    '--load-balancer-outbound-ips /ip/1,/ip/2',
  ],
  [
    'managed outbound addresses',
    [
      p('networkProfile.loadBalancerProfile.outboundIPs', undefined, { publicIPs: [{ id: '/ip/1' }] }),
      p('networkProfile.loadBalancerProfile.managedOutboundIPs', { count: 1 }),
    ],
    '--load-balancer-managed-outbound-ip-count 1',
  ],
  [
    'Defender',
    [p('securityProfile.defender.securityMonitoring.enabled', true), p('securityProfile.defender.logAnalyticsWorkspaceResourceId', '/w')],
    '--enable-defender --defender-config defender.json',
  ],
  [
    'Defender off',
    [p('securityProfile.defender.securityMonitoring.enabled', false, true), p('securityProfile.defender.logAnalyticsWorkspaceResourceId', undefined, '/w')],
    '--disable-defender',
  ],
  [
    'image cleaner',
    [p('securityProfile.imageCleaner.enabled', true), p('securityProfile.imageCleaner.intervalHours', 168)],
    '--enable-image-cleaner --image-cleaner-interval-hours 168',
  ],
  ['image cleaner off', [p('securityProfile.imageCleaner.enabled', false, true)], '--disable-image-cleaner'],
  [
    'KMS',
    [p('securityProfile.azureKeyVaultKms', { enabled: true, keyId: 'https://kv/keys/k/1', keyVaultNetworkAccess: 'Private', keyVaultResourceId: '/kv' })],
    '--enable-azure-keyvault-kms --azure-keyvault-kms-key-id https://kv/keys/k/1 --azure-keyvault-kms-key-vault-network-access Private --azure-keyvault-kms-key-vault-resource-id /kv',
  ],
  ['KMS off', [p('securityProfile.azureKeyVaultKms.enabled', false, true)], '--disable-azure-keyvault-kms'],
  ['Prometheus', [p('azureMonitorProfile.metrics.enabled', true)], '--enable-azure-monitor-metrics'],
  ['Prometheus off', [p('azureMonitorProfile.metrics.enabled', false, true)], '--disable-azure-monitor-metrics'],
  ['upgrade channel', [p('autoUpgradeProfile.upgradeChannel', 'patch')], '--auto-upgrade-channel patch'],
  ['node OS channel', [p('autoUpgradeProfile.nodeOSUpgradeChannel', 'SecurityPatch', 'None')], '--node-os-upgrade-channel SecurityPatch'],
  ['tier', [edit('sku.tier', 'Standard', 'Free')], '--tier standard'],
  [
    'long-term support',
    [edit('sku', { name: 'Base', tier: 'Premium' }), p('supportPlan', 'AKSLongTermSupport')],
    '--tier premium --k8s-support-plan AKSLongTermSupport',
  ],
  ['node resource group', [p('nodeResourceGroupProfile.restrictionLevel', 'ReadOnly')], '--nrg-lockdown-restriction-level ReadOnly'],
  [
    'secret rotation',
    [
      p('addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation', 'true', 'false'),
      p('addonProfiles.azureKeyvaultSecretsProvider.config.rotationPollInterval', '5m', '2m'),
    ],
    '--enable-secret-rotation --rotation-poll-interval 5m',
  ],
  ['no secret rotation', [p('addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation', 'false', 'true')], '--disable-secret-rotation'],
  ['blob driver', [p('storageProfile.blobCSIDriver.enabled', true)], '--enable-blob-driver --yes'],
];

/** Edits that take more than one command, or another one. */
export const several: readonly (readonly [name: string, edits: readonly Edit[], commands: readonly string[]])[] = [
  [
    'private without a public name: az looks at the cluster as it stands',
    [p('apiServerAccessProfile.enablePrivateCluster', true), p('apiServerAccessProfile.enablePrivateClusterPublicFQDN', false)],
    [`${update_} --enable-private-cluster`, `${update_} --disable-public-fqdn`],
  ],
  [
    'public with ranges again',
    [p('apiServerAccessProfile.enablePrivateCluster', false, true), p('apiServerAccessProfile.authorizedIPRanges', ['20.1.2.3/32'])],
    [`${update_} --disable-private-cluster`, `${update_} --api-server-authorized-ip-ranges 20.1.2.3/32`],
  ],
  [
    'an add-on beside a flag',
    [p('disableLocalAccounts', true), p('addonProfiles.azurepolicy.enabled', true)],
    [`${update_} --disable-local-accounts`, 'az aks enable-addons --resource-group rg-1 --name aks-1 --addons azure-policy'],
  ],
  [
    'an add-on off, in another case',
    [p('addonProfiles.azurePolicy.enabled', false, true)],
    ['az aks disable-addons --resource-group rg-1 --name aks-1 --addons azure-policy'],
  ],
  [
    'the Key Vault provider',
    [p('addonProfiles.azureKeyvaultSecretsProvider', { enabled: true, config: { enableSecretRotation: 'true', rotationPollInterval: '2m' } })],
    ['az aks enable-addons --resource-group rg-1 --name aks-1 --addons azure-keyvault-secrets-provider --enable-secret-rotation --rotation-poll-interval 2m'],
  ],
  [
    'Container Insights',
    [p('addonProfiles.omsagent', { enabled: true, config: { logAnalyticsWorkspaceResourceID: '/w', useAADAuth: 'true' } })],
    ['az aks enable-addons --resource-group rg-1 --name aks-1 --addons monitoring --workspace-resource-id /w'],
  ],
  [
    'a version of everything',
    [
      p('kubernetesVersion', '1.34.1', '1.33.5'),
      p('agentPoolProfiles.[np1].orchestratorVersion', '1.34.1', '1.33.5'),
      p('agentPoolProfiles.[np2].orchestratorVersion', '1.34.1', '1.32.9'),
    ],
    ['az aks upgrade --resource-group rg-1 --name aks-1 --kubernetes-version 1.34.1 --yes'],
  ],
  [
    'a version beside a channel',
    [p('kubernetesVersion', '1.34.1', '1.33.5'), p('autoUpgradeProfile.upgradeChannel', 'patch')],
    [`${update_} --auto-upgrade-channel patch`, 'az aks upgrade --resource-group rg-1 --name aks-1 --kubernetes-version 1.34.1 --control-plane-only --yes'],
  ],
];

/** Edits without a flag. */
export const written: readonly (readonly [name: string, edits: readonly Edit[], set: string])[] = [
  [
    'no upgrade channel: the flag pins every version as well',
    [p('autoUpgradeProfile.upgradeChannel', 'none', 'patch')],
    '--set properties.autoUpgradeProfile.upgradeChannel="none"',
  ],
  ['an unknown property', [p('newProfile.mode', 'x')], '--set properties.newProfile.mode="x"'],
  ['a text that looks like a number stays a text', [p('newProfile.count', '3')], '--set properties.newProfile.count="3"'],
  ['a list', [p('newProfile.list', ['a', 1])], '--set properties.newProfile.list=["a",1]'],
  ['a property that goes', [p('newProfile.mode', undefined, 'x')], '--remove properties.newProfile.mode'],
  ['the issuer, which has no way back', [p('oidcIssuerProfile.enabled', false, true)], '--set properties.oidcIssuerProfile.enabled=false'],
  ['a subnet alone', [p('apiServerAccessProfile.subnetId', '/s')], '--set properties.apiServerAccessProfile.subnetId="/s"'],
  [
    'the sensor without a workspace: az would make one',
    [p('securityProfile.defender.securityMonitoring.enabled', true)],
    '--set properties.securityProfile.defender.securityMonitoring.enabled=true',
  ],
  [
    'a setting of an add-on that has no flag',
    [p('addonProfiles.azurepolicy.config.version', 'v3')],
    '--set properties.addonProfiles.azurepolicy.config.version="v3"',
  ],
  ['an add-on that az does not name', [p('addonProfiles.gitops.enabled', true)], '--set properties.addonProfiles.gitops.enabled=true'],
];
