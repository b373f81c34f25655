/**
 * How `az aks show` (2.91 and its forerunners) spells properties that ARM spells otherwise: az turns the Python SDK's attribute names into camel
 * case, which loses ARM's capitals (azure-mgmt-containerservice 41.6 models). Listed as ARM spells them; az's spelling has the same letters.
 */
const armSpellings = [
  'adminGroupObjectIDs',
  'authorizedIPRanges',
  'azurePortalFQDN',
  'blobCSIDriver',
  'capacityReservationGroupID',
  'clientAppID',
  'containerLogMaxSizeMB',
  'countIPv6',
  'customCATrustCertificates',
  'diskCSIDriver',
  'diskEncryptionSetID',
  'dnsServiceIP',
  'effectiveOutboundIPs',
  'enableAzureRBAC',
  'enableCSIProxy',
  'enableCustomCATrust',
  'enableFIPS',
  'enableNodePublicIP',
  'enablePrivateClusterPublicFQDN',
  'enableRBAC',
  'enableUltraSSD',
  'enableVTPM',
  'fileCSIDriver',
  'gatewayAPI',
  'gatewayAPIImplementations',
  'hostGroupID',
  'issuerURL',
  'kubeDNSOverrides',
  'linuxOSConfig',
  'localDNSProfile',
  'managedOutboundIPProfile',
  'managedOutboundIPs',
  'nodeOSUpgradeChannel',
  'nodePublicIPPrefixID',
  'nodePublicIPTags',
  'nodeSubnetID',
  'osDiskSizeGB',
  'osSKU',
  'outboundIPPrefixes',
  'outboundIPs',
  'podIPAllocationMode',
  'podSubnetID',
  'privateDNSZone',
  'privateFQDN',
  'privateLinkServiceID',
  'proximityPlacementGroupID',
  'publicIPPrefixSize',
  'publicIPPrefixes',
  'publicIPs',
  'resourceUID',
  'serverAppID',
  'swapFileSizeMB',
  'systemNodeSubnetID',
  'vnetDNSOverrides',
  'vnetSubnetID',
] as const;

const bySound = new Map<string, string>(armSpellings.map((name) => [name.toLowerCase(), name]));

/** ARM's spelling of a property that az writes in its own, inside of the object that stands at `parent`. A name that is not listed is kept. */
export function armName(azName: string, parent: string | undefined): string {
  // aadProfile has tenantID, identity has tenantId.
  if (parent === 'aadProfile' && azName.toLowerCase() === 'tenantid') return 'tenantID';
  // The autoscaler's settings are spelled as its own flags: maxNodeProvisionTime is max-node-provision-time.
  if (parent === 'autoScalerProfile') return azName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return bySound.get(azName.toLowerCase()) ?? azName;
}

/** Objects whose keys people or services choose: no key in them is a property's name. */
export const namedMaps: ReadonlySet<string> = new Set(['tags', 'nodeLabels', 'labels', 'config', 'userAssignedIdentities', 'delegatedResources', 'sysctls']);

/** Objects with chosen keys whose values are profiles again. */
export const profileMaps: ReadonlySet<string> = new Set(['addonProfiles', 'identityProfile']);

/** What stands beside `properties` in ARM's body; az puts everything on one level. */
export const envelope: ReadonlySet<string> = new Set([
  'id',
  'name',
  'type',
  'location',
  'tags',
  'identity',
  'sku',
  'kind',
  'extendedLocation',
  'systemData',
  'eTag',
  'zones',
  'managedBy',
  'plan',
]);
