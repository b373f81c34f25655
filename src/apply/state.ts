import type { Change, Target } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { ArmGateway } from '../model/gateway.ts';
import { at, isObject, list, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';

/** Kinds of change that are about one resource of ARM. */
export type ArmChange = Extract<Change, { readonly target: Target }>;

/** True for a change of an ARM resource. */
export function isArm(change: Change): change is ArmChange {
  return 'target' in change;
}

/** The id of the cluster that a target is, or is a pool or another child of; undefined for other resources. */
export function clusterIdOf(target: Target): string | undefined {
  if (!/^microsoft\.containerservice\/managedclusters(\/|$)/i.test(target.type)) return undefined;
  return /^.*\/managedClusters\/[^/]+/i.exec(target.id)?.[0];
}

/** Reads one resource as ARM sends it; undefined when there is none. Other errors are thrown. */
export async function readResource(arm: ArmGateway, target: Pick<Target, 'id' | 'apiVersion'>): Promise<ArmResource | undefined> {
  try {
    const { body } = await arm.send({ method: 'GET', url: `${target.id}?api-version=${target.apiVersion}` });
    return isObject(body) ? body : undefined;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.cloud?.status === 404) return undefined;
    throw error;
  }
}

/** What a cluster is doing: nothing, something (told for people), or standing still because it is stopped. */
export type Activity = { readonly kind: 'quiet' } | { readonly kind: 'busy'; readonly detail: string } | { readonly kind: 'stopped' };

const terminal: readonly string[] = ['succeeded', 'failed', 'canceled'];

/** The provisioning state of a resource, as it says; `Succeeded` where it says none. */
export function provisioningState(resource: ArmResource): string {
  return text(at(resource, ['properties', 'provisioningState'])) ?? 'Succeeded';
}

const isTerminal = (state: string): boolean => terminal.includes(state.toLowerCase());

/**
 * What a cluster is doing, by the states of the cluster and of every pool in its body: an operation on one pool
 * does not show in the cluster's own state (AKS docs: operations run one at a time on a cluster).
 */
export function activityOf(cluster: ArmResource): Activity {
  const own = provisioningState(cluster);
  const busyPools = list(at(cluster, ['properties', 'agentPoolProfiles']))
    .filter(isObject)
    .filter((pool) => !isTerminal(text(pool['provisioningState']) ?? 'Succeeded'))
    .map((pool) => `pool ${clean(text(pool['name']) ?? '?')}: ${clean(text(pool['provisioningState']) ?? '')}`);
  const doing = [...(isTerminal(own) ? [] : [`cluster: ${clean(own)}`]), ...busyPools];
  if (doing.length > 0) return { kind: 'busy', detail: doing.join(', ') };
  return text(at(cluster, ['properties', 'powerState', 'code']))?.toLowerCase() === 'stopped' ? { kind: 'stopped' } : { kind: 'quiet' };
}

/** The eTag of a resource, of AKS in the body and of others in the header's spelling; undefined where there is none. */
export function eTagOf(resource: ArmResource | undefined): string | undefined {
  return resource === undefined ? undefined : (text(at(resource, ['eTag'])) ?? text(at(resource, ['properties', 'eTag'])));
}

/** The eTags of a cluster and of its pools as one text. A cluster's own does not change when a pool does (AKS docs: use-etags). */
export function allETags(resource: ArmResource): string {
  const pools = list(at(resource, ['properties', 'agentPoolProfiles'])).map((pool) => text(at(pool, ['eTag'])) ?? '');
  return [eTagOf(resource) ?? '', ...pools].join(' ');
}
