import type { JsonObject } from '../../../model/json.ts';
import { daemonSet, deployment } from './controllers.ts';
import { metadata, namespace, type Topic } from './make.ts';
import { enforcesRestricted } from './pod-security.ts';

const managed = { 'kubernetes.azure.com/managedby': 'aks', 'addonmanager.kubernetes.io/mode': 'Reconcile' };
const image = (name: string): string => `mcr.microsoft.com/oss/v2/kubernetes/${name}`;

const hostPath = (name: string, path: string): JsonObject => ({ name, hostPath: { path, type: '' } });

const kubeProxy = daemonSet({
  namespace: 'kube-system',
  name: 'kube-proxy',
  app: 'kube-proxy',
  labels: managed,
  pod: {
    hostNetwork: true,
    serviceAccountName: 'kube-proxy',
    containers: [{ name: 'kube-proxy', image: image('kube-proxy:v1.33.5'), securityContext: { privileged: true } }],
    volumes: [hostPath('iptableslock', '/run/xtables.lock'), hostPath('kernelmodules', '/lib/modules')],
  },
});

const diskDriver = daemonSet({
  namespace: 'kube-system',
  name: 'csi-azuredisk-node',
  app: 'csi-azuredisk-node',
  labels: managed,
  pod: {
    hostNetwork: true,
    serviceAccountName: 'csi-azuredisk-node-sa',
    containers: [{ name: 'azuredisk', image: 'mcr.microsoft.com/oss/v2/kubernetes-csi/azuredisk-csi:v1.33.5', securityContext: { privileged: true } }],
    volumes: [hostPath('mountpoint-dir', '/var/lib/kubelet/'), hostPath('device-dir', '/dev')],
  },
});

const coreDns = deployment({
  namespace: 'kube-system',
  name: 'coredns',
  app: 'coredns',
  labels: { ...managed, 'k8s-app': 'kube-dns' },
  podLabels: { 'k8s-app': 'kube-dns' },
  pod: {
    serviceAccountName: 'coredns',
    containers: [
      {
        name: 'coredns',
        image: image('coredns:v1.12.1'),
        ports: [{ containerPort: 53, protocol: 'UDP' }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] }, readOnlyRootFilesystem: true },
      },
    ],
  },
});

const metricsServer = deployment({
  namespace: 'kube-system',
  name: 'metrics-server',
  app: 'metrics-server',
  labels: managed,
  pod: { serviceAccountName: 'metrics-server', containers: [{ name: 'metrics-server', image: image('metrics-server:v0.7.2') }] },
});

const dns: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata({ namespace: 'kube-system', name: 'kube-dns', labels: { ...managed, 'k8s-app': 'kube-dns' } }),
  spec: {
    type: 'ClusterIP',
    selector: { 'k8s-app': 'kube-dns' },
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    ],
  },
  status: { loadBalancer: {} },
};

const kubernetesService: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata({ namespace: 'default', name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } }),
  spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }] },
  status: { loadBalancer: {} },
};

/** What AKS runs in every cluster: it is left alone. */
const everywhere: readonly JsonObject[] = [
  ...['kube-node-lease', 'kube-public'].flatMap((name) => namespace(name)),
  ...namespace('kube-system', managed),
  ...kubeProxy,
  ...diskDriver,
  ...coreDns,
  ...metricsServer,
  dns,
  kubernetesService,
];

const common: readonly JsonObject[] = [...namespace('default'), ...everywhere];

export const systemApps: Topic = {
  legacy: common,
  typical: common,
  private: common,
  hardened: [...namespace('default', enforcesRestricted), ...everywhere],
};
