import type { KubeKind } from './gateway.ts';

const named =
  (group: string, version: string) =>
  (kind: string, plural: string, namespaced = true): KubeKind => ({ group, version, kind, plural, namespaced });

const core = named('', 'v1');
const apps = named('apps', 'v1');
const batch = named('batch', 'v1');
const networking = named('networking.k8s.io', 'v1');
const rbac = named('rbac.authorization.k8s.io', 'v1');
const storage = named('storage.k8s.io', 'v1');
const podIdentity = named('aadpodidentity.k8s.io', 'v1');

/** The kinds that this program reads or writes, by name. Some are custom resources: a cluster need not have them. */
export const kubeKinds = {
  namespace: core('Namespace', 'namespaces', false),
  node: core('Node', 'nodes', false),
  pod: core('Pod', 'pods'),
  service: core('Service', 'services'),
  serviceAccount: core('ServiceAccount', 'serviceaccounts'),
  configMap: core('ConfigMap', 'configmaps'),
  persistentVolume: core('PersistentVolume', 'persistentvolumes', false),
  persistentVolumeClaim: core('PersistentVolumeClaim', 'persistentvolumeclaims'),
  deployment: apps('Deployment', 'deployments'),
  replicaSet: apps('ReplicaSet', 'replicasets'),
  statefulSet: apps('StatefulSet', 'statefulsets'),
  daemonSet: apps('DaemonSet', 'daemonsets'),
  job: batch('Job', 'jobs'),
  cronJob: batch('CronJob', 'cronjobs'),
  networkPolicy: networking('NetworkPolicy', 'networkpolicies'),
  ingress: networking('Ingress', 'ingresses'),
  gateway: named('gateway.networking.k8s.io', 'v1')('Gateway', 'gateways'),
  disruptionBudget: named('policy', 'v1')('PodDisruptionBudget', 'poddisruptionbudgets'),
  role: rbac('Role', 'roles'),
  clusterRole: rbac('ClusterRole', 'clusterroles', false),
  roleBinding: rbac('RoleBinding', 'rolebindings'),
  clusterRoleBinding: rbac('ClusterRoleBinding', 'clusterrolebindings', false),
  storageClass: storage('StorageClass', 'storageclasses', false),
  csiDriver: storage('CSIDriver', 'csidrivers', false),
  azureIdentity: podIdentity('AzureIdentity', 'azureidentities'),
  azureIdentityBinding: podIdentity('AzureIdentityBinding', 'azureidentitybindings'),
  azurePodIdentityException: podIdentity('AzurePodIdentityException', 'azurepodidentityexceptions'),
  secretProviderClass: named('secrets-store.csi.x-k8s.io', 'v1')('SecretProviderClass', 'secretproviderclasses'),
} as const satisfies { readonly [name: string]: KubeKind };

/** `apps/v1`, or `v1` for the core. */
export function apiVersionOf(kind: Pick<KubeKind, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** The kind that an object's own apiVersion and kind name; undefined for one that this program does not know. */
export function kubeKindOf(object: { readonly apiVersion: string; readonly kind: string }): KubeKind | undefined {
  return Object.values(kubeKinds).find((known) => known.kind === object.kind && apiVersionOf(known) === object.apiVersion);
}

/** The path of a kind's list, of one namespace or of all (Kubernetes docs: API concepts, resource URIs). */
export function kubeListPath(kind: KubeKind, namespace?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return `${root}${kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${kind.plural}`;
}

/** The path of one object. */
export function kubeObjectPath(kind: KubeKind, name: string, namespace?: string): string {
  return `${kubeListPath(kind, namespace)}/${encodeURIComponent(name)}`;
}
