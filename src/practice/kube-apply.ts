import { at, isObject, type Json, type JsonObject, list } from '../model/json.ts';
import { conflictsWith, fieldsOf, managersOf, mergeFields, withoutFields } from './kube-fields.ts';

/** The fields that somebody applies: all but the object's name and type. */
function appliedFields(sent: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata, status: _status, ...rest } = sent;
  const {
    name: _name,
    namespace: _namespace,
    managedFields: _managed,
    resourceVersion: _resource,
    uid: _uid,
    creationTimestamp: _created,
    ...said
  } = isObject(metadata) ? metadata : {};
  return fieldsOf({ ...rest, ...(Object.keys(said).length === 0 ? {} : { metadata: said }) });
}

function withManager(object: JsonObject, manager: string, fields: JsonObject, time: string): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const others = list(metadata['managedFields']).filter((entry) => at(entry, ['manager']) !== manager || at(entry, ['operation']) !== 'Apply');
  const own: JsonObject = { manager, operation: 'Apply', apiVersion: object['apiVersion'] ?? '', time, fieldsType: 'FieldsV1', fieldsV1: fields };
  return { ...object, metadata: { ...metadata, managedFields: [...others, own] } };
}

/**
 * Server-side apply (Kubernetes docs: Server-Side Apply): fields are set, those that this manager applied before and leaves out now go, and
 * what another manager applied is a conflict unless `force` is given. Objects of a scenario have no managers, so that all of them can be changed.
 */
export function serverSideApply(
  before: JsonObject | undefined,
  sent: JsonObject,
  options: { readonly manager: string; readonly force: boolean; readonly time: string },
): { readonly object: JsonObject } | { readonly conflict: string } {
  const { manager, force, time } = options;
  const fields = appliedFields(sent);
  const managers = managersOf(before);
  const conflicts = force
    ? []
    : managers
        .filter((one) => one.manager !== manager)
        .flatMap((one) => conflictsWith(one.fields, before, sent).map((field) => `conflict with "${one.manager}": ${field}`));
  if (conflicts.length > 0)
    return { conflict: `Apply failed with ${conflicts.length} ${conflicts.length === 1 ? 'conflict' : 'conflicts'}: ${conflicts.join('; ')}` };
  const owned = managers.find((one) => one.manager === manager && one.operation === 'Apply')?.fields ?? {};
  const { metadata, ...rest } = sent;
  const { managedFields: _managed, ...said } = isObject(metadata) ? metadata : {};
  const kept = withoutFields(before, owned, fields);
  const merged = mergeFields(kept, { ...rest, metadata: said } as Json);
  return { object: withManager(isObject(merged) ? merged : sent, manager, fields, time) };
}
