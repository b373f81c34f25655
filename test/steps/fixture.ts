import { CLUSTER_API_VERSION } from '../../src/model/change.ts';
import type { ArmResource, Fact, FactKey, Facts, FactValues } from '../../src/model/facts.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Choice, Step } from '../../src/model/step.ts';

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
export const TENANT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const GROUP = '99999999-8888-4777-8666-555555555555';
export const CLUSTER_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/shop`;
export const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs`;

/** Objects are merged key by key, everything else replaces; undefined takes the key away. */
function merge(base: Json | undefined, over: Json | undefined): Json | undefined {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: { [key: string]: Json | undefined } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const next = merge(base[key], value);
    if (next === undefined) delete merged[key];
    else merged[key] = next;
  }
  return merged;
}

const base: JsonObject = {
  id: CLUSTER_ID,
  name: 'shop',
  type: 'Microsoft.ContainerService/ManagedClusters',
  location: 'westeurope',
  identity: { type: 'SystemAssigned', principalId: '00000000-0000-0000-0000-00000000000a', tenantId: TENANT },
  sku: { name: 'Base', tier: 'Standard' },
  properties: {
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    kubernetesVersion: '1.33',
    currentKubernetesVersion: '1.33.5',
    fqdn: 'shop-1a2b3c4d.hcp.westeurope.azmk8s.io',
    nodeResourceGroup: 'MC_rg-shop_shop_westeurope',
    enableRBAC: true,
    disableLocalAccounts: false,
    servicePrincipalProfile: { clientId: 'msi' },
    agentPoolProfiles: [
      {
        name: 'system',
        mode: 'System',
        osType: 'Linux',
        osSKU: 'Ubuntu',
        count: 3,
        vmSize: 'Standard_D4s_v5',
        provisioningState: 'Succeeded',
        orchestratorVersion: '1.33',
        currentOrchestratorVersion: '1.33.5',
      },
      {
        name: 'work',
        mode: 'User',
        osType: 'Linux',
        osSKU: 'Ubuntu',
        count: 5,
        vmSize: 'Standard_D8s_v5',
        provisioningState: 'Succeeded',
        orchestratorVersion: '1.33',
        currentOrchestratorVersion: '1.33.5',
      },
    ],
    networkProfile: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkPolicy: 'none',
      networkDataplane: 'azure',
      loadBalancerSku: 'standard',
      outboundType: 'loadBalancer',
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.0.0.0/16',
    },
    autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' },
  },
};

/** A cluster as `az aks create` gives it today, with 3 system and 5 work nodes; `overrides` are merged in, undefined removes. */
export function cluster(overrides: JsonObject = {}): ArmResource {
  const merged = merge(base, overrides);
  return isObject(merged) ? merged : base;
}

/** Facts over a body. A key that is missing in `known` was not read; a string stands for the reason why it is unknown. */
export function factsOf(body: ArmResource, known: { readonly [K in FactKey]?: FactValues[K] | string } = {}, rest: Partial<Facts> = {}): Facts {
  const entries = Object.entries(known).map(([key, value]): [string, Fact<unknown>] => [
    key,
    // A tenant is the one fact that is a text itself.
    typeof value === 'string' && key !== 'subscriptionTenant' ? { state: 'unknown', reason: value } : { state: 'known', value },
  ]);
  return {
    schemaVersion: 1,
    source: { kind: 'azure', label: 'test', readAt: '2026-09-01T08:00:00Z' },
    apiVersion: CLUSTER_API_VERSION,
    cluster: body,
    previewProperties: [],
    known: Object.fromEntries(entries) as Facts['known'],
    ...rest,
  };
}

/** What an owner of the subscription finds who can read everything: no lock, no policy, nobody else in charge. */
export const readable = {
  permissions: [{ actions: ['*'], notActions: [] }],
  subscriptionPermissions: [{ actions: ['*'], notActions: [] }],
  locks: [],
  policyAssignments: [],
  roleAssignments: [],
  ownership: [],
  subscriptionTenant: TENANT,
  operator: { objectId: '12121212-3434-4565-8787-909090909090', tenantId: TENANT, name: 'ada@example.com', kind: 'user', address: '198.51.100.7' },
} as const satisfies { readonly [K in FactKey]?: FactValues[K] };

/** A choice with every parameter of the step at its default from the facts, then `values` over them. */
export function choose(step: Step, facts: Facts, option: string, values: Choice['values'] = {}): Choice {
  const names = step.options(facts).find(({ id }) => id === option)?.params ?? [];
  const defaults = step.params.filter(({ name }) => names.includes(name)).map(({ name, defaultValue }) => [name, defaultValue(facts)] as const);
  return { option, values: { ...(Object.fromEntries(defaults.filter(([, value]) => value !== undefined)) as Choice['values']), ...values } };
}
