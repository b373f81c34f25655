import { describe, expect, it } from 'vitest';
import { clean } from '../../../src/model/foreign.ts';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.ts';
import { factsFromObjects } from '../../../src/snapshot/kubernetes/from-objects.ts';
import { kubernetesKeys } from '../../../src/snapshot/kubernetes/sources.ts';

/** What a name or a value may hold to fake a line, colour a screen or turn text around. */
const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\r\nPASS \u0085\u200b';

const own = (more: JsonObject = {}): JsonObject => ({
  metadata: { name: `n${evil}`, namespace: `s${evil}`, labels: { [`l${evil}`]: evil, app: evil }, annotations: { [`a${evil}`]: evil }, ...more },
});

const container: JsonObject = {
  name: evil,
  image: evil,
  command: ['hidden'],
  args: ['--password=hidden'],
  env: [
    { name: evil, value: 'hidden' },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: evil, key: evil } } },
  ],
  envFrom: [{ secretRef: { name: evil } }],
  ports: [{ containerPort: 80, name: evil, [`p${evil}`]: evil }],
  securityContext: { capabilities: { add: [evil] }, seLinuxOptions: { type: evil }, [`c${evil}`]: evil },
  livenessProbe: { httpGet: { host: evil, httpHeaders: [{ name: 'Authorization', value: 'hidden' }] }, exec: { command: ['hidden'] } },
  volumeMounts: [{ name: evil, mountPath: evil, subPath: evil }],
};

const pod: JsonObject = {
  containers: [container],
  initContainers: [container],
  ephemeralContainers: [container],
  serviceAccountName: evil,
  runtimeClassName: evil,
  os: { name: evil },
  nodeSelector: { 'kubernetes.io/os': evil },
  imagePullSecrets: [{ name: evil }],
  volumes: [
    { name: evil, [`v${evil}`]: { key: 'hidden' } },
    { name: 'c', csi: { driver: evil, volumeAttributes: { secretName: evil, password: 'hidden' } } },
  ],
};

/** Every kind that is read, with foreign text wherever there is text. */
const objects: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', ...own() },
  { apiVersion: 'v1', kind: 'Node', ...own({ labels: { agentpool: evil, 'kubernetes.azure.com/kubelet-serving-ca': evil } }) },
  { apiVersion: 'v1', kind: 'Pod', ...own({ ownerReferences: [{ apiVersion: evil, kind: `K${evil}`, name: evil, controller: true }] }), spec: pod },
  { apiVersion: 'v1', kind: 'Pod', ...own(), spec: pod },
  { apiVersion: 'apps/v1', kind: 'Deployment', ...own({ annotations: { 'meta.helm.sh/release-name': evil } }), spec: { template: { spec: pod, ...own() } } },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    ...own({ name: 'kured' }),
    spec: { template: { spec: { containers: [{ command: [`--reboot-days=${evil}`] }] } } },
  },
  { apiVersion: 'batch/v1', kind: 'CronJob', ...own(), spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    ...own({ annotations: { [`service.beta.kubernetes.io/${evil}`]: evil } }),
    spec: {
      type: evil,
      ports: [{ port: 1, name: evil, protocol: evil, targetPort: evil }],
      selector: { [evil]: evil },
      externalTrafficPolicy: evil,
      loadBalancerIP: evil,
      loadBalancerSourceRanges: [evil],
    },
    status: { loadBalancer: { ingress: [{ ip: evil }, { hostname: evil }] } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    ...own({ annotations: { [`tls${evil}`]: evil, 'kubernetes.io/ingress.class': evil } }),
    spec: { rules: [{ host: evil }], tls: [{ hosts: [evil], secretName: evil }] },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    ...own(),
    spec: { gatewayClassName: evil, listeners: [{ hostname: evil, protocol: 'TLS', tls: { certificateRefs: [{ name: evil }] } }] },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', ...own({ annotations: { [`azure.workload.identity/${evil}`]: evil } }) },
  ...['Role', 'ClusterRole'].map((kind) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    ...own(),
    rules: [{ verbs: ['*', evil], apiGroups: [evil], resources: [evil] }],
  })),
  ...['RoleBinding', 'ClusterRoleBinding'].map((kind) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    ...own(),
    roleRef: { kind: evil, name: evil },
    subjects: [{ kind: evil, name: evil, namespace: evil }],
  })),
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', ...own(), provisioner: evil, parameters: { [evil]: evil, accountKey: 'hidden' } },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    ...own(),
    spec: { [`x.y${evil}`]: { driver: evil }, storageClassName: evil, claimRef: { namespace: evil, name: evil } },
  },
  { apiVersion: 'aadpodidentity.k8s.io/v1', kind: 'AzureIdentity', ...own(), spec: { resourceID: evil, clientID: evil, clientPassword: { name: 'hidden' } } },
  { apiVersion: 'aadpodidentity.k8s.io/v1', kind: 'AzureIdentityBinding', ...own(), spec: { azureIdentity: evil, selector: evil } },
  { apiVersion: 'secrets-store.csi.x-k8s.io/v1', kind: 'SecretProviderClass', ...own(), spec: { provider: evil, parameters: { objects: 'hidden' } } },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...own(), spec: { minAvailable: evil, maxUnavailable: evil } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...own(), spec: { policyTypes: [evil] } },
];

/** Every text in a value, keys among them. */
function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((entry: Json) => textsIn(entry));
  return isObject(value) ? Object.entries(value).flatMap(([key, entry]) => [key, ...textsIn(entry)]) : [];
}

const known = await factsFromObjects(
  (async function* () {
    yield* objects;
  })(),
  'a file',
);

describe('facts of hostile objects', () => {
  it.each(kubernetesKeys)('%s: known, every text fit for a screen, nothing secret in it', (key) => {
    const fact = known[key];
    expect(fact?.state).toBe('known');
    const texts = textsIn(fact as unknown as Json);
    expect(texts.filter((text) => text.includes('PASS')).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text !== clean(text))).toEqual([]);
    expect(texts.filter((text) => text.includes('hidden'))).toEqual([]);
  });

  it('cut what is too long', async () => {
    const huge = await factsFromObjects(
      (async function* () {
        yield { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { b: 'x'.repeat(300_000) } } };
      })(),
      'a file',
    );
    expect(JSON.stringify(huge.namespaces).length).toBeLessThan(3000);
  });
});
