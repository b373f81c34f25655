import type { Reachability } from '../model/facts.ts';
import type { KubernetesGateway } from '../model/gateway.ts';
import { at, isObject, type JsonObject, path, text } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { ProblemError } from '../model/problem.ts';
import { operatorAccess } from './cluster-access.ts';
import { currentCluster } from './handle.ts';
import { objectsOf, storeObject } from './kube-objects.ts';
import { mergePatch } from './merge.ts';
import { apiServerReachability, nodesAreReady } from './reachability.ts';
import type { World } from './world.ts';

/** Whether ARM's run-command would run something in the cluster now: it needs no network path, but nodes, and it can be off. */
export function runCommandReachability(world: World): Reachability {
  const cluster = currentCluster(world);
  const refused = (detail: string): Reachability => ({ reachable: false, detail });
  if (text(at(cluster, path('properties.powerState.code'))) === 'Stopped') return refused('the cluster is stopped');
  if (at(cluster, path('properties.apiServerAccessProfile.disableRunCommand')) === true) return refused('run-command is disabled for this cluster');
  return nodesAreReady(world, cluster) ? { reachable: true, detail: 'a command ran in the cluster' } : refused('no node was ready to run the command');
}

/** The ways in, and which of them is open: straight to the API server first, then run-command. */
function wayIn(world: World): { readonly via: 'kubectl' | 'run-command'; readonly cluster: JsonObject } | { readonly closed: string } {
  const cluster = currentCluster(world);
  const direct = apiServerReachability(world, cluster);
  if (direct.reachable) return { via: 'kubectl', cluster };
  const around = runCommandReachability(world);
  return around.reachable ? { via: 'run-command', cluster } : { closed: `${direct.detail}; ${around.detail}` };
}

function inside(world: World): JsonObject {
  const way = wayIn(world);
  if ('cluster' in way) return way.cluster;
  throw new ProblemError({
    code: 'no-way-into-cluster',
    what: 'There is no way into the practice cluster from here.',
    why: way.closed,
    next: ['Open one through ARM, which always works: put the old ranges back, switch run-command on, or start the cluster.'],
  });
}

/** Into the practice cluster with the operator's token: straight where the API server answers, otherwise as run-command would. */
export function practiceKubernetes(world: World): KubernetesGateway {
  return {
    get via() {
      const way = wayIn(world);
      return 'via' in way ? way.via : 'kubectl';
    },
    list: async function* (kind, { namespace } = {}) {
      yield objectsOf(world, inside(world), { ...kind, groupVersion: apiVersionOf(kind), short: [] }, namespace);
    },
    get: async ({ kind, name, namespace }) =>
      objectsOf(world, inside(world), { ...kind, groupVersion: apiVersionOf(kind), short: [] }, namespace).find(
        (one) => text(at(one, ['metadata', 'name'])) === name,
      ),
    access: async () => operatorAccess(world, inside(world)),
    apply: async (objects, { dryRun }) => {
      inside(world);
      if (!dryRun) for (const object of objects.filter(isObject)) storeObject(world, object);
      return objects.map((object) => ({ object, warnings: [] }));
    },
    patch: async ({ kind, name, namespace }, patch, { dryRun }) => {
      const found = objectsOf(world, inside(world), { ...kind, groupVersion: apiVersionOf(kind), short: [] }, namespace).find(
        (one) => text(at(one, ['metadata', 'name'])) === name,
      );
      const object = mergePatch(found, patch) as JsonObject;
      if (!dryRun) storeObject(world, object);
      return { object, warnings: [] };
    },
  };
}
