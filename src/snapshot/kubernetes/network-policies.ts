import type { NetworkPolicyObject } from '../../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, texts } from '../../model/json.ts';
import { nameOf, namespaceOf, plain } from './listed.ts';

/** Types of a policy that does not name them: Ingress always, Egress where it has egress rules (Kubernetes API reference, NetworkPolicySpec). */
function typesOf(policy: Json): readonly string[] {
  const named = texts(at(policy, path('spec.policyTypes'))).map(plain);
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

/** A rule without peers and ports lets everybody through. */
function opens(policy: Json, direction: 'ingress' | 'egress'): boolean {
  return list(at(policy, ['spec', direction])).some((rule) => isObject(rule) && Object.values(rule).every((value) => list(value).length === 0));
}

/** A NetworkPolicy. */
export function networkPolicyFacts(policy: JsonObject): NetworkPolicyObject {
  const open = [...(opens(policy, 'ingress') ? ['Ingress'] : []), ...(opens(policy, 'egress') ? ['Egress'] : [])];
  return {
    namespace: namespaceOf(policy),
    name: nameOf(policy),
    selectsAll: selectsAll(policy),
    policyTypes: typesOf(policy),
    usesIpBlock: usesIpBlock(policy),
    ...(open.length === 0 ? {} : { opens: open }),
  };
}
