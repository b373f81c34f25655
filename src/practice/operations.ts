import { at, isObject, type Json, type JsonObject, list, text, withAt } from '../model/json.ts';
import type { Answer, Refusal } from './answer.ts';
import { newId, type Outcome, resourceOf, storeResource, type World, type WorldOperation } from './world.ts';

/** Sets one property of a resource and gives it a new eTag. A resource that has gone meanwhile stays gone. */
function setProperty(world: World, outcome: Extract<Outcome, { kind: 'set' }>): void {
  const resource = resourceOf(world, outcome.id);
  if (resource === undefined) return;
  const changed = withAt(resource, outcome.path, outcome.value) as JsonObject;
  storeResource(world, 'eTag' in resource ? { ...changed, eTag: newId() } : changed);
}

function carryOut(world: World, outcome: Outcome, when: number): void {
  switch (outcome.kind) {
    case 'set':
      setProperty(world, outcome);
      return;
    case 'pool':
      changePools(world, outcome.cluster, (pool) =>
        text(pool['name']) === outcome.pool ? { ...(withAt(pool, outcome.path, outcome.value) as JsonObject), eTag: newId() } : pool,
      );
      return;
    case 'put':
      storeResource(world, outcome.resource);
      return;
    case 'new-certificates':
      world.state.certificates = {
        ...world.state.certificates,
        [outcome.cluster]: {
          ...world.state.certificates[outcome.cluster],
          generation: (world.state.certificates[outcome.cluster]?.generation ?? 0) + 1,
          issuedAt: when,
        },
      };
      return;
    case 'authorized-ranges':
      world.state.ranges = { ...world.state.ranges, [outcome.cluster]: [...(world.state.ranges[outcome.cluster] ?? []), { at: when, ranges: outcome.ranges }] };
      return;
    default:
      outcome satisfies never;
  }
}

/** Replaces each node pool of a cluster by a function of it. */
export function changePools(world: World, clusterId: string, change: (pool: JsonObject) => JsonObject): void {
  const cluster = resourceOf(world, clusterId);
  if (cluster === undefined) return;
  const pools = list(at(cluster, ['properties', 'agentPoolProfiles']))
    .filter(isObject)
    .map(change);
  storeResource(world, withAt(cluster, ['properties', 'agentPoolProfiles'], pools) as JsonObject);
}

/** Sets provisioningState of those of a cluster's pools that take part, and of the cluster itself. */
export function markState(world: World, clusterId: string, pools: readonly string[], state: string, clusterToo = true): void {
  changePools(world, clusterId, (pool) => (pools.includes(text(pool['name']) ?? '') ? { ...pool, provisioningState: state } : pool));
  const cluster = resourceOf(world, clusterId);
  if (clusterToo && cluster !== undefined) storeResource(world, withAt(cluster, ['properties', 'provisioningState'], state) as JsonObject);
}

/** Starts an operation: moves the states, keeps the outcomes for its end. */
export function startOperation(
  world: World,
  operation: Pick<WorldOperation, 'cluster' | 'pools' | 'state' | 'outcomes'> & {
    readonly ms: number;
    readonly failsWith?: { readonly code: string; readonly message: string };
    /** False for an operation on one pool: the cluster's own state stays as it is. */
    readonly clusterToo?: boolean;
  },
): WorldOperation {
  const now = world.clock.now();
  const { ms, clusterToo = true, ...kept } = operation;
  const started: WorldOperation = { ...kept, id: newId(), startTime: now, endTime: now + ms, status: 'InProgress' };
  world.state.operations = { ...world.state.operations, [started.id]: started };
  markState(world, started.cluster, started.pools, started.state, clusterToo);
  world.changed();
  return started;
}

/** Completes what has run its time. Called before every request, so that time passes without timers. */
export function settle(world: World): void {
  const now = world.clock.now();
  const due = Object.values(world.state.operations)
    .filter((operation) => operation.status === 'InProgress' && operation.endTime <= now)
    .sort((a, b) => a.endTime - b.endTime);
  for (const operation of due) {
    const failed = operation.failsWith;
    if (failed === undefined) for (const outcome of operation.outcomes) carryOut(world, outcome, operation.endTime);
    markState(world, operation.cluster, operation.pools, failed === undefined ? 'Succeeded' : 'Failed', clusterTakesPart(world, operation));
    finish(world, operation, failed === undefined ? { status: 'Succeeded' } : { status: 'Failed', error: failed });
  }
  if (due.length > 0) world.changed();
}

function clusterTakesPart(world: World, operation: WorldOperation): boolean {
  return text(at(resourceOf(world, operation.cluster), ['properties', 'provisioningState'])) === operation.state;
}

function finish(world: World, operation: WorldOperation, end: Pick<WorldOperation, 'status' | 'error'>): void {
  world.state.operations = { ...world.state.operations, [operation.id]: { ...operation, ...end } };
}

/** Stops a running operation half way: nothing is rolled back (AKS docs: manage-abort-operations). */
export function abortOperation(world: World, operation: WorldOperation): void {
  markState(world, operation.cluster, operation.pools, 'Canceled', clusterTakesPart(world, operation));
  finish(world, { ...operation, endTime: world.clock.now() }, { status: 'Canceled', error: { code: 'Canceled', message: 'The operation was aborted.' } });
  world.changed();
}

/** The operation that a cluster, or one of its pools, is busy with. */
export function runningOn(world: World, clusterId: string): WorldOperation | undefined {
  return Object.values(world.state.operations).find((operation) => operation.status === 'InProgress' && operation.cluster === clusterId.toLowerCase());
}

/** The refusal of a second operation on a cluster (recorded in public issue threads). */
export function busy(world: World, clusterId: string): Refusal | undefined {
  const running = runningOn(world, clusterId);
  if (running === undefined) return undefined;
  return {
    status: 409,
    code: 'OperationNotAllowed',
    message: `Operation is not allowed: Another operation (${running.state}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
  };
}

/** The Azure-AsyncOperation document. */
export function operationBody(operation: WorldOperation): Json {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    name: operation.id,
    status: operation.status,
    startTime: time(operation.startTime),
    ...(operation.status === 'InProgress' ? {} : { endTime: time(operation.endTime) }),
    ...(operation.error === undefined ? {} : { error: operation.error }),
  };
}

/** Addresses an operation is polled at, on the origin and subscription of the request. */
export function operationAddresses(origin: string, subscriptionId: string, location: string, id: string): { readonly status: string; readonly result: string } {
  const base = `${origin}/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/locations/${location}`;
  return { status: `${base}/operations/${id}?api-version=2017-08-31`, result: `${base}/operationresults/${id}?api-version=2017-08-31` };
}

/** The answer to a poll of the Location address: 202 while it runs, then 204 or the failure. */
export function resultAnswer(operation: WorldOperation, retryAfter: string): Answer {
  if (operation.status === 'InProgress') return { status: 202, headers: { 'retry-after': retryAfter } };
  if (operation.error !== undefined) return { status: 400, headers: {}, body: { error: operation.error } };
  return { status: 204, headers: {} };
}
