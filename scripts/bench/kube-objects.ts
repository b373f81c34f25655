import { isObject, type JsonObject } from '../../src/model/json.ts';
import { letters, managedBy, metadataOf } from './kube-metadata.ts';
import { type App, appOf, type Owner, podMaker, templateOf } from './kube-pods.ts';

/** How large a cluster is made. */
export interface KubeSize {
  readonly namespaces: number;
  /** Of each namespace: its controllers, and how many pods each of them runs. */
  readonly podsOf: { readonly [app: string]: number };
}

/** 5,000 pods in 200 namespaces. */
export const largeSize: KubeSize = { namespaces: 200, podsOf: { web: 8, api: 7, worker: 5, cache: 3, agent: 2 } };

/** 20,000 pods in 200 namespaces. */
export const hugeSize: KubeSize = { namespaces: 200, podsOf: { web: 32, api: 28, worker: 20, cache: 12, agent: 8 } };

export const podCount = ({ namespaces, podsOf }: KubeSize): number => namespaces * Object.values(podsOf).reduce((sum, pods) => sum + pods, 0);

const kinds: { readonly [app: string]: 'StatefulSet' | 'DaemonSet' } = { cache: 'StatefulSet', agent: 'DaemonSet' };

/** A controller with what it owns: of a Deployment also its ReplicaSets, the one before among them. */
function* application(app: App, pods: number): Generator<JsonObject> {
  const { name, namespace, index } = app;
  const kind = kinds[name] ?? 'Deployment';
  const template = templateOf(app);
  const annotations = { 'deployment.kubernetes.io/revision': '7', 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace };
  const managedFields = [managedBy('helm', { spec: template }), managedBy('kube-controller-manager', { status: { replicas: 0 } }, 'status')];
  const controller = (ofKind: string, ownName: string, seed: number, more: JsonObject): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: ofKind,
    metadata: metadataOf(ownName, namespace, seed, { annotations, managedFields, ...more }),
    spec: { replicas: pods, revisionHistoryLimit: 10, selector: { matchLabels: { 'app.kubernetes.io/name': name } }, template },
    status: { availableReplicas: pods, observedGeneration: 7, readyReplicas: pods, replicas: pods },
  });
  const top: Owner = { apiVersion: 'apps/v1', kind, name };
  yield controller(kind, name, index, {});
  if (kind !== 'Deployment') {
    const make = podMaker(app, top, { 'controller-revision-hash': `${name}-${letters(index, 8)}` });
    for (let i = 0; i < pods; i += 1) yield make(kind === 'StatefulSet' ? `${name}-${i}` : `${name}-${letters(index * 1000 + i, 5)}${i}`, index * 1000 + i);
    return;
  }
  const [hash, before] = [letters(index + 5, 10), letters(index + 6, 10)];
  const ownerReferences = [{ ...top, blockOwnerDeletion: true, controller: true }];
  for (const one of [hash, before]) yield controller('ReplicaSet', `${name}-${one}`, index, { ownerReferences });
  const make = podMaker(app, { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${hash}` }, { 'pod-template-hash': hash });
  for (let i = 0; i < pods; i += 1) yield make(`${name}-${hash}-${letters(index * 1000 + i, 5)}${i}`, index * 1000 + i);
}

/** What stands beside an application in its namespace. */
function* around({ name: app, namespace, index }: App): Generator<JsonObject> {
  const object = (apiVersion: string, kind: string, name: string, rest: JsonObject): JsonObject => ({
    apiVersion,
    kind,
    metadata: metadataOf(name, namespace, index, { labels: { 'app.kubernetes.io/name': app } }),
    ...rest,
  });
  const selector = { 'app.kubernetes.io/name': app };
  yield object('v1', 'ServiceAccount', app, {});
  yield object('v1', 'ConfigMap', `${app}-config`, { data: { 'application.yaml': `server:\n  port: 8080\n# ${'x'.repeat(900)}\n` } });
  yield object('v1', 'Service', app, {
    spec: {
      clusterIP: `10.0.${index % 200}.${index % 250}`,
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
      selector,
      type: app === 'web' && index % 20 === 0 ? 'LoadBalancer' : 'ClusterIP',
    },
    status: { loadBalancer: {} },
  });
  yield object('policy/v1', 'PodDisruptionBudget', app, {
    spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    status: { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 },
  });
}

/** The objects of a large cluster as its API server gives them back, made one by one: the same for the same size. */
export function* kubeObjects({ namespaces, podsOf }: KubeSize): Generator<JsonObject> {
  for (let i = 0; i < namespaces; i += 1) {
    const name = `team-${String(i).padStart(3, '0')}`;
    const labels = { 'kubernetes.io/metadata.name': name, ...(i % 4 === 0 ? { 'pod-security.kubernetes.io/enforce': 'baseline' } : {}) };
    yield {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: metadataOf(name, undefined, i, { labels }),
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
    for (const [n, [app, pods]] of Object.entries(podsOf).entries()) {
      const made = appOf(app, name, i * 10 + n);
      yield* application(made, pods);
      yield* around(made);
    }
    if (i % 2 === 0) {
      yield {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadataOf('default-deny', name, i),
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      };
    }
  }
}

/** An object as `kubectl get -o json` prints it in a list: indented by four, without managedFields, which it leaves out since 1.21. */
export function printed(object: JsonObject): string {
  const { managedFields: _left, ...metadata } = isObject(object['metadata']) ? object['metadata'] : {};
  return JSON.stringify({ ...object, metadata }, null, 4).replaceAll(/^/gm, '        ');
}
