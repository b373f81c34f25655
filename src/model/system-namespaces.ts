import type { Texts } from './kubernetes-facts.ts';

/** Namespaces of Kubernetes, of AKS, and of its add-ons and extensions (AKS docs: the pages of each). `default` is not among them: teams use it. */
const names: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'aks-command',
  'aks-istio-system',
  'aks-istio-ingress',
  'aks-istio-egress',
  'app-routing-system',
  'azappconfig-system',
  'azure-arc',
  'azure-arc-release',
  'azure-extensions-usage-system',
  'azure-workload-identity-system',
  'calico-apiserver',
  'calico-system',
  'dapr-system',
  'dataprotection-microsoft',
  'flux-system',
  'gatekeeper-system',
  'kaito-workspace',
  'tigera-operator',
  'tigera-system',
  'acstor',
]);

/** Whether a namespace belongs to Kubernetes or to AKS: it is left alone. By its name, or by the label that AKS gives what it manages. */
export function isSystemNamespace(name: string, labels: Texts = {}): boolean {
  return names.has(name) || labels['kubernetes.azure.com/managedby']?.toLowerCase() === 'aks';
}
