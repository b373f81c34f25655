import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';

const folder = new URL('../../../shared/data/', import.meta.url);
export const hasRecorded = existsSync(folder);
if (!hasRecorded) console.log('skipped: recorded clusters are not here (../shared/data)');

/** Recorded cluster bodies by file name; none where they are not at hand. */
export function recordedClusters(): readonly (readonly [name: string, text: string])[] {
  if (!hasRecorded) return [];
  const clusters = new URL('clusters/', folder);
  return readdirSync(clusters)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .map((name) => [name, readFileSync(new URL(name, clusters), 'utf8')]);
}

/** Every property name of the published schema of the stable api-version. */
export function schemaNames(): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isObject(value)) return;
    if (isObject(value['properties'])) for (const name of Object.keys(value['properties'])) names.add(name);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(JSON.parse(readFileSync(new URL('arm/managedClusters-2026-05-01.schema.json', folder), 'utf8')) as JsonObject);
  return names;
}
