/** What the activity log tells about the certificates of a cluster. It keeps 90 days. Times are ISO 8601. */
export interface CertificateHistory {
  /** How far back was asked. */
  readonly since: string;
  /** The last time that all certificates were rotated. */
  readonly rotatedAt?: string;
  /** The last time that somebody was given an admin credential. */
  readonly handedOutAt?: string;
}

/** A node and the labels that AKS gives it. */
export interface NodeFacts {
  readonly name: string;
  readonly pool: string;
  /** `kubernetes.azure.com/kubelet-serving-ca`: `cluster` where the kubelet's serving certificate is signed by the cluster and renewed. */
  readonly servingAuthority?: string;
}

/** Facts about certificates. Both are only read to plan. */
export interface CertificateFactValues {
  readonly certificateHistory: CertificateHistory;
  readonly nodes: readonly NodeFacts[];
}
