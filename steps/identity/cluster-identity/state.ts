import { clusterAt, clusterRef, type Facts, fact, idPart, knownValue, type ManagedIdentity, pools } from '../../../src/model/facts.ts';
import { isObject, text } from '../../../src/model/json.ts';
import { type Grant, grantOf, type Role, reaches } from '../../shared/roles.ts';
import { sameId } from '../../shared/texts.ts';

export const STEP = 'identity.cluster-identity';
/** The change that everything about the new identity waits for. */
export const SWITCH = `${STEP}/switch`;

/** Who the cluster acts as. */
export type Acting =
  | { readonly kind: 'service-principal'; readonly appId: string }
  | { readonly kind: 'managed'; readonly type: 'SystemAssigned' | 'UserAssigned' }
  | { readonly kind: 'not-told' };

/** Who the cluster acts as on Azure, from `identity.type` and the service principal's id (`msi`, in any case, stands for none). */
export function actingOf(facts: Facts): Acting {
  const appId = text(clusterAt(facts, 'properties.servicePrincipalProfile.clientId')) ?? '';
  const type = text(clusterAt(facts, 'identity.type'))?.toLowerCase();
  if (appId !== '' && appId.toLowerCase() !== 'msi') return { kind: 'service-principal', appId };
  if (type === 'systemassigned') return { kind: 'managed', type: 'SystemAssigned' };
  if (type === 'userassigned') return { kind: 'managed', type: 'UserAssigned' };
  return { kind: 'not-told' };
}

/** Resource ids of the control plane's user-assigned identities, and of the kubelets' identity. */
export function identityIds(facts: Facts): { readonly control: readonly string[]; readonly kubelet: string | undefined } {
  const map = clusterAt(facts, 'identity.userAssignedIdentities');
  return { control: isObject(map) ? Object.keys(map) : [], kubelet: text(clusterAt(facts, 'properties.identityProfile.kubeletidentity.resourceId')) };
}

/** True for an identity in the node resource group: AKS made it, and takes it away with the cluster. */
export function isMadeByAks(facts: Facts, id: string): boolean {
  return sameId(idPart(id, 'resourceGroups') ?? '', text(clusterAt(facts, 'properties.nodeResourceGroup')) ?? '?');
}

/** Identities that somebody made: those AKS keeps in a node resource group (`MC_…`) go away with their cluster. */
export function ownIdentities(facts: Facts): readonly ManagedIdentity[] {
  return (knownValue(facts, 'managedIdentities') ?? []).filter(({ id }) => !isMadeByAks(facts, id) && !/^mc_/i.test(idPart(id, 'resourceGroups') ?? ''));
}

/** Subnets that the operator brought, each once. */
export function ownSubnets(facts: Facts): readonly string[] {
  const ids = pools(facts).flatMap((pool) => [text(pool['vnetSubnetID']), text(pool['podSubnetID'])].filter((id) => id?.startsWith('/')));
  return [...new Map(ids.flatMap((id) => (id === undefined ? [] : [[id.toLowerCase(), id] as const]))).values()];
}

/** Route tables of those subnets: kubenet writes its routes there (AKS docs: configure-kubenet). */
export function ownRouteTables(facts: Facts): readonly string[] {
  const own = ownSubnets(facts);
  const found = (knownValue(facts, 'subnets') ?? []).filter((subnet) => own.some((id) => sameId(id, text(subnet['id']) ?? '')));
  const tables = found.flatMap((subnet) => {
    const properties = subnet['properties'];
    const table = isObject(properties) ? properties['routeTable'] : undefined;
    const id = isObject(table) ? text(table['id']) : undefined;
    return id === undefined ? [] : [id];
  });
  return [...new Set(tables)];
}

/** The private DNS zone that the operator brought. */
export function ownPrivateZone(facts: Facts): string | undefined {
  const zone = text(clusterAt(facts, 'properties.apiServerAccessProfile.privateDNSZone'));
  return zone?.startsWith('/') ? zone : undefined;
}

const tooMuch: readonly Role[] = ['Owner', 'Contributor', 'User Access Administrator', 'Role Based Access Control Administrator'];

/** Broad roles of the cluster's identities on its resource group or above. */
export function broadGrants(facts: Facts): readonly (Grant & { readonly identity: string })[] {
  const { subscriptionId, resourceGroup } = clusterRef(facts);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const isAbove = (scope: string): boolean => scope === '/' || /^\/providers\/Microsoft\.Management\//i.test(scope) || reaches(scope, group);
  return (knownValue(facts, 'identityRoleAssignments') ?? []).flatMap(({ identity, assignments }) =>
    assignments
      .map(grantOf)
      .filter(({ role, scope }) => role !== undefined && tooMuch.includes(role) && isAbove(scope))
      .map((grant) => ({ ...grant, identity })),
  );
}

/** Applications named after the cluster, as the portal named what it made for one, that no cluster of the subscription acts as. Undefined where that is not known. */
export function orphans(facts: Facts): readonly { readonly appId: string; readonly displayName: string }[] | undefined {
  const namesakes = fact(facts, 'namesakePrincipals');
  const siblings = fact(facts, 'siblingClusters');
  if (namesakes.state === 'unknown' || siblings.state === 'unknown') return undefined;
  const acting = actingOf(facts);
  const used = [...siblings.value.flatMap(({ servicePrincipal }) => servicePrincipal ?? []), ...(acting.kind === 'service-principal' ? [acting.appId] : [])];
  const name = clusterRef(facts).name.toLowerCase();
  const isOurs = (display: string): boolean => display === name || (display.startsWith(`${name}sp-`) && /^\d{8,}$/.test(display.slice(name.length + 3)));
  return namesakes.value.filter(({ displayName, appId }) => isOurs(displayName.toLowerCase()) && !used.some((id) => sameId(id, appId)));
}

/** Other clusters of the subscription that act as the same application. */
export function sharers(facts: Facts, appId: string): readonly string[] {
  const { id: own } = clusterRef(facts);
  return (knownValue(facts, 'siblingClusters') ?? [])
    .filter(({ id, servicePrincipal }) => servicePrincipal !== undefined && sameId(servicePrincipal, appId) && !sameId(id, own))
    .map(({ id }) => id);
}

/** Whole days from the reading of the facts to the end of the credential that ends first; undefined where none is known. */
export function daysLeft(facts: Facts): number | undefined {
  const principal = knownValue(facts, 'servicePrincipal');
  const ends = (principal?.credentials ?? []).map(({ endsAt }) => Date.parse(endsAt)).filter(Number.isFinite);
  const now = Date.parse(facts.source.readAt);
  return ends.length === 0 || !Number.isFinite(now) ? undefined : Math.floor((Math.min(...ends) - now) / 86_400_000);
}
