import { isObject, type JsonObject, text } from './json.ts';

/** What the API server alone writes into metadata. */
const serverFields: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/**
 * An object as it may be applied: without what the API server alone writes. With its record of fields an apply is refused, and with its uid
 * an object that was deleted cannot be made again (Kubernetes docs: Server-Side Apply).
 */
export function asManifest(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isObject(metadata)) return rest;
  return { ...rest, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !serverFields.has(key))) };
}

/** An object by type, namespace and name: one text for the same object. */
export function objectKey(object: JsonObject): string {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return [object['apiVersion'], object['kind'], metadata['namespace'], metadata['name']].map((part) => text(part) ?? '').join('/');
}

/** A merge patch as a manifest: the object with nothing but what the patch sets. What it takes away is null, as in kustomize's own patches. */
export function patchManifest(
  object: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly name: string },
  patch: JsonObject,
): JsonObject {
  const { apiVersion, kind, namespace, name } = object;
  const metadata = isObject(patch['metadata']) ? patch['metadata'] : {};
  return { apiVersion, kind, ...patch, metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata } };
}
