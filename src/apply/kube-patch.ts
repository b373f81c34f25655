import type { KubePatch } from '../model/change.ts';
import type { Drift } from '../model/events.ts';
import { isObject, type Json, type JsonObject, same, showPath } from '../model/json.ts';

const child = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;

/** What a merge patch sets or takes away, place by place, with what was planned from and what is there. */
function* places(
  patch: JsonObject,
  before: Json | undefined,
  live: Json | undefined,
  path: readonly string[],
): Generator<Drift & { readonly wanted: Json | undefined }> {
  for (const [key, value] of Object.entries(patch)) {
    const here = [...path, key];
    if (isObject(value)) yield* places(value, child(before, key), child(live, key), here);
    else yield { path: showPath(here), planned: child(before, key), found: child(live, key), wanted: value ?? undefined };
  }
}

/**
 * Compares a patch with its object as just read: places where neither what was planned from nor what is wanted stands are drift; where what is
 * wanted stands everywhere, there is nothing to send. An object that is gone is drift.
 */
export function checkPatch(change: KubePatch, live: JsonObject | undefined): { readonly isInPlace: boolean; readonly differences: readonly Drift[] } {
  if (live === undefined) return { isInPlace: false, differences: [{ path: '(the object)', planned: change.object.name, found: undefined }] };
  const all = [...places(change.patch, change.before, live, [])];
  const open = all.filter(({ wanted, found }) => !same(wanted, found));
  const differences = open.filter(({ planned, found }) => !same(planned, found)).map(({ path, planned, found }) => ({ path, planned, found }));
  return { isInPlace: open.length === 0, differences };
}
