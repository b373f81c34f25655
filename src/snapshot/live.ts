import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ArmResource, Fact, FactKey, Facts, FactValues, Reachability } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import { isObject } from '../model/json.ts';
import type { KubernetesWay } from '../model/kubernetes-way.ts';
import type { ReadProgress } from '../model/read-progress.ts';
import { kubernetesKeys } from './kubernetes/sources.ts';
import { readingOnce } from './once.ts';
import { PREVIEW_API_VERSION, previewPropertiesBetween, previewPropertiesIn } from './preview.ts';
import { readers } from './readers.ts';
import { asFact, get, getResource, type Reading } from './reading.ts';

export { readAdminGroup } from './admin-groups.ts';

/** Facts that cost time or start something in the cluster: read only when they are asked for by name. */
export const planOnlyKeys: readonly FactKey[] = [
  'podSecurityAnswers',
  'nodes',
  'kubernetesAccess',
  'apiServerReachability',
  'runCommand',
  'certificateHistory',
];

/** Every fact that is read without starting anything. */
export const readKeys: readonly FactKey[] = (Object.keys(readers) as FactKey[]).filter((key) => !planOnlyKeys.includes(key));

export interface ReadOptions {
  readonly arm: ArmGateway;
  readonly clusterId: string;
  /** Facts to read beside the cluster; all that start nothing when not given. */
  readonly keys?: readonly FactKey[];
  /** Facts that only planning needs. */
  readonly planKeys?: readonly FactKey[];
  readonly now: Date;
  /** The way into Kubernetes, or how to find one: it is only looked for when a fact needs it. */
  readonly kubernetes?: KubernetesGateway | (() => Promise<KubernetesGateway>);
  /** Why there is no way into Kubernetes, where none is wanted. */
  readonly withoutKubernetes?: string;
  /** Tries `az aks command invoke`'s own door. */
  readonly runCommand?: () => Promise<Reachability>;
  /** Told while a list comes in that takes long. */
  readonly tell?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
}

type Known = { readonly [K in FactKey]?: Fact<FactValues[K]> };

function readingOf(options: Omit<ReadOptions, 'keys' | 'planKeys' | 'now'>, cluster: Promise<ArmResource>, readAt: string): Reading {
  const { arm, clusterId, kubernetes, withoutKubernetes, runCommand, tell, signal } = options;
  let found: Promise<KubernetesGateway> | undefined;
  const way = () => {
    found ??= typeof kubernetes === 'function' ? kubernetes() : Promise.resolve(kubernetes as KubernetesGateway);
    return found;
  };
  return {
    arm: readingOnce(arm),
    clusterId,
    cluster,
    readAt,
    ...(kubernetes ? { kubernetes: way } : {}),
    ...(withoutKubernetes === undefined ? {} : { withoutKubernetes }),
    ...(runCommand ? { runCommand } : {}),
    ...(tell ? { tell } : {}),
    ...(signal ? { signal } : {}),
  };
}

async function readKnown(reading: Reading, keys: readonly FactKey[]): Promise<Known> {
  const entries = await Promise.all(
    [...new Set(keys)].map(async (key) => [key, await asFact<FactValues[FactKey]>(reading, () => readers[key](reading))] as const),
  );
  return Object.fromEntries(entries) as Known;
}

/** How what runs inside was read, for people; undefined where nothing there was asked for. */
async function wayTaken({ kubernetes, withoutKubernetes }: Reading, known: Known): Promise<KubernetesWay | undefined> {
  if (withoutKubernetes !== undefined) return { via: 'none', why: withoutKubernetes };
  const asked = kubernetesKeys.flatMap((key) => known[key] ?? []);
  if (kubernetes === undefined || asked.length === 0) return undefined;
  const gateway = await kubernetes().catch(() => undefined);
  if (gateway?.why !== undefined) return { via: gateway.via, why: gateway.why };
  const [unread] = asked.flatMap((found) => (found.state === 'unknown' ? [found.reason] : []));
  return unread === undefined || asked.some(({ state }) => state === 'known') ? undefined : { via: 'none', why: unread };
}

/**
 * Reads a cluster and what stands around it, in at most two rounds of requests in a row: what the cluster's id leads to, then what its body
 * leads to (lists that Azure pages take their pages). Only the cluster itself failing is an error, thrown as a ProblemError; any other
 * fact that fails is unknown, with the reason and the missing right.
 */
export async function readFacts(options: ReadOptions): Promise<Facts> {
  const { arm, clusterId, signal } = options;
  const atVersion = (version: string) => `${clusterId}?api-version=${version}`;
  const cluster = getResource({ arm, ...(signal ? { signal } : {}) }, atVersion(CLUSTER_API_VERSION));
  const reading = readingOf(options, cluster, options.now.toISOString());
  const keys = [...(options.keys ?? readKeys), ...(options.planKeys ?? [])];
  const [body, preview, known] = await Promise.all([
    cluster,
    // Clouds and subscriptions may refuse a preview version; then the stable body is all there is to go by.
    get(reading, atVersion(PREVIEW_API_VERSION)).catch(() => undefined),
    readKnown(reading, keys),
  ]);
  const kubernetes = await wayTaken(reading, known);
  signal?.throwIfAborted();
  return {
    schemaVersion: 1,
    source: { kind: arm.kind, label: arm.label, readAt: options.now.toISOString() },
    apiVersion: CLUSTER_API_VERSION,
    cluster: body,
    previewProperties: isObject(preview) ? previewPropertiesBetween(body, preview) : previewPropertiesIn(body),
    known,
    ...(kubernetes ? { kubernetes } : {}),
  };
}

/** The same facts with `keys` read (again) beside them, for the cluster body they hold. Never throws but for an abort. */
export async function readMore(facts: Facts, options: Omit<ReadOptions, 'keys' | 'planKeys' | 'now'> & { readonly keys: readonly FactKey[] }): Promise<Facts> {
  const more = await readKnown(readingOf(options, Promise.resolve(facts.cluster), facts.source.readAt), options.keys);
  return { ...facts, known: { ...facts.known, ...more } };
}
