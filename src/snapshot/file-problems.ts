import { clean, cleanValue } from '../model/foreign.ts';
import { type Json, type JsonObject, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { jsonErrorOffset } from './json-error.ts';

/** What a file may hold, said the same way everywhere. */
export const accepted = [
  'Save a cluster with: az aks show -g GROUP -n NAME -o json > cluster.json',
  'A saved snapshot, the body of an ARM GET, or a list of any of these will do as well.',
];

/** A file that cannot be used: exit code 2. */
export function fileProblem(code: string, what: string, why: string, next: readonly string[] = accepted): ProblemError {
  return new ProblemError({ code, what, why, next, exitCode: 2 });
}

/** Line and column (from 1) of an offset. */
export function placeOf(whole: string, offset: number): { readonly line: number; readonly column: number } {
  const before = whole.slice(0, offset);
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Why a text is no JSON, with the place; a text that only ends too early is named as such. */
export function notJson(whole: string, label: string): ProblemError {
  const shown = clean(label);
  const end = whole.trimEnd().length;
  const offset = Math.min(jsonErrorOffset(whole) ?? end, end);
  const { line, column } = placeOf(whole, offset);
  const place = `line ${line}, column ${column}`;
  if (/^\s*[[{]/.test(whole) && offset >= end) {
    return fileProblem('file-truncated', `${shown} ends in the middle of its JSON.`, `It breaks off at ${place}.`, [
      'Save it again: the disk may have been full, or the copy stopped early.',
      ...accepted,
    ]);
  }
  if (/^\s*(---|apiVersion:|kind:)/.test(whole)) {
    return fileProblem(
      'file-wrong-kind',
      `${shown} is a Kubernetes manifest, not a cluster.`,
      'It is YAML with apiVersion and kind. What is read here is the Azure resource.',
    );
  }
  if (/^\s*(id|name|location|properties):/m.test(whole)) {
    return fileProblem('file-not-json', `${shown} is YAML, and JSON is needed.`, `It stops being JSON at ${place}.`, [
      'Use -o json: az aks show -g GROUP -n NAME -o json > cluster.json',
    ]);
  }
  const excerpt = cleanValue(whole.slice(Math.max(0, offset - 20), offset + 20), 60);
  return fileProblem('file-not-json', `${shown} is not JSON.`, `It stops being JSON at ${place}: ${excerpt}`);
}

/** A JSON value that is no cluster, told by what it seems to be. `where` says which entry of a list it is. */
export function wrongKind(value: Json, label: string, where: string): ProblemError {
  const shown = `${clean(label)}${where}`;
  const object: JsonObject = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  const kind = text(object['kind']);
  const type = text(object['type']);
  if (object['error'] !== undefined)
    return fileProblem('file-wrong-kind', `${shown} holds an error that Azure answered, not a cluster.`, cleanValue(object['error'], 300));
  if (text(object['apiVersion']) && kind) {
    return fileProblem(
      'file-wrong-kind',
      `${shown} is a Kubernetes ${clean(kind)}, not a cluster.`,
      'It has apiVersion and kind. What is read here is the Azure resource.',
    );
  }
  if (type && /agentPools$/i.test(type)) return fileProblem('file-wrong-kind', `${shown} is a node pool, not a cluster.`, `Its type is ${clean(type)}.`);
  if (type)
    return fileProblem(
      'file-wrong-kind',
      `${shown} is another resource, not a cluster.`,
      `Its type is ${clean(type)}; a cluster's is Microsoft.ContainerService/managedClusters.`,
    );
  const keys = Object.keys(object)
    .slice(0, 5)
    .map((key) => cleanValue(key, 40));
  return fileProblem(
    'file-wrong-kind',
    `${shown} does not hold a cluster.`,
    keys.length > 0 ? `Its first properties are ${keys.join(', ')}.` : `It is ${cleanValue(value, 60)}.`,
  );
}
