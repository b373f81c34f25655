import type { JsonObject } from '../../../model/json.ts';
import { daemonSet, deployment } from './controllers.ts';
import { namespace, type Topic } from './make.ts';

/** What enforces the strictest level in a namespace, and says so to whoever applies something else. */
export const enforcesRestricted = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
} as const;

/** A log shipper that somebody gave the node to. */
const nodeLogger: JsonObject = {
  serviceAccountName: 'default',
  hostNetwork: true,
  hostPID: true,
  containers: [
    {
      name: 'logger',
      image: 'shoplegacy.azurecr.io/node-logger:0.9',
      securityContext: { privileged: true },
      volumeMounts: [{ name: 'logs', mountPath: '/host/log' }],
    },
  ],
  volumes: [{ name: 'logs', hostPath: { path: '/var/log', type: 'Directory' } }],
};

/** Agents that own their node, and a namespace that Flux keeps. */
const onTheNode: readonly JsonObject[] = [
  ...namespace('agents', { team: 'platform' }),
  ...daemonSet({ namespace: 'agents', name: 'node-logger', app: 'node-logger', pod: nodeLogger }),
  ...namespace('ops-tools', { 'kustomize.toolkit.fluxcd.io/name': 'ops', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' }),
];

/** One team whose pods keep to restricted, though nothing asks it to. */
const ledger: readonly JsonObject[] = [
  ...namespace('ledger', { team: 'payments' }),
  ...deployment({
    namespace: 'ledger',
    name: 'ledger',
    app: 'ledger',
    replicas: 1,
    pod: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'ledger',
          image: 'shoptypical.azurecr.io/ledger:1.0',
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  }),
];

export const podSecurity: Topic = { legacy: onTheNode, typical: ledger, private: ledger, hardened: [] };
