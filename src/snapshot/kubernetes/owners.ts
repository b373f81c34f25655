import { at, isObject, type JsonObject, list, path } from '../../model/json.ts';
import { nameOf, textAt } from './listed.ts';

/** Who is at the top of a pod, or of a controller. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** The controller that an object's metadata names; undefined for one without. */
export function controllerOf(object: JsonObject): Owner | undefined {
  const found = list(at(object, path('metadata.ownerReferences'))).filter(isObject);
  const reference = found.find((entry) => entry['controller'] === true) ?? found[0];
  if (reference === undefined) return undefined;
  return { apiVersion: textAt(reference, 'apiVersion') ?? '', kind: textAt(reference, 'kind') ?? '', name: textAt(reference, 'name') ?? '' };
}

/** What a hash on the pods of a ReplicaSet says about who made the ReplicaSet (Kubernetes docs: Deployments; Argo Rollouts docs). */
const hashes = [
  { label: 'pod-template-hash', apiVersion: 'apps/v1', kind: 'Deployment' },
  { label: 'rollouts-pod-template-hash', apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
] as const;

/**
 * The controller at the top of a pod. A ReplicaSet of a Deployment is told by the hash that both names and labels carry, so that
 * ReplicaSets need not be read. That a Job is a CronJob's, the Job tells. A static pod's node is no controller.
 */
export function topOwner(pod: JsonObject): Owner {
  const self: Owner = { apiVersion: 'v1', kind: 'Pod', name: nameOf(pod) };
  const owner = controllerOf(pod);
  if (owner === undefined || owner.kind === 'Node') return self;
  if (owner.kind === 'ReplicaSet') {
    for (const { label, apiVersion, kind } of hashes) {
      const hash = at(pod, ['metadata', 'labels', label]);
      if (typeof hash === 'string' && hash !== '' && owner.name.endsWith(`-${hash}`)) return { apiVersion, kind, name: owner.name.slice(0, -hash.length - 1) };
    }
  }
  return owner;
}
