import { at, isObject, type Json, type JsonObject, list, same, text } from '../model/json.ts';
import { fieldsOf, isLeaf, partOf } from './kube-fields.ts';

/** One entry of managedFields: who set which fields, by server-side apply or by any other write (Kubernetes docs: Server-Side Apply). */
export interface FieldOwner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly fields: JsonObject;
}

/** Who owns which fields of an object. Objects of a scenario have no such record until they are applied for the first time. */
export function ownersOf(object: Json | undefined): readonly FieldOwner[] {
  return list(at(object, ['metadata', 'managedFields'])).flatMap((entry): readonly FieldOwner[] => {
    const fields = at(entry, ['fieldsV1']);
    if (!isObject(fields)) return [];
    const read = (key: string): string => text(at(entry, [key])) ?? '';
    return [
      { manager: read('manager'), operation: read('operation') === 'Apply' ? 'Apply' : 'Update', apiVersion: read('apiVersion'), time: read('time'), fields },
    ];
  });
}

/** The object with another record of who owns what; owners of nothing are left out. */
export function withOwners(object: JsonObject, owners: readonly FieldOwner[]): JsonObject {
  const { managedFields: _old, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  const entries = owners
    .filter(({ fields }) => Object.keys(fields).length > 0)
    .map(({ fields, ...entry }): JsonObject => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: fields }));
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

/** The fields of an object that somebody can own: all but its name, its type and what the server itself writes. */
export function ownableFields(object: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata, status: _status, ...rest } = object;
  const {
    name: _name,
    namespace: _space,
    managedFields: _managed,
    resourceVersion: _resource,
    uid: _uid,
    creationTimestamp: _created,
    ...said
  } = isObject(metadata) ? metadata : {};
  return fieldsOf({ ...rest, ...(Object.keys(said).length === 0 ? {} : { metadata: said }) });
}

/** Fields of `a` that are not in `b`. */
export function withoutThese(a: JsonObject, b: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(a).flatMap(([name, below]): readonly [string, Json][] => {
      const other = b[name];
      if (!isObject(below) || !isObject(other)) return below === undefined || other !== undefined ? [] : [[name, below]];
      if (isLeaf(below)) return [];
      const rest = withoutThese(below, other);
      return isLeaf(rest) ? [] : [[name, rest]];
    }),
  );
}

/** Fields that are in either. */
export function together(a: JsonObject, b: JsonObject): JsonObject {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    names.map((name): [string, Json] => {
      const [one, other] = [a[name], b[name]];
      return [name, isObject(one) && isObject(other) ? together(one, other) : (one ?? other ?? {})];
    }),
  );
}

/** Those of the fields that an object still has. */
export function stillIn(fields: JsonObject, value: Json | undefined, field = ''): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, below]): readonly [string, Json][] => {
      if (name === '.' || !isObject(below)) return below === undefined ? [] : [[name, below]];
      const part = partOf(value, name, field);
      if (part === undefined) return [];
      return [[name, isLeaf(below) ? below : stillIn(below, part, name.startsWith('f:') ? name.slice(2) : field)]];
    }),
  );
}

/** Those of the fields whose value is another one in `other`, or is not there. */
export function unlikeIn(fields: JsonObject, value: Json | undefined, other: Json | undefined, field = ''): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, below]): readonly [string, Json][] => {
      if (name === '.' || !isObject(below)) return [];
      const [mine, theirs] = [partOf(value, name, field), partOf(other, name, field)];
      if (isLeaf(below)) return same(mine, theirs) ? [] : [[name, below]];
      const found = unlikeIn(below, mine, theirs, name.startsWith('f:') ? name.slice(2) : field);
      return Object.keys(found).length === 0 ? [] : [[name, found]];
    }),
  );
}

/** Fields as paths: `.spec.replicas`, `.spec.containers[name="web"].image`. */
export function pathsOf(fields: JsonObject, place = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, below]) => {
    if (name === '.' || !isObject(below)) return [];
    const here = name.startsWith('f:') ? `${place}.${name.slice(2)}` : `${place}[${keyText(name)}]`;
    return isLeaf(below) ? [here] : pathsOf(below, here);
  });
}

/** `k:{"name":"web"}` as a path has it: `name="web"`. */
function keyText(name: string): string {
  const key = JSON.parse(name.slice(2)) as Json;
  return isObject(key)
    ? Object.entries(key)
        .map(([field, value]) => `${field}=${JSON.stringify(value)}`)
        .join(',')
    : '';
}

/**
 * The record after a write that is no apply: what it changed is its manager's, and no longer anybody else's; what it took away is nobody's. An
 * object without a record gets none by it (fieldmanager, skipnonapplied.go), one that is made by it does.
 */
export function recordUpdate(
  before: JsonObject | undefined,
  after: JsonObject,
  { manager, time }: { readonly manager: string; readonly time: string },
): JsonObject {
  const owners = ownersOf(before);
  if (before !== undefined && owners.length === 0) return withOwners(after, []);
  const all = ownableFields(after);
  const changed = before === undefined ? all : unlikeIn(all, after, before);
  const isMine = (owner: FieldOwner): boolean => owner.manager === manager && owner.operation === 'Update';
  const others = owners.filter((owner) => !isMine(owner)).map((owner) => ({ ...owner, fields: stillIn(withoutThese(owner.fields, changed), after) }));
  const mine = owners.find(isMine);
  const fields = together(stillIn(mine?.fields ?? {}, after), changed);
  const apiVersion = text(after['apiVersion']) ?? '';
  const own: FieldOwner = { manager, operation: 'Update', apiVersion, time: Object.keys(changed).length === 0 ? (mine?.time ?? time) : time, fields };
  return withOwners(after, [...others, own]);
}
