import type { Change, Edit } from '../model/change.ts';
import { at, isObject, type Json, type JsonObject, type Path, same, showPath, text } from '../model/json.ts';

/** One line of a preview. A list shows a row for each entry that comes or goes. */
export interface DiffRow {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly sign: '+' | '-' | '~';
}

function row(path: Path, before: Json | undefined, after: Json | undefined): DiffRow {
  return { path: showPath(path), before, after, sign: before === undefined ? '+' : after === undefined ? '-' : '~' };
}

function listRows(path: Path, before: readonly Json[], after: readonly Json[]): readonly DiffRow[] {
  const gone = before.filter((entry) => !after.some((other) => same(entry, other)));
  const come = after.filter((entry) => !before.some((other) => same(entry, other)));
  if (gone.length + come.length === 0) return [row(path, before, after)];
  return [...gone.map((entry) => row(path, entry, undefined)), ...come.map((entry) => row(path, undefined, entry))];
}

function rows(path: Path, before: Json | undefined, after: Json | undefined): readonly DiffRow[] {
  if (same(before, after)) return [];
  const [old, next] = [Array.isArray(before) ? before : undefined, Array.isArray(after) ? after : undefined];
  if ((old || before === undefined) && (next || after === undefined) && (old?.length ?? 0) + (next?.length ?? 0) > 0) {
    return listRows(path, old ?? [], next ?? []);
  }
  const [left, right] = [isObject(before) ? before : undefined, isObject(after) ? after : undefined];
  const keys = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  if ((left || before === undefined) && (right || after === undefined) && keys.length > 0) {
    return keys.flatMap((key) => rows([...path, key], left?.[key], right?.[key]));
  }
  return [row(path, before, after)];
}

const editRows = (edits: readonly Edit[]) => edits.flatMap((edit) => rows(edit.path, edit.before, edit.after));

function objectPath(object: JsonObject): string {
  const namespace = text(at(object, ['metadata', 'namespace']));
  return [text(object['kind']), namespace, text(at(object, ['metadata', 'name']))].filter((part) => part !== undefined).join('/');
}

/** What a merge patch changes: its leaves, with what stood there; null takes away. */
function patchRows(path: Path, patch: JsonObject, before: Json | undefined): readonly DiffRow[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const old = at(before, [key]);
    if (isObject(value)) return patchRows([...path, key], value, old);
    return rows([...path, key], old ?? undefined, value ?? undefined);
  });
}

/** The rows that show what a change does, before it is made. Empty when it changes nothing that can be shown. */
export function diffOf(change: Change): readonly DiffRow[] {
  switch (change.kind) {
    case 'arm.update':
    case 'arm.patch':
      return editRows(change.edits);
    case 'arm.put':
      return rows([], change.before, change.body);
    case 'arm.delete':
      return rows([], change.before, undefined);
    case 'arm.action':
      return [{ path: change.target.id.split('/').at(-1) ?? '', before: undefined, after: change.action, sign: '~' }];
    case 'kube.apply':
      return change.objects.flatMap((object) => {
        const name = objectPath(object);
        return rows(
          [name],
          change.before.find((old) => objectPath(old) === name),
          object,
        );
      });
    case 'kube.patch':
      return patchRows(
        [[change.object.kind, change.object.namespace, change.object.name].filter((part) => part !== undefined).join('/')],
        change.patch,
        change.before,
      );
    case 'kube.delete':
      return rows([objectPath(change.before)], change.before, undefined);
    case 'graph':
      return rows([`${change.method} ${change.path}`], undefined, change.body ?? change.method);
    case 'manual':
      return [];
  }
}
