import type { FactKey, FactValues } from './fact-values.ts';
import { at, isObject, type Json, type JsonObject, path, text } from './json.ts';
import type { KubernetesWay } from './kubernetes-way.ts';
import { nodesOf } from './machines.ts';

export type * from './fact-values.ts';

/** An ARM resource body as ARM sends it: `id`, `name`, `type`, `properties`, … Never reshaped, so that it can be written back. */
export type ArmResource = JsonObject;

/** Something read, or the reason why it could not be read. A missing permission is named as ARM names the action. */
export type Fact<T> = { readonly state: 'known'; readonly value: T } | { readonly state: 'unknown'; readonly reason: string; readonly permission?: string };

/** Where facts come from. A file never tells what stands outside of the cluster resource. */
export interface Source {
  readonly kind: 'azure' | 'practice' | 'file';
  /** For people: an account and endpoint, a scenario, a file name. */
  readonly label: string;
  /** When it was read (ISO 8601), or when a file says it was. Steps take "today" from here, so that they stay pure. */
  readonly readAt: string;
}

/** Frozen knowledge about one cluster: its ARM body and what was read beside it, or why not. */
export interface Facts {
  readonly schemaVersion: 1;
  readonly source: Source;
  /** The api-version that `cluster` was read at; a write uses the same one. */
  readonly apiVersion: string;
  readonly cluster: ArmResource;
  /** Properties that only a preview api-version shows (dotted). Not empty: a stable write would lose them. */
  readonly previewProperties: readonly string[];
  readonly known: { readonly [K in FactKey]?: Fact<FactValues[K]> };
  /** Absent where nothing inside the cluster was asked for. */
  readonly kubernetes?: KubernetesWay;
}

/**
 * A fact by name; one that nobody read is unknown, with the reason that fits the source. Where a cluster is read live, everything that verdicts need is
 * read: what is missing is only read for a plan.
 */
export function fact<K extends FactKey>(facts: Facts, key: K): Fact<FactValues[K]> {
  return (
    facts.known[key] ?? {
      state: 'unknown',
      reason: facts.source.kind === 'file' ? 'a file of the cluster does not tell' : 'it is read when the step is planned',
    }
  );
}

/** A fact's value, or undefined when it is unknown. For texts and defaults; a verdict must look at `fact` itself. */
export function knownValue<K extends FactKey>(facts: Facts, key: K): FactValues[K] | undefined {
  const found = fact(facts, key);
  return found.state === 'known' ? found.value : undefined;
}

/** A property of the cluster by dotted path, e.g. `properties.aadProfile.managed`; keys match in any case. */
export function clusterAt(facts: Facts, dotted: string): Json | undefined {
  return at(facts.cluster, path(dotted));
}

/** The cluster's ARM id, name and place. Fields that the body lacks are empty texts. */
export interface ClusterRef {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly location: string;
}

/** Parts of an ARM id, by the name before them: `subscriptions`, `resourceGroups`, … in any case. */
export function idPart(id: string, name: string): string | undefined {
  const parts = id.split('/');
  const index = parts.findIndex((part) => part.toLowerCase() === name.toLowerCase());
  return index < 0 ? undefined : parts[index + 1];
}

/** Who the facts are about. */
export function clusterRef(facts: Facts): ClusterRef {
  const id = text(facts.cluster['id']) ?? '';
  return {
    id,
    name: text(facts.cluster['name']) ?? idPart(id, 'managedClusters') ?? '',
    resourceGroup: idPart(id, 'resourceGroups') ?? '',
    subscriptionId: idPart(id, 'subscriptions') ?? '',
    location: text(facts.cluster['location']) ?? '',
  };
}

/** The node pools as the cluster body lists them. */
export function pools(facts: Facts): readonly JsonObject[] {
  const profiles = clusterAt(facts, 'properties.agentPoolProfiles');
  return Array.isArray(profiles) ? profiles.filter(isObject) : [];
}

/** True for a pool that AKS keeps itself (preview): nothing about it can be set. */
export function isManagedPool(pool: JsonObject): boolean {
  return text(pool['mode'])?.toLowerCase() === 'managedsystem';
}

/** Nodes over all pools. */
export function nodeCount(facts: Facts): number {
  return pools(facts).reduce((sum, pool) => sum + nodesOf(pool), 0);
}

/** True for AKS Automatic, where much is set by AKS and cannot be changed (intro-aks-automatic.md). */
export function isAutomatic(facts: Facts): boolean {
  return text(clusterAt(facts, 'sku.name'))?.toLowerCase() === 'automatic';
}
