import { isObject, type Json, type JsonObject } from '../json.ts';
import { get, type PodTemplate } from './pod.ts';

/** A pod or the template of one inside of an object, and what stands before its fields: `spec.template.`, or nothing for a Pod. */
export interface FoundTemplate {
  readonly pod: PodTemplate;
  readonly prefix: string;
}

/** Where the template stands, by kind (Kubernetes API reference). */
const places: { readonly [kind: string]: readonly string[] } = {
  Pod: [],
  PodTemplate: ['template'],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

const ownGroups = /^(?:v1|(?:apps|batch|extensions)\/.+)$/;

/** The place of the pod's template in a kind of Kubernetes' own; undefined for other kinds. */
export function templatePlace(kind: string): readonly string[] | undefined {
  return Object.hasOwn(places, kind) ? places[kind] : undefined;
}

/** What stands before a pod's fields in a controller of a kind: `spec.template.` for one that is not known. */
export function fieldPrefix(kind: string): string {
  return (templatePlace(kind) ?? ['spec', 'template']).map((part) => `${part}.`).join('');
}

function placeIn(object: JsonObject): readonly string[] | undefined {
  const { apiVersion, kind } = object;
  if (typeof kind !== 'string') return undefined;
  if (typeof apiVersion === 'string' && ownGroups.test(apiVersion)) return templatePlace(kind);
  // Another kind that makes pods (an Argo Rollout, a Knative Service) is told by the containers in its template.
  return Array.isArray(get(object, 'spec', 'template', 'spec', 'containers')) ? ['spec', 'template'] : undefined;
}

/**
 * The pod in a Kubernetes object: of a Pod, of the controllers that Kubernetes has, and of other kinds whose `spec.template` holds containers.
 * Undefined for an object without one.
 */
export function podTemplateOf(object: Json): FoundTemplate | undefined {
  if (!isObject(object)) return undefined;
  const place = placeIn(object);
  if (!place) return undefined;
  return {
    pod: { metadata: get(object, ...place, 'metadata'), spec: get(object, ...place, 'spec') },
    prefix: place.map((part) => `${part}.`).join(''),
  };
}
