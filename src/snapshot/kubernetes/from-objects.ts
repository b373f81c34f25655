import type { FactKey, Facts } from '../../model/facts.ts';
import { type JsonObject, text } from '../../model/json.ts';
import type { Collector } from './listed.ts';
import { type FactSource, kubernetesKeys, kubernetesSources } from './sources.ts';

/** The group of an apiVersion; empty for the core. */
const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** A fact in the making. */
interface Open {
  readonly key: FactKey;
  readonly source: FactSource<unknown>;
  readonly collector: Collector<unknown>;
  readonly seen: Set<string>;
}

/** Which facts an object of a kind goes into, by kind and group. Whatever the version; `extensions` is where Ingress and Deployment once were. */
function takers(open: readonly Open[]): (kind: string, group: string) => readonly Open[] {
  const found = new Map<string, Open[]>();
  for (const one of open) {
    for (const { kind, group } of [...one.source.kinds, ...(one.source.inFiles ?? [])]) {
      for (const place of new Set([group, 'extensions'])) {
        const key = `${place}/${kind}`;
        found.set(key, [...(found.get(key) ?? []), one]);
      }
    }
  }
  return (kind, group) => found.get(`${group}/${kind}`) ?? [];
}

/**
 * Facts made of objects that come one by one, in any order: each is reduced at once. Objects of a file tell what is there, never what is not:
 * a fact of whose kinds there is no object stays unknown. `label` names the files for people.
 */
export async function factsFromObjects(objects: AsyncIterable<JsonObject>, label: string): Promise<Facts['known']> {
  const open: readonly Open[] = kubernetesKeys.map((key) => {
    const source: FactSource<unknown> = kubernetesSources[key];
    return { key, source, collector: source.start(), seen: new Set<string>() };
  });
  const takersOf = takers(open);
  for await (const object of objects) {
    const kind = text(object['kind']) ?? '';
    for (const { collector, seen } of takersOf(kind, groupOf(text(object['apiVersion']) ?? ''))) {
      seen.add(kind);
      collector.take(object);
    }
  }
  return Object.fromEntries(
    open.map(({ key, source, collector, seen }) => {
      const missing = source.kinds.filter(({ kind }) => !seen.has(kind)).map(({ kind }) => kind);
      const isTold = source.wantsAll ? missing.length === 0 : seen.size > 0;
      return [key, isTold ? { state: 'known', value: collector.end() } : { state: 'unknown', reason: `there is no ${missing.join(' or ')} in ${label}` }];
    }),
  ) as Facts['known'];
}
