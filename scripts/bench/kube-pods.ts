import { type JsonObject, list } from '../../src/model/json.ts';
import { letters, managedBy, metadataOf, uid, when } from './kube-metadata.ts';

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

/** One application: what its controllers and its pods are made of. */
export interface App {
  readonly name: string;
  readonly namespace: string;
  /** A number of its own. */
  readonly index: number;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly containers: readonly JsonObject[];
  readonly volumes: readonly JsonObject[];
  /** The rest of a pod's spec. */
  readonly spec: JsonObject;
}

/** What is the same for all pods of an application, made once. */
export function appOf(name: string, namespace: string, index: number): App {
  return {
    name,
    namespace,
    index,
    labels: {
      'app.kubernetes.io/instance': `${name}-${namespace}`,
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/part-of': 'shop',
      'app.kubernetes.io/version': `1.${index % 40}.${index % 7}`,
    },
    annotations: { 'checksum/config': letters(index, 60), 'prometheus.io/port': '9090', 'prometheus.io/scrape': 'true' },
    containers: [container(name, namespace, index), ...(index % 3 === 2 ? [proxy] : [])],
    volumes: [
      { configMap: { defaultMode: 420, name: `${name}-config` }, name: 'config' },
      { emptyDir: {}, name: 'scratch' },
    ],
    spec: {
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: index % 3 === 0 ? { fsGroup: 2000, seccompProfile: { type: 'RuntimeDefault' } } : {},
      serviceAccount: name,
      serviceAccountName: name,
      terminationGracePeriodSeconds: 30,
    },
  };
}

/** The template of its pods. */
export function templateOf({ labels, annotations, containers, volumes, spec }: App): JsonObject {
  return { metadata: { annotations, labels }, spec: { containers, ...spec, volumes } };
}

const condition = (type: string): JsonObject => ({ lastProbeTime: null, lastTransitionTime: when, status: 'True', type });

function statusOf({ name: app, containers }: App, seed: number): JsonObject {
  const address = `10.244.${seed % 200}.${(seed * 7) % 250}`;
  return {
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    containerStatuses: containers.map(({ name, image }) => ({
      allocatedResources: { cpu: '100m', memory: '256Mi' },
      containerID: `containerd://${letters(seed + 9, 64)}`,
      image: image ?? '',
      imageID: `shopimages.azurecr.io/${app}@sha256:${letters(seed % 97, 64)}`,
      lastState: {},
      name: name ?? '',
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

/** Whose a pod is. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

function tokenVolume(name: string): JsonObject {
  const sources: readonly JsonObject[] = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
  ];
  return { name, projected: { defaultMode: 420, sources } };
}

const tolerations = ['not-ready', 'unreachable'].map(
  (what): JsonObject => ({
    effect: 'NoExecute',
    key: `node.kubernetes.io/${what}`,
    operator: 'Exists',
    tolerationSeconds: 300,
  }),
);

const kubeletFields = { status: { conditions: {}, containerStatuses: {}, hostIP: '', phase: '', podIP: '', startTime: '' } };

/** Makes the pods of an application as the API server gives them back: with token, tolerations, status, and who manages which field. */
export function podMaker(app: App, owner: Owner, hash: JsonObject): (name: string, seed: number) => JsonObject {
  const labels = { ...app.labels, ...hash };
  const managedFields = [
    managedBy('kube-controller-manager', { metadata: { labels, ownerReferences: {} }, spec: { containers: app.containers, securityContext: {} } }),
    managedBy('kubelet', kubeletFields, 'status'),
  ];
  const ownerReferences = [{ ...owner, blockOwnerDeletion: true, controller: true, uid: uid(app.index) }];
  return (name, seed) => {
    const token = `kube-api-access-${letters(seed, 5)}`;
    const mount = { mountPath: tokenPath, name: token, readOnly: true };
    const claims = owner.kind === 'StatefulSet' ? [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }] : [];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadataOf(name, app.namespace, seed, {
        annotations: app.annotations,
        generateName: name.slice(0, -5),
        labels,
        managedFields,
        ownerReferences,
      }),
      spec: {
        ...app.spec,
        containers: app.containers.map((one) => ({ ...one, volumeMounts: [...list(one['volumeMounts']), mount] })),
        enableServiceLinks: true,
        nodeName: `aks-user1-31415926-vmss${letters(seed % 40, 6)}`,
        preemptionPolicy: 'PreemptLowerPriority',
        priority: 0,
        tolerations,
        volumes: [...app.volumes, ...claims, tokenVolume(token)],
      },
      status: statusOf(app, seed),
    };
  };
}
