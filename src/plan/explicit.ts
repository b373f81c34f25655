import type { Json, Path } from '../model/json.ts';

/**
 * What an absent property means, said aloud. A cluster is written whole, and AKS keeps the old value of a property that a write
 * leaves out: putting back "absent" must therefore send the value that absent stands for.
 * From the property descriptions of Microsoft.ContainerService/managedClusters 2026-05-01. Add-ons are off when absent.
 * Rule sets are those of registries: a PATCH with null leaves them as they are, and a registry that is closed by accident stays closed.
 */
const absentMeans: { readonly [dotted: string]: Json } = {
  'properties.disableLocalAccounts': false,
  'properties.aadProfile.adminGroupObjectIDs': [],
  'properties.aadProfile.enableAzureRBAC': false,
  'properties.apiServerAccessProfile.authorizedIPRanges': [],
  'properties.apiServerAccessProfile.disableRunCommand': false,
  'properties.apiServerAccessProfile.enablePrivateCluster': false,
  'properties.apiServerAccessProfile.enablePrivateClusterPublicFQDN': true,
  'properties.autoUpgradeProfile.upgradeChannel': 'none',
  'properties.azureMonitorProfile.metrics.enabled': false,
  'properties.bootstrapProfile.artifactSource': 'Direct',
  'properties.networkRuleSet.defaultAction': 'Allow',
  'properties.networkRuleSet.ipRules': [],
  'properties.networkProfile.networkPolicy': 'none',
  'properties.networkProfile.networkDataplane': 'azure',
  'properties.networkProfile.staticEgressGatewayProfile.enabled': false,
  'properties.nodeResourceGroupProfile.restrictionLevel': 'Unrestricted',
  'properties.securityProfile.azureKeyVaultKms.enabled': false,
  'properties.securityProfile.defender.securityMonitoring.enabled': false,
  'properties.securityProfile.imageCleaner.enabled': false,
  'properties.securityProfile.workloadIdentity.enabled': false,
  'properties.podIdentityProfile.enabled': false,
  'properties.storageProfile.blobCSIDriver.enabled': false,
  'properties.storageProfile.diskCSIDriver.enabled': true,
  'properties.storageProfile.fileCSIDriver.enabled': true,
  'properties.supportPlan': 'KubernetesOfficial',
  'sku.tier': 'Free',
  // Of a pool as a resource of its own.
  'properties.enableFIPS': false,
  'properties.upgradeSettings.maxSurge': '10%',
  'properties.nodeTaints': [],
  'properties.securityProfile.enableSecureBoot': false,
  'properties.securityProfile.enableVTPM': false,
  'properties.securityProfile.sshAccess': 'LocalUser',
};

const byLowerCase = new Map(Object.entries(absentMeans).map(([dotted, value]) => [dotted.toLowerCase(), value]));

/** The value to send where `path` shall be absent again; undefined where only leaving it out will do. */
export function explicitAbsence(path: Path): Json | undefined {
  const dotted = path.join('.').toLowerCase();
  if (/^properties\.addonprofiles\.[^.]+\.enabled$/.test(dotted)) return false;
  return byLowerCase.get(dotted);
}
