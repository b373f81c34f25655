/** A Kubernetes minor version as a region offers it. */
export interface KubernetesMinor {
  /** `1.34`. */
  readonly minor: string;
  /** Who it is supported for: `KubernetesOfficial`, `AKSLongTermSupport`. */
  readonly plans: readonly string[];
  readonly preview: boolean;
  readonly isDefault: boolean;
  /** Its patches, each with the versions that it may go to. */
  readonly patches: readonly { readonly version: string; readonly upgrades: readonly string[] }[];
}

/** Versions that something may go to; previews are left out. */
export interface OfferedUpgrades {
  readonly version: string;
  readonly upgrades: readonly string[];
}

/** What AKS offers this very cluster (its upgrade profile). */
export interface ClusterUpgrades {
  readonly controlPlane: OfferedUpgrades;
  readonly pools: readonly (OfferedUpgrades & { readonly pool: string })[];
}

/** Facts about versions. */
export interface VersionFactValues {
  /** What the cluster's region offers to everybody. */
  readonly kubernetesVersions: readonly KubernetesMinor[];
  readonly clusterUpgrades: ClusterUpgrades;
}
