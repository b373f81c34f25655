import { open } from 'node:fs/promises';
import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ArmResource, Facts } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { isObject, type Json, type JsonObject, text, texts } from '../model/json.ts';
import { armFromAz, isAzShape } from './az-show.ts';
import { accepted, fileProblem, notJson, wrongKind } from './file-problems.ts';
import { previewPropertiesIn } from './preview.ts';

/** Larger files are refused: 64 MB hold more than ten thousand clusters. */
export const mostBytes = 64 * 1024 * 1024;

/** Deeper JSON than any resource has; it would exhaust the stack of whoever walks it. */
const deepest = 200;

/** The bytes as text. PowerShell's `>` writes UTF-16, and Windows editors a byte order mark. */
export function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * Reads a file of clusters as text. Throws a ProblemError (exit code 2) when it is absent, not readable, no file, empty, or larger than 64 MB.
 */
export async function readFactsFile(file: string): Promise<string> {
  const shown = clean(file);
  const handle = await open(file).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') throw fileProblem('file-missing', `There is no file ${shown}.`, 'The path leads nowhere.', ['Check the path.', ...accepted]);
    throw fileProblem('file-unreadable', `${shown} cannot be read.`, clean(thrown.message), ['Check its permissions.']);
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw fileProblem('file-unreadable', `${shown} is a folder.`, 'One file is read.', ['Name a file.', ...accepted]);
    if (stat.size > mostBytes) throw tooLarge(shown, stat.size);
    return decode(await handle.readFile());
  } finally {
    await handle.close();
  }
}

function tooLarge(shown: string, bytes: number) {
  return fileProblem(
    'file-too-large',
    `${shown} is too large.`,
    `It has ${Math.round(bytes / 1024 / 1024)} MB; up to ${mostBytes / 1024 / 1024} MB are read.`,
    ['Split the list into several files.'],
  );
}

/** Whether JSON nests deeper than `limit`, without recursion. */
function isDeeper(value: Json, limit: number): boolean {
  const nested = (entry: Json): entry is Exclude<Json, string | number | boolean | null> => typeof entry === 'object' && entry !== null;
  let level = [value].filter(nested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((entry) => Object.values<Json | undefined>(entry).filter((inner): inner is JsonObject => inner !== undefined && nested(inner)));
  }
  return false;
}

/** The cluster bodies of a document: itself, a list, or a list in `value` (ARM) or `data` (Resource Graph). */
function documents(parsed: Json): readonly Json[] {
  if (Array.isArray(parsed)) return parsed;
  if (!isObject(parsed) || parsed['properties'] !== undefined || parsed['agentPoolProfiles'] !== undefined) return [parsed];
  const inside = parsed['value'] ?? parsed['data'];
  return Array.isArray(inside) ? inside : [parsed];
}

function isCluster(value: JsonObject): boolean {
  const type = text(value['type'])?.toLowerCase();
  if (type !== undefined) return type === 'microsoft.containerservice/managedclusters' && (isObject(value['properties']) || isAzShape(value));
  return isAzShape(value) || (isObject(value['properties']) && Array.isArray(value['properties']['agentPoolProfiles']));
}

const isSnapshot = (value: JsonObject): boolean => typeof value['schemaVersion'] === 'number' && value['cluster'] !== undefined;

/** A snapshot as `snapshotText` wrote it: what was known then is known now, as of then. */
function factsFromSnapshot(saved: JsonObject, label: string, where: string): Facts {
  const { cluster, known, source } = saved;
  if (saved['schemaVersion'] !== 1) {
    throw fileProblem(
      'file-newer',
      `${clean(label)}${where} was saved by a newer version of this program.`,
      `Its schema is ${String(saved['schemaVersion'])}; this version reads 1.`,
      ['Update aks-harden.'],
    );
  }
  if (!isObject(cluster) || !isCluster(cluster)) throw wrongKind(cluster ?? null, label, where);
  const readAt = isObject(source) ? text(source['readAt']) : undefined;
  return {
    schemaVersion: 1,
    source: { kind: 'file', label, readAt: readAt ?? new Date(0).toISOString() },
    apiVersion: text(saved['apiVersion']) ?? CLUSTER_API_VERSION,
    cluster,
    previewProperties: texts(saved['previewProperties']),
    known: knownIn(known),
  };
}

/** Facts of a snapshot, those of a sound shape; what is damaged is left out and thereby unknown. */
function knownIn(known: Json | undefined): Facts['known'] {
  if (!isObject(known)) return {};
  const sound = Object.entries(known).filter(
    ([, entry]) => isObject(entry) && (entry['state'] === 'known' ? entry['value'] !== undefined : typeof entry['reason'] === 'string'),
  );
  return Object.fromEntries(sound) as Facts['known'];
}

function factsFromCluster(cluster: ArmResource, label: string, readAt: string): Facts {
  return {
    schemaVersion: 1,
    source: { kind: 'file', label, readAt },
    apiVersion: CLUSTER_API_VERSION,
    cluster,
    previewProperties: previewPropertiesIn(cluster),
    known: {},
  };
}

/**
 * Facts of every cluster in a text: an ARM body, the output of `az aks show -o json`, a saved snapshot, or a list of any of these. `label`
 * names the text for people; `readAt` (ISO 8601) is when a text that does not say so itself counts as read: now, when not given.
 * Throws a ProblemError with exit code 2 that says what is wrong and where.
 */
export function factsFromText(whole: string, label: string, readAt: string = new Date().toISOString()): readonly Facts[] {
  const shown = clean(label);
  if (whole.length > mostBytes) throw tooLarge(shown, whole.length);
  if (whole.trim() === '') throw fileProblem('file-empty', `${shown} is empty.`, 'There is nothing in it.');
  let parsed: Json;
  try {
    parsed = JSON.parse(whole.replace(/^\ufeff/, '')) as Json;
  } catch {
    // What the engine says names the place for some errors only, and quotes the text as it is.
    throw notJson(whole.replace(/^\ufeff/, ''), label);
  }
  if (isDeeper(parsed, deepest)) throw fileProblem('file-wrong-kind', `${shown} is nested too deeply.`, `No cluster has more than ${deepest} levels.`);
  const found = documents(parsed);
  if (found.length === 0) throw fileProblem('file-no-clusters', `${shown} is a list without a cluster.`, 'The list is empty.');
  return found.map((entry, i) => {
    const where = found.length > 1 ? ` (entry ${i + 1})` : '';
    if (!isObject(entry)) throw wrongKind(entry, label, where);
    if (isSnapshot(entry)) return factsFromSnapshot(entry, shown, where);
    if (!isCluster(entry)) throw wrongKind(entry, label, where);
    return factsFromCluster(isAzShape(entry) ? armFromAz(entry) : entry, shown, readAt);
  });
}
