import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, text, withAt } from '../model/json.ts';
import { type Answer, ok, serviceError } from './answer.ts';
import { type Context, isStrict, notFound, objectBody } from './context.ts';
import { effectOf, reimageOutcomes, reimageSeconds } from './effects.ts';
import { locationOf } from './managed-clusters.ts';
import { merge } from './merge.ts';
import { latestImage } from './node-images.ts';
import { busy, changePools, startOperation } from './operations.ts';
import { onlyKnown, writable } from './schema/check.ts';
import { blocked, operationHeaders, reimageFailure, stopped } from './service-write.ts';
import { refusalOf } from './validation/index.ts';
import { newId, resourceOf, storeResource } from './world.ts';

const TYPE = 'Microsoft.ContainerService/managedClusters/agentPools';

const poolsOf = (cluster: ArmResource): readonly JsonObject[] => list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);

/** The cluster that a pool's path lies in. */
function clusterOf(context: Context): ArmResource | undefined {
  return resourceOf(context.world, context.path.id.replace(/\/agentPools(\/.*)?$/i, ''));
}

function poolOf(cluster: ArmResource, name: string | undefined): JsonObject | undefined {
  return poolsOf(cluster).find((pool) => text(pool['name'])?.toLowerCase() === name?.toLowerCase());
}

/** A pool as the resource that ARM shows it as. */
export function poolResource(cluster: ArmResource, pool: JsonObject, apiVersion: string): ArmResource {
  const { name, ...properties } = pool;
  const resource = { id: `${text(cluster['id']) ?? ''}/agentPools/${text(name) ?? ''}`, name: text(name) ?? '', type: TYPE, properties };
  return isStrict(apiVersion) ? onlyKnown(resource, 'AgentPool') : resource;
}

/** GET one pool. */
export function getPool(context: Context): Answer {
  const cluster = clusterOf(context);
  const pool = cluster && poolOf(cluster, context.path.name);
  return cluster && pool ? ok(poolResource(cluster, pool, context.apiVersion)) : notFound(context);
}

/** GET a cluster's pools. */
export function listPools(context: Context): Answer {
  const cluster = clusterOf(context);
  if (cluster === undefined) return notFound(context);
  return ok({ value: poolsOf(cluster).map((pool) => poolResource(cluster, pool, context.apiVersion)) });
}

/** What a new pool is when little is said about it. */
function freshPool(cluster: ArmResource, name: string): JsonObject {
  const like = poolsOf(cluster)[0] ?? {};
  const { nodeTaints: _taints, nodeLabels: _labels, ...inherited } = like;
  return { ...inherited, name, count: 1, mode: 'User', provisioningState: 'Creating' };
}

/** PUT: as for the cluster, but only the pool's own eTag changes. */
export function putPool(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const cluster = clusterOf(context);
  if (cluster === undefined) return notFound(context);
  const name = path.name ?? '';
  const before = poolOf(cluster, name);
  const stop = blocked(context, cluster, read.body, 'AgentPool', text(before?.['eTag']));
  if (stop !== undefined) return stop;
  const properties = at(writable(read.body, 'AgentPool'), ['properties']);
  const base = before ?? { ...freshPool(cluster, name), nodeImageVersion: latestImage(world, freshPool(cluster, name)) };
  // A pool's image follows its upgrades; a stale one that is sent back is not an order to go back to it.
  const { nodeImageVersion: _image, ...wanted } = isObject(properties) ? properties : {};
  const pool = { ...merge(base, wanted), name: text(base['name']) ?? name, eTag: newId() };
  const others = poolsOf(cluster).filter((one) => one !== before);
  const pools = before === undefined ? [...others, pool] : poolsOf(cluster).map((one) => (one === before ? pool : one));
  const goal = withAt(cluster, ['properties', 'agentPoolProfiles'], pools) as JsonObject;
  const refusal = refusalOf({ world, before: cluster, goal, sent: {} });
  if (refusal !== undefined) return serviceError(refusal);
  const effect = effectOf(world, cluster, goal);
  const failsWith = reimageFailure(world, cluster, effect.reimaged);
  storeResource(world, goal);
  const operation = startOperation(world, {
    cluster: (text(cluster['id']) ?? '').toLowerCase(),
    pools: [pool.name],
    state: before === undefined ? 'Creating' : poolState(before, pool),
    ms: effect.ms,
    outcomes: effect.outcomes,
    clusterToo: false,
    ...(failsWith === undefined ? {} : { failsWith }),
  });
  const stored = clusterOf(context) ?? goal;
  const body = poolResource(stored, poolOf(stored, name) ?? pool, context.apiVersion);
  return { status: before === undefined ? 201 : 200, headers: operationHeaders(context, operation, locationOf(cluster), false), body };
}

function poolState(before: JsonObject, after: JsonObject): string {
  if (before['orchestratorVersion'] !== after['orchestratorVersion']) return 'Upgrading';
  return before['count'] === after['count'] ? 'Updating' : 'Scaling';
}

/** POST upgradeNodeImageVersion: replaces the pool's nodes by ones with the latest image. */
export function upgradeNodeImage(context: Context): Answer {
  const { world } = context;
  const cluster = clusterOf(context);
  const pool = cluster && poolOf(cluster, context.path.name);
  if (cluster === undefined || pool === undefined) return notFound(context);
  const clusterId = text(cluster['id']) ?? '';
  const refusal = busy(world, clusterId) ?? stopped(cluster);
  if (refusal !== undefined) return serviceError(refusal);
  const name = text(pool['name']) ?? '';
  const failsWith = reimageFailure(world, cluster, [name]);
  changePools(world, clusterId, (one) => (one['name'] === name ? { ...one, eTag: newId() } : one));
  const operation = startOperation(world, {
    cluster: clusterId.toLowerCase(),
    pools: [name],
    state: 'UpgradingNodeImageVersion',
    ms: (60 + reimageSeconds(pool)) * 1000,
    outcomes: reimageOutcomes(world, clusterId, pool),
    clusterToo: false,
    ...(failsWith === undefined ? {} : { failsWith }),
  });
  return { status: 202, headers: operationHeaders(context, operation, locationOf(cluster), true) };
}
