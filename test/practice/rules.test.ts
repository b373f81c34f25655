import { expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { rules } from '../../src/practice/validation/index.ts';
import type { ScenarioName } from '../../src/practice/world.ts';
import { bench } from './bench.ts';

type Edits = { readonly [dotted: string]: Json | undefined };
interface Case {
  readonly what: string;
  readonly on: ScenarioName;
  readonly plant?: Edits;
  readonly edits: Edits;
  readonly refused: string;
}

const ranges = 'apiServerAccessProfile.authorizedIPRanges';
const vnet = '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet';

const cases: readonly Case[] = [
  {
    what: 'Entra off',
    on: 'private',
    edits: { 'aadProfile.managed': false },
    refused: "PropertyChangeNotAllowed: Changing property 'aadProfile.managed' is not allowed.",
  },
  {
    what: 'a tenant that is not the subscription’s',
    on: 'typical',
    edits: { aadProfile: { managed: true, tenantID: '11111111-1111-4111-8111-111111111111' } },
    refused: 'InvalidParameter: The value of parameter aadProfile.tenantID',
  },
  {
    what: 'a group by its name',
    on: 'typical',
    edits: { aadProfile: { managed: true, adminGroupObjectIDs: ['aks-admins'] } },
    refused: 'InvalidParameter: The value of parameter aadProfile.adminGroupObjectIDs',
  },
  { what: 'Azure RBAC without Entra', on: 'typical', edits: { 'aadProfile.enableAzureRBAC': true }, refused: 'BadRequest: Azure RBAC' },
  { what: 'OIDC issuer off', on: 'typical', edits: { 'oidcIssuerProfile.enabled': false }, refused: 'OIDCIssuerFeatureCannotBeDisabled' },
  {
    what: 'workload identity without issuer',
    on: 'legacy',
    edits: { 'securityProfile.workloadIdentity.enabled': true },
    refused: 'BadRequest: Enabling workload identity',
  },
  {
    what: 'back to a service principal',
    on: 'typical',
    edits: { 'servicePrincipalProfile.clientId': 'b0000000-0000-4000-8000-000000000004' },
    refused: 'PropertyChangeNotAllowed',
  },
  {
    what: 'an unknown service principal',
    on: 'legacy',
    edits: { 'servicePrincipalProfile.clientId': '99999999-9999-4999-8999-999999999999' },
    refused: 'ServicePrincipalNotFound',
  },
  {
    what: 'identity values echoed',
    on: 'typical',
    edits: { '/identity': { type: 'UserAssigned', userAssignedIdentities: { '/subscriptions/s/x': { clientId: 'c' } } } },
    refused: 'InvalidIdentityValues',
  },
  { what: 'user-assigned without identity', on: 'typical', edits: { '/identity': { type: 'UserAssigned' } }, refused: 'InvalidIdentityValues' },
  {
    what: 'ranges on a Basic load balancer',
    on: 'legacy',
    edits: { [ranges]: ['81.2.69.160/32'] },
    refused: 'InvalidParameter: The value of parameter apiServerAccessProfile.authorizedIPRanges',
  },
  { what: 'ranges on a private cluster', on: 'private', edits: { [ranges]: ['81.2.69.160/32'] }, refused: 'InvalidParameter' },
  { what: 'a malformed range', on: 'typical', edits: { [ranges]: ['81.2.69.160/33'] }, refused: 'InvalidParameter' },
  { what: 'an IPv6 range', on: 'typical', edits: { [ranges]: ['2001:db8::/32'] }, refused: 'InvalidParameter' },
  { what: '201 ranges', on: 'typical', edits: { [ranges]: Array.from({ length: 201 }, (_, i) => `81.2.70.${i}/32`) }, refused: 'InvalidParameter' },
  {
    what: '0.0.0.0/32 with others',
    on: 'typical',
    edits: { [ranges]: ['0.0.0.0/32', '81.2.69.160/32'] },
    refused: 'InvalidParameter: Setting apiServerAuthorizedIPRange to 0.0.0.0/32',
  },
  {
    what: 'private without VNet integration',
    on: 'typical',
    edits: { 'apiServerAccessProfile.enablePrivateCluster': true },
    refused: "PropertyChangeNotAllowed: Changing property 'apiServerAccessProfile.enablePrivateCluster'",
  },
  { what: 'VNet integration off', on: 'hardened', edits: { 'apiServerAccessProfile.enableVnetIntegration': false }, refused: 'PropertyChangeNotAllowed' },
  {
    what: 'VNet integration without a subnet',
    on: 'legacy',
    edits: { 'apiServerAccessProfile.enableVnetIntegration': true },
    refused: 'InvalidParameter: The value of parameter apiServerAccessProfile.subnetId',
  },
  {
    what: 'VNet integration in a subnet that is not delegated',
    on: 'legacy',
    edits: { apiServerAccessProfile: { enableVnetIntegration: true, subnetId: `${vnet}/subnets/nodes` } },
    refused: 'InvalidParameter: The value of parameter apiServerAccessProfile.subnetId',
  },
  {
    what: 'no name at all',
    on: 'private',
    edits: { 'apiServerAccessProfile.privateDNSZone': 'none', 'apiServerAccessProfile.enablePrivateClusterPublicFQDN': false },
    refused: 'BadRequest: privateDNSZone none',
  },
  {
    what: 'Cilium without its policy',
    on: 'typical',
    edits: { 'networkProfile.networkDataplane': 'cilium' },
    refused: 'BadRequest: Cilium dataplane requires network policy cilium',
  },
  {
    what: 'the Cilium policy without its dataplane',
    on: 'typical',
    edits: { 'networkProfile.networkPolicy': 'cilium' },
    refused: 'BadRequest: Network policy cilium requires',
  },
  {
    what: 'Cilium on kubenet',
    on: 'legacy',
    edits: { 'networkProfile.networkDataplane': 'cilium', 'networkProfile.networkPolicy': 'cilium' },
    refused: 'BadRequest: Cilium dataplane requires network plugin azure',
  },
  {
    what: 'away from Cilium',
    on: 'hardened',
    edits: { 'networkProfile.networkDataplane': 'azure', 'networkProfile.networkPolicy': 'none' },
    refused: 'PropertyChangeNotAllowed',
  },
  {
    what: 'Calico to NPM directly',
    on: 'private',
    edits: { 'networkProfile.networkPolicy': 'azure' },
    refused: 'BadRequest: Network policy cannot be changed from calico to azure directly',
  },
  {
    what: 'an engine below 1.30',
    on: 'typical',
    plant: { currentKubernetesVersion: '1.29.9', kubernetesVersion: '1.29.9' },
    edits: { 'networkProfile.networkPolicy': 'calico' },
    refused: 'BadRequest: Installing or uninstalling network policy',
  },
  { what: 'NPM on kubenet', on: 'legacy', edits: { 'networkProfile.networkPolicy': 'azure' }, refused: 'BadRequest: Network policy azure requires' },
  { what: 'kubenet to Azure CNI without overlay', on: 'legacy', edits: { 'networkProfile.networkPlugin': 'azure' }, refused: 'PropertyChangeNotAllowed' },
  {
    what: 'overlay with an engine in place',
    on: 'private',
    edits: { 'networkProfile.networkPluginMode': 'overlay' },
    refused: 'BadRequest: Network policy must be removed',
  },
  {
    what: 'overlay and Cilium at once',
    on: 'legacy',
    edits: {
      'networkProfile.networkPlugin': 'azure',
      'networkProfile.networkPluginMode': 'overlay',
      'networkProfile.networkDataplane': 'cilium',
      'networkProfile.networkPolicy': 'cilium',
    },
    refused: 'BadRequest: Updating the network plugin mode',
  },
  { what: 'back to Basic', on: 'typical', edits: { 'networkProfile.loadBalancerSku': 'basic' }, refused: 'PropertyChangeNotAllowed' },
  {
    what: 'an outbound address that is not there',
    on: 'typical',
    edits: { 'networkProfile.loadBalancerProfile': { outboundIPs: { publicIPs: [{ id: '/subscriptions/x/gone' }] } } },
    refused: 'InvalidResourceReference',
  },
  {
    what: 'user-defined routing in a managed network',
    on: 'typical',
    edits: { 'networkProfile.outboundType': 'userDefinedRouting' },
    refused: 'BadRequest: Updating outboundType',
  },
  {
    what: 'Defender with a workspace that is not there',
    on: 'typical',
    edits: { 'securityProfile.defender': { logAnalyticsWorkspaceResourceId: '/subscriptions/x/workspaces/gone', securityMonitoring: { enabled: true } } },
    refused: 'BadRequest: Unable to get log analytics workspace info',
  },
  {
    what: 'Defender without a workspace',
    on: 'typical',
    edits: { 'securityProfile.defender': { securityMonitoring: { enabled: true } } },
    refused: 'InvalidParameter',
  },
  {
    what: 'a workspace that has gone blocks any write',
    on: 'legacy',
    plant: { 'addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID': '/subscriptions/x/workspaces/gone' },
    edits: { 'autoUpgradeProfile.upgradeChannel': 'patch' },
    refused: 'BadRequest: Unable to get log analytics workspace info',
  },
  {
    what: 'image cleaner every hour',
    on: 'typical',
    edits: { 'securityProfile.imageCleaner': { enabled: true, intervalHours: 1 } },
    refused: 'InvalidParameter',
  },
  {
    what: 'KMS with a system-assigned identity',
    on: 'typical',
    edits: { 'securityProfile.azureKeyVaultKms': { enabled: true, keyId: 'k' } },
    refused: 'BadRequest: Azure Key Vault KMS',
  },
  { what: 'pod identity on', on: 'typical', edits: { 'podIdentityProfile.enabled': true }, refused: 'BadRequest: AAD Pod Identity is retired' },
  { what: 'long-term support without Premium', on: 'typical', edits: { supportPlan: 'AKSLongTermSupport' }, refused: 'BadRequest: Support plan' },
  {
    what: 'SecurityPatch with Windows',
    on: 'typical',
    plant: { agentPoolProfiles: [{ name: 'win', osType: 'Windows', mode: 'System' }] },
    edits: { 'autoUpgradeProfile.nodeOSUpgradeChannel': 'SecurityPatch' },
    refused: 'BadRequest: Node OS upgrade channel SecurityPatch',
  },
  {
    what: 'a value that is none',
    on: 'typical',
    edits: { 'autoUpgradeProfile.nodeOSUpgradeChannel': 'Weekly' },
    refused: 'InvalidParameter: The value of parameter autoUpgradeProfile.nodeOSUpgradeChannel',
  },
  { what: 'a text where a switch stands', on: 'typical', edits: { disableLocalAccounts: 'true' }, refused: 'UnmarshalError' },
  { what: 'another DNS prefix', on: 'typical', edits: { dnsPrefix: 'other' }, refused: 'PropertyChangeNotAllowed' },
  {
    what: 'another machine size',
    on: 'typical',
    plant: { agentPoolProfiles: [{ name: 'a', mode: 'System', vmSize: 'S' }] },
    edits: { agentPoolProfiles: [{ name: 'a', mode: 'System', vmSize: 'L' }] },
    refused: "PropertyChangeNotAllowed: Changing property 'agentPoolProfile.vmSize'",
  },
];

it.each(cases)('refuses $what', async ({ on, plant, edits, refused }) => {
  const practice = await bench(on);
  if (plant !== undefined) practice.plant(plant);
  const answer = await practice.write(edits);
  expect(answer.replace(/^\d+ /, '')).toContain(refused);
});

it('does not refuse to lock everybody out: turning local accounts off without Entra is accepted', async () => {
  const practice = await bench('typical');
  expect(await practice.apply({ disableLocalAccounts: true })).toBe('accepted');
  expect(await practice.kubernetes.access()).toMatchObject({ allowed: false });
});

it.each([
  ['legacy', { aadProfile: { managed: true, adminGroupObjectIDs: ['a0000000-0000-4000-8000-000000000001'] } }],
  ['legacy', { '/identity': { type: 'SystemAssigned' } }],
  ['legacy', { 'networkProfile.loadBalancerSku': 'standard' }],
  ['legacy', { 'networkProfile.networkPolicy': 'calico' }],
  ['legacy', { 'networkProfile.networkPlugin': 'azure', 'networkProfile.networkPluginMode': 'overlay' }],
  ['legacy', { apiServerAccessProfile: { enableVnetIntegration: true, subnetId: `${vnet}/subnets/api-server` } }],
  ['legacy', { 'podIdentityProfile.enabled': false }],
  ['typical', { 'networkProfile.networkDataplane': 'cilium', 'networkProfile.networkPolicy': 'cilium' }],
  ['typical', { [ranges]: ['0.0.0.0/32'] }],
  ['typical', { [ranges]: Array.from({ length: 200 }, (_, i) => `81.2.70.${i}/32`) }],
  ['private', { 'networkProfile.networkPolicy': 'none' }],
  ['private', { 'networkProfile.networkDataplane': 'cilium', 'networkProfile.networkPolicy': 'cilium' }],
  ['hardened', { 'apiServerAccessProfile.enablePrivateCluster': false }],
] as const)('accepts on %s: %j', async (on, edits) => {
  const practice = await bench(on);
  expect(await practice.apply(edits as Edits)).toBe('accepted');
});

it('has a different id for each rule', () => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
});
