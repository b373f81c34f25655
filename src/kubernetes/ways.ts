import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { Reachability } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { isObject } from '../model/json.ts';
import { problemOf } from '../model/problem.ts';
import { type ChooseOptions, type Chosen, chooseKubernetes } from './choose.ts';
import { tryRunCommand } from './run-command.ts';

/** The ways into one cluster, none of them tried yet. */
export interface Ways {
  /** Chooses between kubectl and commands through ARM when it is first used; what stands in the way is thrown then. */
  readonly kubernetes: KubernetesGateway;
  readonly runCommand: () => Promise<Reachability>;
}

/** Problems that say that credentials no longer hold: certificates were rotated, Entra sign-in came, local accounts went. */
const endedSignIns = ['kubernetes-signed-out', 'kubeconfig-old'];

/**
 * The ways into a cluster in Azure. Nothing is started and nothing is read before one is used. A choice that failed is made anew at the next
 * use: the operator may have fetched a kubeconfig meanwhile.
 */
export function waysInto(arm: ArmGateway, clusterId: string, options: Pick<ChooseOptions, 'way' | 'context' | 'kubeconfig' | 'runKubectl'> = {}): Ways {
  let chosen: Chosen | undefined;
  let choosing: Promise<Chosen> | undefined;
  const pick = async (): Promise<Chosen> => {
    const { body } = await arm.send({ method: 'GET', url: `${clusterId}?api-version=${CLUSTER_API_VERSION}` });
    return chooseKubernetes({ arm, cluster: isObject(body) ? { ...body, id: clusterId } : { id: clusterId }, ...options });
  };
  /** Once for all who ask at the same time. */
  const choose = async (): Promise<KubernetesGateway> => {
    choosing ??= pick();
    try {
      chosen = await choosing;
      return chosen.gateway;
    } catch (thrown) {
      choosing = undefined;
      throw thrown;
    }
  };
  /** Uses the way that was chosen; where its sign-in has ended meanwhile, chooses anew and tries once more: what was refused so has not been carried out. */
  const using = async <T>(use: (gateway: KubernetesGateway) => Promise<T>): Promise<T> => {
    const gateway = await choose();
    try {
      return await use(gateway);
    } catch (thrown) {
      if (!endedSignIns.includes(problemOf(thrown).code)) throw thrown;
      // Somebody else may have chosen anew already.
      if (chosen?.gateway === gateway) choosing = undefined;
      return use(await choose());
    }
  };
  return {
    kubernetes: {
      get via() {
        return chosen?.gateway.via ?? 'kubectl';
      },
      get why() {
        return chosen?.why;
      },
      list: async function* (kind, options) {
        // The first page tells whether the sign-in still holds.
        const { pages, first } = await using(async (gateway) => {
          const pages = gateway.list(kind, options)[Symbol.asyncIterator]();
          return { pages, first: await pages.next() };
        });
        try {
          for (let page = first; !page.done; page = await pages.next()) yield page.value;
        } finally {
          await pages.return?.(undefined);
        }
      },
      get: (ref) => using((gateway) => gateway.get(ref)),
      access: () => using((gateway) => gateway.access()),
      apply: (objects, applyOptions) => using((gateway) => gateway.apply(objects, applyOptions)),
      patch: (ref, patch, patchOptions) => using((gateway) => gateway.patch(ref, patch, patchOptions)),
      remove: (ref, removeOptions) => using((gateway) => gateway.remove(ref, removeOptions)),
    },
    runCommand: () => tryRunCommand(arm, clusterId),
  };
}
