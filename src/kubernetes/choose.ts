import type { ArmResource } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { at, path, text } from '../model/json.ts';
import { kubeKinds } from '../model/kube-kinds.ts';
import { ProblemError, problemOf } from '../model/problem.ts';
import { createKubectlGateway, type RunKubectl } from './kubectl.ts';
import { isEntra, isRunCommandOff } from './run-command.ts';
import { createRunCommandGateway } from './run-command-gateway.ts';

export interface ChooseOptions {
  readonly arm: ArmGateway;
  readonly cluster: ArmResource;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Takes the place of the kubectl program. */
  readonly runKubectl?: RunKubectl;
}

/** The way into Kubernetes that works, and why it is this one. */
export interface Chosen {
  readonly gateway: KubernetesGateway;
  readonly why: string;
}

/** The names an API server answers to. */
export function hostsOf(cluster: ArmResource): readonly string[] {
  return ['properties.fqdn', 'properties.privateFQDN'].flatMap((dotted) => text(at(cluster, path(dotted))) ?? []);
}

/**
 * Picks the way into Kubernetes: kubectl where it points at this cluster and is answered, else a command through ARM where the cluster allows
 * it. kubectl is tried with a read (the namespaces); run-command is not tried, because that starts a pod. Throws a ProblemError that
 * says what stands in the way of each.
 */
export async function chooseKubernetes(options: ChooseOptions): Promise<Chosen> {
  const { arm, cluster, context, kubeconfig, runKubectl } = options;
  const kubectl = createKubectlGateway({
    hosts: hostsOf(cluster),
    entra: isEntra(cluster),
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(runKubectl ? { run: runKubectl } : {}),
  });
  let kubectlSays: string;
  try {
    for await (const _page of kubectl.list(kubeKinds.namespace)) break;
    return { gateway: kubectl, why: 'kubectl points at this cluster and is answered' };
  } catch (thrown) {
    kubectlSays = problemOf(thrown).what;
  }
  const obstacle = obstacleToRunCommand(cluster);
  if (obstacle === undefined) {
    return {
      gateway: createRunCommandGateway(arm, text(cluster['id']) ?? ''),
      why: `commands go through Azure, because kubectl does not serve: ${kubectlSays}`,
    };
  }
  throw new ProblemError({
    code: 'no-way-in',
    what: 'What is inside the cluster cannot be read from here.',
    why: `kubectl: ${kubectlSays} Commands through Azure: ${obstacle}`,
    next: ['Run this where kubectl reaches the cluster: az aks get-credentials -g GROUP -n NAME'],
  });
}

/** Why a command through ARM cannot run, as far as the cluster's body tells; undefined when nothing speaks against it. */
function obstacleToRunCommand(cluster: ArmResource): string | undefined {
  if (isRunCommandOff(cluster)) return 'run command is switched off on this cluster.';
  if (text(at(cluster, path('properties.powerState.code')))?.toLowerCase() === 'stopped') return 'the cluster is stopped.';
  return undefined;
}
