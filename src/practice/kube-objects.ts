import type { ArmResource } from '../model/facts.ts';
import type { KubeKind } from '../model/gateway.ts';
import { at, type Json, type JsonObject, text } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { nodesOf } from './kube-nodes.ts';
import type { World } from './world.ts';

/** An object's name. */
export function objectName(object: Json | undefined): string {
  return text(at(object, ['metadata', 'name'])) ?? '';
}

/** An object's namespace; empty for a cluster-wide one. */
export function objectNamespace(object: Json | undefined): string {
  return text(at(object, ['metadata', 'namespace'])) ?? '';
}

const placeOf = (object: JsonObject): string => `${objectNamespace(object)}/${objectName(object)}`;

/** Objects of a kind in the order of the store, as long as the store is the same: a list is read in many pages. */
const sorted = new WeakMap<readonly JsonObject[], Map<string, readonly JsonObject[]>>();

function ofKind(all: readonly JsonObject[], kind: KubeKind): readonly JsonObject[] {
  const known = sorted.get(all) ?? new Map<string, readonly JsonObject[]>();
  sorted.set(all, known);
  const apiVersion = apiVersionOf(kind);
  const key = `${apiVersion}/${kind.kind}`;
  const earlier = known.get(key);
  if (earlier) return earlier;
  const found = all
    .filter((object) => object['kind'] === kind.kind && object['apiVersion'] === apiVersion)
    .map((object) => ({ place: placeOf(object), object }))
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ object }) => object);
  known.set(key, found);
  return found;
}

/** Objects of a kind, of one namespace or of all, by namespace and name. Nodes follow the pools. */
export function objectsOf(world: World, cluster: ArmResource, kind: KubeKind, namespace?: string): readonly JsonObject[] {
  if (kind.kind === 'Node') return nodesOf(world, cluster);
  const found = ofKind(world.state.kubernetes, kind);
  return namespace === undefined || !kind.namespaced ? found : found.filter((object) => objectNamespace(object) === namespace);
}

/** One object by its name; undefined when there is none. */
export function findObject(world: World, cluster: ArmResource, kind: KubeKind, name: string, namespace?: string): JsonObject | undefined {
  return objectsOf(world, cluster, kind, namespace).find((object) => objectName(object) === name);
}

function sameObject(a: JsonObject, b: JsonObject): boolean {
  return a['kind'] === b['kind'] && a['apiVersion'] === b['apiVersion'] && placeOf(a) === placeOf(b);
}

/** Puts an object in its place: same kind, namespace and name is the same object. */
export function storeObject(world: World, object: JsonObject): void {
  world.state.kubernetes = [...world.state.kubernetes.filter((one) => !sameObject(one, object)), object];
  world.changed();
}

/** Takes every object away that `gone` names. */
export function removeObjects(world: World, gone: (object: JsonObject) => boolean): void {
  world.state.kubernetes = world.state.kubernetes.filter((object) => !gone(object));
  world.changed();
}

/** Takes an object away. */
export function removeObject(world: World, object: JsonObject): void {
  removeObjects(world, (one) => sameObject(one, object));
}
