import type { KubePatch } from '../model/change.ts';
import { at, isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Command } from '../model/plan.ts';
import { FIELD_MANAGER } from './kube-apply.ts';

/** The kind as kubectl names it without doubt: `namespace`, `deployment.v1.apps`. */
export function resourceOf(object: KubePatch['object']): string {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [undefined, object.apiVersion];
  const kind = object.kind.toLowerCase();
  return group === undefined ? kind : `${kind}.${version}.${group}`;
}

/** `key=value` for each entry, `key-` for those that go; undefined when a value is no text. */
function pairs(map: Json | undefined): readonly string[] | undefined {
  if (!isObject(map)) return undefined;
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (entries.some(([key, value]) => key.startsWith('-') || (value !== null && typeof value !== 'string'))) return undefined;
  return entries.map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`));
}

function onlyHas(object: Json | undefined, key: string): boolean {
  return isObject(object) && Object.keys(object).every((one) => one === key);
}

/** Which of `kubectl label` and `annotate` says the whole patch; undefined when neither does. */
function wordFor(patch: JsonObject): { readonly word: 'label' | 'annotate'; readonly pairs: readonly string[] } | undefined {
  if (!onlyHas(patch, 'metadata')) return undefined;
  for (const [word, key] of [
    ['label', 'labels'],
    ['annotate', 'annotations'],
  ] as const) {
    const said = onlyHas(patch['metadata'], key) ? pairs(at(patch, ['metadata', key])) : undefined;
    if (said && said.length > 0) return { word, pairs: said };
  }
  return undefined;
}

/** Labels and annotations with kubectl's own commands, everything else as a merge patch from a file. */
export function kubePatchCommands({ object, patch }: KubePatch): readonly Command[] {
  const place = [resourceOf(object), object.name, ...(object.namespace === undefined ? [] : ['--namespace', object.namespace])];
  const manager = `--field-manager=${FIELD_MANAGER}`;
  const said = wordFor(patch);
  if (said) return [{ argv: ['kubectl', said.word, ...place.slice(0, 2), ...said.pairs, ...place.slice(2), '--overwrite', manager] }];
  return [
    {
      argv: ['kubectl', 'patch', ...place, '--type=merge', '--patch-file', 'patch.json', manager],
      files: { 'patch.json': `${JSON.stringify(patch, null, 2)}\n` },
    },
  ];
}
