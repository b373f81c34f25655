import type { NetworkPolicyObject } from '../model/facts.ts';
import type { KubernetesGateway } from '../model/gateway.ts';
import { at, isObject, type JsonObject, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { operatorAccess } from './cluster-access.ts';
import { currentCluster } from './handle.ts';
import { policyFacts } from './kube.ts';
import { kindByWord, objectsOf, storeObject } from './kube-objects.ts';
import { apiServerReachability } from './reachability.ts';
import type { World } from './world.ts';

/** The cluster where the API server answers the operator; a Problem where it does not. */
function reached(world: World): JsonObject {
  const cluster = currentCluster(world);
  const { reachable, detail } = apiServerReachability(world, cluster);
  if (reachable) return cluster;
  throw new ProblemError({
    code: 'api-server-unreachable',
    what: 'The API server of the practice cluster cannot be reached from here.',
    why: detail,
    next: ['Use run-command, which needs no network path.'],
  });
}

/** Straight into the practice cluster, as kubectl would go with the operator's token. */
export function practiceKubernetes(world: World): KubernetesGateway {
  return {
    via: 'kubectl',
    networkPolicies: async () => {
      const cluster = reached(world);
      const kind = kindByWord('networkpolicies');
      const policies = kind === undefined ? [] : objectsOf(world, cluster, kind);
      return policies.map(
        (policy): NetworkPolicyObject => ({
          namespace: text(at(policy, ['metadata', 'namespace'])) ?? '',
          name: text(at(policy, ['metadata', 'name'])) ?? '',
          ...policyFacts(policy),
        }),
      );
    },
    access: async () => operatorAccess(world, reached(world)),
    apply: async (objects, { dryRun }) => {
      reached(world);
      if (!dryRun) for (const object of objects.filter(isObject)) storeObject(world, object);
      return objects;
    },
  };
}
