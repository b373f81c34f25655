import { eachObject, type KubeReading } from './listed.ts';
import { type FactSource, type KubernetesListValues, kubernetesSources } from './sources.ts';

type KubernetesReaders = { readonly [K in keyof KubernetesListValues]: (reading: KubeReading) => Promise<KubernetesListValues[K]> };

const reader =
  <T>({ kinds, start }: FactSource<T>) =>
  async (reading: KubeReading): Promise<T> => {
    const collector = start();
    await Promise.all(kinds.map((kind) => eachObject(reading, kind, collector.take.bind(collector))));
    return collector.end();
  };

/** How each fact is read from a way into Kubernetes: the lists of its kinds, page by page. */
export const kubernetesReaders: KubernetesReaders = {
  namespaces: reader(kubernetesSources.namespaces),
  nodes: reader(kubernetesSources.nodes),
  workloads: reader(kubernetesSources.workloads),
  services: reader(kubernetesSources.services),
  ingresses: reader(kubernetesSources.ingresses),
  serviceAccounts: reader(kubernetesSources.serviceAccounts),
  roleBindings: reader(kubernetesSources.roleBindings),
  roles: reader(kubernetesSources.roles),
  storageClasses: reader(kubernetesSources.storageClasses),
  persistentVolumes: reader(kubernetesSources.persistentVolumes),
  podIdentities: reader(kubernetesSources.podIdentities),
  secretProviderClasses: reader(kubernetesSources.secretProviderClasses),
  disruptionBudgets: reader(kubernetesSources.disruptionBudgets),
  networkPolicies: reader(kubernetesSources.networkPolicies),
};
