import { isObject, type Json, keyOf, text } from '../model/json.ts';

/** The newest preview api-version of clusters this program reads beside the stable one. Preview versions live about a year (AKS docs: concepts-preview-api-life-cycle). */
export const PREVIEW_API_VERSION = '2026-05-02-preview';

/**
 * Properties that 2026-05-02-preview has and 2026-05-01 has not (Azure/bicep-types-az, Microsoft.ContainerService), below `properties`;
 * `*` stands for each node pool. What they wrote before is in older previews: a cluster keeps it.
 */
export const previewOnly: readonly string[] = [
  'controlPlaneScalingProfile',
  'creationData',
  'enableFIPS',
  'enableNamespaceResources',
  'healthMonitorProfile',
  'nodeDisruptionProfile',
  'safeguardsProfile',
  'securityProfile.imageIntegrity',
  'securityProfile.kubernetesResourceObjectEncryptionProfile',
  'securityProfile.nodeRestriction',
  'securityProfile.serviceAccountImagePullProfile',
  'networkProfile.bastionProfile',
  'networkProfile.kubeProxyConfig',
  'networkProfile.natGatewayId',
  'networkProfile.podLinkLocalAccess',
  'networkProfile.loadBalancerProfile.clusterServiceLoadBalancerHealthProbeMode',
  'azureMonitorProfile.containerInsights',
  'agentPoolProfiles.*.enableCustomCATrust',
  'agentPoolProfiles.*.nodeInitializationTaints',
  'agentPoolProfiles.*.upgradeSettings.maxBlockedNodes',
  'agentPoolProfiles.*.upgradeSettingsBlueGreen',
  'agentPoolProfiles.*.upgradeStrategy',
];

/** Values that only a preview version takes, of properties that the stable one has as well: a write of the whole would be refused for them. */
const previewValues: readonly (readonly [dotted: string, value: string])[] = [['agentPoolProfiles.*.mode', 'managedsystem']];

/** Values that a preview version shows on every cluster, seen in recorded answers: nobody set them, and nothing is lost without them. */
const defaults: readonly (readonly [property: string, value: string])[] = [
  ['podLinkLocalAccess', 'imds'],
  ['upgradeStrategy', 'rolling'],
  ['clusterServiceLoadBalancerHealthProbeMode', 'servicenodeport'],
  ['version', 'v1'],
  ['privateClusterVersion', 'v1'],
];

/** What the service shows of its own workings: in no published schema, never to be sent. */
const internal = new Set(['properties.controlPlanePluginProfiles']);

/** What a service writes where nothing is chosen. */
const nothing = new Set(['', 'none', 'disabled', 'off', 'notspecified']);

/** True when somebody set the value: not null, false, empty, a word for "none", or a default that every cluster has. Of an object, any part. */
export function isSet(value: Json | undefined, property = ''): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'string') {
    const lower = value.toLowerCase();
    return !nothing.has(lower) && !defaults.some(([name, usual]) => name.toLowerCase() === property.toLowerCase() && usual === lower);
  }
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.entries(value).some(([key, entry]) => isSet(entry, key));
  return true;
}

function child(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const found = keyOf(value, key);
  return found === undefined ? undefined : value[found];
}

function poolName(value: Json, index: number): string {
  return (isObject(value) ? text(value['name']) : undefined) ?? String(index);
}

/** Places at `segments` (`*`: each entry of a list, by its name) whose value `holds`, dotted. */
function placesAt(value: Json | undefined, segments: readonly string[], walked: string, holds: (value: Json | undefined) => boolean): readonly string[] {
  const [head, ...rest] = segments;
  if (head === undefined) return holds(value) ? [walked] : [];
  if (head === '*') return Array.isArray(value) ? value.flatMap((entry, i) => placesAt(entry, rest, `${walked}.${poolName(entry, i)}`, holds)) : [];
  return placesAt(child(value, head), rest, `${walked}.${head}`, holds);
}

function previewValuesIn(properties: Json | undefined): readonly string[] {
  return previewValues.flatMap(([dotted, wanted]) => placesAt(properties, dotted.split('.'), 'properties', (value) => text(value)?.toLowerCase() === wanted));
}

/** Properties known to be preview-only that are set in a body, dotted: for files, where there is no second body to compare with. */
export function previewPropertiesIn(body: Json): readonly string[] {
  const properties = child(body, 'properties');
  const set = previewOnly.flatMap((dotted) => placesAt(properties, dotted.split('.'), 'properties', (value) => isSet(value, dotted.split('.').at(-1))));
  return [...set, ...previewValuesIn(properties)];
}

/** True for a parent of known preview-only properties: named whole it would say less than they do. */
function leadsToPreviewOnly(walked: string): boolean {
  return previewOnly.some((dotted) => `properties.${dotted}`.startsWith(`${walked}.`));
}

function beyond(stable: Json | undefined, preview: Json | undefined, walked: string, property: string): readonly string[] {
  if (internal.has(walked)) return [];
  if (stable === undefined && !(isObject(preview) && leadsToPreviewOnly(walked))) return isSet(preview, property) ? [walked] : [];
  if (stable === undefined) return beyond({}, preview, walked, property);
  if (isObject(stable) && isObject(preview)) {
    return Object.keys(preview).flatMap((key) => beyond(child(stable, key), preview[key], walked === '' ? key : `${walked}.${key}`, key));
  }
  if (Array.isArray(stable) && Array.isArray(preview) && preview.every((entry) => isObject(entry) && text(entry['name']) !== undefined)) {
    return preview.flatMap((entry, i) => {
      const name = poolName(entry, i);
      const twin = stable.find((candidate: Json, j: number) => poolName(candidate, j) === name);
      return twin === undefined ? [] : beyond(twin, entry, `${walked}.${name}`, '');
    });
  }
  return [];
}

/** Properties that only the preview body shows and that are set, dotted. A write at the stable version would not carry them. */
export function previewPropertiesBetween(stable: Json, preview: Json): readonly string[] {
  const shown = child(preview, 'properties') ?? {};
  return [...beyond(child(stable, 'properties') ?? {}, shown, 'properties', ''), ...previewValuesIn(shown)];
}
