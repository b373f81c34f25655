import type { JsonObject } from '../../../model/json.ts';
import { metadata, type Topic } from './make.ts';

const policy = (namespace: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: metadata({ namespace, name }),
  spec,
});

const allowWeb = policy('shop', 'allow-web', {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Ingress'],
  ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
});

const denyAll = (namespace: string): JsonObject => policy(namespace, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

/** Policies that somebody wrote years ago and that no engine ever enforced: one closes a namespace, one uses addresses. */
const dormant: readonly JsonObject[] = [
  denyAll('payments'),
  allowWeb,
  policy('shop', 'egress-to-database', {
    podSelector: { matchLabels: { app: 'catalog' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 5432, protocol: 'TCP' }] }],
  }),
];

/** Policies that are enforced and think of everything. */
const thorough: readonly JsonObject[] = [
  ...['shop', 'payments', 'default'].map(denyAll),
  ...['shop', 'payments'].map((namespace) =>
    policy(namespace, 'allow-dns', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }], ports: [{ port: 53, protocol: 'UDP' }] }],
    }),
  ),
  allowWeb,
];

export const networkPolicies: Topic = { legacy: dormant, typical: [], private: dormant, hardened: thorough };
