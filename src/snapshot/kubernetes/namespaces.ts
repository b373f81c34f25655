import type { NodeFacts } from '../../model/certificate-facts.ts';
import type { NamespaceFacts } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import { isSystemNamespace } from '../../model/system-namespaces.ts';
import { kept } from './keeper.ts';
import { nameOf, textsAt } from './listed.ts';

/** A Namespace. */
export function namespaceFacts(object: JsonObject): NamespaceFacts {
  const name = nameOf(object);
  const labels = textsAt(object, 'metadata.labels');
  return { name, labels, system: isSystemNamespace(name, labels), ...kept(object) };
}

/** A Node, with the labels that AKS gives it (AKS docs: use-labels; certificate-rotation). */
export function nodeFacts(object: JsonObject): NodeFacts {
  const labels = textsAt(object, 'metadata.labels', (key) => key.startsWith('kubernetes.azure.com/') || key === 'agentpool');
  const servingAuthority = labels['kubernetes.azure.com/kubelet-serving-ca'];
  return {
    name: nameOf(object),
    pool: labels['kubernetes.azure.com/agentpool'] ?? labels['agentpool'] ?? '',
    ...(servingAuthority === undefined ? {} : { servingAuthority }),
  };
}
