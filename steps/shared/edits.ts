import { CLUSTER_API_VERSION, type Edit, type Target } from '../../src/model/change.ts';
import { clusterRef, type Facts } from '../../src/model/facts.ts';
import { at, isFalse, isTrue, type Json, path, same } from '../../src/model/json.ts';

/** The cluster itself as the target of a change. */
export function clusterTarget(facts: Facts): Target {
  return { id: clusterRef(facts).id, type: 'Microsoft.ContainerService/managedClusters', apiVersion: CLUSTER_API_VERSION };
}

/** Whether a value stands as it is wanted. Old templates write booleans as texts: "True" is no less true. */
export function standsAs(before: Json | undefined, after: Json | undefined): boolean {
  if (after === true) return isTrue(before);
  return after === false ? isFalse(before) : same(before, after);
}

/**
 * Edits of the cluster, from dotted paths (`properties.disableLocalAccounts`) to wanted values.
 * What already stands as wanted is left out, so that a choice that is in place gives no edit.
 */
export function clusterEdits(facts: Facts, wanted: readonly (readonly [dotted: string, after: Json | undefined])[]): readonly Edit[] {
  return wanted
    .map(([dotted, after]) => ({ path: path(dotted), before: at(facts.cluster, path(dotted)), after }))
    .filter(({ before, after }) => !standsAs(before, after));
}
