import { at, isObject, type Json, type JsonObject, text } from '../model/json.ts';
import { mergeFields, withoutFields } from './kube-fields.ts';
import { type FieldOwner, ownableFields, ownersOf, pathsOf, stillIn, together, unlikeIn, withOwners, withoutThese } from './kube-managers.ts';

/** Where somebody else owns a field that an apply would change. */
interface Conflict {
  readonly owner: FieldOwner;
  readonly fields: JsonObject;
}

/** What an apply comes to. `causes` are the conflicts one by one, as a Status tells them. */
export type Applied =
  | { readonly object: JsonObject }
  | { readonly conflict: string; readonly causes: readonly { readonly message: string; readonly field: string }[] }
  | { readonly invalid: string };

/** The owner as conflicts name it: with version and time where it did not apply (apimachinery, managedfields/internal/conflict.go). */
function shown({ manager, operation, apiVersion, time }: FieldOwner): string {
  if (operation === 'Apply') return `"${manager}"`;
  return `"${manager}" using ${apiVersion}${time === '' ? '' : ` at ${time}`}`;
}

function conflictText(conflicts: readonly Conflict[]): string {
  const all = conflicts.flatMap(({ owner, fields }) => pathsOf(fields).map((field) => ({ owner, field })));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return `Apply failed with 1 conflict: conflict with ${shown(only.owner)}: ${only.field}`;
  const lines = conflicts.flatMap(({ owner, fields }) => [`conflicts with ${shown(owner)}:`, ...pathsOf(fields).map((field) => `- ${field}`)]);
  return `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`;
}

/** Who owned an object's fields before anything was applied to it: somebody who is not known. */
function firstOwners(before: JsonObject | undefined, time: string): readonly FieldOwner[] {
  const owners = ownersOf(before);
  if (before === undefined || owners.length > 0) return owners;
  return [{ manager: 'before-first-apply', operation: 'Update', apiVersion: text(before['apiVersion']) ?? '', time, fields: ownableFields(before) }];
}

/**
 * Server-side apply (Kubernetes docs: Server-Side Apply): fields are set, those that this manager alone applied before and leaves out now go, and
 * another value in a field that somebody else owns is a conflict; with `force` the field changes hands.
 */
export function serverSideApply(
  before: JsonObject | undefined,
  sent: JsonObject,
  options: { readonly manager: string; readonly force: boolean; readonly time: string },
): Applied {
  const { manager, force, time } = options;
  if (at(sent, ['metadata', 'managedFields']) !== undefined) return { invalid: 'metadata.managedFields must be nil' };
  const fields = ownableFields(sent);
  const owners = firstOwners(before, time);
  const isMine = (owner: FieldOwner): boolean => owner.manager === manager && owner.operation === 'Apply';
  const others = owners.filter((owner) => !isMine(owner));
  const conflicts = others
    .map((owner): Conflict => ({ owner, fields: contested(owner, before, sent, fields) }))
    .filter(({ fields: found }) => Object.keys(found).length > 0);
  if (conflicts.length > 0 && !force) {
    const causes = conflicts.flatMap(({ owner, fields: found }) => pathsOf(found).map((field) => ({ message: `conflict with ${shown(owner)}`, field })));
    return { conflict: conflictText(conflicts), causes };
  }
  const theirs = others.reduce((all, owner) => together(all, owner.fields), {} as JsonObject);
  const mine = withoutThese(owners.find(isMine)?.fields ?? {}, theirs);
  const merged = mergeFields(withoutFields(before, mine, fields), sent);
  const object = isObject(merged) ? merged : sent;
  const lost = (owner: FieldOwner): JsonObject => conflicts.find((one) => one.owner === owner)?.fields ?? {};
  const left = others.map((owner) => ({ ...owner, fields: stillIn(withoutThese(owner.fields, lost(owner)), object) }));
  return { object: withOwners(object, [...left, { manager, operation: 'Apply', apiVersion: text(sent['apiVersion']) ?? '', time, fields }]) };
}

/** Fields of somebody else that are sent with another value. What is not there any more is nobody's. */
function contested(owner: FieldOwner, before: Json | undefined, sent: JsonObject, fields: JsonObject): JsonObject {
  const both = withoutThese(owner.fields, withoutThese(owner.fields, fields));
  return unlikeIn(stillIn(both, before), before, sent);
}
