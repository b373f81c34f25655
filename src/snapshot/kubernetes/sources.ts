import type { CertificateFactValues } from '../../model/certificate-facts.ts';
import type { KubernetesFactValues } from '../../model/facts.ts';
import type { KubeKind } from '../../model/gateway.ts';
import type { JsonObject } from '../../model/json.ts';
import { kubeKinds } from '../../model/kube-kinds.ts';
import { type Collector, collected } from './listed.ts';
import { namespaceFacts, nodeFacts } from './namespaces.ts';
import { networkPolicyFacts } from './network-policies.ts';
import { bindingFacts, roleFacts, serviceAccountFacts } from './roles.ts';
import { budgetFacts, gatewayFacts, ingressFacts, serviceFacts } from './services.ts';
import { persistentVolumeFacts, podIdentityFacts, secretProviderClassFacts, storageClassFacts } from './storage.ts';
import { WorkloadCount } from './workloads.ts';

/** Facts that are made of Kubernetes objects. */
export type KubernetesListValues = Omit<KubernetesFactValues, 'podSecurityAnswers' | 'deploymentSafeguards'> & Pick<CertificateFactValues, 'nodes'>;

/** Which objects a fact is made of, and how. */
export interface FactSource<T> {
  readonly kinds: readonly KubeKind[];
  /** Kinds that a live cluster need not be asked for, and that files may hold. */
  readonly inFiles?: readonly KubeKind[];
  /** Files tell the fact when they hold every kind of it, not just one: every cluster has all of these. */
  readonly wantsAll?: true;
  readonly start: () => Collector<T>;
}

const one = <T>(kind: KubeKind, reduce: (object: JsonObject) => T): FactSource<readonly T[]> => ({ kinds: [kind], start: () => collected(reduce) });

const { clusterRole, role, clusterRoleBinding, roleBinding, azureIdentity, azureIdentityBinding, ingress, gateway } = kubeKinds;

/** How each fact is made, from whatever way into Kubernetes there is: a live cluster or files. */
export const kubernetesSources: { readonly [K in keyof KubernetesListValues]: FactSource<KubernetesListValues[K]> } = {
  namespaces: one(kubeKinds.namespace, namespaceFacts),
  nodes: one(kubeKinds.node, nodeFacts),
  workloads: {
    kinds: [kubeKinds.pod, kubeKinds.deployment, kubeKinds.statefulSet, kubeKinds.daemonSet, kubeKinds.cronJob, kubeKinds.job],
    inFiles: [kubeKinds.replicaSet],
    start: () => new WorkloadCount(),
  },
  services: one(kubeKinds.service, serviceFacts),
  ingresses: { kinds: [ingress, gateway], start: () => collected((object) => (object['kind'] === 'Gateway' ? gatewayFacts(object) : ingressFacts(object))) },
  serviceAccounts: one(kubeKinds.serviceAccount, serviceAccountFacts),
  roleBindings: { kinds: [clusterRoleBinding, roleBinding], wantsAll: true, start: () => collected(bindingFacts) },
  roles: { kinds: [clusterRole, role], wantsAll: true, start: () => collected(roleFacts) },
  storageClasses: one(kubeKinds.storageClass, storageClassFacts),
  persistentVolumes: one(kubeKinds.persistentVolume, persistentVolumeFacts),
  podIdentities: { kinds: [azureIdentity, azureIdentityBinding], start: () => collected(podIdentityFacts) },
  secretProviderClasses: one(kubeKinds.secretProviderClass, secretProviderClassFacts),
  disruptionBudgets: one(kubeKinds.disruptionBudget, budgetFacts),
  networkPolicies: one(kubeKinds.networkPolicy, networkPolicyFacts),
};

/** Names of these facts. */
export const kubernetesKeys = Object.keys(kubernetesSources) as readonly (keyof KubernetesListValues)[];
