import type { ArmResource } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { at, path, text } from '../model/json.ts';
import { kubeKinds } from '../model/kube-kinds.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';
import { entraKubeconfig, keepForThisRun } from './arm-credentials.ts';
import { createKubectlGateway, type RunKubectl } from './kubectl.ts';
import { isEntra, isRunCommandOff } from './run-command.ts';
import { createRunCommandGateway } from './run-command-gateway.ts';

export interface ChooseOptions {
  readonly arm: ArmGateway;
  readonly cluster: ArmResource;
  /** The one way to take; the one that works when not given. */
  readonly way?: 'kubectl' | 'run-command';
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

type Answering = { readonly kind: 'answers'; readonly gateway: KubernetesGateway } | { readonly kind: 'does not'; readonly problem: Problem };

/** Tries kubectl with a read: the namespaces. */
async function answering(kubectl: KubernetesGateway): Promise<Answering> {
  try {
    for await (const _page of kubectl.list(kubeKinds.namespace)) break;
    return { kind: 'answers', gateway: kubectl };
  } catch (thrown) {
    return { kind: 'does not', problem: problemOf(thrown) };
  }
}

/**
 * Picks the way into Kubernetes: kubectl where the operator's own context points at this cluster and is answered; for an Entra cluster then kubectl with
 * credentials from Azure and kubelogin; else a command through ARM where the cluster allows it. run-command is not tried, because that starts a
 * pod. Throws a ProblemError that says what stands in the way of each.
 */
export async function chooseKubernetes(options: ChooseOptions): Promise<Chosen> {
  const { arm, cluster, way, context, kubeconfig, runKubectl } = options;
  const clusterId = text(cluster['id']) ?? '';
  const obstacle = obstacleToRunCommand(cluster);
  if (way === 'run-command') {
    if (obstacle !== undefined) throw noWayIn(`Commands through Azure: ${obstacle}`);
    return { gateway: createRunCommandGateway(arm, clusterId), why: 'it was asked for' };
  }
  const entra = isEntra(cluster);
  const kubectl = (config: Pick<ChooseOptions, 'context' | 'kubeconfig'>): KubernetesGateway =>
    createKubectlGateway({ hosts: hostsOf(cluster), entra, ...config, ...(runKubectl ? { run: runKubectl } : {}) });
  const own = await answering(kubectl({ ...(context === undefined ? {} : { context }), ...(kubeconfig === undefined ? {} : { kubeconfig }) }));
  if (own.kind === 'answers') return { gateway: own.gateway, why: 'kubectl points at this cluster and is answered' };
  const isUsable = entra && own.problem.code !== 'kubectl-missing' && own.problem.code !== 'kubectl-old';
  const fresh = isUsable ? await withCredentialsFromAzure(arm, clusterId, (file) => answering(kubectl({ kubeconfig: file }))) : undefined;
  if (fresh?.kind === 'answers') {
    return { gateway: fresh.gateway, why: `kubectl signs in with credentials from Azure, because its own context does not serve: ${own.problem.what}` };
  }
  const kubectlSays = [own.problem.what, ...(fresh ? [`With credentials from Azure: ${fresh.problem.what}`] : [])].join(' ');
  if (way === undefined && obstacle === undefined) {
    return { gateway: createRunCommandGateway(arm, clusterId), why: `commands go through Azure, because kubectl does not serve: ${kubectlSays}` };
  }
  throw noWayIn(`kubectl: ${kubectlSays}${way === undefined ? ` Commands through Azure: ${obstacle}` : ''}`);
}

function noWayIn(why: string): ProblemError {
  return new ProblemError({
    code: 'no-way-in',
    what: 'What is inside the cluster cannot be read from here.',
    why,
    next: ['Run this where kubectl reaches the cluster: az aks get-credentials -g GROUP -n NAME', 'Or read it from files: --kube-from'],
  });
}

/** kubectl with the kubeconfig that Azure hands out. */
async function withCredentialsFromAzure(arm: ArmGateway, clusterId: string, use: (file: string) => Promise<Answering>): Promise<Answering> {
  try {
    return await use(await keepForThisRun(await entraKubeconfig(arm, clusterId)));
  } catch (thrown) {
    return { kind: 'does not', problem: problemOf(thrown) };
  }
}

/** Why a command through ARM cannot run, as far as the cluster's body tells; undefined when nothing speaks against it. */
function obstacleToRunCommand(cluster: ArmResource): string | undefined {
  if (isRunCommandOff(cluster)) return 'run command is switched off on this cluster.';
  if (text(at(cluster, path('properties.powerState.code')))?.toLowerCase() === 'stopped') return 'the cluster is stopped.';
  return undefined;
}
