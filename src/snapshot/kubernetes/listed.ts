import type { Texts } from '../../model/facts.ts';
import { clean } from '../../model/foreign.ts';
import type { KubeKind, KubernetesGateway } from '../../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, path, text } from '../../model/json.ts';
import { problemOf } from '../../model/problem.ts';
import { cannotTell, type Reading } from '../reading.ts';

/** What is read from Kubernetes with. */
export type KubeReading = Pick<Reading, 'kubernetes' | 'withoutKubernetes' | 'signal' | 'tell'>;

/** Longer texts are cut: an annotation may have 256 kB. */
const mostText = 2000;

/** The way into Kubernetes, or a Problem that says that none was tried. */
export async function wayIn(reading: KubeReading): Promise<KubernetesGateway> {
  return reading.kubernetes?.() ?? cannotTell(reading.withoutKubernetes ?? 'no way into the cluster was tried: neither kubectl nor run-command');
}

/** Nobody waits long for fewer objects than this. */
const longList = 500;

/**
 * Gives every object of a kind to `take`, page by page: no page is held, and how far a long list has come is told. A kind that the cluster does
 * not know has none.
 */
export async function eachObject(reading: KubeReading, kind: KubeKind, take: (object: JsonObject) => void): Promise<void> {
  const gateway = await wayIn(reading);
  let objects = 0;
  try {
    for await (const page of gateway.list(kind, reading.signal ? { signal: reading.signal } : {})) {
      for (const object of page) take(object);
      objects += page.length;
      if (objects >= longList) reading.tell?.({ kind: kind.plural, objects });
    }
  } catch (thrown) {
    if (problemOf(thrown).code !== 'kind-missing') throw thrown;
  }
}

/** Takes objects one by one and gives a fact in the end: objects are not held. */
export interface Collector<T> {
  readonly take: (object: JsonObject) => void;
  readonly end: () => T;
}

/** What each object is reduced to, in the order they come. */
export function collected<T>(reduce: (object: JsonObject) => T): Collector<readonly T[]> {
  const all: T[] = [];
  return { take: (object) => void all.push(reduce(object)), end: () => all };
}

const plainText = /^[\u0020-\u007e]*$/;

/** Foreign text cleaned and cut. */
export function plain(foreign: string): string {
  const fit = plainText.test(foreign) ? foreign : clean(foreign);
  return fit.length > mostText ? `${fit.slice(0, mostText - 1)}…` : fit;
}

/** A text at a dotted path, cleaned; undefined when there is none. */
export function textAt(object: Json | undefined, dotted: string): string | undefined {
  const found = text(at(object, path(dotted)));
  return found === undefined ? undefined : plain(found);
}

/** JSON with every text in it cleaned. */
export function plainJson(value: Json): Json {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map((entry: Json) => plainJson(entry));
  if (!isObject(value)) return value;
  const entries: [key: string, value: Json][] = [];
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) entries.push([plain(key), plainJson(entry)]);
  return Object.fromEntries(entries);
}

/** The texts of a map, cleaned; only those whose key `wanted` takes. */
export function textsAt(object: Json | undefined, dotted: string, wanted: (key: string) => boolean = () => true): Texts {
  const found = at(object, path(dotted));
  if (!isObject(found)) return {};
  return Object.fromEntries(Object.entries(found).flatMap(([key, value]) => (typeof value === 'string' && wanted(key) ? [[plain(key), plain(value)]] : [])));
}

/** An object's own name. */
export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata.name') ?? '';
}

/** An object's namespace: `default` where a file does not say. */
export function namespaceOf(object: JsonObject): string {
  return textAt(object, 'metadata.namespace') || 'default';
}
