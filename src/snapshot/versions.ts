import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ClusterUpgrades, KubernetesMinor, OfferedUpgrades } from '../model/facts.ts';
import { at, isObject, isTrue, type Json, list, path, text, texts } from '../model/json.ts';
import { cannotTell, getResource, type Reading, subscriptionOf } from './reading.ts';

function minorOf(entry: Json): readonly KubernetesMinor[] {
  const minor = text(at(entry, ['version']));
  const patches = at(entry, ['patchVersions']);
  if (minor === undefined) return [];
  return [
    {
      minor,
      plans: texts(at(entry, path('capabilities.supportPlan'))),
      preview: isTrue(at(entry, ['isPreview'])),
      isDefault: isTrue(at(entry, ['isDefault'])),
      patches: Object.entries(isObject(patches) ? patches : {}).map(([version, patch]) => ({ version, upgrades: texts(at(patch, ['upgrades'])) })),
    },
  ];
}

/** The Kubernetes versions of the cluster's region (locations/L/kubernetesVersions: a list under `values`). */
export async function readKubernetesVersions(reading: Reading): Promise<readonly KubernetesMinor[]> {
  const location = (text((await reading.cluster)['location']) ?? '').replaceAll(' ', '').toLowerCase();
  if (!/^[a-z0-9]+$/.test(location)) return cannotTell('the cluster does not tell its region');
  const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.ContainerService/locations/${location}/kubernetesVersions`;
  const found = list((await getResource(reading, `${url}?api-version=${CLUSTER_API_VERSION}`))['values']).flatMap(minorOf);
  return found.length > 0 ? found : cannotTell('the region lists no Kubernetes version');
}

function offeredIn(profile: Json | undefined): OfferedUpgrades {
  const upgrades = list(at(profile, ['upgrades'])).filter((entry) => !isTrue(at(entry, ['isPreview'])));
  return { version: text(at(profile, ['kubernetesVersion'])) ?? '', upgrades: upgrades.flatMap((entry) => text(at(entry, ['kubernetesVersion'])) ?? []) };
}

/** What the cluster and its pools may be upgraded to (upgradeProfiles/default). */
export async function readClusterUpgrades(reading: Reading): Promise<ClusterUpgrades> {
  const { properties } = await getResource(reading, `${reading.clusterId}/upgradeProfiles/default?api-version=${CLUSTER_API_VERSION}`);
  return {
    controlPlane: offeredIn(at(properties, ['controlPlaneProfile'])),
    pools: list(at(properties, ['agentPoolProfiles'])).flatMap((profile) => {
      const pool = text(at(profile, ['name']));
      return pool === undefined ? [] : [{ pool, ...offeredIn(profile) }];
    }),
  };
}
