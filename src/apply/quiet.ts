import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { ProblemError } from '../model/problem.ts';
import type { Tools } from './run.ts';
import { type Activity, type ArmChange, activityOf, clusterIdOf, readResource } from './state.ts';
import { pass, type Watch } from './wait.ts';

/** Another operation may replace all nodes of a large cluster: two hours, then a person should look. */
const PATIENCE_MS = 2 * 60 * 60_000;

/** The target as it stands when nothing else runs on its cluster, and what the cluster does then. */
export interface Seen {
  readonly resource: ArmResource | undefined;
  /** The cluster's own body, where the target is a cluster or belongs to one. */
  readonly cluster?: ArmResource;
  readonly activity: Exclude<Activity, { kind: 'busy' }>;
}

/** Reads the target, and the cluster it belongs to. */
export async function look(
  run: Pick<Tools, 'arm'>,
  change: ArmChange,
): Promise<{ readonly resource: ArmResource | undefined; readonly cluster?: ArmResource; readonly activity: Activity }> {
  const { target } = change;
  const clusterId = clusterIdOf(target);
  if (clusterId === undefined) return { resource: await readResource(run.arm, target), activity: { kind: 'quiet' } };
  const isCluster = clusterId.toLowerCase() === target.id.toLowerCase();
  const cluster = await readResource(run.arm, { id: clusterId, apiVersion: isCluster ? target.apiVersion : CLUSTER_API_VERSION });
  if (cluster === undefined) {
    throw new ProblemError({
      code: 'cluster-not-found',
      what: 'The cluster is not there any more.',
      why: `Azure knows no ${clean(clusterId)}.`,
      next: ['Check whether it was deleted or moved. Nothing was changed.'],
    });
  }
  return { resource: isCluster ? cluster : await readResource(run.arm, target), cluster, activity: activityOf(cluster) };
}

/**
 * Reads the target until no operation runs on its cluster, with growing pauses (10 s to a minute). Returns what was seen, or
 * undefined when the operator asked to stop watching. Throws `cluster-busy` after two hours.
 */
export async function* whenQuiet(run: Tools, change: ArmChange, watch: Watch, why = 'Another operation runs'): AsyncGenerator<ApplyEvent, Seen | undefined> {
  let pauseMs = 10_000;
  const startedAt = watch.elapsedMs;
  for (;;) {
    const { activity, ...seen } = await look(run, change);
    if (activity.kind !== 'busy') return { ...seen, activity };
    if (watch.elapsedMs - startedAt >= PATIENCE_MS) {
      throw new ProblemError({
        code: 'cluster-busy',
        what: 'Another operation has been running on the cluster for two hours.',
        why: `${activity.detail}.`,
        next: ['See what it is: az monitor activity-log list --resource-id ID -o table', 'Carry on when it is done: aks-harden resume'],
      });
    }
    if (!(yield* pass(run, change.id, watch, pauseMs, `${why} (${activity.detail})`))) return undefined;
    pauseMs = Math.min(pauseMs * 2, 60_000);
  }
}
