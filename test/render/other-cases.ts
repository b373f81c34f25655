import type { Change, Edit } from '../../src/model/change.ts';
import { clusterId, edit, image, put } from '../plan/build.ts';
import { edited, group, p, S } from './words.ts';

const target = (id: string, type: string, apiVersion: string) => ({ id, type, apiVersion });
const rg = `/subscriptions/${S}/resourceGroups/rg-1`;
export const diagnostic = put('a/x', {
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
export const window = put('a/x', {
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
export const rule = put('a/x', {
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

const address = put('a/x', {
  target: target(`${rg}/providers/Microsoft.Network/publicIPAddresses/out`, 'Microsoft.Network/publicIPAddresses', '2024-05-01'),
  body: {
    location: 'westeurope',
    sku: { name: 'Standard', tier: 'Regional' },
    properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4', idleTimeoutInMinutes: 4 },
  },
});
const gateway = put('a/x', {
  target: target(`${rg}/providers/Microsoft.Network/natGateways/nat`, 'Microsoft.Network/natGateways', '2024-05-01'),
  body: { location: 'westeurope', sku: { name: 'Standard' }, properties: { publicIpAddresses: [{ id: address.target.id }], idleTimeoutInMinutes: 4 } },
});
const subnet = (...edits: readonly Edit[]): Change => ({
  ...edited(),
  kind: 'arm.update',
  target: target(`${rg}/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes`, 'Microsoft.Network/virtualNetworks/subnets', '2024-05-01'),
  edits,
});

export const others: readonly (readonly [name: string, change: Change, commands: readonly string[]])[] = [
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
    'registry, closed without its firewall',
    registry(p('publicNetworkAccess', 'Disabled', 'Enabled')),
    [`az resource patch --ids ${rg}/providers/Microsoft.ContainerRegistry/registries/reg --api-version 2023-07-01 --properties @patch.json`],
  ],
  [
    'registry, opened',
    registry(p('publicNetworkAccess', 'Enabled', 'Disabled')),
    ['az acr update --resource-group rg-1 --name reg --public-network-enabled true'],
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
  [
    'public address',
    address,
    [
      'az network public-ip create --resource-group rg-1 --name out --location westeurope --sku Standard --tier Regional --allocation-method Static --version IPv4 --idle-timeout 4',
    ],
  ],
  [
    'public address from a zone',
    { ...address, body: { ...address.body, zones: ['1'] } },
    [`az rest --method put --url ${address.target.id}?api-version=2024-05-01 --body @body.json --headers Content-Type=application/json`],
  ],
  [
    'NAT gateway',
    gateway,
    [
      `az network nat gateway create --resource-group rg-1 --name nat --location westeurope --sku Standard --public-ip-addresses ${address.target.id} --idle-timeout 4`,
    ],
  ],
  [
    'NAT gateway on a subnet',
    subnet(p('natGateway', { id: gateway.target.id })),
    [`az network vnet subnet update --resource-group rg-1 --vnet-name v --name nodes --nat-gateway ${gateway.target.id}`],
  ],
  [
    'no NAT gateway on a subnet',
    subnet(p('natGateway', undefined, { id: gateway.target.id })),
    ['az network vnet subnet update --resource-group rg-1 --vnet-name v --name nodes --nat-gateway null'],
  ],
  [
    'a subnet, no flag',
    subnet(p('defaultOutboundAccess', false)),
    [
      `az resource update --ids ${rg}/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes --api-version 2024-05-01 --set properties.defaultOutboundAccess=false`,
    ],
  ],
  ['no public address', remove(address), ['az network public-ip delete --resource-group rg-1 --name out']],
  ['no NAT gateway', remove(gateway), ['az network nat gateway delete --resource-group rg-1 --name nat']],
  ['no rule', remove(rule), [`az resource delete --ids ${rule.target.id} --api-version 2023-03-11`]],
];
