import type { AdminGroup, ArmResource, ClusterRef, KubernetesAccess, Operator, Reachability } from './facts.ts';
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

/** A kind of Kubernetes object, as the API server's paths name it. `group` is empty for the core. */
export interface KubeKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower case, as in the path: `networkpolicies`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** One object by name. */
export interface KubeRef {
  readonly kind: KubeKind;
  readonly namespace?: string;
  readonly name: string;
}

/** What the API server made of a write: the object as it stands or would stand, and the warnings it gave (Pod Security speaks through these). */
export interface KubeWritten {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/** The one door to Kubernetes. Objects are raw JSON. Failures are ProblemErrors; a kind that the cluster does not know has the code `kind-missing`. */
export interface KubernetesGateway {
  readonly via: 'kubectl' | 'run-command' | 'practice';
  /** Why it is this way and no other, in a sentence without its end; absent before a way is chosen. */
  readonly why?: string;
  /** Objects of a kind, of one namespace or of all, a page at a time: no more than a page is held. Secrets are never listed. */
  readonly list: (kind: KubeKind, options?: { readonly namespace?: string; readonly signal?: AbortSignal }) => AsyncIterable<readonly JsonObject[]>;
  /** One object; undefined when there is none. */
  readonly get: (ref: KubeRef) => Promise<JsonObject | undefined>;
  /** SelfSubjectAccessReview for every verb on every resource, with the operator's Entra token. */
  readonly access: () => Promise<KubernetesAccess>;
  /** Server-side apply. */
  readonly apply: (objects: readonly JsonObject[], options: { readonly dryRun: boolean }) => Promise<readonly KubeWritten[]>;
  /** A JSON merge patch on one object that exists. */
  readonly patch: (ref: KubeRef, patch: JsonObject, options: { readonly dryRun: boolean }) => Promise<KubeWritten>;
  /** Takes one object away, without waiting for its finalizers. One that is gone already is no error. */
  readonly remove: (ref: KubeRef, options: { readonly dryRun: boolean }) => Promise<void>;
}

/** What reading an admin group gives; used by the snapshot and by the wizard's parameter checks. */
export type ReadAdminGroup = (id: string) => Promise<AdminGroup>;

/** What to read about one cluster. */
export interface ReadRequest {
  readonly cluster: Pick<ClusterRef, 'id'>;
  readonly arm: ArmGateway;
}
