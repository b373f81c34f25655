import { clean } from '../../src/model/foreign.ts';

/** `1 node`, `3 nodes`; `many` where the plural is not the word with an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Names for a sentence, cleaned of anything that a terminal would act on: `a, b and c`; beyond `most` the rest is counted. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(clean);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1);
  if (last === undefined) return 'none';
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** The last part of an ARM id, cleaned: what people call the resource. */
export function shortName(id: string): string {
  return clean(id.split('/').findLast((part) => part !== '') ?? id);
}

/** True for an Entra object id, tenant id or any other GUID. */
export function isGuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}

/** True when two ARM ids or GUIDs are the same: Azure compares both without regard to case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * A name as one word of a command in written instructions: the name where every shell takes it as it stands, else a placeholder.
 * Names come from Azure or from a file, and people paste instructions into a shell.
 */
export function commandWord(name: string, placeholder: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? name : placeholder;
}
