import type { Keeper, Workload } from '../../model/facts.ts';
import type { KubeKind } from '../../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts';
import { kubeKinds } from '../../model/kube-kinds.ts';
import { sourceFileOf } from '../../model/kube-source.ts';
import { podTemplateOf } from '../../model/pod-security/index.ts';
import { keeperOf } from './keeper.ts';
import { kuredOptions } from './kured.ts';
import { eachObject, type KubeReading, nameOf, namespaceOf, plain, textsAt, wayIn } from './listed.ts';
import { controllerOf, type Owner, topOwner } from './owners.ts';
import { reducedPodSpec } from './pod-spec.ts';

/** Labels that differ from pod to pod, or from one rollout to the next. */
const passing: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
]);

/** Annotations of pods that speak of security, identity or secrets. */
const telling =
  /^(container\.apparmor\.security\.beta\.kubernetes\.io\/|(container\.)?seccomp\.security\.alpha\.kubernetes\.io\/|azure\.workload\.identity\/|kubernetes\.io\/psp$|vault\.hashicorp\.com\/(agent-inject$|role$))/;

/** What pods of one controller have in common. */
type Look = Pick<Workload, 'podLabels' | 'podAnnotations' | 'spec' | 'options'>;

interface Controller extends Owner {
  readonly namespace: string;
  readonly keeper: Keeper | undefined;
  readonly file: string | undefined;
  readonly look: Look;
}

interface Group extends Owner {
  readonly namespace: string;
  readonly keeper: Keeper | undefined;
  readonly file: string | undefined;
  readonly look: Look;
  pods: number;
}

/** Controllers that are read beside the pods: who keeps them stands on them, and they may have no pods. */
const controllerKinds: readonly KubeKind[] = [kubeKinds.deployment, kubeKinds.statefulSet, kubeKinds.daemonSet, kubeKinds.cronJob];

const keyOf = (namespace: string, owner: Pick<Owner, 'kind' | 'name'>): string => `${owner.kind}/${namespace}/${owner.name}`;

function lookOf(name: string, template: { readonly metadata?: Json | undefined; readonly spec?: Json | undefined }): Look {
  const labels = textsAt(template.metadata, 'labels', (key) => !passing.has(key));
  const options = kuredOptions(name, template.spec);
  return {
    podLabels: labels,
    podAnnotations: textsAt(template.metadata, 'annotations', (key) => telling.test(key)),
    spec: reducedPodSpec(template.spec),
    ...(options.length === 0 ? {} : { options }),
  };
}

/** A claim of a StatefulSet's pod ends in the pod's own name: that alone makes no pod look different. */
function likeness(look: Look, pod: string): string {
  return JSON.stringify(look, (_key, value: unknown) => (typeof value === 'string' && value.endsWith(`-${pod}`) ? value.slice(0, -pod.length) : value));
}

function controllerFrom(object: JsonObject): Controller | undefined {
  const found = podTemplateOf(object);
  // What another controller made (a StatefulSet of an operator) is kept by that one; what it looks like counts all the same.
  if (found === undefined) return undefined;
  const { apiVersion, kind } = object;
  return {
    apiVersion: plain(text(apiVersion) ?? ''),
    kind: plain(text(kind) ?? ''),
    name: nameOf(object),
    namespace: namespaceOf(object),
    keeper: keeperOf(object),
    file: sourceFileOf(object),
    look: lookOf(nameOf(object), found.pod),
  };
}

/** A pod that has ended runs nothing any more. */
function hasEnded(pod: JsonObject): boolean {
  const phase = at(pod, ['status', 'phase']);
  return phase === 'Succeeded' || phase === 'Failed';
}

function isFinished(job: JsonObject): boolean {
  return list(at(job, ['status', 'conditions'])).some(
    (condition) => isObject(condition) && (condition['type'] === 'Complete' || condition['type'] === 'Failed') && condition['status'] === 'True',
  );
}

/** Groups pods as they come; what differs between them is what their controllers would be told about. */
class WorkloadCount {
  private readonly controllers = new Map<string, Controller>();
  private readonly cronJobs = new Map<string, string>();
  private readonly groups = new Map<string, Group>();
  private readonly running = new Set<string>();

  addController(object: JsonObject): void {
    const found = controllerFrom(object);
    if (found !== undefined) this.controllers.set(keyOf(found.namespace, found), found);
  }

  addJob(job: JsonObject): void {
    const owner = controllerOf(job);
    if (owner?.kind === 'CronJob') this.cronJobs.set(`${namespaceOf(job)}/${nameOf(job)}`, owner.name);
    else if (!isFinished(job)) this.addController(job);
  }

  addPod(pod: JsonObject): void {
    if (hasEnded(pod)) return;
    const namespace = namespaceOf(pod);
    const owner = topOwner(pod, (job) => this.cronJobs.get(`${namespace}/${job}`));
    const look = lookOf(owner.name, { metadata: pod['metadata'], spec: pod['spec'] });
    const controller = keyOf(namespace, owner);
    const key = `${controller}\n${likeness(look, nameOf(pod))}`;
    this.running.add(controller);
    const group = this.groups.get(key);
    if (group) group.pods += 1;
    else {
      const above = this.controllers.get(controller);
      this.groups.set(key, { ...owner, namespace, look, pods: 1, keeper: above?.keeper ?? keeperOf(pod), file: above?.file ?? sourceFileOf(pod) });
    }
  }

  workloads(): readonly Workload[] {
    const idle = [...this.controllers].filter(([key]) => !this.running.has(key)).map(([, found]): Group => ({ ...found, pods: 0 }));
    return [...this.groups.values(), ...idle].map(({ look, keeper, file, ...rest }) => ({
      ...rest,
      ...look,
      ...(keeper === undefined ? {} : { keeper }),
      ...(file === undefined ? {} : { file }),
    }));
  }
}

/**
 * Everything that runs, and every controller that could: pods by the controller at their top and by what they look like, page by page. A
 * file without pods gives its controllers alone.
 */
export async function readWorkloads(reading: KubeReading): Promise<readonly Workload[]> {
  const count = new WorkloadCount();
  const { via } = await wayIn(reading);
  // On a live cluster a ReplicaSet is a Deployment's; a manifest may hold one of its own.
  const others: readonly KubeKind[] = via === 'files' ? [kubeKinds.replicaSet] : [];
  await Promise.all([
    ...[...controllerKinds, ...others].map((kind) => eachObject(reading, kind, (object) => count.addController(object))),
    eachObject(reading, kubeKinds.job, (job) => count.addJob(job)),
  ]);
  await eachObject(reading, kubeKinds.pod, (pod) => count.addPod(pod));
  return count.workloads();
}
