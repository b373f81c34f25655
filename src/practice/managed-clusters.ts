import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, text, withAt } from '../model/json.ts';
import { type Answer, armError, ok, serviceError } from './answer.ts';
import { type Context, isStrict, notFound, objectBody } from './context.ts';
import { fillDefaults } from './defaults.ts';
import { effectOf } from './effects.ts';
import { merge } from './merge.ts';
import { busy, startOperation } from './operations.ts';
import { onlyKnown, writable } from './schema/check.ts';
import { blocked, operationHeaders, reimageFailure } from './service-write.ts';
import { refusalOf } from './validation/index.ts';
import { newId, removeResource, resourceOf, resourcesOf, storeResource } from './world.ts';

const TYPE = 'Microsoft.ContainerService/managedClusters';

/** A cluster as an api-version shows it: a stable one does not show what only a preview knows. */
export function shown(cluster: ArmResource, apiVersion: string): ArmResource {
  return isStrict(apiVersion) ? onlyKnown(cluster, 'ManagedCluster') : cluster;
}

export const locationOf = (cluster: ArmResource): string => text(cluster['location']) ?? 'westeurope';
const poolNames = (cluster: ArmResource): readonly string[] =>
  list(at(cluster, ['properties', 'agentPoolProfiles'])).flatMap((pool) => (isObject(pool) ? [text(pool['name']) ?? ''] : []));

/** GET one cluster. */
export function getCluster(context: Context): Answer {
  const cluster = resourceOf(context.world, context.path.id);
  return cluster === undefined ? notFound(context) : ok(shown(cluster, context.apiVersion));
}

/** GET the clusters of a resource group or subscription. */
export function listClusters(context: Context): Answer {
  const clusters = resourcesOf(context.world, context.path.scope, TYPE);
  return ok({ value: clusters.map((cluster) => shown(cluster, context.apiVersion)) });
}

/** Fresh eTags: an operation on the cluster changes its own and those of its pools (AKS docs: use-etags). */
function withNewTags(cluster: ArmResource): ArmResource {
  const pools = list(at(cluster, ['properties', 'agentPoolProfiles'])).map((pool) => (isObject(pool) ? { ...pool, eTag: newId() } : pool));
  return { ...(withAt(cluster, ['properties', 'agentPoolProfiles'], pools) as JsonObject), eTag: newId() };
}

/** PUT: checks, merges, fills in, answers 200 with the goal and where to poll. */
export function putCluster(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const before = resourceOf(world, path.id);
  if (before === undefined) {
    return armError({ status: 400, code: 'PracticeCannotCreate', message: 'The practice world does not create clusters: choose another scenario.' });
  }
  const stop = blocked(context, before, read.body, 'ManagedCluster', text(before['eTag']));
  if (stop !== undefined) return stop;
  const sent = writable(read.body, 'ManagedCluster');
  const goal = merge(before, { ...sent, id: before['id'], name: before['name'], type: before['type'], location: before['location'] });
  const refusal = refusalOf({ world, before, goal, sent: read.body });
  if (refusal !== undefined) return serviceError(refusal);
  const { cluster, created, removed } = fillDefaults(world, before, goal);
  const effect = effectOf(world, before, cluster);
  const failsWith = reimageFailure(world, before, effect.reimaged);
  for (const resource of created) storeResource(world, resource);
  for (const id of removed) removeResource(world, id);
  storeResource(world, withNewTags(cluster));
  const operation = startOperation(world, {
    cluster: path.id.toLowerCase(),
    pools: poolNames(cluster),
    state: effect.state,
    ms: effect.ms,
    outcomes: effect.outcomes,
    ...(failsWith === undefined ? {} : { failsWith }),
  });
  return ok(shown(resourceOf(world, path.id) ?? cluster, context.apiVersion), operationHeaders(context, operation, locationOf(before), false));
}

/** PATCH changes tags and nothing else. */
export function patchCluster(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const before = resourceOf(world, path.id);
  if (before === undefined) return notFound(context);
  const refusal = busy(world, path.id);
  if (refusal !== undefined) return serviceError(refusal);
  storeResource(world, { ...before, tags: isObject(read.body['tags']) ? read.body['tags'] : before['tags'], eTag: newId() });
  world.changed();
  return ok(shown(resourceOf(world, path.id) ?? before, context.apiVersion));
}

/** DELETE takes the cluster away at once. */
export function deleteCluster(context: Context): Answer {
  removeResource(context.world, context.path.id);
  context.world.changed();
  return { status: 204, headers: {} };
}
