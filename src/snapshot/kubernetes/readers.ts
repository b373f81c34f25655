import type { CertificateFactValues } from '../../model/certificate-facts.ts';
import type { KubernetesFactValues } from '../../model/facts.ts';
import type { KubeKind } from '../../model/gateway.ts';
import type { JsonObject } from '../../model/json.ts';
import { kubeKinds } from '../../model/kube-kinds.ts';
import { type KubeReading, listed } from './listed.ts';
import { namespaceFacts, nodeFacts } from './namespaces.ts';
import { networkPolicyFacts } from './network-policies.ts';
import { bindingFacts, roleFacts, serviceAccountFacts } from './roles.ts';
import { budgetFacts, gatewayFacts, ingressFacts, serviceFacts } from './services.ts';
import { persistentVolumeFacts, podIdentityFacts, secretProviderClassFacts, storageClassFacts } from './storage.ts';
import { readWorkloads } from './workloads.ts';

/** Facts that are lists of Kubernetes objects, each reduced. */
type Values = Omit<KubernetesFactValues, 'podSecurityAnswers' | 'deploymentSafeguards'> & Pick<CertificateFactValues, 'nodes'>;
type KubernetesReaders = { readonly [K in keyof Values]: (reading: KubeReading) => Promise<Values[K]> };

const one =
  <T>(kind: KubeKind, reduce: (object: JsonObject) => T) =>
  (reading: KubeReading): Promise<readonly T[]> =>
    listed(reading, kind, reduce);

const both =
  <T>(first: (reading: KubeReading) => Promise<readonly T[]>, second: (reading: KubeReading) => Promise<readonly T[]>) =>
  async (reading: KubeReading): Promise<readonly T[]> =>
    (await Promise.all([first(reading), second(reading)])).flat();

/** How each fact is read, from whatever way into Kubernetes there is: a live cluster or files. */
export const kubernetesReaders: KubernetesReaders = {
  namespaces: one(kubeKinds.namespace, namespaceFacts),
  nodes: one(kubeKinds.node, nodeFacts),
  workloads: readWorkloads,
  services: one(kubeKinds.service, serviceFacts),
  ingresses: both(one(kubeKinds.ingress, ingressFacts), one(kubeKinds.gateway, gatewayFacts)),
  serviceAccounts: one(kubeKinds.serviceAccount, serviceAccountFacts),
  roleBindings: both(one(kubeKinds.clusterRoleBinding, bindingFacts), one(kubeKinds.roleBinding, bindingFacts)),
  roles: both(one(kubeKinds.clusterRole, roleFacts), one(kubeKinds.role, roleFacts)),
  storageClasses: one(kubeKinds.storageClass, storageClassFacts),
  persistentVolumes: one(kubeKinds.persistentVolume, persistentVolumeFacts),
  podIdentities: both(one(kubeKinds.azureIdentity, podIdentityFacts), one(kubeKinds.azureIdentityBinding, podIdentityFacts)),
  secretProviderClasses: one(kubeKinds.secretProviderClass, secretProviderClassFacts),
  disruptionBudgets: one(kubeKinds.disruptionBudget, budgetFacts),
  networkPolicies: one(kubeKinds.networkPolicy, networkPolicyFacts),
};
