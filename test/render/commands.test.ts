import { describe, expect, it } from 'vitest';
import type { ArmUpdate, Change, Edit } from '../../src/model/change.ts';
import type { Json } from '../../src/model/json.ts';
import type { Command } from '../../src/model/plan.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { commandsOf, requestOf } from '../../src/render/index.ts';
import { clusterId, edit, image, pool, put, update } from '../plan/build.ts';
import { azFaults, hasReference } from './az-reference.ts';

const S = '00000000-0000-0000-0000-000000000001';
const update_ = 'az aks update --resource-group rg-1 --name aks-1';
const nodepool = 'az aks nodepool update --resource-group rg-1 --cluster-name aks-1 --name np1';

/** A command without what every command has. */
const short = (command: Command) => command.argv.join(' ').replace(` --subscription ${S} --output none`, '');
const shorts = (change: Change) => commandsOf(change).map(short);
const edited = (...edits: readonly Edit[]): ArmUpdate => update('a/x', edits);
const p = (dotted: string, after: Json | undefined, before?: Json) => edit(`properties.${dotted}`, after, before);
const subnet = `${clusterId.split('/providers')[0]}/providers/Microsoft.Network/virtualNetworks/v/subnets/api`;
const uami = '/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1';
const group = '11111111-1111-1111-1111-111111111111';

const oneUpdate: readonly (readonly [name: string, edits: readonly Edit[], flags: string])[] = [
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
  ['no upgrade channel: az would ask', [p('autoUpgradeProfile.upgradeChannel', 'none', 'patch')], '--auto-upgrade-channel none --yes'],
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

const several: readonly (readonly [name: string, edits: readonly Edit[], commands: readonly string[]])[] = [
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
    ['az aks enable-addons --resource-group rg-1 --name aks-1 --addons monitoring --workspace-resource-id /w --enable-msi-auth-for-monitoring true'],
  ],
  [
    'a version beside a channel',
    [p('kubernetesVersion', '1.34.1', '1.33.5'), p('autoUpgradeProfile.upgradeChannel', 'patch')],
    [`${update_} --auto-upgrade-channel patch`, 'az aks upgrade --resource-group rg-1 --name aks-1 --kubernetes-version 1.34.1 --control-plane-only --yes'],
  ],
];

const written: readonly (readonly [name: string, edits: readonly Edit[], set: string])[] = [
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

describe('a cluster update as commands', () => {
  it.each(oneUpdate)('%s: one command', (_name, edits, flags) => {
    expect(shorts(edited(...edits))).toEqual([`${update_} ${flags}`]);
  });

  it.each(several)('%s', (_name, edits, commands) => {
    expect(shorts(edited(...edits))).toEqual(commands);
  });

  it.each(written)('%s: set on the resource', (_name, edits, set) => {
    expect(shorts(edited(...edits))).toEqual([`az resource update --ids ${clusterId} --api-version 2026-05-01 ${set}`]);
  });

  it('says many edits in one command', () => {
    const edits = oneUpdate
      .filter(([name]) => ['Entra', 'local accounts off', 'authorized ranges', 'Defender', 'node OS channel', 'tier'].includes(name))
      .flatMap(([, list]) => list);
    const [command, ...more] = commandsOf(edited(...edits));
    expect(more).toEqual([]);
    expect(command?.files).toEqual({ 'defender.json': '{\n  "logAnalyticsWorkspaceResourceId": "/w"\n}\n' });
    expect(command?.azVersion).toBe('2.61.0');
  });

  it('writes what has no flag beside what has one: nothing is dropped', () => {
    const commands = shorts(edited(p('disableLocalAccounts', true), p('newProfile.mode', 'x')));
    expect(commands).toEqual([
      `${update_} --disable-local-accounts`,
      `az resource update --ids ${clusterId} --api-version 2026-05-01 --set properties.newProfile.mode="x"`,
    ]);
  });

  it('refuses what no command can say', () => {
    expect(() => commandsOf(edited({ path: ['tags', 'a.b'], before: undefined, after: 'x' }))).toThrow(ProblemError);
    expect(() => commandsOf(edited(p('aadProfile.adminGroupObjectIDs', ['x=@/etc/passwd'])))).toThrow(ProblemError);
    expect(() => commandsOf(edited(p('aadProfile.adminGroupObjectIDs', ['@/etc/passwd'])))).toThrow(/@\/etc\/passwd on a command line/);
  });

  it('joins a value that looks like a flag to its own', () => {
    const target = {
      id: `/subscriptions/${S}/resourceGroups/-rg/providers/Microsoft.ContainerService/managedClusters/c`,
      type: 'Microsoft.ContainerService/managedClusters',
      apiVersion: '2026-05-01',
    };
    expect(shorts(update('a/x', [p('disableLocalAccounts', true)], { target }))).toEqual([
      'az aks update --resource-group=-rg --name c --disable-local-accounts',
    ]);
  });
});

describe('a node pool update as commands', () => {
  const np = (...edits: readonly Edit[]) => update('a/x', edits, { target: pool('np1') });
  it.each([
    [[p('mode', 'System', 'User')], `${nodepool} --mode System`],
    [[p('enableFIPS', true)], `${nodepool} --enable-fips-image`],
    [[p('securityProfile.enableVTPM', true), p('securityProfile.enableSecureBoot', true)], `${nodepool} --enable-vtpm --enable-secure-boot`],
    [[p('upgradeSettings.maxSurge', '33%'), p('upgradeSettings.drainTimeoutInMinutes', 60)], `${nodepool} --max-surge 33% --drain-timeout 60`],
    [[p('nodeTaints', ['CriticalAddonsOnly=true:NoSchedule'])], `${nodepool} --node-taints CriticalAddonsOnly=true:NoSchedule`],
    [[p('nodeTaints', [], ['a=b:NoSchedule'])], `${nodepool} --node-taints `],
    [[p('nodeLabels', { a: '1', b: '2' })], `${nodepool} --labels a=1 b=2`],
    [[p('nodeLabels.a', '1')], `az resource update --ids ${pool('np1').id} --api-version 2026-05-01 --set properties.nodeLabels.a="1"`],
    [[p('osSKU', 'Ubuntu2404', 'Ubuntu')], `${nodepool} --os-sku Ubuntu2404`],
  ])('%j', (edits, command) => {
    expect(shorts(np(...edits))).toEqual([command]);
  });

  it('needs the preview extension to close SSH', () => {
    const [command] = commandsOf(np(p('securityProfile.sshAccess', 'Disabled', 'LocalUser')));
    expect(command).toMatchObject({ extension: 'aks-preview' });
    expect(command && short(command)).toBe(`${nodepool} --ssh-access disabled --yes`);
  });
});

const target = (id: string, type: string, apiVersion: string) => ({ id, type, apiVersion });
const rg = `/subscriptions/${S}/resourceGroups/rg-1`;
const diagnostic = put('a/x', {
  target: target(`${clusterId}/providers/Microsoft.Insights/diagnosticSettings/aks-hardening`, 'Microsoft.Insights/diagnosticSettings', '2021-05-01-preview'),
  body: { properties: { workspaceId: '/w', logAnalyticsDestinationType: 'Dedicated', logs: [{ category: 'guard', enabled: true }], metrics: [] } },
});
const plan = put('a/x', {
  target: target(`/subscriptions/${S}/providers/Microsoft.Security/pricings/Containers`, 'Microsoft.Security/pricings', '2024-01-01'),
  body: {
    properties: {
      pricingTier: 'Standard',
      extensions: [
        { name: 'ContainerSensor', isEnabled: 'True' },
        { name: 'AgentlessDiscoveryForKubernetes', isEnabled: 'False' },
      ],
    },
  },
});
const window = put('a/x', {
  target: target(
    `${clusterId}/maintenanceConfigurations/aksManagedNodeOSUpgradeSchedule`,
    'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
    '2026-05-01',
  ),
  body: { properties: { maintenanceWindow: { durationHours: 4 } } },
});
const role = put('a/x', {
  target: target(`${clusterId}/providers/Microsoft.Authorization/roleAssignments/${group}`, 'Microsoft.Authorization/roleAssignments', '2022-04-01'),
  body: { properties: { roleDefinitionId: '/roles/r', principalId: group, principalType: 'Group' } },
});
const workspace = put('a/x', {
  target: target(`${rg}/providers/Microsoft.OperationalInsights/workspaces/logs`, 'Microsoft.OperationalInsights/workspaces', '2023-09-01'),
  body: { location: 'westeurope', properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 } },
});
const resourceGroup = put('a/x', {
  target: target(`/subscriptions/${S}/resourceGroups/new`, 'Microsoft.Resources/resourceGroups', '2024-07-01'),
  body: { location: 'westeurope' },
});
const rule = put('a/x', {
  target: target(`${rg}/providers/Microsoft.Insights/dataCollectionRules/r`, 'Microsoft.Insights/dataCollectionRules', '2023-03-11'),
  body: { location: 'x', properties: {} },
});
const registry = (...edits: readonly Edit[]): Change => ({
  ...edited(),
  kind: 'arm.patch',
  target: target(`${rg}/providers/Microsoft.ContainerRegistry/registries/reg`, 'Microsoft.ContainerRegistry/registries', '2023-07-01'),
  edits,
});
const action = (name: 'rotateClusterCertificates' | 'stop' | 'start'): Change => ({ ...image('a/x', 'p'), target: edited().target, action: name });
const remove = (from: ReturnType<typeof put>): Change => ({ ...edited(), kind: 'arm.delete', target: from.target, before: from.body });

const others: readonly (readonly [name: string, change: Change, commands: readonly string[]])[] = [
  [
    'diagnostic setting',
    diagnostic,
    [`az monitor diagnostic-settings create --name aks-hardening --resource ${clusterId} --workspace /w --export-to-resource-specific true --logs @logs.json`],
  ],
  [
    'Defender plan',
    plan,
    [
      'az security pricing create --name Containers --tier Standard --extensions name=ContainerSensor isEnabled=True --extensions name=AgentlessDiscoveryForKubernetes isEnabled=False',
    ],
  ],
  [
    'new window',
    window,
    ['az aks maintenanceconfiguration add --resource-group rg-1 --cluster-name aks-1 --name aksManagedNodeOSUpgradeSchedule --config-file window.json'],
  ],
  [
    'known window',
    { ...window, before: {} },
    ['az aks maintenanceconfiguration update --resource-group rg-1 --cluster-name aks-1 --name aksManagedNodeOSUpgradeSchedule --config-file window.json'],
  ],
  [
    'role assignment',
    role,
    [`az role assignment create --name ${group} --role /roles/r --assignee-object-id ${group} --assignee-principal-type Group --scope ${clusterId}`],
  ],
  [
    'role assignment with a condition',
    { ...role, body: { properties: { ...(role.body['properties'] as object), condition: '@Resource x' } } },
    [`az rest --method put --url ${role.target.id}?api-version=2022-04-01 --body @body.json --headers Content-Type=application/json`],
  ],
  [
    'workspace',
    workspace,
    ['az monitor log-analytics workspace create --resource-group rg-1 --workspace-name logs --location westeurope --sku PerGB2018 --retention-time 30'],
  ],
  ['resource group', resourceGroup, ['az group create --name new --location westeurope']],
  ['anything else', rule, [`az rest --method put --url ${rule.target.id}?api-version=2023-03-11 --body @body.json --headers Content-Type=application/json`]],
  [
    'registry',
    registry(
      p('adminUserEnabled', false, true),
      p('anonymousPullEnabled', false, true),
      p('publicNetworkAccess', 'Disabled', 'Enabled'),
      p('networkRuleSet.defaultAction', 'Deny', 'Allow'),
      edit('sku.name', 'Premium', 'Basic'),
    ),
    [
      'az acr update --resource-group rg-1 --name reg --admin-enabled false --anonymous-pull-enabled false --public-network-enabled false --default-action Deny --sku Premium',
    ],
  ],
  [
    'registry, no flag',
    registry(p('policies.softDeletePolicy.status', 'enabled')),
    [`az resource patch --ids ${rg}/providers/Microsoft.ContainerRegistry/registries/reg --api-version 2023-07-01 --properties @patch.json`],
  ],
  [
    'rotation, which returns at once',
    action('rotateClusterCertificates'),
    ['az aks rotate-certs --resource-group rg-1 --name aks-1 --yes', 'az aks wait --resource-group rg-1 --name aks-1 --updated --timeout 7200'],
  ],
  ['stop', action('stop'), ['az aks stop --resource-group rg-1 --name aks-1']],
  ['start', action('start'), ['az aks start --resource-group rg-1 --name aks-1']],
  ['node image', image('a/x', 'np1'), ['az aks nodepool upgrade --resource-group rg-1 --cluster-name aks-1 --name np1 --node-image-only --yes']],
  ['no diagnostic setting', remove(diagnostic), [`az monitor diagnostic-settings delete --name aks-hardening --resource ${clusterId}`]],
  ['no window', remove(window), ['az aks maintenanceconfiguration delete --resource-group rg-1 --cluster-name aks-1 --name aksManagedNodeOSUpgradeSchedule']],
  ['no role assignment', remove(role), [`az role assignment delete --ids ${role.target.id}`]],
  ['no workspace', remove(workspace), ['az monitor log-analytics workspace delete --resource-group rg-1 --workspace-name logs --yes']],
  ['no rule', remove(rule), [`az resource delete --ids ${rule.target.id} --api-version 2023-03-11`]],
];

describe('other changes as commands', () => {
  it.each(others)('%s', (_name, change, commands) => {
    expect(shorts(change)).toEqual(commands);
  });

  it('puts JSON into files, never into arguments', () => {
    expect(commandsOf(diagnostic)[0]?.files).toEqual({ 'logs.json': `${JSON.stringify([{ category: 'guard', enabled: true }], null, 2)}\n` });
    expect(commandsOf(window)[0]?.files).toEqual({ 'window.json': `${JSON.stringify(window.body, null, 2)}\n` });
    expect(commandsOf(rule)[0]?.files).toEqual({ 'body.json': `${JSON.stringify(rule.body, null, 2)}\n` });
  });

  it('talks to Graph through az', () => {
    const change: Change = { ...edited(), kind: 'graph', method: 'POST', path: '/groups/g/members/$ref', body: { '@odata.id': 'x' } };
    expect(shorts(change)).toEqual([
      'az rest --method post --url https://graph.microsoft.com/v1.0/groups/g/members/$ref --body @body.json --headers Content-Type=application/json --output none',
    ]);
    expect(requestOf(change)).toEqual({ method: 'POST', url: '/v1.0/groups/g/members/$ref', body: { '@odata.id': 'x' } });
  });
});

describe.runIf(hasReference)("every command by az's own reference", () => {
  const updates = [...oneUpdate, ...several, ...written].map(([name, edits]) => [name, edited(...edits)] as const);
  const all = [
    ...updates,
    ...others.map(([name, change]) => [name, change] as const),
    ['ssh', update('a/x', [p('securityProfile.sshAccess', 'Disabled')], { target: pool('np1') })] as const,
  ];
  it.each(all)('%s', (_name, change) => {
    expect(commandsOf(change).flatMap(azFaults)).toEqual([]);
  });

  it('would tell', () => {
    const argv = ['az', 'aks', 'update', '--name', 'x', '--tier', 'golden', '--api-server-access-profile', 'x'];
    expect(azFaults({ argv })).toEqual([
      'unknown flag: aks update --api-server-access-profile',
      'missing: aks update --resource-group|-g',
      'not allowed: aks update --tier golden',
    ]);
  });
});
