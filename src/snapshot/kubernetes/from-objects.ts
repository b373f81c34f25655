import type { FactKey, Facts } from '../../model/facts.ts';
import type { KubeKind } from '../../model/gateway.ts';
import { type JsonObject, text } from '../../model/json.ts';
import { type FactSource, kubernetesKeys, kubernetesSources } from './sources.ts';

/** The group of an apiVersion; empty for the core. */
const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Whether a manifest's type is of a kind, whatever the version; `extensions` is where Ingress and Deployment once were. */
function isOf(kind: KubeKind, apiVersion: string, name: string): boolean {
  const group = groupOf(apiVersion);
  return name === kind.kind && (group === kind.group || group === 'extensions');
}

interface Open {
  readonly key: FactKey;
  readonly source: FactSource<unknown>;
  readonly collector: { readonly take: (object: JsonObject) => void; readonly end: () => unknown };
  readonly seen: Set<string>;
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
  for await (const object of objects) {
    const apiVersion = text(object['apiVersion']) ?? '';
    const name = text(object['kind']) ?? '';
    for (const { source, collector, seen } of open) {
      if (![...source.kinds, ...(source.inFiles ?? [])].some((kind) => isOf(kind, apiVersion, name))) continue;
      seen.add(name);
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
