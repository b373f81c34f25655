import type { ArmResource, FactKey, Facts, FactValues } from '../../src/model/facts.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { cluster, factsOf, readable, SUBSCRIPTION, WORKSPACE } from './fixture.ts';

/** A cluster as az aks create makes it, with other properties. */
export const of = (properties: JsonObject, rest: JsonObject = {}): Facts => factsOf(cluster({ properties, ...rest }), readable);
/** A cluster with this network policy engine. */
export const network = (networkPolicy: Json): Facts => of({ networkProfile: { networkPolicy } });
/** A cluster with this door to its API server. */
export const api = (profile: JsonObject): Facts => of({ apiServerAccessProfile: profile });
/** A cluster of this tier. */
export const tier = (name: string): Facts => of({}, { sku: { name: 'Base', tier: name } });
/** A cluster with these add-ons. */
export const addon = (addonProfiles: JsonObject): Facts => of({ addonProfiles });

const served = (minor: string, patch: string) => ({
  minor,
  plans: ['KubernetesOfficial'],
  preview: false,
  isDefault: false,
  patches: [{ version: patch, upgrades: [] }],
});
/** A cluster at this version, in a region that serves 1.34 and 1.35. */
export const version = (running: string): Facts =>
  factsOf(cluster({ properties: { kubernetesVersion: running, currentKubernetesVersion: running } }), {
    ...readable,
    kubernetesVersions: [served('1.34', '1.34.2'), served('1.35', '1.35.1')],
    clusterUpgrades: { controlPlane: { version: running, upgrades: [] }, pools: [] },
  });

/** A pool that lacks nothing. */
export const good: JsonObject = {
  name: 'first',
  mode: 'System',
  osType: 'Linux',
  count: 3,
  enableEncryptionAtHost: true,
  enableNodePublicIP: false,
  nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
  securityProfile: { sshAccess: 'Disabled', enableVTPM: true, enableSecureBoot: true },
};
/** A pool that lacks all of it. */
export const bad: JsonObject = { name: 'second', mode: 'User', osType: 'Linux', count: 3, enableEncryptionAtHost: false, enableNodePublicIP: true };
/** A cluster with these pools. */
export const pools = (...agentPoolProfiles: readonly JsonObject[]): Facts => of({ agentPoolProfiles });

const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/shop`;
/** The identity of the nodes. */
export const PRINCIPAL = '00000000-0000-0000-0000-00000000000b';
const acrPull = {
  id: `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/x`,
  properties: { roleDefinitionId: '/x/7f951dda-4ed3-4680-a7ca-43fe172d538d', scope: REGISTRY, principalId: PRINCIPAL },
};

/** A cluster that pulls from one registry. */
export function registry(properties: JsonObject, over: { readonly [K in FactKey]?: FactValues[K] | string } = {}): Facts {
  const image: ArmResource = { id: REGISTRY, name: 'shop', sku: { name: 'Premium' }, properties: { loginServer: 'shop.azurecr.io', ...properties } };
  return factsOf(cluster(), {
    ...readable,
    registries: [image],
    identityRoleAssignments: [{ identity: 'kubelet', principalId: PRINCIPAL, assignments: [acrPull] }],
    registryScanners: [{ registryId: REGISTRY, webhooks: [], quarantineWriters: [] }],
    registryAssessments: [],
    registryPrivateLink: { endpoints: [], zones: [] },
    defenderPlan: { name: 'Containers', properties: { pricingTier: 'Free' } },
    outboundAddresses: [{ resourceId: '/x', cidr: '20.50.60.70/32' }],
    ...over,
  });
}

/** A subscription with this Defender plan. */
export const defender = (name: string, pricingTier: string): Facts => factsOf(cluster(), { ...readable, defenderPlan: { name, properties: { pricingTier } } });
/** A diagnostic setting that sends to a workspace. */
export const setting = (name: string, properties: JsonObject): ArmResource => ({ name, properties: { workspaceId: WORKSPACE, ...properties } });
/** A cluster with these diagnostic settings. */
export const logs = (...diagnosticSettings: readonly ArmResource[]): Facts => factsOf(cluster(), { ...readable, diagnosticSettings });
/** A setting that names a group of categories. */
export const group = (categoryGroup: string): ArmResource =>
  setting('all', { logAnalyticsDestinationType: 'Dedicated', logs: [{ categoryGroup, enabled: true }], metrics: [] });
/** A setting without logs. */
export const metricsOnly = setting('metrics', { logs: [], metrics: [{ category: 'AllMetrics', enabled: true }] });
/** A setting that sends to storage and counts on a retention policy. */
export const archive = (days: number): ArmResource => ({
  name: 'archive',
  properties: {
    storageAccountId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.Storage/storageAccounts/logs`,
    logs: [{ categoryGroup: 'audit', enabled: true, retentionPolicy: { enabled: true, days } }],
  },
});
/** A cluster with this SSH access to its nodes. */
export const ssh = (sshAccess: string): Facts => pools({ ...good, securityProfile: { sshAccess } });
