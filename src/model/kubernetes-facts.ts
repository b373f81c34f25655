import type { JsonObject } from './json.ts';

/** Texts by key: labels, annotations. */
export interface Texts {
  readonly [key: string]: string;
}

/** What keeps an object as it is: a change made beside it would be undone, or would be drift. */
export interface Keeper {
  readonly tool: 'flux' | 'argo-cd' | 'helm' | 'aks';
  /** The label or annotation that tells. */
  readonly sign: string;
}

interface Named {
  readonly name: string;
  /** Labels and annotations are left out where a fact has no use for them. */
  readonly keeper?: Keeper;
}

interface Namespaced extends Named {
  readonly namespace: string;
}

export interface NamespaceFacts extends Named {
  readonly labels: Texts;
  /** AKS' own or Kubernetes' own: left alone (`isSystemNamespace`). */
  readonly system: boolean;
}

/**
 * Pods of one controller that look alike, or a controller without pods. The spec is a pod's own, after admission: what was injected is in it.
 * It holds no value of an environment variable, no command and no argument: these may carry secrets.
 */
export interface Workload extends Namespaced {
  readonly apiVersion: string;
  /** The controller at the top: `Deployment`, `StatefulSet`, `DaemonSet`, `CronJob`, `Job`, another kind's name, or `Pod` for one without. */
  readonly kind: string;
  /** How many pods look like this; 0 for a controller that runs none now. */
  readonly pods: number;
  readonly podLabels: Texts;
  /** Annotations of the pod that speak of security or identity: AppArmor, seccomp, workload identity. */
  readonly podAnnotations: Texts;
  readonly spec: JsonObject;
  /** Of kured alone: its command-line options that tell when it may restart nodes, `--reboot-days=mon`. */
  readonly options?: readonly string[];
  /** The file it was read from. */
  readonly file?: string;
}

export interface ServiceFacts extends Namespaced {
  readonly type: string;
  /** Annotations that Azure's cloud provider reads (`service.beta.kubernetes.io/…`), and this program's own (`aks-harden/…`). */
  readonly annotations: Texts;
  readonly addresses: readonly string[];
  /** `targetPort` is the pods' own: a number, or the name of a container's port. Absent: the same as `port`. */
  readonly ports: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly name?: string;
    readonly targetPort?: number | string;
    /** Azure's health probe speaks it. */
    readonly appProtocol?: string;
  }[];
  /** spec.loadBalancerIP: deprecated, still honoured. */
  readonly loadBalancerIp?: string;
  /** Another controller than the cloud provider serves it. */
  readonly loadBalancerClass?: string;
  /** Only where it is not `None`, the default. */
  readonly sessionAffinity?: string;
  readonly sourceRanges: readonly string[];
  readonly selector: Texts;
  /** `Local` keeps the client's address and skips nodes without a pod of it. */
  readonly externalTrafficPolicy?: string;
}

export interface IngressFacts extends Namespaced {
  /** `Ingress`, or `Gateway` of the Gateway API. */
  readonly kind: 'Ingress' | 'Gateway';
  readonly className?: string;
  readonly annotations: Texts;
  readonly hosts: readonly string[];
  /** Hosts with a certificate, and the Secret's name: never its content. */
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName?: string }[];
}

export interface ServiceAccountFacts extends Namespaced {
  /** Workload identity's annotations. */
  readonly annotations: Texts;
  readonly automountToken?: boolean;
}

export interface RoleBindingFacts extends Named {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly namespace?: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
  readonly labels: Texts;
}

export interface RoleFacts extends Named {
  readonly kind: 'ClusterRole' | 'Role';
  readonly namespace?: string;
  readonly labels: Texts;
  /** Rules that have a `*` anywhere, or that give more than they seem to (escalate, bind, impersonate, secrets); others are left out. */
  readonly rules: readonly { readonly verbs: readonly string[]; readonly apiGroups: readonly string[]; readonly resources: readonly string[] }[];
}

export interface StorageClassFacts extends Named {
  readonly provisioner: string;
  readonly parameters: Texts;
  readonly isDefault: boolean;
  /** `Delete` or `Retain`: what becomes of a volume whose claim is gone. */
  readonly reclaimPolicy?: string;
  readonly bindingMode?: string;
  readonly expandable?: boolean;
  /** Without any that could hold a password. */
  readonly mountOptions?: readonly string[];
}

export interface PersistentVolumeFacts extends Named {
  /** The key of its source in the spec: `csi`, `azureDisk`, `azureFile`, `flexVolume`, `nfs`, … */
  readonly source: string;
  readonly driver?: string;
  readonly storageClass?: string;
  readonly claim?: { readonly namespace: string; readonly name: string };
}

/** An object of AAD pod identity (aadpodidentity.k8s.io/v1). */
export interface PodIdentityFacts extends Namespaced {
  readonly kind: 'AzureIdentity' | 'AzureIdentityBinding';
  /** AzureIdentity: the managed identity. */
  readonly resourceId?: string;
  readonly clientId?: string;
  /** AzureIdentityBinding: which identity, and the pods' label value. */
  readonly identity?: string;
  readonly selector?: string;
}

export interface SecretProviderClassFacts extends Namespaced {
  readonly provider: string;
  /** It also makes Kubernetes Secrets. */
  readonly syncs: boolean;
}

export interface DisruptionBudgetFacts extends Namespaced {
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
  readonly minAvailable?: string;
  readonly maxUnavailable?: string;
}

/** A NetworkPolicy object in the cluster. */
export interface NetworkPolicyObject {
  readonly namespace: string;
  readonly name: string;
  /** True when it selects all pods of its namespace. */
  readonly selectsAll: boolean;
  readonly policyTypes: readonly string[];
  /** Whether an ipBlock is used: Cilium does not match pod or node addresses with it. */
  readonly usesIpBlock: boolean;
  /** Directions it opens to everybody by an empty rule (`ingress: [{}]`): rules add up, so that no other policy closes them again. */
  readonly opens?: readonly string[];
}

/** What the API server itself says to a Pod Security level on a namespace, by dry-run. */
export interface PodSecurityAnswer {
  readonly namespace: string;
  readonly level: 'baseline' | 'restricted';
  readonly warnings: readonly string[];
  /** The API server's configuration exempts the namespace: a level there does nothing. */
  readonly exempt?: true;
}

/** What is read from Kubernetes. Kinds that the cluster does not know are empty lists. */
export interface KubernetesFactValues {
  readonly namespaces: readonly NamespaceFacts[];
  readonly workloads: readonly Workload[];
  readonly services: readonly ServiceFacts[];
  readonly ingresses: readonly IngressFacts[];
  readonly serviceAccounts: readonly ServiceAccountFacts[];
  readonly roleBindings: readonly RoleBindingFacts[];
  readonly roles: readonly RoleFacts[];
  readonly storageClasses: readonly StorageClassFacts[];
  readonly persistentVolumes: readonly PersistentVolumeFacts[];
  readonly podIdentities: readonly PodIdentityFacts[];
  readonly secretProviderClasses: readonly SecretProviderClassFacts[];
  readonly disruptionBudgets: readonly DisruptionBudgetFacts[];
  readonly networkPolicies: readonly NetworkPolicyObject[];
  /** Azure's own check of what is deployed: the resource beside the cluster (az aks safeguards); null where there is none. */
  readonly deploymentSafeguards: JsonObject | null;
  /** Asked only to plan: one dry-run a namespace and level. */
  readonly podSecurityAnswers: readonly PodSecurityAnswer[];
}
