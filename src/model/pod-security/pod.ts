import { clean } from '../foreign.ts';
import { isObject, type Json, type JsonObject, type Path } from '../json.ts';

/** The two standards that restrict something; the third, privileged, restricts nothing. */
export const levels = ['baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A pod, or the template of one, as it stands in a manifest. Nothing about its shape is trusted. */
export interface PodTemplate {
  readonly metadata?: Json | undefined;
  readonly spec?: Json | undefined;
}

/** One change to a pod or its template: segments from its root, list places as numbers; no value takes the field away. */
export interface PodEdit {
  readonly path: Path;
  readonly value?: Json;
}

/** A field that a standard does not allow as it is. */
export interface Violation {
  /** The check's id, as Kubernetes' own code calls it: `hostNamespaces`, `runAsNonRoot`. */
  readonly check: string;
  /** The field, from the pod on: `spec.containers[0].securityContext.privileged`. */
  readonly field: string;
  /** What is wrong, with the value and the container. Clean. */
  readonly message: string;
  /** What to set, or to do, in words. */
  readonly fix: string;
  /** The same as changes; absent where a field alone does not mend it. */
  readonly edits?: readonly PodEdit[];
}

/** A container of any of the three lists, with the way to it. */
export interface Container {
  readonly body: JsonObject;
  readonly path: Path;
  /** `container web`, `init container setup`: for messages. */
  readonly label: string;
}

/** What the checks look at. */
export interface Pod {
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
  readonly containers: readonly Container[];
  /** A Windows pod says so itself; Kubernetes refuses Linux-only fields on it. */
  readonly isWindows: boolean;
  /** It has a user namespace of its own: root in it is nobody outside. */
  readonly hasOwnUsers: boolean;
  /** The minor version of Kubernetes whose rules count. */
  readonly minor: number;
}

/** The value behind keys, or undefined. Own keys only, and their case counts, as in the API. */
export function get(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let here = value;
  for (const key of keys) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here ?? undefined;
}

/** The entries of a list. Something else in a list's place counts as its one entry, so that a slip hides nothing. */
export function entriesOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** A value for a message: short, clean, texts in quotes. */
export function quote(value: Json | undefined): string {
  const shown = clean(JSON.stringify(value) ?? '');
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
}

/** `spec.containers[0].securityContext`; a key that is no plain word in brackets. */
export function fieldOf(path: Path): string {
  return path.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : /^\w+$/.test(part) ? `${i === 0 ? '' : '.'}${part}` : `[${clean(part)}]`)).join('');
}

const lists = [
  { key: 'initContainers', word: 'init container' },
  { key: 'containers', word: 'container' },
  { key: 'ephemeralContainers', word: 'ephemeral container' },
] as const;

function containersIn(spec: JsonObject): readonly Container[] {
  return lists.flatMap(({ key, word }) =>
    entriesOf(get(spec, key)).map((entry, i) => {
      const name = get(entry, 'name');
      return { body: isObject(entry) ? entry : {}, path: ['spec', key, String(i)], label: `${word} ${typeof name === 'string' ? clean(name) : i}` };
    }),
  );
}

/** A pod as the checks look at it. */
export function podOf({ metadata, spec }: PodTemplate, minor: number): Pod {
  const annotations = get(metadata, 'annotations');
  const body = isObject(spec) ? spec : {};
  return {
    annotations: isObject(annotations) ? annotations : {},
    spec: body,
    containers: containersIn(body),
    isWindows: get(body, 'os', 'name') === 'windows',
    hasOwnUsers: get(body, 'hostUsers') === false,
    minor,
  };
}

/** A place that has a security context: the pod, then each container. */
export interface Secured {
  readonly context: Json | undefined;
  readonly path: Path;
  readonly label: string;
}

/** The pod's own security context. */
export function podContext(pod: Pod): Secured {
  return { context: get(pod.spec, 'securityContext'), path: ['spec', 'securityContext'], label: 'the pod' };
}

/** The containers' security contexts. */
export function containerContexts(pod: Pod): readonly Secured[] {
  return pod.containers.map(({ body, path, label }) => ({ context: get(body, 'securityContext'), path: [...path, 'securityContext'], label }));
}

/** What a check finds: a violation without the check's own name. */
export type Finding = Omit<Violation, 'check' | 'field'> & { readonly path: Path };

/** One rule of a standard. */
export interface Check {
  readonly id: string;
  readonly level: Level;
  /** The few words by which the API server's own warnings name it. */
  readonly reason: string;
  /** The first minor version it is part of; from the start where it is absent. */
  readonly since?: number;
  readonly find: (pod: Pod) => readonly Finding[];
  /** The baseline rule that this one contains: with restricted it is not asked as well. */
  readonly contains?: { readonly id: string; readonly since?: number };
}
