import type { ArmResource } from '../model/facts.ts';
import { at, path as dotted, type Json, text } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import { groupVersionsOf, type ServedKind } from './kube-kinds.ts';
import { openApiDocument, openApiIndex } from './kube-openapi.ts';
import { reviewKinds } from './kube-reviews.ts';
import type { World } from './world.ts';

/** Kinds that `kubectl get all` means. */
const inAll: ReadonlySet<string> = new Set(['Pod', 'Service', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'Job', 'CronJob']);

function resourceList(groupVersion: string, kinds: readonly ServedKind[]): Json {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update'];
  const resources = kinds
    .filter((kind) => apiVersionOf(kind) === groupVersion)
    .map(({ plural, singular, namespaced, kind, short }) => ({
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(short.length === 0 ? {} : { shortNames: [...short] }),
      ...(inAll.has(kind) ? { categories: ['all'] } : {}),
    }));
  const asked = reviewKinds
    .filter(({ group }) => `${group}/v1` === groupVersion)
    .map(({ plural, kind }) => ({ name: plural, singularName: kind.toLowerCase(), namespaced: false, kind, verbs: ['create'] }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...resources, ...asked] };
}

/** What an API server says about itself: health, version, kinds (Kubernetes docs: API concepts, discovery). Undefined for any other path. */
export function discovery(world: World, cluster: ArmResource, path: string, kinds: readonly ServedKind[]): Answer | undefined {
  if (/^\/(readyz|livez|healthz)$/.test(path)) return { status: 200, headers: { 'content-type': 'text/plain' }, text: 'ok' };
  if (path === '/version') {
    const version = text(at(cluster, dotted('properties.currentKubernetesVersion'))) ?? '';
    const [major = '', minor = ''] = version.split('.');
    return ok({ major, minor, gitVersion: `v${version}`, platform: 'linux/amd64', buildDate: new Date(world.clock.now()).toISOString() });
  }
  const versions = [...new Set([...groupVersionsOf(kinds).filter((one) => one !== 'v1'), ...reviewKinds.map(({ group }) => `${group}/v1`)])];
  if (path === '/api') return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/apis') {
    const groups = versions.map((groupVersion) => {
      const [name = '', version = ''] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
    return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups });
  }
  // An empty document: kubectl looks into the older form for kinds that the newer one does not have, and then says that there are none.
  if (path === '/openapi/v2') return { status: 200, headers: { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' }, text: '' };
  if (path === '/openapi/v3') return ok(openApiIndex(kinds));
  const document = path.startsWith('/openapi/v3/') ? openApiDocument(path.slice('/openapi/v3/'.length), kinds) : undefined;
  if (document !== undefined) return ok(document);
  if (path === '/api/v1') return ok(resourceList('v1', kinds));
  const group = /^\/apis\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  return group !== undefined && versions.includes(group) ? ok(resourceList(group, kinds)) : undefined;
}
