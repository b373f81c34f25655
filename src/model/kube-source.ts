import type { JsonObject } from './json.ts';

/** Where an object read from a file keeps the file's name: no Kubernetes object has such a key. */
const key = 'aks-harden/file';

/** The object, marked with the file it was read from. */
export function withSourceFile(object: JsonObject, file: string): JsonObject {
  return { ...object, [key]: file };
}

/** The file that an object was read from; undefined for one that came from a cluster. */
export function sourceFileOf(object: JsonObject): string | undefined {
  const file = object[key];
  return typeof file === 'string' ? file : undefined;
}
