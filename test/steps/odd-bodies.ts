import type { ArmResource, Facts } from '../../src/model/facts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { factsFromText } from '../../src/snapshot/file.ts';
import { cluster, factsOf, readable } from './fixture.ts';

/** A pool of the kind that `az aks create` makes, with something odd about it. */
export const pool = (name: string, own: JsonObject = {}): JsonObject => ({
  name,
  mode: 'User',
  type: 'VirtualMachineScaleSets',
  osType: 'Linux',
  osSKU: 'Ubuntu',
  count: 3,
  vmSize: 'Standard_D4s_v5',
  provisioningState: 'Succeeded',
  powerState: { code: 'Running' },
  orchestratorVersion: '1.33',
  currentOrchestratorVersion: '1.33.5',
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202607.01.0',
  enableNodePublicIP: false,
  enableEncryptionAtHost: false,
  enableFIPS: false,
  ...own,
});

/** Everything that is asked of a pool. */
export const sound: JsonObject = {
  enableEncryptionAtHost: true,
  securityProfile: { sshAccess: 'Disabled', enableVTPM: true, enableSecureBoot: true },
  upgradeSettings: { maxSurge: '33%' },
};
const system = pool('system', { ...sound, mode: 'System', nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'] });
const windows = pool('win', {
  osType: 'Windows',
  osSKU: 'Windows2022',
  enableEncryptionAtHost: true,
  nodeImageVersion: 'AKSWindows-2022-containerd-20348.2700.240911',
});
/** What a pool of virtual machines has in place of a count and a size (recorded: managedClusters 2024-03-02-preview). */
export const virtualMachines: JsonObject = {
  type: 'VirtualMachines',
  count: undefined,
  vmSize: '',
  virtualMachinesProfile: { scale: { manual: [{ size: 'Standard_D4s_v5', count: 3 }] } },
  virtualMachineNodesStatus: [{ size: 'Standard_D4s_v5', count: 3 }],
};
const machines = pool('vms', { ...sound, ...virtualMachines });
const spot = pool('spot', { ...sound, scaleSetPriority: 'Spot', spotMaxPrice: -1, nodeTaints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] });

const withPools = (...agentPoolProfiles: readonly JsonObject[]): ArmResource => cluster({ properties: { agentPoolProfiles } });

/** What every property that steps judge is when it is as it should be, spelled as real bodies spell it. */
const everythingOn = (yes: true | 'true', key: (name: string) => string): JsonObject => ({
  aadProfile: { managed: yes, enableAzureRBAC: yes, adminGroupObjectIDs: [], tenantID: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' },
  disableLocalAccounts: yes,
  enableRBAC: yes,
  addonProfiles: {
    [key('omsagent')]: { enabled: yes, config: { [key('logAnalyticsWorkspaceResourceID')]: '/w', useAADAuth: 'true' } },
    [key('azurepolicy')]: { enabled: yes },
    [key('azureKeyvaultSecretsProvider')]: { enabled: yes, config: { enableSecretRotation: 'true', rotationPollInterval: '2m' } },
    [key('httpApplicationRouting')]: { enabled: yes === 'true' ? 'false' : false },
  },
  apiServerAccessProfile: {
    enablePrivateCluster: yes,
    enableVnetIntegration: yes,
    disableRunCommand: yes,
    enablePrivateClusterPublicFQDN: yes === 'true' ? 'False' : false,
  },
  oidcIssuerProfile: { enabled: yes },
  podIdentityProfile: { enabled: yes === 'true' ? 'false' : false },
  securityProfile: {
    workloadIdentity: { enabled: yes },
    imageCleaner: { enabled: yes },
    defender: { securityMonitoring: { enabled: yes } },
    azureKeyVaultKms: { enabled: yes },
  },
  agentPoolProfiles: [
    {
      ...system,
      enableNodePublicIP: yes === 'true' ? 'false' : false,
      enableEncryptionAtHost: yes,
      securityProfile: { sshAccess: 'Disabled', enableVTPM: yes, enableSecureBoot: yes },
    },
    { ...pool('apps', sound), enableEncryptionAtHost: yes },
  ],
});

/** Bodies that are odd in one way each. */
export const bodies = {
  plain: cluster(),
  automatic: cluster({
    sku: { name: 'Automatic', tier: 'Standard' },
    properties: {
      agentPoolProfiles: [pool('systempool', { mode: 'System', osSKU: 'AzureLinux' })],
      nodeProvisioningProfile: { mode: 'Auto' },
      networkProfile: { networkPolicy: 'cilium', networkDataplane: 'cilium', outboundType: 'managedNATGateway' },
      nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
      aadProfile: { managed: true, enableAzureRBAC: true },
      disableLocalAccounts: true,
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
      autoUpgradeProfile: { upgradeChannel: 'stable', nodeOSUpgradeChannel: 'NodeImage' },
    },
  }),
  windows: withPools(system, windows),
  machines: withPools(system, machines),
  spot: withPools({ ...system, nodeTaints: undefined }, spot),
  empty: withPools({ ...system, nodeTaints: undefined }, pool('none', { ...sound, count: 0 })),
  stopped: cluster({ properties: { powerState: { code: 'Stopped' }, agentPoolProfiles: [{ ...system, count: 0, powerState: { code: 'Stopped' } }] } }),
  managedSystem: withPools(pool('sys', { mode: 'ManagedSystem' }), pool('apps', sound)),
  noPools: cluster({ properties: { agentPoolProfiles: [] } }),
  casing: cluster({ properties: everythingOn(true, (name) => name.toUpperCase()) }),
  strings: cluster({ properties: everythingOn('true', (name) => name) }),
  bare: {
    id: String(cluster()['id']),
    name: 'shop',
    location: 'westeurope',
    properties: { provisioningState: 'Succeeded', agentPoolProfiles: [{ name: 'one', count: 1 }] },
  },
  hundred: cluster({
    properties: {
      agentPoolProfiles: Array.from({ length: 100 }, (_, i) => (i === 0 ? system : pool(`p${i}`, i === 57 ? { enableNodePublicIP: true } : sound))),
    },
  }),
} as const satisfies { readonly [name: string]: ArmResource };

/** Facts of an odd body, with the preview properties that reading the same body from a file finds. */
export function oddFacts(body: ArmResource): Facts {
  const { previewProperties } = factsFromText(JSON.stringify(body), 'odd.json')[0] ?? { previewProperties: [] };
  return factsOf(body, readable, { previewProperties });
}
