import type { ArmResource } from '../model/facts.ts';
import { at, isObject, isTrue, type Json, type JsonObject, path, text, texts, withAt } from '../model/json.ts';
import { nodeGroupScope, type Outbound, outbound } from './outbound.ts';
import { newId, resourceOf, type World } from './world.ts';

type Fill = (world: World, goal: ArmResource, before: ArmResource) => ArmResource;

const set = (resource: ArmResource, dotted: string, value: Json | undefined): ArmResource => withAt(resource, path(dotted), value) as JsonObject;
const get = (resource: ArmResource, dotted: string): Json | undefined => at(resource, path(dotted));
const setIfAbsent = (resource: ArmResource, dotted: string, value: Json): ArmResource =>
  get(resource, dotted) === undefined ? set(resource, dotted, value) : resource;

function identityOf(cluster: ArmResource, name: string): JsonObject {
  const resourceId = `${nodeGroupScope(cluster)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-${text(cluster['name']) ?? ''}`;
  return { resourceId, clientId: newId(), objectId: newId() };
}

const entra: Fill = (world, goal) => {
  if (get(goal, 'properties.aadProfile.managed') !== true) return goal;
  const profile = get(goal, 'properties.aadProfile') as JsonObject;
  const { serverAppID: _server, clientAppID: _client, serverAppSecret: _secret, ...managed } = profile;
  return set(goal, 'properties.aadProfile', {
    adminGroupObjectIDs: null,
    enableAzureRBAC: false,
    ...managed,
    tenantID: text(managed['tenantID']) ?? world.state.tenantId,
  });
};

/** What a user-assigned identity is called in the directory; one that the world does not know gets new names. */
function idsOf(world: World, id: string): JsonObject {
  const resource = resourceOf(world, id);
  const of = (key: string): string => text(get(resource ?? {}, `properties.${key}`)) ?? newId();
  return { clientId: of('clientId'), principalId: of('principalId') };
}

const identity: Fill = (world, goal, before) => {
  const type = text(get(goal, 'identity.type'));
  if (type === 'SystemAssigned') {
    const principalId = text(get(before, 'identity.principalId')) ?? newId();
    return managed(world, { ...goal, identity: { type, principalId, tenantId: world.state.tenantId } });
  }
  if (type !== 'UserAssigned') return goal;
  const sent = get(goal, 'identity.userAssignedIdentities');
  const stood = get(before, 'identity.userAssignedIdentities');
  const values = Object.keys(isObject(sent) ? sent : {}).map((id): [string, Json] => [id, (isObject(stood) ? stood[id] : undefined) ?? idsOf(world, id)]);
  return managed(world, { ...goal, identity: { type, userAssignedIdentities: Object.fromEntries(values) } });
};

/** A cluster with a managed identity has no service principal, and its kubelets have an identity of their own. */
function managed(world: World, goal: ArmResource): ArmResource {
  const kubelet = (): JsonObject => {
    const name = `${text(goal['name']) ?? ''}-agentpool`;
    return { resourceId: `${nodeGroupScope(goal)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`, clientId: newId(), objectId: newId() };
  };
  const withClient =
    text(get(goal, 'properties.servicePrincipalProfile.clientId')) === undefined ? goal : set(goal, 'properties.servicePrincipalProfile', { clientId: 'msi' });
  const named = text(get(withClient, 'properties.identityProfile.kubeletidentity.resourceId'));
  if (named === undefined) return set(withClient, 'properties.identityProfile.kubeletidentity', kubelet());
  if (resourceOf(world, named) === undefined) return withClient;
  // Who is named by resource id is shown with its ids in the directory.
  const { clientId, principalId } = idsOf(world, named);
  return set(withClient, 'properties.identityProfile.kubeletidentity', { resourceId: named, clientId, objectId: principalId });
}

const addons: Fill = (_world, goal) => {
  const profiles = get(goal, 'properties.addonProfiles');
  const ownIdentity = /^(system|user)assigned$/i.test(text(get(goal, 'identity.type')) ?? '');
  if (!isObject(profiles)) return goal;
  const filled = Object.entries(profiles).map(([name, profile]): [string, Json | undefined] => {
    if (!isObject(profile)) return [name, profile];
    if (!isTrue(profile['enabled'])) return [name, { config: null, enabled: false }];
    // With a service principal the add-ons act as that.
    return [name, ownIdentity && profile['identity'] === undefined ? { ...profile, identity: identityOf(goal, name.toLowerCase()) } : profile];
  });
  return set(goal, 'properties.addonProfiles', Object.fromEntries(filled));
};

const oidc: Fill = (world, goal) =>
  get(goal, 'properties.oidcIssuerProfile.enabled') === true
    ? setIfAbsent(
        goal,
        'properties.oidcIssuerProfile.issuerURL',
        `https://${text(goal['location']) ?? ''}.oic.prod-aks.azure.com/${world.state.tenantId}/${newId()}/`,
      )
    : goal;

const defender: Fill = (_world, goal) =>
  get(goal, 'properties.securityProfile.defender') !== undefined && get(goal, 'properties.securityProfile.defender.securityMonitoring.enabled') !== true
    ? set(goal, 'properties.securityProfile.defender', { securityMonitoring: { enabled: false } })
    : goal;

/** AKS docs, auto-upgrade-cluster: the node-image channel brings the node OS channel NodeImage with it. */
const channels: Fill = (_world, goal) =>
  text(get(goal, 'properties.autoUpgradeProfile.upgradeChannel')) === 'node-image'
    ? set(goal, 'properties.autoUpgradeProfile.nodeOSUpgradeChannel', 'NodeImage')
    : goal;

const imageCleaner: Fill = (_world, goal) =>
  get(goal, 'properties.securityProfile.imageCleaner.enabled') === true
    ? setIfAbsent(goal, 'properties.securityProfile.imageCleaner.intervalHours', 168)
    : goal;

const overlay: Fill = (_world, goal) => {
  if (text(get(goal, 'properties.networkProfile.networkPluginMode')) !== 'overlay') return goal;
  const cidr = text(get(goal, 'properties.networkProfile.podCidr')) ?? '10.244.0.0/16';
  return set(set(goal, 'properties.networkProfile.podCidr', cidr), 'properties.networkProfile.podCidrs', [cidr]);
};

/** A single address is shown as a /32; the order and the rest stay as sent. */
const ranges: Fill = (_world, goal) => {
  const sent = get(goal, 'properties.apiServerAccessProfile.authorizedIPRanges');
  if (!Array.isArray(sent)) return goal;
  const shown = texts(sent).map((range) => (range.includes('/') ? range : `${range}/32`));
  return set(goal, 'properties.apiServerAccessProfile.authorizedIPRanges', shown);
};

const privateNames: Fill = (_world, goal) => {
  if (get(goal, 'properties.apiServerAccessProfile.enablePrivateCluster') !== true) return set(goal, 'properties.privateFQDN', undefined);
  const named = setIfAbsent(
    setIfAbsent(goal, 'properties.apiServerAccessProfile.privateDNSZone', 'system'),
    'properties.apiServerAccessProfile.enablePrivateClusterPublicFQDN',
    true,
  );
  const zone = `${newId()}.privatelink.${text(goal['location']) ?? ''}.azmk8s.io`;
  return setIfAbsent(named, 'properties.privateFQDN', `${text(get(goal, 'properties.dnsPrefix')) ?? 'cluster'}-priv.${zone}`);
};

const fills: readonly Fill[] = [entra, identity, addons, oidc, defender, channels, imageCleaner, overlay, ranges, privateNames];

/** Fills in what the service adds by itself to an accepted goal. */
export function fillDefaults(world: World, before: ArmResource, goal: ArmResource): Outbound {
  return outbound(
    world,
    before,
    fills.reduce((filled, fill) => fill(world, filled, before), goal),
  );
}
