import type { ArmResource, Operator } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Group, Principal, ScenarioName, WorldState } from '../world.ts';

/** Fixed ids, so that commands and checklists of a practice world look the same every time. */
export const subscriptionId = 'c0ffee00-5ca1-4ab1-8e55-0123456789ab';
export const tenantId = '7e7a7e7a-1dea-4c0d-9a11-feedfacecafe';
export const location = 'westeurope';
export const subscription = `/subscriptions/${subscriptionId}`;

/** The release that new nodes get in the practice world. */
export const latestNodeImage = '202607.20.0';

export const adminGroupId = 'a0000000-0000-4000-8000-000000000001';
export const emptyGroupId = 'a0000000-0000-4000-8000-000000000002';

/**
 * Who sits at the practice world. The address is globally routable and no documentation range, because those are refused as authorized
 * ranges; it belongs to a block that databases of addresses use for their own tests.
 */
export const operator: Operator = {
  objectId: 'b0000000-0000-4000-8000-000000000001',
  tenantId,
  name: 'operator@practice.example',
  kind: 'user',
  address: '81.2.69.160',
};

const colleagues: readonly Principal[] = [
  { id: operator.objectId, displayName: 'Practice Operator', kind: 'user' },
  { id: 'b0000000-0000-4000-8000-000000000002', displayName: 'Robin Platform', kind: 'user' },
  { id: 'b0000000-0000-4000-8000-000000000003', displayName: 'Sam Security', kind: 'user' },
  { id: 'b0000000-0000-4000-8000-000000000004', displayName: 'shop-deploy', kind: 'servicePrincipal' },
];

const groups: readonly Group[] = [
  { id: adminGroupId, displayName: 'aks-admins', securityEnabled: true, members: colleagues.slice(0, 3).map((one) => one.id) },
  { id: emptyGroupId, displayName: 'aks-break-glass', securityEnabled: true, members: [] },
];

/** What a scenario is made of, beside what every one has. */
export interface Ground {
  readonly scenario: ScenarioName;
  readonly cluster: ArmResource;
  readonly resources: readonly ArmResource[];
  readonly kubernetes: readonly JsonObject[];
  readonly principals?: readonly Principal[];
  readonly privatePath?: boolean;
  readonly pricing?: JsonObject;
  /** How long ago the API server's certificate was issued; 60 days when not given. */
  readonly certificateDays?: number;
  /** That was by a rotation, after local accounts were turned off. */
  readonly rotated?: true;
}

export const resourceGroup = (name: string, tags?: JsonObject): ArmResource => ({
  id: `${subscription}/resourceGroups/${name}`,
  name,
  type: 'Microsoft.Resources/resourceGroups',
  location,
  ...(tags === undefined ? {} : { tags }),
  properties: { provisioningState: 'Succeeded' },
});

/** A resource in a group. `type` has one slash; children come with their own id. */
export function resource(group: string, type: string, name: string, properties: JsonObject, more: JsonObject = {}): ArmResource {
  return {
    id: `${subscription}/resourceGroups/${group}/providers/${type}/${name}`,
    name,
    type,
    location,
    ...more,
    properties: { provisioningState: 'Succeeded', ...properties },
  };
}

export const workspace = (group: string, name: string): ArmResource =>
  resource(group, 'Microsoft.OperationalInsights/workspaces', name, {
    sku: { name: 'PerGB2018' },
    retentionInDays: 30,
    customerId: 'd0000000-0000-4000-8000-000000000001',
  });

export const publicIp = (group: string, name: string, ipAddress: string): ArmResource =>
  resource(
    group,
    'Microsoft.Network/publicIPAddresses',
    name,
    { ipAddress, publicIPAddressVersion: 'IPv4', publicIPAllocationMethod: 'Static' },
    { sku: { name: 'Standard', tier: 'Regional' } },
  );

interface Subnet {
  readonly name: string;
  readonly addressPrefix: string;
  /** Delegated to the API server. */
  readonly apiServer?: boolean;
  /** The route table that is attached to it. */
  readonly routeTable?: string;
  /** Ids of addresses in it that a service holds. */
  readonly usedBy?: readonly string[];
}

/** A virtual network, its subnets and its peerings, each as a resource of its own as well. */
export function network(
  group: string,
  name: string,
  addressPrefix: string,
  subnets: readonly Subnet[],
  peerings: readonly JsonObject[] = [],
): readonly ArmResource[] {
  const base = `${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
  const children = subnets.map((subnet): ArmResource => {
    const delegation = {
      name: 'aks',
      properties: { serviceName: 'Microsoft.ContainerService/managedClusters', actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'] },
    };
    const properties = {
      provisioningState: 'Succeeded',
      addressPrefix: subnet.addressPrefix,
      delegations: subnet.apiServer ? [delegation] : [],
      ...(subnet.routeTable === undefined ? {} : { routeTable: { id: subnet.routeTable } }),
      ...(subnet.usedBy === undefined ? {} : { ipConfigurations: subnet.usedBy.map((id) => ({ id })) }),
    };
    return { id: `${base}/subnets/${subnet.name}`, name: subnet.name, type: 'Microsoft.Network/virtualNetworks/subnets', properties };
  });
  const links = peerings.map((peering): ArmResource => ({ ...peering, id: `${base}/virtualNetworkPeerings/${String(peering['name'])}` }));
  const properties = { addressSpace: { addressPrefixes: [addressPrefix] }, subnets: children, virtualNetworkPeerings: links };
  return [resource(group, 'Microsoft.Network/virtualNetworks', name, properties), ...children, ...links];
}

/** A node pool with what the service shows of every pool. */
export function pool(name: string, own: JsonObject): JsonObject {
  return {
    name,
    count: 3,
    vmSize: 'Standard_D4s_v5',
    osDiskSizeGB: 128,
    osDiskType: 'Managed',
    kubeletDiskType: 'OS',
    workloadRuntime: 'OCIContainer',
    maxPods: 110,
    type: 'VirtualMachineScaleSets',
    enableAutoScaling: false,
    scaleDownMode: 'Delete',
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    enableNodePublicIP: false,
    mode: 'User',
    enableEncryptionAtHost: false,
    enableUltraSSD: false,
    osType: 'Linux',
    osSKU: 'Ubuntu',
    upgradeSettings: { maxSurge: '10%', maxUnavailable: '0' },
    enableFIPS: false,
    securityProfile: { sshAccess: 'LocalUser', enableVTPM: false, enableSecureBoot: false },
    eTag: `e0000000-0000-4000-8000-${Buffer.from(name).toString('hex').slice(0, 12).padStart(12, '0')}`,
    ...own,
  };
}

/** A cluster with what the service shows of every cluster. */
export function cluster(group: string, name: string, own: { readonly top: JsonObject; readonly properties: JsonObject }): ArmResource {
  const host = `${name}-7c1d0ac5`;
  return {
    id: `${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    location,
    name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    kind: 'Base',
    sku: { name: 'Base', tier: 'Free' },
    eTag: 'e0000000-0000-4000-8000-000000000000',
    ...own.top,
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      dnsPrefix: name,
      fqdn: `${host}.hcp.${location}.azmk8s.io`,
      azurePortalFQDN: `${host}.portal.hcp.${location}.azmk8s.io`,
      nodeResourceGroup: `MC_${group}_${name}_${location}`,
      enableRBAC: true,
      supportPlan: 'KubernetesOfficial',
      maxAgentPools: 100,
      disableLocalAccounts: false,
      securityProfile: {},
      storageProfile: { diskCSIDriver: { enabled: true }, fileCSIDriver: { enabled: true }, snapshotController: { enabled: true } },
      workloadAutoScalerProfile: {},
      metricsProfile: { costAnalysis: { enabled: false } },
      linuxProfile: {
        adminUsername: 'azureuser',
        ssh: { publicKeys: [{ keyData: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDpractice practice@practice.example\n' }] },
      },
      ...own.properties,
    },
  };
}

/** The kubelets' identity, as the service makes it. */
export function kubeletIdentity(group: string, name: string): JsonObject {
  const resourceId = `${subscription}/resourceGroups/MC_${group}_${name}_${location}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-agentpool`;
  return { kubeletidentity: { resourceId, clientId: 'f0000000-0000-4000-8000-000000000001', objectId: 'f0000000-0000-4000-8000-000000000002' } };
}

/** A whole world from a scenario's ground, as it is at `now` (milliseconds since 1970). */
export function worldState(ground: Ground, id: string, now: number): WorldState {
  const pricing: ArmResource = {
    id: `${subscription}/providers/Microsoft.Security/pricings/Containers`,
    name: 'Containers',
    type: 'Microsoft.Security/pricings',
    properties: ground.pricing ?? { pricingTier: 'Free', freeTrialRemainingTime: 'P30D' },
  };
  const ranges = (ground.cluster['properties'] as JsonObject)['apiServerAccessProfile'] as JsonObject | undefined;
  const clusterId = String(ground.cluster['id']);
  const authorized = ranges?.['authorizedIPRanges'];
  return {
    schemaVersion: 1,
    id,
    scenario: ground.scenario,
    clusterId,
    tenantId,
    subscriptionId,
    settings: { operator, grants: [{ scope: '/', actions: ['*'], notActions: [] }], faults: [], privatePath: ground.privatePath ?? false, latestNodeImage },
    resources: Object.fromEntries([...ground.resources, pricing, ground.cluster].map((one) => [String(one['id']).toLowerCase(), one])),
    operations: {},
    groups,
    principals: [...colleagues, ...(ground.principals ?? [])],
    kubernetes: ground.kubernetes,
    ranges: Array.isArray(authorized) ? { [clusterId.toLowerCase()]: [{ at: 0, ranges: authorized.map(String) }] } : {},
    certificates: { [clusterId.toLowerCase()]: { generation: ground.rotated ? 1 : 0, issuedAt: now - (ground.certificateDays ?? 60) * 86_400_000 } },
    budgets: {},
    commands: {},
  };
}
