import { clean } from '../model/foreign.ts';
import { isObject, type Json, type JsonObject, list, text } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { jsonPieces } from './json-pieces.ts';
import { filesIn, firstCharacters, type ManifestFile, textOf } from './manifest-files.ts';
import { brokenManifest, notKubernetes } from './manifest-problems.ts';
import { parseYaml } from './parse-yaml.ts';
import { yamlPieces } from './yaml-pieces.ts';

/** What a path led to, one at a time, in the order of the files. */
export type Manifest =
  | { readonly found: 'object'; readonly object: JsonObject; readonly file: string; readonly line: number }
  /** A file or a document that cannot be read; what stands in other files and behind it in this one is still given. */
  | { readonly found: 'problem'; readonly file: string; readonly line?: number; readonly problem: Problem }
  /** A document without apiVersion and kind in a folder: a chart's values, say. */
  | { readonly found: 'other'; readonly file: string; readonly line: number };

/** What is parsed of one piece, or why it is not. */
type Parsed = { readonly value: Json } | { readonly line: number; readonly why: string };

interface Place {
  readonly file: ManifestFile;
  readonly line: number;
}

/** A Secret without what is secret, which its last-applied annotation may hold as well. */
function withoutSecrets(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Secret') return object;
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { name, namespace, labels } = metadata;
  return { apiVersion: object['apiVersion'], kind: 'Secret', type: object['type'], metadata: { name, namespace, labels } };
}

/** The kind and version of a list's entries, where the list says them for all: `PodList` has Pods. */
function typeOfEntries(whole: JsonObject): JsonObject {
  const kind = text(whole['kind']) ?? '';
  return kind === 'List' || !kind.endsWith('List') ? {} : { apiVersion: whole['apiVersion'], kind: kind.slice(0, -'List'.length) };
}

const isTyped = (value: JsonObject): boolean => text(value['apiVersion']) !== undefined && text(value['kind']) !== undefined;

/** The objects in a document: itself, or the entries of a list. */
function* objectsOf(value: Json, { file, line }: Place): Generator<Manifest> {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) yield* objectsOf(entry, { file, line });
    return;
  }
  if (isObject(value)) {
    if (Array.isArray(value['items']) && (text(value['kind']) ?? 'List').endsWith('List')) {
      const type = typeOfEntries(value);
      for (const entry of list(value['items'])) yield* objectsOf(isObject(entry) ? { ...type, ...entry } : entry, { file, line });
      return;
    }
    if (isTyped(value)) return yield { found: 'object', object: withoutSecrets(value), file: file.shown, line };
  }
  if (file.named) yield { found: 'problem', file: file.shown, line, problem: notKubernetes(file.shown, line) };
  else yield { found: 'other', file: file.shown, line };
}

function broken(file: ManifestFile, line: number, why: string): Manifest {
  return { found: 'problem', file: file.shown, line, problem: brokenManifest(file.shown, line, why) };
}

function parseJson(piece: { readonly text: string; readonly line: number }): Parsed {
  try {
    return { value: JSON.parse(piece.text) as Json };
  } catch (thrown) {
    const said = clean(thrown instanceof Error ? thrown.message : String(thrown));
    const offset = Number(/at position (\d+)/.exec(said)?.[1] ?? 0);
    return { line: piece.line + (piece.text.slice(0, offset).match(/\n/g)?.length ?? 0), why: `It is not JSON: ${said}` };
  }
}

async function* fromJson(file: ManifestFile, chunks: AsyncIterable<string>): AsyncGenerator<Manifest> {
  /** Entries that do not say what they are wait for their list, which may say it behind them. */
  let untyped: { readonly value: JsonObject; readonly line: number }[] = [];
  for await (const piece of jsonPieces(chunks)) {
    if (piece.kind === 'fault') {
      yield broken(file, piece.line, piece.why);
      break;
    }
    const parsed = parseJson(piece);
    if ('why' in parsed) {
      yield broken(file, parsed.line, parsed.why);
      continue;
    }
    const { value } = parsed;
    if (piece.kind === 'item' && isObject(value) && !isTyped(value)) untyped.push({ value, line: piece.line });
    else if (piece.kind === 'around') {
      const type = isObject(value) ? typeOfEntries(value) : {};
      for (const entry of untyped) yield* objectsOf({ ...type, ...entry.value }, { file, line: entry.line });
      untyped = [];
    } else yield* objectsOf(value, { file, line: piece.line });
  }
  for (const entry of untyped) yield* objectsOf(entry.value, { file, line: entry.line });
}

async function* fromYaml(file: ManifestFile, chunks: AsyncIterable<string>): AsyncGenerator<Manifest> {
  for await (const piece of yamlPieces(chunks)) {
    const parsed = piece.kind === 'fault' ? piece : parseYaml(piece);
    if ('why' in parsed) yield broken(file, parsed.line, parsed.why);
    else yield* objectsOf(parsed.value, { file, line: piece.line });
  }
}

/**
 * The Kubernetes objects in files, folders (`.yaml`, `.yml`, `.json`, with what is below) and `-` (standard input): YAML of many documents,
 * JSON, lists of either. One object is held at a time, however long a list is. Names and values are as they stand in the file: clean them
 * before they are shown. Values of Secrets are dropped at once. What cannot be read is told as a problem and the rest goes on; it throws nothing.
 */
export async function* readManifests(paths: readonly string[], stdin?: AsyncIterable<Uint8Array>): AsyncGenerator<Manifest> {
  for (const path of paths) {
    for await (const file of filesIn(path, stdin)) {
      if (file.problem) {
        yield { found: 'problem', file: file.shown, problem: file.problem };
        continue;
      }
      try {
        const { first, chunks } = await firstCharacters(textOf(file));
        // A template begins with two braces, JSON never.
        yield* /^(?:\{(?!\{)|\[)/.test(first) ? fromJson(file, chunks) : fromYaml(file, chunks);
      } catch (thrown) {
        yield { found: 'problem', file: file.shown, problem: brokenManifest(file.shown, undefined, thrown instanceof Error ? thrown.message : String(thrown)) };
      }
    }
  }
}
