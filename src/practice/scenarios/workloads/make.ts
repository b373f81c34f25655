import type { JsonObject } from '../../../model/json.ts';

/** What one topic puts into the cluster of each scenario. */
export interface Topic {
  readonly legacy: readonly JsonObject[];
  readonly typical: readonly JsonObject[];
  readonly private: readonly JsonObject[];
  readonly hardened: readonly JsonObject[];
}

export interface Texts {
  readonly [key: string]: string;
}

/** A letters-and-digits text of a length that is always the same for the same seed: names of pods look as Kubernetes makes them. */
export function suffix(seed: string, length: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  let state = 2166136261;
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 16777619) >>> 0;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return letters[(state >>> 8) % letters.length];
  }).join('');
}

export interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
}

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

const uid = (seed: string): string =>
  `${suffix(seed, 8)}-0000-4000-8000-${suffix(`${seed}.`, 12)}`.replaceAll(/[g-z]/g, (char) => (char.charCodeAt(0) % 10).toString());

/** An object's metadata. */
export function metadata({ namespace, name, labels, annotations }: Partial<Named> & { readonly name: string }, owner?: Owner): JsonObject {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: '2024-03-04T09:00:00Z',
    uid: uid(`${namespace ?? ''}/${name}/${owner?.kind ?? ''}`),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    ...(owner === undefined
      ? {}
      : { ownerReferences: [{ ...owner, uid: uid(`${namespace ?? ''}/${owner.name}/`), controller: true, blockOwnerDeletion: true }] }),
  };
}

/** A namespace and the service account that Kubernetes puts into it. */
export function namespace(name: string, labels: Texts = {}, annotations?: Texts): readonly JsonObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: metadata({ name, labels: { 'kubernetes.io/metadata.name': name, ...labels }, ...(annotations === undefined ? {} : { annotations }) }),
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata({ namespace: name, name: 'default' }) },
  ];
}

/** A custom kind that the cluster knows; without it its API server answers that there is no such kind. */
export function customKind(group: string, version: string, kind: string, plural: string, namespaced = true): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: metadata({ name: `${plural}.${group}` }),
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [{ name: version, served: true, storage: true }],
    },
  };
}
