import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';

/** When everything was made. */
export const when = '2026-03-04T09:00:00Z';

/** `count` letters as Kubernetes ends names with them: the same for the same number. */
export function letters(seed: number, count: number): string {
  const from = 'bcdfghjklmnpqrstvwxz2456789';
  let value = (seed * 2654435761) >>> 0;
  return Array.from({ length: count }, () => {
    value = (value * 1103515245 + 12345) & 0x7fffffff;
    return from[value % from.length] ?? 'x';
  }).join('');
}

/** Something that looks like a uid. */
export const uid = (seed: number): string =>
  `${letters(seed, 8)}-${letters(seed + 1, 4)}-4${letters(seed + 2, 3)}-8${letters(seed + 3, 3)}-${letters(seed + 4, 12)}`;

/** Who wrote which field, as the API server keeps it: a path for every leaf of what is managed. */
function fieldsOf(value: Json | undefined): JsonObject {
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((entry: Json) => {
        const name = isObject(entry) ? entry['name'] : undefined;
        return [name === undefined ? `v:${JSON.stringify(entry)}` : `k:{"name":${JSON.stringify(name)}}`, { '.': {}, ...fieldsOf(entry) }];
      }),
    );
  }
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}

/** An entry of managedFields. */
export const managedBy = (manager: string, fields: Json, subresource?: string): JsonObject => ({
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: fieldsOf(fields),
  manager,
  operation: 'Update',
  ...(subresource === undefined ? {} : { subresource }),
  time: when,
});

/** What the API server puts into every object's metadata. */
export function metadataOf(name: string, namespace: string | undefined, seed: number, more: JsonObject = {}): JsonObject {
  return {
    ...more,
    creationTimestamp: when,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    resourceVersion: String(400_000 + seed),
    uid: uid(seed),
  };
}
