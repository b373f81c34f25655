import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { Reachability } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { isObject } from '../model/json.ts';
import { type ChooseOptions, chooseKubernetes } from './choose.ts';
import { tryRunCommand } from './run-command.ts';

/** The ways into one cluster, none of them tried yet. */
export interface Ways {
  /** Chooses between kubectl and commands through ARM when it is first used; what stands in the way is thrown then. */
  readonly kubernetes: KubernetesGateway;
  readonly runCommand: () => Promise<Reachability>;
}

/**
 * The ways into a cluster in Azure. Nothing is started and nothing is read before one is used. A choice that failed is made anew at the next
 * use: the operator may have fetched a kubeconfig meanwhile.
 */
export function waysInto(arm: ArmGateway, clusterId: string, options: Pick<ChooseOptions, 'context' | 'kubeconfig' | 'runKubectl'> = {}): Ways {
  let chosen: KubernetesGateway | undefined;
  const choose = async (): Promise<KubernetesGateway> => {
    if (chosen) return chosen;
    const { body } = await arm.send({ method: 'GET', url: `${clusterId}?api-version=${CLUSTER_API_VERSION}` });
    const { gateway } = await chooseKubernetes({ arm, cluster: isObject(body) ? { ...body, id: clusterId } : { id: clusterId }, ...options });
    chosen = gateway;
    return gateway;
  };
  return {
    kubernetes: {
      get via() {
        return chosen?.via ?? 'kubectl';
      },
      list: async function* (kind, options) {
        yield* (await choose()).list(kind, options);
      },
      get: async (ref) => (await choose()).get(ref),
      access: async () => (await choose()).access(),
      apply: async (objects, applyOptions) => (await choose()).apply(objects, applyOptions),
      patch: async (ref, patch, patchOptions) => (await choose()).patch(ref, patch, patchOptions),
    },
    runCommand: () => tryRunCommand(arm, clusterId),
  };
}
