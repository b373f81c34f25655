import { at, isObject, type Json, type JsonObject, list } from '../model/json.ts';

/**
 * Lists whose entries are told apart by a key and merge entry by entry; every other list is replaced as a whole (Kubernetes API reference:
 * `x-kubernetes-list-map-keys`; custom kinds have none of these).
 */
const listKeys: { readonly [field: string]: readonly string[] } = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  env: ['name'],
  imagePullSecrets: ['name'],
  ports: ['containerPort', 'protocol', 'port'],
  ownerReferences: ['uid'],
  conditions: ['type'],
};

const defaults: { readonly [key: string]: Json } = { protocol: 'TCP' };

/** The key of an entry of a list that merges, as managedFields writes it; undefined for a list that does not. */
function entryKey(field: string, entry: Json): string | undefined {
  const keys = listKeys[field];
  if (keys === undefined || !isObject(entry)) return undefined;
  const found = keys.flatMap((key) => {
    const value = entry[key] ?? defaults[key];
    return value === undefined || (key === 'port' && entry['containerPort'] !== undefined) ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(found))}`;
}

function isKeyed(field: string, value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry: Json) => entryKey(field, entry) !== undefined);
}

/** An entry of a strategic merge patch that takes the entry of its key away (Kubernetes docs: strategic merge patch, `$patch: delete`). */
const isDeletion = (entry: Json): boolean => at(entry, ['$patch']) === 'delete';

/** What stands after fields are applied on top: objects and keyed lists merge, everything else is replaced, null takes away. */
export function mergeFields(before: Json | undefined, sent: Json, field = ''): Json {
  if (isObject(sent) && (isObject(before) || before === undefined)) {
    const result: { [key: string]: Json | undefined } = { ...before };
    for (const [key, value] of Object.entries(sent)) {
      if (value === null) delete result[key];
      else if (value !== undefined) result[key] = mergeFields(result[key], value, key);
    }
    return result;
  }
  if (isKeyed(field, sent) && isKeyed(field, before)) {
    const keyOf = (entry: Json) => entryKey(field, entry);
    const kept = before.flatMap((entry) => {
      const next = sent.find((candidate) => keyOf(candidate) === keyOf(entry));
      if (next === undefined) return [entry];
      return isDeletion(next) ? [] : [mergeFields(entry, next)];
    });
    return [...kept, ...sent.filter((entry) => !isDeletion(entry) && !before.some((known) => keyOf(known) === keyOf(entry)))];
  }
  return sent;
}

/** A value's fields as managedFields lists them (Kubernetes docs: Server-Side Apply, FieldsV1). */
export function fieldsOf(value: Json | undefined, field = ''): JsonObject {
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [[`f:${key}`, fieldsOf(entry, key)]])));
  }
  if (!isKeyed(field, value)) return {};
  return Object.fromEntries(value.map((entry) => [entryKey(field, entry) ?? '', { '.': {}, ...fieldsOf(entry) }]));
}

/** A field that stands for itself, not for what is below it. */
export const isLeaf = (fields: JsonObject): boolean => Object.keys(fields).every((key) => key === '.');

/** The part of a value that a name in managedFields means; `field` is the name of the list that it is an entry of. */
export function partOf(value: Json | undefined, name: string, field: string): Json | undefined {
  if (name.startsWith('f:')) return at(value, [name.slice(2)]);
  return list(value).find((entry) => entryKey(field, entry) === name);
}

const fieldName = (name: string, field: string): string => (name.startsWith('f:') ? name.slice(2) : field);

/** The value without the fields that stand in `owned` and no more in `next`. */
export function withoutFields(value: Json | undefined, owned: JsonObject, next: JsonObject, field = ''): Json | undefined {
  let result = value;
  for (const [name, below] of Object.entries(owned)) {
    if (name === '.' || !isObject(below)) continue;
    const part = partOf(result, name, field);
    if (part === undefined) continue;
    const still = next[name];
    if (isLeaf(below) || (below['.'] !== undefined && still === undefined)) {
      if (still === undefined) result = replaced(result, name, field, undefined);
      continue;
    }
    const rest = withoutFields(part, below, isObject(still) ? still : {}, fieldName(name, field));
    const isEmpty = still === undefined && isObject(rest) && Object.keys(rest).length === 0;
    result = replaced(result, name, field, isEmpty ? undefined : rest);
  }
  return result;
}

function replaced(value: Json | undefined, name: string, field: string, next: Json | undefined): Json | undefined {
  if (isObject(value) && name.startsWith('f:')) {
    const { [name.slice(2)]: _old, ...others } = value;
    return next === undefined ? others : { ...value, [name.slice(2)]: next };
  }
  if (!Array.isArray(value)) return value;
  return value.flatMap((entry: Json) => (entryKey(field, entry) !== name ? [entry] : next === undefined ? [] : [next]));
}
