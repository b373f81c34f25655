import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, path, text } from '../model/json.ts';
import { nodesAreReady } from './reachability.ts';
import { servingLabel } from './serving-certificates.ts';
import type { World } from './world.ts';

/** A kind that the practice API server serves. */
export interface KubeKind {
  readonly groupVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly short: readonly string[];
}

/** Everything it serves. A new kind is one line here; its objects come from the scenarios. */
export const kubeKinds: readonly KubeKind[] = [
  { groupVersion: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false, short: ['ns', 'namespace'] },
  { groupVersion: 'v1', plural: 'nodes', kind: 'Node', namespaced: false, short: ['no', 'node'] },
  { groupVersion: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, short: ['po', 'pod'] },
  { groupVersion: 'v1', plural: 'services', kind: 'Service', namespaced: true, short: ['svc', 'service'] },
  { groupVersion: 'networking.k8s.io/v1', plural: 'networkpolicies', kind: 'NetworkPolicy', namespaced: true, short: ['netpol', 'networkpolicy'] },
  { groupVersion: 'policy/v1', plural: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', namespaced: true, short: ['pdb', 'poddisruptionbudget'] },
];

/** The kind that a word of kubectl means: `networkpolicies`, `netpol`, `networkpolicies.networking.k8s.io`. */
export function kindByWord(word: string): KubeKind | undefined {
  const wanted = word.toLowerCase().split('.')[0] ?? '';
  return kubeKinds.find((kind) => kind.plural === wanted || kind.short.includes(wanted));
}

function nodesOf(world: World, cluster: ArmResource): readonly JsonObject[] {
  const ready = nodesAreReady(world, cluster);
  const pools = list(at(cluster, path('properties.agentPoolProfiles'))).filter(isObject);
  return pools.flatMap((pool) => {
    const count = typeof pool['count'] === 'number' && text(at(pool, ['powerState', 'code'])) !== 'Stopped' ? pool['count'] : 0;
    return Array.from({ length: count }, (_, i): JsonObject => {
      const poolName = text(pool['name']) ?? '';
      const version = `v${text(pool['currentOrchestratorVersion']) ?? text(at(cluster, path('properties.currentKubernetesVersion'))) ?? ''}`;
      const labels = {
        'kubernetes.azure.com/agentpool': poolName,
        'kubernetes.azure.com/node-image-version': text(pool['nodeImageVersion']) ?? '',
        ...servingLabel(pool, version),
      };
      const condition = ready
        ? { type: 'Ready', status: 'True', reason: 'KubeletReady' }
        : { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
      return {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `aks-${poolName}-31415926-vmss00000${i.toString(36)}`, labels },
        status: { conditions: [condition], nodeInfo: { kubeletVersion: version, operatingSystem: (text(pool['osType']) ?? 'Linux').toLowerCase() } },
      };
    });
  });
}

/** Objects of a kind, of one namespace or of all. Nodes follow the pools. */
export function objectsOf(world: World, cluster: ArmResource, kind: KubeKind, namespace?: string): readonly JsonObject[] {
  if (kind.kind === 'Node') return nodesOf(world, cluster);
  return world.state.kubernetes.filter(
    (object) => object['kind'] === kind.kind && (namespace === undefined || text(at(object, ['metadata', 'namespace'])) === namespace),
  );
}

/** Puts an object in its place: same kind, namespace and name is the same object. */
export function storeObject(world: World, object: JsonObject): void {
  world.state.kubernetes = [...world.state.kubernetes.filter((one) => !sameObject(one, object)), object];
  world.changed();
}

/** Takes an object away; true when it was there. */
export function removeObject(world: World, object: JsonObject): boolean {
  const rest = world.state.kubernetes.filter((one) => !sameObject(one, object));
  const found = rest.length < world.state.kubernetes.length;
  world.state.kubernetes = rest;
  world.changed();
  return found;
}

function sameObject(a: JsonObject, b: JsonObject): boolean {
  const key = (object: JsonObject) => [object['kind'], at(object, ['metadata', 'namespace']) ?? '', at(object, ['metadata', 'name'])].join('/');
  return key(a) === key(b);
}
