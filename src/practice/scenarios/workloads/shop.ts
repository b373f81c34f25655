import type { JsonObject } from '../../../model/json.ts';
import { cronJob, deployment } from './controllers.ts';
import { metadata, namespace, type Texts, type Topic } from './make.ts';
import { files, type SecretStyle, variables } from './secrets.ts';

const container = (name: string, image: string, more: JsonObject = {}): JsonObject => ({
  name,
  image,
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
  ...more,
});

/** As most charts leave it: nothing is said about security. */
const plain = (name: string, image: string, port?: number): JsonObject => ({
  containers: [container(name, image, port === undefined ? {} : { ports: [{ containerPort: port, protocol: 'TCP' }] })],
});

/** All that the restricted level asks for (Kubernetes docs: Pod Security Standards), and no token. */
const careful = (name: string, image: string, port?: number): JsonObject => ({
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    container(name, image, {
      ...(port === undefined ? {} : { ports: [{ containerPort: port, protocol: 'TCP' }] }),
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    }),
  ],
});

const service = (ns: string, name: string, port: number): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata({ namespace: ns, name, labels: { app: name } }),
  spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }] },
  status: { loadBalancer: {} },
});

const budget = (ns: string, name: string): JsonObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadata({ namespace: ns, name }),
  spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  status: { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 },
});

interface Style {
  readonly registry: string;
  readonly pod: typeof plain;
  readonly secrets: SecretStyle;
  readonly labels?: Texts;
}

/** A shop: a web front, a catalog, payments, and a report every night. */
function shop({ registry, pod, secrets, labels = {} }: Style): readonly JsonObject[] {
  const image = (name: string): string => `${registry}.azurecr.io/${name}:2.4`;
  return [
    ...namespace('shop', { team: 'shop', ...labels }),
    ...namespace('payments', { team: 'payments', ...labels }),
    ...deployment({ namespace: 'shop', name: 'web', app: 'web', pod: pod('web', image('web'), 8080) }),
    ...deployment({
      namespace: 'shop',
      name: 'catalog',
      app: 'catalog',
      pod: secrets.one(pod('catalog', image('catalog'), 8080), 'catalog', 'catalog-database'),
      replicas: 1,
    }),
    ...deployment({ namespace: 'payments', name: 'api', app: 'api', pod: secrets.all(pod('api', image('api'), 8080), 'api', 'payments') }),
    ...cronJob({ namespace: 'shop', name: 'report', app: 'report', pod: pod('report', image('report')), schedule: '0 2 * * *' }),
    service('shop', 'web', 8080),
    service('shop', 'catalog', 8080),
    service('payments', 'api', 8080),
    budget('shop', 'web'),
  ];
}

const restricted: Texts = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/** The same shop in every scenario: only the hardened one has thought of its pods. */
export const shopApp: Topic = {
  legacy: shop({ registry: 'shoplegacy', pod: plain, secrets: variables }),
  typical: shop({ registry: 'shoptypical', pod: plain, secrets: variables }),
  private: shop({ registry: 'shopprivate', pod: plain, secrets: variables }),
  hardened: shop({ registry: 'shophardened', pod: careful, secrets: files, labels: restricted }),
};
