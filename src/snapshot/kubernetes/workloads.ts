import type { Keeper, Workload } from '../../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts';
import { sourceFileOf } from '../../model/kube-source.ts';
import { podTemplateOf } from '../../model/pod-security/index.ts';
import { keeperOf } from './keeper.ts';
import { kuredOptions } from './kured.ts';
import { type Collector, nameOf, namespaceOf, plain, textsAt } from './listed.ts';
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

interface Controller {
  readonly owner: Owner;
  readonly namespace: string;
  readonly keeper: Keeper | undefined;
  readonly file: string | undefined;
  readonly look: Look;
}

interface Group extends Controller {
  pods: number;
}

const keyOf = (namespace: string, owner: Owner): string => `${owner.kind}/${namespace}/${owner.name}`;

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
  return JSON.stringify(look).replaceAll(`-${pod}"`, '-"');
}

function controllerFrom(object: JsonObject): Controller | undefined {
  const found = podTemplateOf(object);
  // What another controller made (a StatefulSet of an operator) is kept by that one; what it looks like counts all the same.
  if (found === undefined) return undefined;
  const { apiVersion, kind } = object;
  return {
    owner: { apiVersion: plain(text(apiVersion) ?? ''), kind: plain(text(kind) ?? ''), name: nameOf(object) },
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

/**
 * Everything that runs, and every controller that could: pods by the controller at their top and by what they look like, as they come. What
 * differs between pods is what their controllers would be told about. Controllers without pods are given with none.
 */
export class WorkloadCount implements Collector<readonly Workload[]> {
  private readonly controllers = new Map<string, Controller>();
  private readonly cronJobs = new Map<string, Owner>();
  private readonly groups = new Map<string, Group>();

  /** Takes a pod, a controller or a Job, in any order. */
  take(object: JsonObject): void {
    if (object['kind'] === 'Pod') this.takePod(object);
    else if (object['kind'] === 'Job') this.takeJob(object);
    else this.takeController(object);
  }

  private takeController(object: JsonObject): void {
    // A ReplicaSet of a Deployment is told by its pods.
    if (object['kind'] === 'ReplicaSet' && controllerOf(object) !== undefined) return;
    const found = controllerFrom(object);
    if (found !== undefined) this.controllers.set(keyOf(found.namespace, found.owner), found);
  }

  private takeJob(job: JsonObject): void {
    const owner = controllerOf(job);
    if (owner?.kind === 'CronJob') this.cronJobs.set(`${namespaceOf(job)}/${nameOf(job)}`, owner);
    else if (!isFinished(job)) this.takeController(job);
  }

  private takePod(pod: JsonObject): void {
    if (hasEnded(pod)) return;
    const namespace = namespaceOf(pod);
    const owner = topOwner(pod);
    const look = lookOf(owner.name, { metadata: pod['metadata'], spec: pod['spec'] });
    const key = `${keyOf(namespace, owner)}\n${likeness(look, nameOf(pod))}`;
    const group = this.groups.get(key);
    if (group) group.pods += 1;
    else this.groups.set(key, { owner, namespace, look, pods: 1, keeper: keeperOf(pod), file: sourceFileOf(pod) });
  }

  /** Groups by the controller at the very top: the Jobs of a CronJob come together, now that every Job is known. */
  private byTop(): readonly Group[] {
    const merged = new Map<string, Group>();
    for (const group of this.groups.values()) {
      const owner = (group.owner.kind === 'Job' ? this.cronJobs.get(`${group.namespace}/${group.owner.name}`) : undefined) ?? group.owner;
      const key = `${keyOf(group.namespace, owner)}\n${JSON.stringify(group.look)}`;
      const known = merged.get(key);
      if (known) known.pods += group.pods;
      else merged.set(key, { ...group, owner });
    }
    return [...merged.values()];
  }

  end(): readonly Workload[] {
    const groups = this.byTop();
    const running = new Set(groups.map(({ namespace, owner }) => keyOf(namespace, owner)));
    const idle = [...this.controllers.entries()].filter(([key]) => !running.has(key)).map(([, found]): Group => ({ ...found, pods: 0 }));
    return [...groups, ...idle].map(({ owner, namespace, look, pods, ...group }) => {
      const above = this.controllers.get(keyOf(namespace, owner));
      const keeper = above?.keeper ?? group.keeper;
      const file = above?.file ?? group.file;
      return { ...owner, namespace, pods, ...look, ...(keeper === undefined ? {} : { keeper }), ...(file === undefined ? {} : { file }) };
    });
  }
}
