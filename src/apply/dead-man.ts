import type { ApplyEvent } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { at, isTrue, path, text } from '../model/json.ts';
import { isAborted, type Tools } from './run.ts';
import { pass, type Watch } from './wait.ts';

/** New ranges take up to two minutes to hold (AKS docs: api-server-authorized-ip-ranges): an answer before that proves nothing. */
const PROPAGATION_MS = 120_000;
/** From then on, this long is given before the old state is put back. */
const GRACE_MS = 60_000;
const PAUSE_MS = 15_000;

/** The name that the API server is reached by: its private one on a private cluster. */
function hostOf(cluster: ArmResource): string | undefined {
  const isPrivate = isTrue(at(cluster, path('properties.apiServerAccessProfile.enablePrivateCluster')));
  const names = ['properties.fqdn', 'properties.privateFQDN'].map((place) => text(at(cluster, path(place))));
  return (isPrivate ? names.reverse() : names).find((name) => name !== undefined && name !== '');
}

/** One attempt; whatever goes wrong is an API server that was not reached, with the reason. */
async function tryOnce(run: Tools, cluster: ArmResource): Promise<{ readonly reachable: boolean; readonly detail: string }> {
  const host = hostOf(cluster);
  if (host === undefined) return { reachable: false, detail: 'the cluster names no API server' };
  try {
    const { reachable, detail } = await run.arm.probe(host, run.signal);
    return { reachable, detail: clean(detail) };
  } catch (error) {
    return { reachable: false, detail: clean(error instanceof Error ? error.message : String(error)) };
  }
}

/** Whether the API server answers from here before a change that may cut that: otherwise its silence afterwards says nothing. */
export async function* probeBefore(run: Tools, change: string, cluster: ArmResource): AsyncGenerator<ApplyEvent, boolean> {
  const { reachable, detail } = await tryOnce(run, cluster);
  const said = reachable
    ? `before the change: ${detail}`
    : `before the change: ${detail}. It does not answer from here already, so nothing can be told from here afterwards`;
  yield { type: 'probed', change, at: run.now(), reachable, detail: said };
  return reachable;
}

/**
 * Watches whether the API server still answers from here, for as long as new ranges take to hold and a minute more when it does not.
 * `cut` when it does not answer at the end of that. Tells the first answer, each turn, and the last.
 */
export async function* watchApiServer(
  run: Tools,
  change: string,
  cluster: ArmResource,
  watch: Watch,
): AsyncGenerator<ApplyEvent, 'reachable' | 'cut' | 'aborted'> {
  const startedAt = watch.elapsedMs;
  let told: boolean | undefined;
  for (;;) {
    const { reachable, detail } = await tryOnce(run, cluster);
    if (isAborted(run)) return 'aborted';
    const elapsed = watch.elapsedMs - startedAt;
    const isOver = elapsed >= PROPAGATION_MS && (reachable || elapsed >= PROPAGATION_MS + GRACE_MS);
    if (told !== reachable || isOver) yield { type: 'probed', change, at: run.now(), reachable, detail: `after ${Math.round(elapsed / 1000)} s: ${detail}` };
    told = reachable;
    if (isOver) return reachable ? 'reachable' : 'cut';
    const doing = reachable ? 'The API server answers; watching until the change holds everywhere' : 'The API server does not answer from here; trying again';
    if (!(yield* pass(run, change, watch, PAUSE_MS, doing))) return 'aborted';
  }
}
