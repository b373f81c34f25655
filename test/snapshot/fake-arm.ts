import { armProblem } from '../../src/azure/arm-problem.ts';
import type { FactKey, Facts, Operator } from '../../src/model/facts.ts';
import type { ArmGateway, KubernetesGateway, Response } from '../../src/model/gateway.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Request } from '../../src/model/plan.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { readFacts } from '../../src/snapshot/live.ts';

export const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const group = `${subscription}/resourceGroups/rg`;
export const clusterId = `${group}/providers/Microsoft.ContainerService/managedClusters/legacy`;
export const nodeGroup = `${subscription}/resourceGroups/MC_rg_legacy`;
export const address = `${nodeGroup}/providers/Microsoft.Network/publicIPAddresses/out`;
export const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
export const groupId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
export const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/images`;
export const rule = `${group}/providers/Microsoft.Insights/dataCollectionRules/logs`;
export const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/registry`;
export const zone = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const applicationId = '5e000000-0000-4000-8000-000000000001';
export const principalId = '5e000000-0000-4000-8000-000000000002';
export const operator: Operator = { objectId: '11111111-2222-3333-4444-555555555555', tenantId: 't', name: 'ada', kind: 'user' };

/** A cluster with something for each fact to find. */
export const cluster: JsonObject = {
  id: clusterId,
  name: 'legacy',
  type: 'Microsoft.ContainerService/ManagedClusters',
  location: 'westeurope',
  tags: { 'azd-env-name': 'dev' },
  properties: {
    provisioningState: 'Succeeded',
    fqdn: 'legacy.hcp.westeurope.azmk8s.io',
    nodeResourceGroup: 'MC_rg_legacy',
    servicePrincipalProfile: { clientId: applicationId },
    agentPoolProfiles: [{ name: 'p1', count: 3, nodeImageVersion: 'AKSUbuntu-2204-1' }],
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspace } } },
    aadProfile: { managed: true, adminGroupObjectIDs: [groupId] },
    networkProfile: { outboundType: 'loadBalancer', loadBalancerSku: 'standard', loadBalancerProfile: { effectiveOutboundIPs: [{ id: address }] } },
  },
};

/** What the fake cloud holds, by method and path without its query; `fails` are paths that answer with an error. */
export interface World {
  readonly [path: string]: Json | { readonly fails: number; readonly error: JsonObject };
}

export const world: World = {
  [clusterId]: cluster,
  [`${clusterId}/agentPools`]: { value: [{ name: 'p1', properties: { eTag: '1' } }] },
  [`${clusterId}/agentPools/p1/upgradeProfiles/default`]: { properties: { latestNodeImageVersion: 'AKSUbuntu-2204-2' } },
  [`${clusterId}/maintenanceConfigurations`]: { value: [] },
  [`${subscription}/providers/Microsoft.Insights/eventtypes/management/values`]: { value: [] },
  [`${clusterId}/providers/Microsoft.Insights/diagnosticSettings`]: { value: [{ name: 'd' }] },
  [`${clusterId}/providers/Microsoft.Authorization/permissions`]: { value: [{ actions: ['*'], notActions: ['x/delete'], dataActions: [] }] },
  [`${subscription}/providers/Microsoft.Authorization/permissions`]: { value: [{ actions: ['*/read'], notActions: [] }] },
  [`${clusterId}/providers/Microsoft.Authorization/locks`]: { value: [{ id: `${subscription}/providers/Microsoft.Authorization/locks/all` }] },
  [`${nodeGroup}/providers/Microsoft.Authorization/locks`]: {
    value: [{ id: `${subscription}/providers/Microsoft.Authorization/locks/ALL` }, { id: `${nodeGroup}/providers/Microsoft.Authorization/locks/nodes` }],
  },
  [`${clusterId}/providers/Microsoft.Authorization/policyAssignments`]: { value: [] },
  [`${clusterId}/providers/Microsoft.Authorization/roleAssignments`]: { value: [] },
  [`${subscription}/providers/Microsoft.Security/pricings/Containers`]: { name: 'Containers', properties: { pricingTier: 'Free' } },
  [`${subscription}/providers/Microsoft.OperationalInsights/workspaces`]: { value: [{ id: workspace, location: 'westeurope' }] },
  [workspace]: { id: workspace },
  [address]: { id: address, properties: { ipAddress: '20.1.1.1' } },
  [subscription]: { tenantId: 'tenant' },
  [group]: { id: group, tags: { ManagedBy: 'Terraform' } },
  [`${group}/providers/Microsoft.Resources/deployments`]: {
    value: [
      { name: 'main', properties: { outputResources: [{ id: clusterId.toUpperCase() }] } },
      { name: 'microsoft.aks-20240101', properties: { outputResources: [{ id: clusterId }] } },
      { name: 'other', properties: { outputResources: [{ id: '/x' }] } },
    ],
  },
  [`${nodeGroup}/providers/Microsoft.Network/virtualNetworks`]: { value: [{ id: '/vnet', properties: { subnets: [{ id: '/vnet/subnets/a' }] } }] },
  [`/applications(appId='${applicationId}')`]: { displayName: 'legacySP', passwordCredentials: [{ endDateTime: '2026-12-01T00:00:00Z', secretText: null }] },
  [`/servicePrincipals(appId='${applicationId}')`]: { id: principalId, displayName: 'legacySP' },
  '/servicePrincipals': { value: [{ id: principalId, appId: applicationId, displayName: 'legacySP' }] },
  [`${subscription}/providers/Microsoft.ContainerService/managedClusters`]: { value: [{ id: clusterId }] },
  [`${subscription}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`]: { value: [] },
  [`${subscription}/providers/Microsoft.Authorization/roleAssignments`]: {
    value: [
      { id: 'ours', properties: { principalId } },
      { id: 'another’s', properties: { principalId: 'x' } },
    ],
  },
  [`${clusterId}/providers/Microsoft.Insights/dataCollectionRuleAssociations`]: { value: [{ name: 'ci', properties: { dataCollectionRuleId: rule } }] },
  [rule]: { id: rule },
  [`${subscription}/providers/Microsoft.ContainerRegistry/registries`]: { value: [{ id: registry }] },
  [`${registry}/webhooks`]: { value: [] },
  [`${registry}/providers/Microsoft.Authorization/roleAssignments`]: { value: [] },
  [`${registry}/providers/Microsoft.Security/assessments`]: { value: [] },
  [`${subscription}/providers/Microsoft.Network/privateEndpoints`]: {
    value: [{ id: endpoint, properties: { subnet: { id: '/s' }, privateLinkServiceConnections: [{ properties: { privateLinkServiceId: registry } }] } }],
  },
  [`${subscription}/providers/Microsoft.Network/privateDnsZones`]: { value: [{ id: zone, name: 'privatelink.azurecr.io' }] },
  [`${endpoint}/privateDnsZoneGroups`]: { value: [{ properties: { privateDnsZoneConfigs: [{ properties: { privateDnsZoneId: zone } }] } }] },
  ...Object.fromEntries(
    ['natGateways', 'routeTables', 'azureFirewalls', 'publicIPAddresses', 'publicIPPrefixes'].map((kind) => [
      `${subscription}/providers/Microsoft.Network/${kind}`,
      { value: [] },
    ]),
  ),
  [`${nodeGroup}/providers/Microsoft.Network/loadBalancers`]: { value: [{ id: '/lb', name: 'kubernetes' }] },
  [`${zone}/virtualNetworkLinks`]: { value: [{ properties: { virtualNetwork: { id: '/vnet' } } }] },
  [`/groups/${groupId}`]: { id: groupId, displayName: 'Admins\u001b[31m', securityEnabled: true },
  [`/groups/${groupId}/transitiveMembers`]: { value: [{ id: operator.objectId }, { id: 'x' }] },
  [`/directoryObjects/${operator.objectId}/checkMemberGroups`]: { value: [groupId] },
  '/me/transitiveMemberOf': {
    value: [
      { '@odata.type': '#microsoft.graph.directoryRole', id: 'd0000000-0000-4000-8000-000000000001', displayName: 'Global Reader' },
      { '@odata.type': '#microsoft.graph.group', id: 'e0000000-0000-4000-8000-000000000001', displayName: 'mail', securityEnabled: false },
      { '@odata.type': '#microsoft.graph.group', id: groupId, displayName: 'Admins\u001b[31m', securityEnabled: true },
    ],
  },
  [`${subscription}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions`]: {
    values: [{ version: '1.35', patchVersions: { '1.35.1': { upgrades: [] } } }],
  },
  [`${clusterId}/upgradeProfiles/default`]: {
    properties: { controlPlaneProfile: { kubernetesVersion: '1.34.2', upgrades: [{ kubernetesVersion: '1.35.1' }] } },
  },
};

/** ARM's refusal of one action. */
export function refused(action: string, scope: string): World[string] {
  const message = `The client 'ada' with object id '${operator.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`;
  return { fails: 403, error: { code: 'AuthorizationFailed', message } };
}

const isFailure = (entry: World[string]): entry is { readonly fails: number; readonly error: JsonObject } =>
  typeof entry === 'object' && entry !== null && 'fails' in entry;

/**
 * A gateway over a world. It answers a round at a time: everything that is asked before the loop comes to rest is one round, so that `rounds`
 * counts how many waits a reader of Azure goes through.
 */
export function fakeArm(state: World = world) {
  const asked: Request[] = [];
  const waiting: (() => void)[] = [];
  const rounds: number[] = [];
  let scheduled = false;
  const answerRound = () => {
    scheduled = false;
    rounds.push(waiting.length);
    for (const answer of waiting.splice(0)) answer();
  };
  const respond = async (request: Request): Promise<Response> => {
    asked.push(request);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (!scheduled) setImmediate(answerRound);
      scheduled = true;
    });
    const entry = state[decodeURIComponent(request.url.split('?')[0] ?? '')];
    if (entry === undefined)
      throw new ProblemError(armProblem({ status: 404, headers: {}, body: { error: { code: 'ResourceNotFound', message: 'not there' } }, request }));
    if (isFailure(entry)) throw new ProblemError(armProblem({ status: entry.fails, headers: {}, body: { error: entry.error }, request }));
    return { status: 200, headers: {}, body: entry };
  };
  const never = () => Promise.reject(new Error('not part of this test'));
  const arm: ArmGateway = {
    kind: 'practice',
    label: 'fake',
    send: respond,
    graph: respond,
    begin: never,
    restore: () => {
      throw new Error('not part of this test');
    },
    operator: async () => operator,
    subscriptions: never,
    clusters: never,
    probe: async (host) => ({ reachable: true, detail: host }),
    sleep: async () => {},
  };
  return { arm, asked, rounds };
}

/** When the tests read. */
export const now = new Date('2026-09-01T10:00:00Z');
/** Reads the world's cluster. */
export const read = (state: World = world, options: Partial<Parameters<typeof readFacts>[0]> = {}) =>
  readFacts({ arm: fakeArm(state).arm, clusterId, now, kubernetes: emptyKubernetes, ...options });

/** A Kubernetes without an object. */
export const emptyKubernetes: KubernetesGateway = {
  via: 'kubectl',
  list: async function* () {},
  get: async () => undefined,
  remove: async () => undefined,
  access: async () => ({ allowed: true, as: 'ada' }),
  apply: async () => [],
  patch: async () => ({ object: {}, warnings: [] }),
};

/** The world with other properties of its cluster. */
export const withProperties = (properties: JsonObject): World => ({
  ...world,
  [clusterId]: { ...cluster, properties: { ...(cluster['properties'] as JsonObject), ...properties } },
});
/** A fact's value where it is known, the fact itself where not. */
export const value = <K extends FactKey>(facts: Facts, key: K) => {
  const fact = facts.known[key];
  return fact?.state === 'known' ? fact.value : fact;
};
