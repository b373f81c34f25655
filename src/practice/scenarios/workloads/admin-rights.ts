import type { JsonObject } from '../../../model/json.ts';
import { metadata, type Topic } from './make.ts';

const RBAC = 'rbac.authorization.k8s.io';
const bootstrapped = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];

const clusterRole = (name: string, rules: readonly JsonObject[], labels?: { readonly [key: string]: string }): JsonObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: metadata({ name, ...(labels === undefined ? {} : { labels }) }),
  rules: [...rules],
});

function clusterBinding(name: string, role: string, subject: JsonObject, labels?: { readonly [key: string]: string }): JsonObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: metadata({ name, ...(labels === undefined ? {} : { labels }) }),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
}

/** What Kubernetes and AKS bring themselves: break-glass. */
const ownBindings: readonly JsonObject[] = [
  clusterRole('cluster-admin', everything, bootstrapped),
  clusterBinding('cluster-admin', 'cluster-admin', { apiGroup: RBAC, kind: 'Group', name: 'system:masters' }, bootstrapped),
  clusterBinding(
    'aks-cluster-admin-binding',
    'cluster-admin',
    { apiGroup: RBAC, kind: 'User', name: 'clusterAdmin' },
    { 'addonmanager.kubernetes.io/mode': 'Reconcile', 'kubernetes.io/cluster-service': 'true' },
  ),
];

/** A pipeline that was made admin to get it going. */
const pipeline: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata({ namespace: 'shop', name: 'deployer' }) },
  clusterBinding('ci-deployer', 'cluster-admin', { kind: 'ServiceAccount', name: 'deployer', namespace: 'shop' }),
];

/** Who may do everything: nobody but break-glass, or a pipeline as well, or a role with every right on top. */
export const adminRights: Topic = {
  legacy: [...ownBindings, ...pipeline, clusterRole('support-everything', everything)],
  typical: [...ownBindings, ...pipeline],
  private: ownBindings,
  hardened: ownBindings,
};
