import { isObject, type Json, type JsonObject, type Path } from '../json.ts';
import { get, type PodEdit, type PodTemplate, type Violation } from './pod.ts';

/** A copy of `value` with `next` at the path; undefined takes the key away. Parents that are missing are made as objects; keys keep their case. */
function put(value: Json | undefined, [head, ...rest]: Path, next: Json | undefined): Json | undefined {
  if (head === undefined) return next;
  if (Array.isArray(value)) {
    return value.map((entry: Json, i) => (String(i) === head ? (put(entry, rest, next) ?? entry) : entry));
  }
  const parent: JsonObject = isObject(value) ? value : {};
  const child = put(Object.hasOwn(parent, head) ? parent[head] : undefined, rest, next);
  if (child === undefined) {
    const { [head]: _gone, ...others } = parent;
    return others;
  }
  return { ...parent, [head]: child };
}

/** A copy of a pod or its template with edits made. */
export function edited(pod: PodTemplate, edits: readonly PodEdit[]): PodTemplate {
  const whole: JsonObject = { metadata: pod.metadata, spec: pod.spec };
  const result = edits.reduce<Json | undefined>((now, { path, value }) => put(now, path, value), whole);
  return { metadata: get(result, 'metadata'), spec: get(result, 'spec') };
}

/** All edits of violations, each place once. */
export function editsOf(violations: readonly Violation[]): readonly PodEdit[] {
  const byPlace = new Map(violations.flatMap(({ edits }) => edits ?? []).map((edit) => [edit.path.join('\u0000'), edit]));
  return [...byPlace.values()];
}

/** What tells the entries of a list apart when a patch is merged into it (Kubernetes API reference, `patchMergeKey`). */
const mergeKeys: { readonly [list: string]: readonly string[] } = {
  containers: ['name'],
  initContainers: ['name'],
  ports: ['containerPort', 'protocol'],
};

/** The edits below one place as a patch; null takes a field away. Undefined where an entry of a list cannot be told from others. */
function below(now: Json | undefined, edits: readonly PodEdit[], list?: string): Json | undefined {
  const own = edits.find(({ path }) => path.length === 0);
  if (own) return own.value ?? null;
  const heads = [...new Set(edits.flatMap(({ path }) => path[0] ?? []))];
  const inside = (head: string) => edits.filter(({ path }) => path[0] === head).map(({ path, ...edit }) => ({ ...edit, path: path.slice(1) }));
  if (Array.isArray(now)) {
    const keys = mergeKeys[list ?? ''];
    if (!keys) return undefined;
    const entries = heads.map((head): JsonObject | undefined => {
      const entry: Json | undefined = now[Number(head)];
      const patch = below(entry, inside(head));
      const named = Object.fromEntries(keys.flatMap((key) => (get(entry, key) === undefined ? [] : [[key, get(entry, key)]])));
      return isObject(patch) && Object.keys(named).length > 0 ? { ...named, ...patch } : undefined;
    });
    return entries.every((entry): entry is JsonObject => entry !== undefined) ? entries : undefined;
  }
  const parts = heads.map((head) => [head, below(get(now, head), inside(head), head)] as const);
  return parts.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(parts);
}

/**
 * Edits as a strategic merge patch of the object that holds the template at `place` (`spec.template` of a Deployment; nothing for a Pod), for
 * `kubectl patch` and Kustomize. Undefined when there is nothing to patch, or when an edit reaches into a list that no patch can: then the
 * words of the fix are all there is. Lists that patches replace as a whole (capabilities, sysctls) come as a whole.
 */
export function mergePatch(pod: PodTemplate, edits: readonly PodEdit[], place: Path): JsonObject | undefined {
  if (edits.length === 0) return undefined;
  const patch = below({ metadata: pod.metadata, spec: pod.spec }, edits);
  if (!isObject(patch)) return undefined;
  return place.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), patch);
}
