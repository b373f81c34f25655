import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { clusterProperties } from './cluster-properties.ts';
import { poolProperties } from './pool-properties.ts';

/** What a body has that its definition does not allow. `path` is dotted, from the resource on. */
export type SchemaProblem =
  | { readonly kind: 'unknown'; readonly path: string; readonly name: string }
  | { readonly kind: 'type'; readonly path: string; readonly wanted: string }
  | { readonly kind: 'value'; readonly path: string; readonly actual: string; readonly allowed: readonly string[] };

interface Property {
  readonly type: string;
  readonly readOnly: boolean;
}
type Definition = { readonly [name: string]: Property };

const definitions: ReadonlyMap<string, Definition> = new Map(
  Object.entries({ ...clusterProperties, ...poolProperties }).map(([name, line]) => [
    name,
    Object.fromEntries(
      line
        .trim()
        .split(/\s+/)
        .map((entry) => {
          const cut = entry.indexOf(':');
          const type = entry.slice(cut + 1);
          return [entry.slice(0, cut), { type: type.replace(/!$/, ''), readOnly: type.endsWith('!') }];
        }),
    ),
  ]),
);

/** A property by its name in any case, as the service reads it. */
function lookUp(definition: Definition, key: string): Property | undefined {
  return definition[Object.keys(definition).find((name) => name.toLowerCase() === key.toLowerCase()) ?? ''];
}

const primitives: { readonly [type: string]: (value: Json) => boolean } = {
  str: (value) => typeof value === 'string',
  int: (value) => Number.isInteger(value),
  num: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  any: () => true,
};

function problemsOf(value: Json, type: string, path: string): readonly SchemaProblem[] {
  if (value === null) return [];
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [{ kind: 'type', path, wanted: 'array' }];
    return value.flatMap((entry: Json, i) => problemsOf(entry, type.slice(0, -2), `${path}[${i}]`));
  }
  if (type.startsWith('{}')) {
    if (!isObject(value)) return [{ kind: 'type', path, wanted: 'object' }];
    return Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : problemsOf(entry, type.slice(2), `${path}.${key}`)));
  }
  const primitive = primitives[type];
  if (primitive !== undefined) return primitive(value) ? [] : [{ kind: 'type', path, wanted: type }];
  const definition = definitions.get(type);
  if (definition !== undefined) {
    if (!isObject(value)) return [{ kind: 'type', path, wanted: 'object' }];
    return Object.entries(value).flatMap(([key, entry]) => {
      const known = lookUp(definition, key);
      const here = path === '' ? key : `${path}.${key}`;
      if (known === undefined) return [{ kind: 'unknown', path: here, name: key } as const];
      return entry === undefined ? [] : problemsOf(entry, known.type, here);
    });
  }
  if (typeof value !== 'string') return [{ kind: 'type', path, wanted: 'str' }];
  const allowed = type.split('|');
  return allowed.some((one) => one.toLowerCase() === value.toLowerCase()) ? [] : [{ kind: 'value', path, actual: value, allowed }];
}

/** Everything about `body` that the definition (`ManagedCluster`, `AgentPool`) does not know. Null counts as absent. */
export function schemaProblems(body: JsonObject, definition: 'ManagedCluster' | 'AgentPool'): readonly SchemaProblem[] {
  return problemsOf(body, definition, '');
}

/** The body without what only the service writes, and without nulls: what a PUT can change. Unknown properties are kept. */
export function writable(body: JsonObject, definition: string): JsonObject {
  const known = definitions.get(definition);
  if (known === undefined) return body;
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]): [string, Json | undefined][] => {
      const property = lookUp(known, key);
      if (value === null || property?.readOnly === true) return [];
      return [[key, property === undefined ? value : writableValue(value, property.type)]];
    }),
  );
}

function writableValue(value: Json | undefined, type: string): Json | undefined {
  if (type.endsWith('[]') && Array.isArray(value)) return value.map((entry: Json) => writableValue(entry, type.slice(0, -2)) ?? null);
  if (type.startsWith('{}') && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, writableValue(entry, type.slice(2))]));
  }
  return isObject(value) ? writable(value, type) : value;
}

/** The body as an api-version shows it that knows only this definition: properties of a preview are not there. */
export function onlyKnown(body: JsonObject, definition: string): JsonObject {
  const known = definitions.get(definition);
  if (known === undefined) return body;
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]): [string, Json | undefined][] => {
      const property = lookUp(known, key);
      return property === undefined ? [] : [[key, onlyKnownValue(value, property.type)]];
    }),
  );
}

function onlyKnownValue(value: Json | undefined, type: string): Json | undefined {
  if (type.endsWith('[]') && Array.isArray(value)) return value.map((entry: Json) => onlyKnownValue(entry, type.slice(0, -2)) ?? null);
  if (type.startsWith('{}') && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, onlyKnownValue(entry, type.slice(2))]));
  return isObject(value) ? onlyKnown(value, type) : value;
}
