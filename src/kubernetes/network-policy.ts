import type { NetworkPolicyObject } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { at, isObject, type Json, list, path, text, texts } from '../model/json.ts';

/** Types of a policy that does not name them: Ingress always, Egress where it has egress rules (Kubernetes API reference, NetworkPolicySpec). */
function typesOf(policy: Json): readonly string[] {
  const named = texts(at(policy, path('spec.policyTypes')));
  if (named.length > 0) return named;
  return list(at(policy, path('spec.egress'))).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function selectsAll(policy: Json): boolean {
  const selector = at(policy, path('spec.podSelector'));
  if (!isObject(selector)) return true;
  const labels = selector['matchLabels'];
  return list(selector['matchExpressions']).length === 0 && (!isObject(labels) || Object.keys(labels).length === 0);
}

function usesIpBlock(policy: Json): boolean {
  const peers = [
    ...list(at(policy, path('spec.ingress'))).flatMap((rule) => list(at(rule, ['from']))),
    ...list(at(policy, path('spec.egress'))).flatMap((rule) => list(at(rule, ['to']))),
  ];
  return peers.some((peer) => isObject(at(peer, ['ipBlock'])));
}

/** The NetworkPolicy objects of a Kubernetes list, or of a single object. Names are cleaned. */
export function networkPoliciesIn(answer: Json | undefined): readonly NetworkPolicyObject[] {
  return objectsIn(answer).map((policy) => ({
    namespace: clean(text(at(policy, path('metadata.namespace'))) ?? ''),
    name: clean(text(at(policy, path('metadata.name'))) ?? ''),
    selectsAll: selectsAll(policy),
    policyTypes: typesOf(policy),
    usesIpBlock: usesIpBlock(policy),
  }));
}

/** The objects of a Kubernetes answer: `items` of a list, or the object itself. */
export function objectsIn(answer: Json | undefined) {
  if (!isObject(answer)) return [];
  return Array.isArray(answer['items']) ? list(answer['items']).filter(isObject) : [answer];
}
