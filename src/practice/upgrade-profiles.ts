import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, path, text } from '../model/json.ts';
import { type Answer, ok } from './answer.ts';
import { type Context, notFound } from './context.ts';
import { poolUpgrades, upgradesFrom, versionList } from './kubernetes-versions.ts';
import { latestImage } from './node-images.ts';
import { resourceOf } from './world.ts';

const poolsOf = (cluster: ArmResource): readonly JsonObject[] => list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);
const controlPlaneOf = (cluster: ArmResource): string => text(at(cluster, path('properties.currentKubernetesVersion'))) ?? '';
const versionOf = (pool: JsonObject): string => text(pool['currentOrchestratorVersion']) ?? text(pool['orchestratorVersion']) ?? '';
const offered = (versions: readonly string[]) => versions.map((kubernetesVersion) => ({ kubernetesVersion, isPreview: null }));

function poolProfile(cluster: ArmResource, pool: JsonObject) {
  return {
    kubernetesVersion: versionOf(pool),
    osType: text(pool['osType']) ?? 'Linux',
    upgrades: offered(poolUpgrades(versionOf(pool), controlPlaneOf(cluster))),
  };
}

/** GET managedClusters/C/upgradeProfiles/default: versions the cluster could go to. */
export function clusterUpgradeProfile(context: Context): Answer {
  const cluster = resourceOf(context.world, context.path.id.replace(/\/upgradeProfiles\/.*$/i, ''));
  if (cluster === undefined) return notFound(context);
  const version = controlPlaneOf(cluster);
  const plan = text(at(cluster, path('properties.supportPlan'))) ?? 'KubernetesOfficial';
  return ok({
    id: context.path.id,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/upgradeProfiles',
    properties: {
      controlPlaneProfile: { kubernetesVersion: version, osType: 'Linux', upgrades: offered(upgradesFrom(version, plan)) },
      agentPoolProfiles: poolsOf(cluster).map((pool) => ({ name: text(pool['name']) ?? '', ...poolProfile(cluster, pool) })),
    },
  });
}

/** GET agentPools/P/upgradeProfiles/default: the versions and the image the pool could have. */
export function poolUpgradeProfile(context: Context): Answer {
  const cluster = resourceOf(context.world, context.path.id.replace(/\/agentPools(\/.*)?$/i, ''));
  const name = /\/agentPools\/([^/]+)/i.exec(context.path.id)?.[1]?.toLowerCase();
  const pool = cluster && poolsOf(cluster).find((one) => text(one['name'])?.toLowerCase() === name);
  if (cluster === undefined || pool === undefined) return notFound(context);
  return ok({
    id: context.path.id,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    properties: { ...poolProfile(cluster, pool), latestNodeImageVersion: latestImage(context.world, pool) },
  });
}

/** GET locations/L/kubernetesVersions: what the region offers, to whom. */
export function listKubernetesVersions(): Answer {
  return ok(versionList());
}
