import type { AdminGroup, ArmResource, ClusterRef, KubernetesAccess, NetworkPolicyObject, Operator, Reachability } from './facts.ts';
import type { Json, JsonObject } from './json.ts';
import type { Request } from './plan.ts';

/** One answer of ARM or Graph. Header names are lower case. */
export interface Response {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json | undefined;
}

/** A long-running ARM operation. It can be put away as text and picked up again by another process. */
export interface Operation {
  /** What `ArmGateway.restore` takes. Holds no secret. */
  readonly state: string;
  /** The Azure-AsyncOperation or Location address, for people. */
  readonly url?: string;
  /**
   * Asks once how it stands. Throws a ProblemError when it ended in failure.
   * `retryAfterMs` is ARM's Retry-After, or the client's default.
   */
  readonly poll: () => Promise<{ readonly done: boolean; readonly status: string; readonly retryAfterMs: number }>;
}

/** The one door to Azure Resource Manager and Microsoft Graph. Raw JSON in and out; auth, retries of reads and throttling are the SDK pipeline's. */
export interface ArmGateway {
  readonly kind: 'azure' | 'practice';
  /** For people: the account, or the scenario. */
  readonly label: string;
  /** Sends one request. 4xx and 5xx throw a ProblemError with `cloud` filled. A write is sent once and never again by itself. */
  readonly send: (request: Request, options?: { readonly ifMatch?: string; readonly signal?: AbortSignal }) => Promise<Response>;
  /** Sends a write that may run long. `operation` is absent when it was complete at once. */
  readonly begin: (
    request: Request,
    options?: { readonly ifMatch?: string; readonly signal?: AbortSignal },
  ) => Promise<{ readonly response: Response; readonly operation?: Operation }>;
  /** Picks an operation up again, by the SDK's own restore function. */
  readonly restore: (state: string) => Operation;
  /** A read from Microsoft Graph, path from the version on: `/groups/{id}`. */
  readonly graph: (request: Request) => Promise<Response>;
  /** Who is signed in, from the ARM token's claims. */
  readonly operator: () => Promise<Operator>;
  /** An access token for a scope, for requests that must carry one inside (run-command). Never kept, logged or shown. Absent where there is no sign-in. */
  readonly token?: (scope: string) => Promise<string>;
  /** Subscriptions the sign-in can see. */
  readonly subscriptions: () => Promise<readonly { readonly id: string; readonly name: string; readonly tenantId: string }[]>;
  readonly clusters: (subscriptionId: string) => Promise<readonly ArmResource[]>;
  /** Tries to reach an API server from here: TCP, TLS, /readyz. */
  readonly probe: (host: string, signal?: AbortSignal) => Promise<Reachability>;
  /** Passes time: real for Azure, the world's own for practice. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What the Azure side needs to know from inside the cluster; the workload steps add to it. */
export interface KubernetesGateway {
  readonly via: 'kubectl' | 'run-command' | 'files';
  readonly networkPolicies: () => Promise<readonly NetworkPolicyObject[]>;
  /** SelfSubjectAccessReview for every verb on every resource, with the operator's Entra token. */
  readonly access: () => Promise<KubernetesAccess>;
  readonly apply: (objects: readonly JsonObject[], options: { readonly dryRun: boolean }) => Promise<readonly JsonObject[]>;
}

/** What reading an admin group gives; used by the snapshot and by the wizard's parameter checks. */
export type ReadAdminGroup = (id: string) => Promise<AdminGroup>;

/** What to read about one cluster. */
export interface ReadRequest {
  readonly cluster: Pick<ClusterRef, 'id'>;
  readonly arm: ArmGateway;
}
