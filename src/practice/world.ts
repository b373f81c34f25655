import { randomUUID } from 'node:crypto';
import type { ArmResource, Operator, Permission } from '../model/facts.ts';
import type { Json, JsonObject, Path } from '../model/json.ts';
import { text } from '../model/json.ts';
import type { Clock } from './clock.ts';

export const scenarioNames = ['legacy', 'typical', 'private', 'hardened'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** What becomes true when an operation succeeds. Plain JSON, so that it outlives the process. */
export type Outcome =
  | { readonly kind: 'set'; readonly id: string; readonly path: Path; readonly value?: Json }
  | { readonly kind: 'pool'; readonly cluster: string; readonly pool: string; readonly path: Path; readonly value?: Json }
  | { readonly kind: 'put'; readonly resource: ArmResource }
  | { readonly kind: 'new-certificates'; readonly cluster: string }
  | { readonly kind: 'authorized-ranges'; readonly cluster: string; readonly ranges: readonly string[] };

/** An asynchronous operation. Times are the world's, in milliseconds. */
export interface WorldOperation {
  readonly id: string;
  /** Lower-cased ids of the resources whose provisioningState it moves. */
  readonly cluster: string;
  readonly pools: readonly string[];
  /** The provisioningState while it runs; also its name in "Another operation (…) is in progress". */
  readonly state: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly error?: { readonly code: string; readonly message: string };
  /** Decided at the start, told at the end. */
  readonly failsWith?: { readonly code: string; readonly message: string };
  readonly outcomes: readonly Outcome[];
}

/** A permission at a scope; it holds for everything below. */
export interface Grant extends Permission {
  readonly scope: string;
}

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly securityEnabled: boolean;
  /** Object ids of users, applications and groups. */
  readonly members: readonly string[];
}

export interface Principal {
  readonly id: string;
  readonly displayName: string;
  readonly kind: 'user' | 'servicePrincipal';
  /** The application's own id, where it is not the object id. */
  readonly appId?: string;
  /** Days that each of its secrets is still good for, counted from whenever it is asked. */
  readonly secretDays?: readonly number[];
}

/** A failure that is made to happen: for exercises and tests. */
export interface Fault {
  readonly method: string;
  /** A part of the path, in lower case. */
  readonly path: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly times: number;
  /** True: the write takes place, only its answer is lost (as in a gateway timeout). */
  readonly afterEffect?: boolean;
}

/** An earlier state of the API server's allow-list: it takes up to two minutes to hold (AKS docs: api-server-authorized-ip-ranges). */
export interface RangesChange {
  readonly at: number;
  readonly ranges: readonly string[];
}

/** A webhook that is asked about every write of a kind: in one namespace or in all, or only where the object carries a label. */
export interface Denial {
  readonly webhook: string;
  readonly kind: string;
  readonly namespace?: string;
  /** A label's key: the rule is about objects that carry it. */
  readonly label?: string;
  /** Why it denies; for one that does not answer, what its call ended with. */
  readonly message: string;
  /** `denied` when left out. `no-dry-run`: it has side effects, so that no dry run passes. `no-answer`: it is down, and nothing passes without it. */
  readonly answer?: 'denied' | 'no-dry-run' | 'no-answer';
}

/** Who uses the world, and how it differs from a well-behaved one. Tests change it. */
export interface Settings {
  readonly operator: Operator;
  readonly grants: readonly Grant[];
  readonly faults: readonly Fault[];
  /** True where the operator's machine has a way into the cluster's network. */
  readonly privatePath: boolean;
  /** The release that a new node gets, e.g. `202607.20.0`. */
  readonly latestNodeImage: string;
  readonly denials?: readonly Denial[];
  /** Kinds, by plural name, that Kubernetes keeps from everybody. */
  readonly forbiddenKinds?: readonly string[];
  /** Verbs that it keeps from everybody: `patch`, for somebody who may only read. */
  readonly forbiddenVerbs?: readonly string[];
  /** How Pod Security Admission differs from what the cluster's version tells: another version's rules, namespaces that are exempt. */
  readonly podSecurity?: { readonly rules?: string; readonly exemptNamespaces?: readonly string[] };
  /** How often the beginning of a long list is still forgotten before it has been read to its end. */
  readonly forgottenLists?: number;
}

/** Everything the world knows, as JSON. */
export interface WorldState {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly scenario: ScenarioName;
  readonly clusterId: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  settings: Settings;
  /** By lower-cased id. */
  resources: { readonly [id: string]: ArmResource };
  operations: { readonly [id: string]: WorldOperation };
  groups: readonly Group[];
  principals: readonly Principal[];
  kubernetes: readonly JsonObject[];
  ranges: { readonly [cluster: string]: readonly RangesChange[] };
  /** By cluster: how often its certificates were rotated (older admin credentials are dead), when the API server's was issued, when an admin was last given one. */
  certificates: { readonly [cluster: string]: { readonly generation: number; readonly issuedAt: number; readonly handedOutAt?: number } };
  /** PUT budgets: tokens left, and when that was counted. */
  budgets: { readonly [id: string]: { readonly tokens: number; readonly at: number } };
  /** Answers of finished run-commands, by command id. */
  commands: { readonly [id: string]: { readonly body: JsonObject; readonly readyAt: number } };
}

/** A practice Azure: its state, its time, and what to call when the state has changed. */
export interface World {
  readonly state: WorldState;
  readonly clock: Clock;
  readonly changed: () => void;
  /** The certificate authority (PEM) that kubeconfigs name; only where the world is served over the wire. */
  readonly authority?: string;
}

/** The resource with this id, in any case. */
export function resourceOf(world: World, id: string): ArmResource | undefined {
  return world.state.resources[id.toLowerCase()];
}

/** Puts a resource in its place. */
export function storeResource(world: World, resource: ArmResource): void {
  const id = text(resource['id']);
  if (id === undefined) throw new TypeError('a resource needs an id');
  world.state.resources = { ...world.state.resources, [id.toLowerCase()]: resource };
}

/** Takes a resource and everything below it away. */
export function removeResource(world: World, id: string): void {
  const key = id.toLowerCase();
  world.state.resources = Object.fromEntries(
    Object.entries(world.state.resources).filter(([candidate]) => candidate !== key && !candidate.startsWith(`${key}/`)),
  );
}

/** Resources of a type below a scope, in the order they were made. */
export function resourcesOf(world: World, scope: string, type: string): readonly ArmResource[] {
  const below = `${scope.toLowerCase()}/`;
  const wanted = type.toLowerCase();
  return Object.entries(world.state.resources)
    .filter(([id, resource]) => id.startsWith(below) && text(resource['type'])?.toLowerCase() === wanted)
    .map(([, resource]) => resource);
}

/** A fresh eTag or operation id. */
export const newId = (): string => randomUUID();
