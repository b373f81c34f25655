import type { JsonObject } from '../../../model/json.ts';
import { podOf } from '../../kube-pods.ts';
import { metadata, type Named, type Owner, suffix, type Texts } from './make.ts';

/** A controller and the pods it runs. `pod` is the pod's spec; labels of the pods are those of the selector and more. */
export interface Controlled extends Named {
  readonly app: string;
  readonly pod: JsonObject;
  readonly podLabels?: Texts;
  readonly podAnnotations?: Texts;
  readonly replicas?: number;
}

function template({ app, pod, podLabels, podAnnotations }: Controlled): JsonObject {
  return {
    metadata: { labels: { app, ...podLabels }, ...(podAnnotations === undefined ? {} : { annotations: { ...podAnnotations } }) },
    spec: pod,
  };
}

const selector = ({ app }: Controlled): JsonObject => ({ matchLabels: { app } });

/** A Deployment with its ReplicaSet and pods. */
export function deployment(of: Controlled): readonly JsonObject[] {
  const { namespace, name, replicas = 2 } = of;
  const hash = suffix(`${namespace}/${name}`, 10);
  const set: Owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${hash}` };
  const own = { 'pod-template-hash': hash };
  const status = { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata({ ...of, labels: { app: of.app, ...of.labels } }),
      spec: { replicas, selector: selector(of), template: template(of) },
      status: { ...status, updatedReplicas: replicas },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: metadata({ namespace, name: set.name, labels: { app: of.app, ...own } }, { apiVersion: 'apps/v1', kind: 'Deployment', name }),
      spec: { replicas, selector: { matchLabels: { app: of.app, ...own } }, template: template({ ...of, podLabels: { ...of.podLabels, ...own } }) },
      status,
    },
    ...Array.from({ length: replicas }, (_, i) =>
      podOf({ namespace, name: `${set.name}-${suffix(`${namespace}/${name}/${i}`, 5)}`, owner: set, template: template(of), labels: own }),
    ),
  ];
}

/** A StatefulSet with its pods. */
export function statefulSet(of: Controlled & { readonly claims?: readonly JsonObject[] }): readonly JsonObject[] {
  const { namespace, name, replicas = 1, claims = [] } = of;
  const owner: Owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata({ ...of, labels: { app: of.app, ...of.labels } }),
      spec: { replicas, serviceName: name, selector: selector(of), template: template(of), volumeClaimTemplates: [...claims] },
      status: { replicas, readyReplicas: replicas },
    },
    ...Array.from({ length: replicas }, (_, i) => {
      const pod = `${name}-${i}`;
      return podOf({ namespace, name: pod, owner, template: template(of), labels: { 'statefulset.kubernetes.io/pod-name': pod }, claims });
    }),
  ];
}

/** A DaemonSet with a pod for each of some nodes. */
export function daemonSet(of: Controlled): readonly JsonObject[] {
  const { namespace, name, replicas = 3 } = of;
  const owner: Owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata({ ...of, labels: { app: of.app, ...of.labels } }),
      spec: { selector: selector(of), template: template(of), updateStrategy: { type: 'RollingUpdate' } },
      status: { currentNumberScheduled: replicas, desiredNumberScheduled: replicas, numberReady: replicas },
    },
    ...Array.from({ length: replicas }, (_, i) =>
      podOf({
        namespace,
        name: `${name}-${suffix(`${namespace}/${name}/${i}`, 5)}`,
        owner,
        template: template(of),
        labels: { 'pod-template-generation': '1' },
      }),
    ),
  ];
}

/** A CronJob whose last run has ended well. */
export function cronJob(of: Controlled & { readonly schedule: string }): readonly JsonObject[] {
  const { namespace, name, schedule } = of;
  const job = `${name}-29384640`;
  const spec = { template: { ...template(of), spec: { restartPolicy: 'OnFailure', ...of.pod } } };
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadata({ ...of, labels: { app: of.app, ...of.labels } }),
      spec: { schedule, jobTemplate: { spec } },
      status: { lastScheduleTime: '2026-08-31T02:00:00Z' },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: metadata({ namespace, name: job, labels: { app: of.app } }, { apiVersion: 'batch/v1', kind: 'CronJob', name }),
      spec,
      status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] },
    },
  ];
}
