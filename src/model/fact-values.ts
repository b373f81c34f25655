import type { AdminPathFactValues } from './admin-path-facts.ts';
import type { CertificateFactValues } from './certificate-facts.ts';
import type { ArmResource } from './facts.ts';
import type { KubernetesFactValues } from './kubernetes-facts.ts';
import type { NetworkFactValues } from './network-facts.ts';
import type { VersionFactValues } from './version-facts.ts';

export type * from './kubernetes-facts.ts';
export type * from './version-facts.ts';

/** An address the cluster's traffic leaves from. */
export interface OutboundAddress {
  readonly resourceId: string;
  /** CIDR; a single address is a /32. */
  readonly cidr: string;
}

/** Who is signed in, from the access token's own claims. */
export interface Operator {
  readonly objectId: string;
  readonly tenantId: string;
  readonly name: string;
  readonly kind: 'user' | 'application';
  /** The `ipaddr` claim: the public address that the sign-in came from. May be old, or another network's. */
  readonly address?: string;
}

/** An Entra group named as cluster admin. */
export interface AdminGroup {
  readonly id: string;
  readonly exists: boolean;
  readonly displayName?: string;
  readonly securityEnabled?: boolean;
  /** Members, direct and nested. */
  readonly memberCount?: number;
  readonly containsOperator?: boolean;
}

/** A security group that the operator is in, directly or through another. */
export interface OperatorGroup {
  readonly id: string;
  readonly displayName: string;
}

/** A node pool's image, now and what AKS offers as latest. */
export interface PoolImage {
  readonly pool: string;
  readonly current: string;
  readonly latest: string;
}

/** A Log Analytics workspace that a cluster's add-on refers to. */
export interface WorkspaceReference {
  readonly id: string;
  readonly exists: boolean;
  /** Which part of the cluster refers to it: `defender`, `omsagent`. */
  readonly usedBy: string;
}

/** A sign that something else owns the cluster's configuration. */
export interface Ownership {
  readonly tool: 'terraform' | 'bicep' | 'pulumi' | 'crossplane' | 'cluster-api' | 'azd' | 'fleet';
  /** The sign itself: a tag, a deployment's name. */
  readonly sign: string;
}

/** An attempt to reach the API server from here. */
export interface Reachability {
  readonly reachable: boolean;
  readonly detail: string;
  /** The certificate that the server showed (ISO 8601), where the attempt got as far as TLS. */
  readonly certificate?: { readonly notBefore: string; readonly notAfter: string };
}

/** Whether the signed-in person may do everything in Kubernetes with an Entra token (SelfSubjectAccessReview). */
export interface KubernetesAccess {
  readonly allowed: boolean;
  readonly as: string;
}

/** A permission entry as Microsoft.Authorization/permissions lists it. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** The Entra application behind a cluster that acts as a service principal. Times are ISO 8601. */
export interface ServicePrincipal {
  readonly appId: string;
  readonly exists: boolean;
  readonly objectId?: string;
  readonly displayName?: string;
  /** Secrets and certificates that it can sign in with, and when each ends. Never a secret itself. */
  readonly credentials: readonly { readonly kind: 'secret' | 'certificate'; readonly endsAt: string }[];
}

/** A service principal of the directory whose name is made from the cluster's. */
export interface NamesakePrincipal {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
}

/** A user-assigned managed identity. */
export interface ManagedIdentity {
  readonly id: string;
  readonly principalId: string;
  readonly clientId: string;
}

/** What an identity that the cluster acts with may do in its subscription. */
export interface IdentityGrants {
  /** A service principal is both the control plane's identity and the kubelets'. */
  readonly identity: 'control-plane' | 'kubelet' | 'service-principal';
  readonly principalId: string;
  /** Role assignments as ARM sends them, at, below and above the subscription. */
  readonly assignments: readonly ArmResource[];
}

/** A data collection rule that the cluster is associated with. `rule` is absent where the rule is gone. */
export interface AssociatedRule {
  readonly association: string;
  readonly ruleId: string;
  readonly rule?: ArmResource;
}

/** What could take an image out of a registry's quarantine. */
export interface RegistryScanners {
  readonly registryId: string;
  /** Names of enabled webhooks that are called for a quarantined image. */
  readonly webhooks: readonly string[];
  /** Principals that may mark an image as good (AcrQuarantineWriter). */
  readonly quarantineWriters: readonly string[];
}

/** What Defender's image scan says about a registry: status codes of its assessments, `Healthy` or `Unhealthy`. */
export interface RegistryAssessment {
  readonly registryId: string;
  readonly codes: readonly string[];
}

/** Private endpoints of registries, and the private DNS zones that their names are found in. */
export interface RegistryPrivateLink {
  readonly endpoints: readonly {
    readonly id: string;
    readonly subnetId: string;
    /** Registries the endpoint leads to. */
    readonly targets: readonly string[];
    /** Private DNS zones it registers its addresses in. */
    readonly zones: readonly string[];
  }[];
  readonly zones: readonly { readonly id: string; readonly networks: readonly string[] }[];
}

/** Every fact beside the cluster body itself, by name. `needs` of a step names these. */
export interface FactValues extends AdminPathFactValues, CertificateFactValues, KubernetesFactValues, NetworkFactValues, VersionFactValues {
  /** Pools as their own resources, with their eTags. */
  readonly agentPools: readonly ArmResource[];
  readonly diagnosticSettings: readonly ArmResource[];
  readonly maintenanceConfigurations: readonly ArmResource[];
  /** Microsoft.Security/pricings/Containers of the subscription. */
  readonly defenderPlan: ArmResource;
  /** What the signed-in principal may do on the cluster. */
  readonly permissions: readonly Permission[];
  /** What it may do on the subscription. */
  readonly subscriptionPermissions: readonly Permission[];
  readonly locks: readonly ArmResource[];
  readonly policyAssignments: readonly ArmResource[];
  readonly roleAssignments: readonly ArmResource[];
  readonly outboundAddresses: readonly OutboundAddress[];
  readonly poolImages: readonly PoolImage[];
  readonly workspaces: readonly WorkspaceReference[];
  readonly adminGroups: readonly AdminGroup[];
  readonly operator: Operator;
  readonly operatorGroups: readonly OperatorGroup[];
  readonly subscriptionTenant: string;
  readonly ownership: readonly Ownership[];
  /** Log Analytics workspaces of the subscription that a destination can be chosen from. */
  readonly availableWorkspaces: readonly { readonly id: string; readonly location: string }[];
  /** Subnets of the cluster's own virtual network: for API Server VNet Integration. */
  readonly subnets: readonly ArmResource[];
  readonly apiServerReachability: Reachability;
  readonly kubernetesAccess: KubernetesAccess;
  /** Whether `az aks command invoke` answered. */
  readonly runCommand: Reachability;
  /** The application the cluster acts as; null where it acts with a managed identity. */
  readonly servicePrincipal: ServicePrincipal | null;
  readonly namesakePrincipals: readonly NamesakePrincipal[];
  /** Every cluster of the subscription, with the application it acts as where it has one. */
  readonly siblingClusters: readonly { readonly id: string; readonly servicePrincipal?: string }[];
  /** User-assigned identities of the subscription. */
  readonly managedIdentities: readonly ManagedIdentity[];
  readonly identityRoleAssignments: readonly IdentityGrants[];
  readonly dataCollectionRules: readonly AssociatedRule[];
  /** Container registries of the subscription. */
  readonly registries: readonly ArmResource[];
  readonly registryScanners: readonly RegistryScanners[];
  readonly registryAssessments: readonly RegistryAssessment[];
  readonly registryPrivateLink: RegistryPrivateLink;
}

export type FactKey = keyof FactValues;
