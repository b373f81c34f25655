import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';

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

const when = '2026-03-04T09:00:00Z';

/** The same letters for the same number: names end in such. */
function letters(seed: number, count: number): string {
  const from = 'bcdfghjklmnpqrstvwxz2456789';
  let value = (seed * 2654435761) >>> 0;
  return Array.from({ length: count }, () => {
    value = (value * 1103515245 + 12345) & 0x7fffffff;
    return from[value % from.length] ?? 'x';
  }).join('');
}

const uid = (seed: number): string => `${letters(seed, 8)}-${letters(seed + 1, 4)}-4${letters(seed + 2, 3)}-8${letters(seed + 3, 3)}-${letters(seed + 4, 12)}`;

/** The probe, as the API server gives it back: with every default. */
const probe = (path: string): JsonObject => ({
  failureThreshold: 3,
  httpGet: { path, port: 8080, scheme: 'HTTP' },
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
});

/** One of three hardened, one of three nearly so, the rest as they were written first. */
function securityContext(index: number): JsonObject {
  if (index % 3 === 0) return { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true };
  return index % 3 === 1 ? { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } } : {};
}

function container(app: string, namespace: string, index: number): JsonObject {
  const names = ['LOG_LEVEL', 'PORT', 'REGION', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  return {
    env: [
      ...names.map((name) => ({ name, value: `${name.toLowerCase().replaceAll('_', '-')}-of-${app}-in-${namespace}` })),
      { name: 'DATABASE_PASSWORD', valueFrom: { secretKeyRef: { key: 'password', name: `${app}-database` } } },
      { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
    ],
    image: `shopimages.azurecr.io/${app}:1.${index % 40}.${index % 7}`,
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: probe('/healthz'),
    name: app,
    ports: [
      { containerPort: 8080, name: 'http', protocol: 'TCP' },
      { containerPort: 9090, name: 'metrics', protocol: 'TCP' },
    ],
    readinessProbe: probe('/readyz'),
    resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    securityContext: securityContext(index),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      { mountPath: '/etc/config', name: 'config', readOnly: true },
      { mountPath: '/tmp', name: 'scratch' },
    ],
  };
}

/** The container that a service mesh puts beside another: only some have it. */
const proxy: JsonObject = {
  image: 'shopimages.azurecr.io/proxy:2.4.1',
  imagePullPolicy: 'IfNotPresent',
  name: 'proxy',
  resources: { requests: { cpu: '10m', memory: '64Mi' } },
  securityContext: { privileged: true },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

function template(app: string, namespace: string, index: number): { readonly metadata: JsonObject; readonly spec: JsonObject } {
  return {
    metadata: {
      annotations: { 'prometheus.io/port': '9090', 'prometheus.io/scrape': 'true', 'checksum/config': `${letters(index, 60)}` },
      labels: {
        'app.kubernetes.io/instance': `${app}-${namespace}`,
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/part-of': 'shop',
        'app.kubernetes.io/version': `1.${index % 40}.${index % 7}`,
      },
    },
    spec: {
      containers: [container(app, namespace, index), ...(index % 3 === 2 ? [proxy] : [])],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: index % 3 === 0 ? { fsGroup: 2000, seccompProfile: { type: 'RuntimeDefault' } } : {},
      serviceAccount: app,
      serviceAccountName: app,
      terminationGracePeriodSeconds: 30,
      volumes: [
        { configMap: { defaultMode: 420, name: `${app}-config` }, name: 'config' },
        { emptyDir: {}, name: 'scratch' },
      ],
    },
  };
}

/** Who wrote which field, as the API server keeps it: a path for every leaf of what is managed. */
function fieldsOf(value: Json | undefined): JsonObject {
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((entry: Json) => {
        const name = isObject(entry) ? entry['name'] : undefined;
        return [name === undefined ? `v:${JSON.stringify(entry)}` : `k:{"name":${JSON.stringify(name)}}`, { '.': {}, ...fieldsOf(entry) }];
      }),
    );
  }
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}

const managedBy = (manager: string, fields: Json, subresource?: string): JsonObject => ({
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: fieldsOf(fields),
  manager,
  operation: 'Update',
  ...(subresource === undefined ? {} : { subresource }),
  time: when,
});

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

function metadataOf(name: string, namespace: string | undefined, seed: number, more: JsonObject = {}): JsonObject {
  return {
    ...more,
    creationTimestamp: when,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    resourceVersion: String(400_000 + seed),
    uid: uid(seed),
  };
}

const condition = (type: string, extra: JsonObject = {}): JsonObject => ({ lastProbeTime: null, lastTransitionTime: when, status: 'True', type, ...extra });

function statusOf(app: string, pod: string, seed: number, containers: readonly JsonObject[]): JsonObject {
  const address = `10.244.${seed % 200}.${(seed * 7) % 250}`;
  return {
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => condition(type)),
    containerStatuses: containers.map(({ name, image }) => ({
      allocatedResources: { cpu: '100m', memory: '256Mi' },
      containerID: `containerd://${letters(seed + 9, 64)}`,
      image: image ?? app,
      imageID: `shopimages.azurecr.io/${app}@sha256:${letters(seed % 97, 64)}`,
      lastState: {},
      name: name ?? pod,
      ready: true,
      restartCount: seed % 4,
      started: true,
      state: { running: { startedAt: when } },
    })),
    hostIP: `10.224.0.${seed % 250}`,
    hostIPs: [{ ip: `10.224.0.${seed % 250}` }],
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    qosClass: 'Burstable',
    startTime: when,
  };
}

/** A pod as the API server gives it back: with its token, its tolerations, its status, and who manages which field. */
function pod(app: string, namespace: string, index: number, name: string, owner: Owner, hash: JsonObject, seed: number): JsonObject {
  const { metadata, spec } = template(app, namespace, index);
  const token = `kube-api-access-${letters(seed, 5)}`;
  const mount = { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: token, readOnly: true };
  const containers = (spec['containers'] as readonly JsonObject[]).map((one) => ({
    ...one,
    volumeMounts: [...((one['volumeMounts'] ?? []) as readonly JsonObject[]), mount],
  }));
  const claims = owner.kind === 'StatefulSet' ? [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }] : [];
  const labels = { ...(metadata['labels'] as JsonObject), ...hash };
  const status = statusOf(app, name, seed, containers);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(name, namespace, seed, {
      annotations: metadata['annotations'],
      generateName: name.slice(0, -5),
      labels,
      managedFields: [
        managedBy('kube-controller-manager', { metadata: { labels, ownerReferences: {} }, spec: { containers: spec['containers'], securityContext: {} } }),
        managedBy('kubelet', { status: { conditions: {}, containerStatuses: {}, hostIP: '', phase: '', podIP: '', startTime: '' } }, 'status'),
      ],
      ownerReferences: [{ ...owner, blockOwnerDeletion: true, controller: true, uid: uid(index) }],
    }),
    spec: {
      ...spec,
      containers,
      enableServiceLinks: true,
      nodeName: `aks-user1-31415926-vmss${letters(seed % 40, 6)}`,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      tolerations: ['not-ready', 'unreachable'].map((what) => ({
        effect: 'NoExecute',
        key: `node.kubernetes.io/${what}`,
        operator: 'Exists',
        tolerationSeconds: 300,
      })),
      volumes: [
        ...(spec['volumes'] as readonly JsonObject[]),
        ...claims,
        {
          name: token,
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
              { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
            ],
          },
        },
      ],
    },
    status,
  };
}

const kinds: { readonly [app: string]: 'StatefulSet' | 'DaemonSet' } = { cache: 'StatefulSet', agent: 'DaemonSet' };

/** A controller with what it owns: of a Deployment also the ReplicaSets, the one before among them. */
function* application(app: string, namespace: string, index: number, pods: number): Generator<JsonObject> {
  const kind = kinds[app] ?? 'Deployment';
  const selector = { matchLabels: { 'app.kubernetes.io/name': app } };
  const annotations = { 'deployment.kubernetes.io/revision': '7', 'meta.helm.sh/release-name': app, 'meta.helm.sh/release-namespace': namespace };
  const body = { replicas: pods, revisionHistoryLimit: 10, selector, template: { ...template(app, namespace, index) } };
  const managedFields = [managedBy('helm', { spec: body.template }), managedBy('kube-controller-manager', { status: { replicas: 0 } }, 'status')];
  const controller = (ofKind: string, name: string, seed: number, more: JsonObject): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: ofKind,
    metadata: metadataOf(name, namespace, seed, { annotations, managedFields, ...more }),
    spec: body,
    status: { availableReplicas: pods, observedGeneration: 7, readyReplicas: pods, replicas: pods },
  });
  yield controller(kind, app, index, {});
  const top: Owner = { apiVersion: 'apps/v1', kind, name: app };
  const hashes = kind === 'Deployment' ? [letters(index + 5, 10), letters(index + 6, 10)] : [];
  for (const [i, hash] of hashes.entries()) {
    yield controller('ReplicaSet', `${app}-${hash}`, index * 10 + i, { ownerReferences: [{ ...top, blockOwnerDeletion: true, controller: true }] });
  }
  const [hash] = hashes;
  for (let i = 0; i < pods; i += 1) {
    const seed = index * 1000 + i;
    if (hash !== undefined) {
      const owner: Owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${hash}` };
      yield pod(app, namespace, index, `${app}-${hash}-${letters(seed, 5)}${i}`, owner, { 'pod-template-hash': hash }, seed);
    } else {
      const name = kind === 'StatefulSet' ? `${app}-${i}` : `${app}-${letters(seed, 5)}${i}`;
      yield pod(app, namespace, index, name, top, { 'controller-revision-hash': `${app}-${letters(index, 8)}` }, seed);
    }
  }
}

/** What stands beside an application in its namespace. */
function* around(app: string, namespace: string, index: number): Generator<JsonObject> {
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
      const index = i * 10 + n;
      yield* application(app, name, index, pods);
      yield* around(app, name, index);
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
