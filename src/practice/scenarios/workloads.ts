import type { JsonObject } from '../../model/json.ts';

const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  status: { phase: 'Active' },
});

const policy = (ns: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: ns, creationTimestamp: '2021-03-04T09:00:00Z' },
  spec,
});

const pod = (ns: string, name: string, app: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: ns, labels: { app } },
  spec: { containers: [{ name: app, image: `shopregistry.azurecr.io/${app}:2.4` }] },
  status: { phase: 'Running' },
});

const systemNamespaces: readonly JsonObject[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => namespace(name));

/** A shop with three namespaces. */
const shop: readonly JsonObject[] = [
  ...systemNamespaces,
  namespace('shop', { team: 'shop' }),
  namespace('payments', { team: 'payments' }),
  pod('shop', 'web-6d9f7c9b7d-x2x8v', 'web'),
  pod('shop', 'catalog-5c7b9f6f4c-kq2mv', 'catalog'),
  pod('payments', 'api-7f4d8b6c5f-9zq4t', 'api'),
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    status: { currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 },
  },
];

/** Policies that somebody wrote years ago and that no engine ever enforced: one closes a namespace, one uses addresses. */
export const shopWithDormantPolicies: readonly JsonObject[] = [
  ...shop,
  policy('payments', 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  policy('shop', 'allow-web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
  }),
  policy('shop', 'egress-to-database', {
    podSelector: { matchLabels: { app: 'catalog' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 5432, protocol: 'TCP' }] }],
  }),
];

/** The same without any policy. */
export const shopWithoutPolicies: readonly JsonObject[] = shop;

/** Policies that are enforced and think of everything. */
export const shopWithPolicies: readonly JsonObject[] = [
  ...shop,
  ...['shop', 'payments', 'default'].map((ns) => policy(ns, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })),
  ...['shop', 'payments'].map((ns) =>
    policy(ns, 'allow-dns', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }], ports: [{ port: 53, protocol: 'UDP' }] }],
    }),
  ),
  policy('shop', 'allow-web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
  }),
];
