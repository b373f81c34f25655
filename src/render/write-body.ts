import type { Edit } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import { at, entrySegment, isObject, type Json, type JsonObject, keyOf, type Path, same, text, withAt } from '../model/json.ts';

/**
 * What ARM calls read-only on a cluster, and never takes in a write. The `readonly` members of ManagedCluster in
 * @azure/arm-containerservice 25.5; the published 2026-05-01 schema does not have them either. `*` is any key, `[]` any entry.
 */
const clusterReadOnly: readonly string[] = [
  'id',
  'name',
  'type',
  'eTag',
  'systemData',
  'identity.principalId',
  'identity.tenantId',
  'properties.azurePortalFQDN',
  'properties.currentKubernetesVersion',
  'properties.fqdn',
  'properties.maxAgentPools',
  'properties.powerState',
  'properties.privateFQDN',
  'properties.provisioningState',
  'properties.resourceUID',
  'properties.status',
  'properties.addonProfiles.*.identity',
  'properties.agentPoolProfiles.[].currentOrchestratorVersion',
  'properties.agentPoolProfiles.[].eTag',
  'properties.agentPoolProfiles.[].provisioningState',
  'properties.agentPoolProfiles.[].status',
  'properties.agentPoolProfiles.[].localDNSProfile.state',
  'properties.httpProxyConfig.effectiveNoProxy',
  'properties.ingressProfile.webAppRouting.identity',
  'properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs',
  'properties.networkProfile.natGatewayProfile.effectiveOutboundIPs',
  'properties.oidcIssuerProfile.issuerURL',
  'properties.podIdentityProfile.userAssignedIdentities.[].provisioningInfo',
  'properties.podIdentityProfile.userAssignedIdentities.[].provisioningState',
  'properties.privateLinkResources.[].privateLinkServiceID',
];

/** The same for a node pool as its own resource (AgentPool in the same package). */
const poolReadOnly: readonly string[] = [
  'id',
  'name',
  'type',
  'eTag',
  'systemData',
  'properties.currentOrchestratorVersion',
  'properties.eTag',
  'properties.provisioningState',
  'properties.status',
  'properties.localDNSProfile.state',
];

/** The same for a subnet (Subnet in Microsoft.Network's published schema): what others attach to it is theirs to say. */
const subnetReadOnly: readonly string[] = [
  'id',
  'name',
  'type',
  'etag',
  'properties.ipConfigurations',
  'properties.ipConfigurationProfiles',
  'properties.privateEndpoints',
  'properties.provisioningState',
  'properties.purpose',
  'properties.resourceNavigationLinks',
  'properties.serviceAssociationLinks',
];

/** `value` without what stands at `path`. Nothing else changes: no key is added, none renamed. */
function without(value: Json | undefined, segments: Path): Json | undefined {
  const [head, ...rest] = segments;
  if (head === undefined) return undefined;
  if (head === '[]') return Array.isArray(value) ? value.map((entry) => without(entry, rest) ?? {}) : value;
  if (!isObject(value)) return value;
  if (head === '*') {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, isObject(child) ? without(child, rest) : child]));
  }
  const key = keyOf(value, head);
  if (key === undefined) return value;
  if (rest.length === 0) {
    const { [key]: _removed, ...others } = value;
    return others;
  }
  return { ...value, [key]: without(value[key], rest) };
}

/** Identity maps go out with empty values: ARM refuses the principalId and clientId that it sent (azure-rest-api-specs#13631). */
function blankIdentities(raw: ArmResource): ArmResource {
  const place = ['identity', 'userAssignedIdentities'];
  const map = at(raw, place);
  if (!isObject(map)) return raw;
  const blank = Object.fromEntries(Object.keys(map).map((id): [string, JsonObject] => [id, {}]));
  const next = withAt(raw, place, blank);
  return isObject(next) ? next : raw;
}

function isPool(raw: ArmResource): boolean {
  return /\/agentpools(\/|$)/i.test(text(raw['type']) ?? '') || /\/agentpools\//i.test(text(raw['id']) ?? '');
}

const isSubnet = (raw: ArmResource): boolean => /^microsoft\.network\/virtualnetworks\/subnets$/i.test(text(raw['type']) ?? '');

/**
 * The body of a write that changes nothing, from what a read of the same api-version gave: without what is read-only,
 * with blank identity values, and with everything else as it was, known to anybody or not.
 */
export function writableBody(raw: ArmResource): ArmResource {
  const paths = isPool(raw) ? poolReadOnly : isSubnet(raw) ? subnetReadOnly : clusterReadOnly;
  const stripped = paths.reduce<Json | undefined>((value, dotted) => without(value, dotted.split('.')), raw);
  return blankIdentities(isObject(stripped) ? stripped : {});
}

/** `raw` with the edits made in turn: `after` at each path, gone where it is undefined. An edit reaches into a list by an entry's name only. */
export function applyEdits(raw: ArmResource, edits: readonly Pick<Edit, 'path' | 'after'>[]): ArmResource {
  return edits.reduce<ArmResource>((value, { path, after }) => {
    for (let depth = 1; depth < path.length; depth += 1) {
      const named = path[depth] !== undefined && at(value, path.slice(0, depth + 1)) !== undefined;
      if (Array.isArray(at(value, path.slice(0, depth))) && !named) throw new Error(`an edit can not reach into a list: ${path.join('.')}`);
    }
    if (after === undefined && at(value, path) === undefined) return value;
    const next = withAt(value, path, after);
    return isObject(next) ? next : value;
  }, raw);
}

/** The names of a list's entries where each has one of its own; undefined for other lists. */
function entryNames(value: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const names = value.flatMap((entry) => (isObject(entry) ? (text(entry['name']) ?? []) : []));
  return names.length === value.length && new Set(names.map((name) => name.toLowerCase())).size === names.length ? names : undefined;
}

/**
 * The places where two documents differ, as deep as possible; a list that differs is one place, but for lists of the same named
 * entries in the same order (node pools): there it is the entry's property.
 * Used to prove that a write holds the planned edits and nothing else.
 */
export function differences(a: Json | undefined, b: Json | undefined, here: Path = []): readonly Path[] {
  if (same(a, b)) return [];
  const names = entryNames(a);
  if (names !== undefined && same(names, entryNames(b))) {
    return names.map(entrySegment).flatMap((entry) => differences(at(a, [entry]), at(b, [entry]), [...here, entry]));
  }
  const [left, right] = [isObject(a) ? a : undefined, isObject(b) ? b : undefined];
  const deep = (left || a === undefined) && (right || b === undefined) && Object.keys({ ...left, ...right }).length > 0;
  if (!deep) return [here];
  const keys = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  const inside = keys.flatMap((key) => differences(left?.[key], right?.[key], [...here, key]));
  return inside.length > 0 ? inside : [here];
}
