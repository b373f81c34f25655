import type { KubeApply, KubeDelete, KubePatch } from '../model/change.ts';
import type { Drift } from '../model/events.ts';
import type { KubeRef, KubernetesGateway } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, same, showPath, text } from '../model/json.ts';
import { kubeKindOf } from '../model/kube-kinds.ts';
import { asManifest, objectKey } from '../model/kube-manifest.ts';
import { checkPatch } from './kube-patch.ts';

/** A change of Kubernetes objects. */
export type KubeChange = KubeApply | KubePatch | KubeDelete;

/** How a change stands in the cluster: in place, to be sent, or planned from something that is not there any more. */
export type Looked = { readonly kind: 'noop' } | { readonly kind: 'go' } | { readonly kind: 'drift'; readonly differences: readonly Drift[] };

/** Where an object is; undefined for a kind that this program does not know by its path. */
export function refOf(object: KubePatch['object']): KubeRef | undefined {
  const kind = kubeKindOf(object);
  if (kind === undefined) return undefined;
  return { kind, name: object.name, ...(object.namespace === undefined ? {} : { namespace: object.namespace }) };
}

function refOfObject(object: JsonObject): KubeRef | undefined {
  const [apiVersion, kind] = [text(object['apiVersion']) ?? '', text(object['kind']) ?? ''];
  const namespace = text(at(object, ['metadata', 'namespace']));
  return refOf({ apiVersion, kind, name: text(at(object, ['metadata', 'name'])) ?? '', ...(namespace === undefined ? {} : { namespace }) });
}

/** Whether everything that is said stands in what was found. The API server adds defaults to objects, also to those in lists. */
function heldBy(found: Json | undefined, said: Json | undefined): boolean {
  if (Array.isArray(said)) {
    return Array.isArray(found) && found.length === said.length && said.every((entry: Json, i) => heldBy(found[i] as Json | undefined, entry));
  }
  if (isObject(said)) return isObject(found) ? Object.entries(said).every(([key, value]) => heldBy(found[key], value)) : Object.keys(said).length === 0;
  return same(found, said) || ((said === undefined || said === null) && (found === undefined || found === null));
}

/** Places of an object that hold neither what it was planned from nor what is wanted. */
function unlike(wanted: JsonObject, planned: Json | undefined, live: Json | undefined, path: readonly string[] = []): readonly Drift[] {
  return Object.entries(wanted).flatMap(([key, value]): readonly Drift[] => {
    const [before, found] = [at(planned, [key]), at(live, [key])];
    const here = [...path, key];
    if (isObject(value) && (isObject(found) || isObject(before))) return unlike(value, before, found, here);
    return heldBy(found, value) || heldBy(found, before) ? [] : [{ path: showPath(here), planned: before, found }];
  });
}

const named = (object: JsonObject, differences: readonly Drift[]): readonly Drift[] => {
  const name = [text(at(object, ['metadata', 'namespace'])), text(at(object, ['metadata', 'name']))].filter((part) => part !== undefined).join('/');
  return differences.map((one) => ({ ...one, path: `${text(object['kind']) ?? ''} ${name}: ${one.path}` }));
};

/** One object that is to be applied, beside what it was planned from. */
function driftOfApplied(object: JsonObject, before: JsonObject | undefined, live: JsonObject | undefined): readonly Drift[] {
  const wanted = asManifest(object);
  if (before === undefined) {
    // Somebody made an object of this name meanwhile: what it says otherwise is not overwritten.
    return live === undefined || heldBy(live, wanted) ? [] : named(object, [{ path: '(the object)', planned: undefined, found: asManifest(live) }]);
  }
  if (live === undefined) return named(object, [{ path: '(the object)', planned: asManifest(before), found: undefined }]);
  return named(object, unlike(wanted, before, live));
}

async function lookAtApply(kubernetes: KubernetesGateway, { objects, before }: KubeApply): Promise<Looked> {
  const old = new Map(before.map((object) => [objectKey(object), object]));
  const lives: (JsonObject | undefined)[] = [];
  const differences: Drift[] = [];
  for (const object of objects) {
    const ref = refOfObject(object);
    const live = ref === undefined ? undefined : await kubernetes.get(ref);
    lives.push(live);
    if (ref !== undefined) differences.push(...driftOfApplied(object, old.get(objectKey(object)), live));
  }
  if (differences.length > 0) return { kind: 'drift', differences };
  // The API server tells what would stand: where that stands already, there is nothing to send.
  const written = await kubernetes.apply(objects, { dryRun: true });
  const isInPlace = lives.every((live, i) => {
    const next = written[i]?.object;
    return live !== undefined && next !== undefined && same(asManifest(live), asManifest(next));
  });
  return { kind: isInPlace ? 'noop' : 'go' };
}

async function lookAtDelete(kubernetes: KubernetesGateway, { before }: KubeDelete, ref: KubeRef): Promise<Looked> {
  const live = await kubernetes.get(ref);
  // One that waits for its finalizers is on its way.
  if (live === undefined || at(live, ['metadata', 'deletionTimestamp']) !== undefined) return { kind: 'noop' };
  const planned = asManifest(before);
  const differences = unlike(planned, planned, live);
  if (differences.length > 0) return { kind: 'drift', differences: named(before, differences) };
  await kubernetes.remove(ref, { dryRun: true });
  return { kind: 'go' };
}

/** Where the object of a change is. Throws for a kind whose path is not known: such changes are not begun (`isReachable`). */
export function knownRef({ object }: KubePatch | KubeDelete): KubeRef {
  const ref = refOf(object);
  if (ref === undefined) throw new TypeError(`no path for ${object.kind}`);
  return ref;
}

/** Whether a change can be carried out over a gateway: there is an API server behind it, and the object has a path that is known. */
export function isReachable(kubernetes: KubernetesGateway | undefined, change: KubeChange): kubernetes is KubernetesGateway {
  if (kubernetes === undefined) return false;
  return change.kind === 'kube.apply' || refOf(change.object) !== undefined;
}

/**
 * Looks how a change stands, and asks the API server by a dry run whether it would take it: what it refuses is thrown. Nothing is changed.
 */
export async function lookAtObjects(kubernetes: KubernetesGateway, change: KubeChange): Promise<Looked> {
  switch (change.kind) {
    case 'kube.apply':
      return lookAtApply(kubernetes, change);
    case 'kube.patch': {
      const ref = knownRef(change);
      const { isInPlace, differences } = checkPatch(change, await kubernetes.get(ref));
      if (isInPlace) return { kind: 'noop' };
      if (differences.length > 0) return { kind: 'drift', differences };
      await kubernetes.patch(ref, change.patch, { dryRun: true });
      return { kind: 'go' };
    }
    case 'kube.delete':
      return lookAtDelete(kubernetes, change, knownRef(change));
    default:
      return change satisfies never;
  }
}
