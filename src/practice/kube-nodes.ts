import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, path, text } from '../model/json.ts';
import { nodesAreReady } from './reachability.ts';
import { servingLabel } from './serving-certificates.ts';
import type { World } from './world.ts';

/** The nodes that a cluster's pools have at the moment. */
export function nodesOf(world: World, cluster: ArmResource): readonly JsonObject[] {
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
