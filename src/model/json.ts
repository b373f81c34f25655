/** JSON as it travels: what Azure and Kubernetes send, what the checklist keeps. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A place in a JSON document, one segment a key. Segments, not a dotted text, because identity maps have keys with dots and slashes. */
export type Path = readonly string[];

/** True for a plain JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The key of `object` that equals `key`, whatever its case.
 * ARM property names are case-insensitive and real bodies mix `omsagent` and `omsAgent` (PSRule.Rules.Azure fixtures).
 */
export function keyOf(object: JsonObject, key: string): string | undefined {
  if (Object.hasOwn(object, key)) return key;
  const wanted = key.toLowerCase();
  return Object.keys(object).find((candidate) => candidate.length === wanted.length && candidate.toLowerCase() === wanted);
}

/** The segment of a path that leads to a list's entry of this name: `[nodepool1]`. ARM lists node pools so, in any order. */
export const entrySegment = (name: string): string => `[${name}]`;

/** True where a segment of a path names a list's entry. */
const isEntry = (segment: string): boolean => segment.startsWith('[') && segment.endsWith(']');

/** True for the list's entry that a segment names; names match in any case. */
function isNamed(entry: Json, segment: string): boolean {
  const name = isObject(entry) ? entry['name'] : undefined;
  return typeof name === 'string' && entrySegment(name).toLowerCase() === segment.toLowerCase();
}

/** The value at `path`, or undefined. Keys match without regard to case; an exact match wins. `[NAME]` is a list's entry of that name. */
export function at(value: Json | undefined, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const segment of path) {
    if (Array.isArray(here) && isEntry(segment)) {
      here = here.find((entry) => isNamed(entry, segment));
      continue;
    }
    if (!isObject(here)) return undefined;
    const key = keyOf(here, segment);
    here = key === undefined ? undefined : here[key];
  }
  return here;
}

/** `properties.aadProfile.managed` → path. Only for literals without dots in a key. */
export function path(dotted: string): Path {
  return dotted.split('.');
}

/** A path for people: dotted, segments that hold a dot in brackets; a list's entry as `list[NAME]`. */
export function showPath(segments: Path): string {
  return segments.map((s, i) => (isEntry(s) ? s : s.includes('.') ? `["${s}"]` : i === 0 ? s : `.${s}`)).join('');
}

/** True for `true` and for the string "true" in any case: add-on settings are strings in ARM (controls.md 0.1). */
export function isTrue(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

/** True for `false` and for the string "false" in any case. */
export function isFalse(value: Json | undefined): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}

/** The value as text, or undefined when it is not a string. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value as a list; everything else is an empty list. */
export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list; other entries are dropped. */
export function texts(value: Json | undefined): readonly string[] {
  return list(value).filter((entry): entry is string => typeof entry === 'string');
}

/** Deep equality of JSON; the order of keys does not count, a missing key equals an undefined one. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, i) => same(entry, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => same(a[key], b[key]));
  }
  return false;
}

/**
 * A copy of `value` with `next` at `path`; undefined removes the key. Parents are made where they are missing,
 * existing keys keep the case they have, everything else is kept as it is. A list's entry (`[NAME]`) must be there: none is made.
 */
export function withAt(value: Json | undefined, segments: Path, next: Json | undefined): Json | undefined {
  const [head, ...rest] = segments;
  if (head === undefined) return next;
  if (Array.isArray(value) && isEntry(head)) return value.map((entry) => (isNamed(entry, head) ? (withAt(entry, rest, next) ?? entry) : entry));
  const parent: JsonObject = isObject(value) ? value : {};
  const key = keyOf(parent, head) ?? head;
  const child = withAt(parent[key], rest, next);
  if (child === undefined) {
    const { [key]: _removed, ...others } = parent;
    return others;
  }
  return { ...parent, [key]: child };
}

/** JSON text with sorted keys: equal documents give equal text, whatever order their keys came in. */
export function canonical(value: Json | undefined): string {
  return (
    JSON.stringify(value, (_key, entry: unknown) =>
      isObject(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : entry,
    ) ?? 'null'
  );
}
