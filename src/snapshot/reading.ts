import { type ArmResource, type Fact, idPart, type Reachability } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { isObject, type Json, text } from '../model/json.ts';
import { missingRight } from '../model/missing-right.ts';
import { listAll } from '../model/paging.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';
import type { ReadProgress } from '../model/read-progress.ts';

/** What a request is sent with. */
export interface Sending {
  readonly arm: ArmGateway;
  readonly signal?: AbortSignal;
}

/** What a fact is read with. `cluster` is on its way: a reader that needs it waits, the others do not. */
export interface Reading extends Sending {
  readonly clusterId: string;
  readonly cluster: Promise<ArmResource>;
  /** When this is read (ISO 8601): for what is asked by time. */
  readonly readAt: string;
  readonly kubernetes?: () => Promise<KubernetesGateway>;
  /** Why there is no way into Kubernetes, where none is wanted. */
  readonly withoutKubernetes?: string;
  readonly runCommand?: () => Promise<Reachability>;
  /** Told while a list comes in that takes long. */
  readonly tell?: (progress: ReadProgress) => void;
}

/** `/subscriptions/…` of an ARM id; empty where it has none. */
export function subscriptionOf(id: string): string {
  const subscription = idPart(id, 'subscriptions');
  return subscription === undefined ? '' : `/subscriptions/${subscription}`;
}

/** `/subscriptions/…/resourceGroups/…` of an ARM id. */
export function groupOf(id: string): string {
  const group = idPart(id, 'resourceGroups');
  return group === undefined ? '' : `${subscriptionOf(id)}/resourceGroups/${group}`;
}

/** GETs one resource. */
export async function get(reading: Sending, url: string): Promise<Json | undefined> {
  const { body } = await reading.arm.send({ method: 'GET', url }, reading.signal ? { signal: reading.signal } : {});
  return body;
}

/** GETs one resource that must be an object. */
export async function getResource(reading: Sending, url: string): Promise<ArmResource> {
  const body = await get(reading, url);
  if (isObject(body)) return body;
  throw new ProblemError({
    code: 'unexpected-answer',
    what: 'Azure answered with something that is no resource.',
    why: `asked for ${url.split('?')[0] ?? ''}`,
    next: ['Run the command again.'],
  });
}

/** GETs a list with its pages; entries that are no objects are dropped. */
export async function getList(reading: Sending, url: string): Promise<readonly ArmResource[]> {
  const { arm, signal } = reading;
  return (await listAll({ send: (request) => arm.send(request, signal ? { signal } : {}) }, url)).filter(isObject);
}

/** True when this is the gateway's way of saying that a resource is not there. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof ProblemError && thrown.problem.cloud?.status === 404;
}

/** An id as a resource has it, or undefined for one that is no ARM id: ids from a body become addresses, so only such are followed. */
export function armId(value: Json | undefined): string | undefined {
  const id = text(value);
  return id !== undefined && /^\/subscriptions\/[^/?#\s]+(\/[^/?#]+)*$/i.test(id) && !id.split('/').some((part) => part === '.' || part === '..')
    ? id
    : undefined;
}

/** A fact, or why it is not known. An abort is not a fact: it is thrown. */
export async function asFact<T>(reading: Pick<Sending, 'signal'>, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { state: 'known', value: await read() };
  } catch (thrown) {
    reading.signal?.throwIfAborted();
    return unknownFrom(thrown);
  }
}

/** The right that Kubernetes misses, as RBAC writes it: `list deployments.apps`; undefined where it does not say (kube-apiserver: forbidden). */
function missingVerb({ code, why }: Problem): string | undefined {
  if (code !== 'kubernetes-forbidden') return undefined;
  const [, verb, resource, group] = /cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?/.exec(why) ?? [];
  return verb === undefined || resource === undefined ? undefined : `${verb} ${resource}${group ? `.${group}` : ''}`;
}

/** The unknown fact that an error leaves: its reason in a sentence, and the right that is missing where ARM names one. */
export function unknownFrom(thrown: unknown): { readonly state: 'unknown'; readonly reason: string; readonly permission?: string } {
  const problem = problemOf(thrown);
  const inside = missingVerb(problem);
  const permission = problem.cloud?.status === 403 ? missingRight(problem.cloud.message)?.actions[0] : inside;
  const said = problem.code === 'unexpected' ? problem.why : problem.what;
  const reason = inside === undefined ? said : `${said.replace(/\.$/, '')}: ${inside}.`;
  return { state: 'unknown', reason: clean(reason), ...(permission === undefined ? {} : { permission }) };
}

/** Stops a reader that cannot know, with the reason for the person. */
export function cannotTell(reason: string): never {
  throw new ProblemError({ code: 'not-known', what: reason, why: reason, next: [] });
}
