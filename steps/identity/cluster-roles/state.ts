import { type Facts, fact, knownValue, type RoleBindingFacts, type RoleFacts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { sameId } from '../../shared/texts.ts';
import { entraOf } from '../entra.ts';

export const STEP = 'identity.cluster-roles';
export const RBAC = 'rbac.authorization.k8s.io';

type Subject = RoleBindingFacts['subjects'][number];

/** Kubernetes' own admin role: every verb on every resource (Kubernetes docs: RBAC, user-facing roles). */
export const CLUSTER_ADMIN = 'cluster-admin';
/** Roles that Kubernetes and AKS bring themselves. AKS writes its own back (AKS docs: support-policies, concepts-cluster-authentication). */
const builtInRoles = [CLUSTER_ADMIN, 'admin', 'edit', 'view', 'aks-service'];
/** Bindings that are break-glass or AKS' support: never taken away, though somebody may have added subjects to them. */
const builtInBindings = ['cluster-admin', 'aks-cluster-admin-binding', 'aks-cluster-admin-binding-aad', 'aks-service-rolebinding'];
/** Users of the certificates that `az aks get-credentials` hands out, and of AKS' support. */
const builtInUsers = ['clusterAdmin', 'clusterUser', 'masterclient', 'aks-support', 'aksService'];
const MASTERS = 'system:masters';
/** Kubernetes' own control plane, which nobody can sign in as. Nodes are not among it: who takes one over would be admin. */
const controlPlane = ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler', 'system:cloud-controller-manager'];
/**
 * What Microsoft runs with every right as its docs say: `az aks command invoke` (AKS docs: access-private-cluster), and the backup extension
 * (Azure Backup docs: azure-kubernetes-service-cluster-backup-concept).
 */
const serviceNamespaces = ['aks-command', 'dataprotection-microsoft'];
/** Groups and users that are everybody, whoever that is. */
const everybody = ['system:authenticated', 'system:unauthenticated', 'system:anonymous', 'system:serviceaccounts'];

const systemNamespaces = (facts: Facts): readonly string[] => {
  const known = knownValue(facts, 'namespaces');
  const named = (known ?? []).filter(({ system }) => system).map(({ name }) => name);
  return [...new Set([...named, 'kube-system', 'kube-public', 'kube-node-lease'])];
};

/** True for a subject that stands for many: every signed-in user, every service account. */
export const isEverybody = ({ kind, name }: Subject): boolean =>
  kind !== 'ServiceAccount' && (everybody.includes(name) || name.startsWith('system:serviceaccounts:'));

/** A subject that may be admin: break-glass, AKS itself, the groups that the cluster names as admins, Kubernetes' control plane. */
function isAllowed(subject: Subject, facts: Facts): boolean {
  switch (subject.kind) {
    case 'Group':
      return subject.name === MASTERS || entraOf(facts).adminGroups.some((group) => sameId(group, subject.name));
    case 'User':
      return builtInUsers.includes(subject.name) || controlPlane.includes(subject.name);
    case 'ServiceAccount':
      return subject.namespace !== undefined && serviceNamespaces.includes(subject.namespace);
    default:
      return false;
  }
}

const isBuiltInRole = (role: RoleFacts, system: readonly string[]): boolean =>
  role.name.startsWith('system:') ||
  builtInRoles.includes(role.name) ||
  role.labels['kubernetes.io/bootstrapping'] === 'rbac-defaults' ||
  role.keeper?.tool === 'aks' ||
  (role.namespace !== undefined && system.includes(role.namespace));

/** Every verb on every resource, of the core group or of all: one group of custom resources alone is an operator's own. */
const isWide = ({ rules }: RoleFacts): boolean =>
  rules.some(({ verbs, resources, apiGroups }) => verbs.includes('*') && resources.includes('*') && apiGroups.some((group) => group === '*' || group === ''));

/** A binding that makes somebody admin who is not on the list, and which of its subjects that are. */
export interface AdminBinding {
  readonly binding: RoleBindingFacts;
  readonly subjects: readonly Subject[];
  /** `cluster`: everywhere; `namespace`: in the binding's own. */
  readonly reach: 'cluster' | 'namespace';
}

export interface Admins {
  readonly found: readonly AdminBinding[];
  /** Bindings that make admins of those who may be. */
  readonly allowed: readonly RoleBindingFacts[];
  /** Roles of one's own with every right. */
  readonly wide: readonly RoleFacts[];
}

function findAdmins(facts: Facts, bindings: readonly RoleBindingFacts[], roles: readonly RoleFacts[]): Admins {
  const system = systemNamespaces(facts);
  const wide = roles.filter((role) => isWide(role) && !isBuiltInRole(role, system));
  const gives = ({ role, namespace }: RoleBindingFacts): boolean =>
    (role.kind === 'ClusterRole' && role.name === CLUSTER_ADMIN) ||
    wide.some(({ kind, name, namespace: of }) => kind === role.kind && name === role.name && (kind === 'ClusterRole' || of === namespace));
  const found: AdminBinding[] = [];
  const allowed: RoleBindingFacts[] = [];
  for (const binding of bindings.filter(gives)) {
    // AKS' own parts hold what AKS gives them; a person whom somebody put beside them is no part of AKS.
    const isOwn = binding.keeper?.tool === 'aks' || (binding.namespace !== undefined && system.includes(binding.namespace));
    const isPart = (subject: Subject): boolean => isOwn && subject.kind === 'ServiceAccount' && system.includes(subject.namespace ?? '');
    const subjects = binding.subjects.filter((subject) => !isAllowed(subject, facts) && !isPart(subject));
    if (subjects.length === 0) allowed.push(binding);
    else found.push({ binding, subjects, reach: binding.kind === 'ClusterRoleBinding' ? 'cluster' : 'namespace' });
  }
  return { found, allowed, wide };
}

export type Reading = { readonly state: 'known'; readonly admins: Admins } | { readonly state: 'unknown'; readonly reason: string };

/** Who is admin in Kubernetes, or why that is not known. */
export function readAdmins(facts: Facts): Reading {
  const bindings = fact(facts, 'roleBindings');
  const roles = fact(facts, 'roles');
  if (bindings.state === 'unknown') return bindings;
  if (roles.state === 'unknown') return roles;
  return { state: 'known', admins: findAdmins(facts, bindings.value, roles.value) };
}

/** The bindings that could go; none where they could not be read. */
export function adminBindings(facts: Facts): readonly AdminBinding[] {
  const found = readAdmins(facts);
  return found.state === 'known' ? found.admins.found : [];
}

/** True for break-glass: it stays, whoever else is named in it. */
export const mustStay = ({ kind, name }: RoleBindingFacts): boolean => kind === 'ClusterRoleBinding' && builtInBindings.includes(name);

/** Those that may be taken away as a whole. */
export const removable = (facts: Facts): readonly AdminBinding[] => adminBindings(facts).filter(({ binding }) => !mustStay(binding));

/** A binding's place as one text: `ClusterRoleBinding/ops`, `RoleBinding/shop/ops`. */
export const bindingKey = ({ kind, namespace, name }: RoleBindingFacts): string => [kind, namespace, name].filter((part) => part !== undefined).join('/');

/** The whole object, as far as it means anything: for the way back. */
export function bindingObject({ kind, namespace, name, labels, role, subjects }: RoleBindingFacts): JsonObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(Object.keys(labels).length > 0 ? { labels: { ...labels } } : {}) },
    roleRef: { apiGroup: RBAC, kind: role.kind, name: role.name },
    subjects: subjects.map((subject) => ({
      kind: subject.kind,
      name: subject.name,
      ...(subject.namespace === undefined ? {} : { namespace: subject.namespace }),
      ...(subject.kind === 'ServiceAccount' ? {} : { apiGroup: RBAC }),
    })),
  };
}

/** A subject for a sentence, uncleaned: `Group ops`, `ServiceAccount ci/deployer`. */
export const subjectName = ({ kind, name, namespace }: Subject): string => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
