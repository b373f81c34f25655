import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type JsonObject, list, path, same, text } from '../model/json.ts';
import { admit } from './kube-admission.ts';
import { objectName, objectNamespace, removeObjects, storeObject } from './kube-objects.ts';
import { podOf } from './kube-pods.ts';
import type { World } from './world.ts';

const controllers: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** A pod of a controller: of a Deployment's through the ReplicaSet, whose name begins with the Deployment's. */
function isPodOf(pod: JsonObject, controller: JsonObject): boolean {
  if (pod['kind'] !== 'Pod' || objectNamespace(pod) !== objectNamespace(controller)) return false;
  return list(at(pod, ['metadata', 'ownerReferences'])).some((owner) => {
    const name = objectName({ metadata: owner });
    if (controller['kind'] !== 'Deployment') return at(owner, ['kind']) === controller['kind'] && name === objectName(controller);
    const hash = text(at(pod, ['metadata', 'labels', 'pod-template-hash']));
    return at(owner, ['kind']) === 'ReplicaSet' && name === `${objectName(controller)}-${hash ?? ''}`;
  });
}

/** New pods take the place of the old ones: as many as there were, as far as admission lets them in. */
function rollOut(world: World, cluster: ArmResource, controller: JsonObject): void {
  const template = at(controller, path('spec.template'));
  const old = world.state.kubernetes.filter((object) => isPodOf(object, controller));
  if (!isObject(template)) return;
  const pods = old.flatMap((pod) => {
    const [owner] = list(at(pod, ['metadata', 'ownerReferences'])).filter(isObject);
    const { kind, apiVersion } = owner ?? {};
    const labels = at(pod, ['metadata', 'labels']);
    const own = isObject(labels) ? Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) : {};
    const made = podOf({
      namespace: objectNamespace(pod),
      name: objectName(pod),
      ...(typeof kind === 'string' && typeof apiVersion === 'string' ? { owner: { kind, apiVersion, name: objectName({ metadata: owner ?? {} }) } } : {}),
      template,
      labels: own,
      claims: list(at(controller, path('spec.volumeClaimTemplates'))).filter(isObject),
    });
    return admit(world, cluster, { before: undefined, after: made, dryRun: false }).refusal === undefined ? [made] : [];
  });
  removeObjects(world, (object) => old.includes(object));
  for (const pod of pods) storeObject(world, pod);
}

const annotation = (service: JsonObject, name: string): string | undefined =>
  text(at(service, ['metadata', 'annotations', `service.beta.kubernetes.io/azure-load-balancer-${name}`]));

/** The first address of a network that no Service has. */
function freeAddress(world: World, network: string): string {
  const taken = world.state.kubernetes.flatMap((object) => text(at(list(at(object, path('status.loadBalancer.ingress')))[0], ['ip'])) ?? []);
  for (let last = 20; ; last += 1) {
    const address = `${network}.${last}`;
    if (!taken.includes(address)) return address;
  }
}

/**
 * A Service's address: of the cluster's network where it is internal, a public one where not (AKS docs: internal-lb). The cloud provider takes the
 * word `true` and no other for internal, and leaves Services of another class alone. A public address cannot be asked for on the inside: none comes.
 */
function giveAddress(world: World, service: JsonObject): void {
  const isBalanced = at(service, path('spec.type')) === 'LoadBalancer';
  if (at(service, path('spec.loadBalancerClass')) !== undefined) return;
  const isInternal = annotation(service, 'internal') === 'true';
  const asked = annotation(service, 'ipv4') ?? text(at(service, path('spec.loadBalancerIP')));
  const now = text(at(list(at(service, path('status.loadBalancer.ingress')))[0], ['ip']));
  const lies = (address: string): boolean => address.startsWith('10.') === isInternal;
  if (isBalanced ? now !== undefined && lies(now) && (asked === undefined || asked === now) : now === undefined) return;
  const address = asked === undefined ? freeAddress(world, isInternal ? '10.224.0' : '20.101.44') : lies(asked) ? asked : undefined;
  const ingress = isBalanced && address !== undefined ? { ingress: [{ ip: address, ipMode: 'VIP' }] } : {};
  storeObject(world, { ...service, status: { loadBalancer: ingress } });
}

/** What a cluster's controllers do once an object has been written. */
export function afterWrite(world: World, cluster: ArmResource, before: JsonObject | undefined, after: JsonObject): void {
  const kind = text(after['kind']) ?? '';
  if (kind === 'Namespace' && before === undefined) {
    storeObject(world, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: objectName(after) } });
  }
  if (kind === 'Service') giveAddress(world, after);
  const changed = before !== undefined && !same(at(before, path('spec.template')), at(after, path('spec.template')));
  if (controllers.includes(kind) && changed) rollOut(world, cluster, after);
}

/** What goes with an object that was taken away: everything in a namespace, the pods of a controller. */
export function afterDelete(world: World, gone: JsonObject): void {
  if (gone['kind'] === 'Namespace') removeObjects(world, (object) => objectNamespace(object) === objectName(gone));
  if (controllers.includes(text(gone['kind']) ?? '')) removeObjects(world, (object) => isPodOf(object, gone) || isReplicaSetOf(object, gone));
}

function isReplicaSetOf(object: JsonObject, gone: JsonObject): boolean {
  return (
    object['kind'] === 'ReplicaSet' &&
    objectNamespace(object) === objectNamespace(gone) &&
    list(at(object, ['metadata', 'ownerReferences'])).some((owner) => at(owner, ['kind']) === gone['kind'] && at(owner, ['name']) === objectName(gone))
  );
}
