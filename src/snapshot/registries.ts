import type { ArmResource, RegistryAssessment, RegistryPrivateLink, RegistryScanners } from '../model/facts.ts';
import { at, list, path, text, texts } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { armId, getList, type Reading, subscriptionOf } from './reading.ts';

/** More registries than any one cluster pulls from: what lies beyond is not asked about one by one. */
const most = 40;

const quarantineWriter = 'c8d4ff99-41c3-41a8-9f60-21dfdad59608';

/** What Defender calls its scan of a registry's images (Defender for Cloud: recommendations reference for containers); the first replaced the second. */
const scanAssessments = ['c0b7cfc6-3172-465a-b378-53c7ff2cc0d5', 'dbd0cb49-b563-45e7-9724-889e799fa648', '33422d8f-ab1e-42be-bc9a-38685bb567b9'];

/** The registries of the cluster's subscription. Which of them its nodes may pull from, the role assignments tell. */
export function readRegistries(reading: Reading): Promise<readonly ArmResource[]> {
  return getList(reading, `${subscriptionOf(reading.clusterId)}/providers/Microsoft.ContainerRegistry/registries?api-version=${apiVersions.registries}`);
}

async function forEachRegistry<T>(reading: Reading, read: (id: string) => Promise<T>): Promise<readonly T[]> {
  const ids = (await readRegistries(reading)).flatMap((registry) => armId(registry['id']) ?? []);
  return Promise.all(ids.slice(0, most).map(read));
}

/** Webhooks for quarantined images and principals that may release one, of each registry. */
export function readRegistryScanners(reading: Reading): Promise<readonly RegistryScanners[]> {
  return forEachRegistry(reading, async (registryId) => {
    const [webhooks, assignments] = await Promise.all([
      getList(reading, `${registryId}/webhooks?api-version=${apiVersions.registries}`),
      getList(reading, `${registryId}/providers/Microsoft.Authorization/roleAssignments?api-version=${apiVersions.roleAssignments}&$filter=atScope()`),
    ]);
    const called = webhooks.filter(
      (hook) =>
        texts(at(hook, path('properties.actions'))).some((action) => action.toLowerCase() === 'quarantine') &&
        text(at(hook, path('properties.status')))?.toLowerCase() !== 'disabled',
    );
    const writers = assignments.filter((one) =>
      text(at(one, path('properties.roleDefinitionId')))
        ?.toLowerCase()
        .endsWith(quarantineWriter),
    );
    return {
      registryId,
      webhooks: called.map((hook) => text(hook['name']) ?? ''),
      quarantineWriters: writers.flatMap((one) => text(at(one, path('properties.principalId'))) ?? []),
    };
  });
}

/** What Defender's image scan found in each registry. */
export function readRegistryAssessments(reading: Reading): Promise<readonly RegistryAssessment[]> {
  return forEachRegistry(reading, async (registryId) => {
    const found = await getList(reading, `${registryId}/providers/Microsoft.Security/assessments?api-version=${apiVersions.assessments}`);
    const scans = found.filter((one) => scanAssessments.includes(text(one['name'])?.toLowerCase() ?? ''));
    return { registryId, codes: scans.flatMap((one) => text(at(one, path('properties.status.code'))) ?? []) };
  });
}

/** Private endpoints that lead to registries, with the zones they register in; and the zones, with the networks that see them. */
export async function readRegistryPrivateLink(reading: Reading): Promise<RegistryPrivateLink> {
  const network = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.Network`;
  const [endpoints, zones] = await Promise.all([
    getList(reading, `${network}/privateEndpoints?api-version=${apiVersions.network}`),
    getList(reading, `${network}/privateDnsZones?api-version=${apiVersions.privateDns}`),
  ]);
  const targetsOf = (endpoint: ArmResource) =>
    ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections']
      .flatMap((key) => list(at(endpoint, ['properties', key])))
      .flatMap((connection) => text(at(connection, path('properties.privateLinkServiceId'))) ?? [])
      .filter((id) => /\/providers\/Microsoft\.ContainerRegistry\/registries\//i.test(id));
  const ours = endpoints.filter((endpoint) => targetsOf(endpoint).length > 0);
  const named = zones.filter((zone) => /^privatelink\.azurecr\./i.test(text(zone['name']) ?? ''));
  const [found, linked] = await Promise.all([
    Promise.all(
      ours.map(async (endpoint) => {
        const id = armId(endpoint['id']) ?? '';
        const groups = await getList(reading, `${id}/privateDnsZoneGroups?api-version=${apiVersions.network}`);
        const configs = groups.flatMap((group) => list(at(group, path('properties.privateDnsZoneConfigs'))));
        return {
          id,
          subnetId: text(at(endpoint, path('properties.subnet.id'))) ?? '',
          targets: targetsOf(endpoint),
          zones: configs.flatMap((config) => text(at(config, path('properties.privateDnsZoneId'))) ?? []),
        };
      }),
    ),
    Promise.all(
      named.map(async (zone) => {
        const id = armId(zone['id']) ?? '';
        const links = await getList(reading, `${id}/virtualNetworkLinks?api-version=${apiVersions.privateDns}`);
        return { id, networks: links.flatMap((link) => text(at(link, path('properties.virtualNetwork.id'))) ?? []) };
      }),
    ),
  ]);
  return { endpoints: found, zones: linked };
}
