import { at, isObject, type Json, type JsonObject, list, text } from '../../src/model/json.ts';
import type { World } from '../../src/practice/world.ts';
import { differences } from '../../src/render/write-body.ts';

/** A place where two worlds differ: `resources/ID: properties.x`. */
export interface Difference {
  readonly place: string;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Lists whose entries have a name or category, as maps by it: so that a difference is one property, not one list. */
function byName(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) {
    const names = value.map((entry) => text(at(entry, ['name'])) ?? text(at(entry, ['category'])) ?? text(at(entry, ['categoryGroup'])));
    const isMap = value.length > 0 && new Set(names).size === value.length && !names.includes(undefined);
    return isMap ? Object.fromEntries(value.map((entry, i) => [names[i] ?? '', byName(entry)])) : value.map((entry) => byName(entry) ?? null);
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, byName(entry)])) : value;
}

function objectKey(object: JsonObject): string {
  return [text(object['kind']), text(at(object, ['metadata', 'namespace'])) ?? '', text(at(object, ['metadata', 'name']))].join('/');
}

/** Everything that a world has come to, as JSON: Azure resources, Kubernetes objects, the directory, what only shows from outside. */
export function snapshotOf({ state }: World): JsonObject {
  const ranges = Object.entries(state.ranges).map(([id, history]) => [id, history.at(-1)?.ranges ?? []] as const);
  const whole: JsonObject = {
    resources: byName({ ...state.resources }),
    kubernetes: byName(Object.fromEntries(state.kubernetes.map((object) => [objectKey(object), object]))),
    directory: byName({ groups: state.groups as unknown as Json, principals: state.principals as unknown as Json }),
    certificates: { ...state.certificates },
    // An allow-list that was taken away again is as good as none.
    ranges: Object.fromEntries(ranges.filter(([, last]) => list(last).length > 0)),
  };
  return JSON.parse(JSON.stringify(whole)) as JsonObject;
}

/** Ids that stand in any of these documents, in lower case. */
export function idsIn(...documents: readonly unknown[]): ReadonlySet<string> {
  return new Set(documents.flatMap((document) => JSON.stringify(document).match(guid) ?? []).map((id) => id.toLowerCase()));
}

/** The same world with every id that the service made up (one that neither the start nor the plan knew) replaced by one word. */
export function withoutMadeIds(value: Json | undefined, known: ReadonlySet<string>): Json | undefined {
  const blank = (words: string) => words.replace(guid, (id) => (known.has(id.toLowerCase()) ? id : 'made-by-the-service'));
  if (typeof value === 'string') return blank(value);
  if (Array.isArray(value)) return value.map((entry) => withoutMadeIds(entry, known) ?? null);
  if (!isObject(value)) return value;
  const result: { [key: string]: Json | undefined } = {};
  for (const [key, entry] of Object.entries(value)) {
    let name = blank(key);
    // Two resources with made-up names stay two.
    while (Object.hasOwn(result, name)) name += '+';
    result[name] = withoutMadeIds(entry, known);
  }
  return result;
}

/** Where two snapshots differ, ids that the service made up aside. */
export function compare(left: JsonObject, right: JsonObject, known: ReadonlySet<string>): readonly Difference[] {
  const [a, b] = [withoutMadeIds(left, known), withoutMadeIds(right, known)];
  const places = differences(a, b).map((path) => {
    // A resource that only one world has is one difference, not one for each of its properties.
    const whole = path.slice(0, 2);
    const [kind = '', id = '', ...rest] = at(a, whole) === undefined || at(b, whole) === undefined ? whole : path;
    return { place: `${kind}/${id}: ${rest.join('.')}`, left: at(a, [kind, id, ...rest]), right: at(b, [kind, id, ...rest]) };
  });
  return [...new Map(places.map((difference) => [difference.place, difference])).values()];
}
