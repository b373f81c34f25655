import type { ArmResource } from '../model/facts.ts';
import { at, path as dotted, isObject, type Json, type JsonObject, text } from '../model/json.ts';
import { type Answer, ok } from './answer.ts';
import { accessByToken } from './cluster-access.ts';
import { type KubeKind, kubeKinds, objectsOf, removeObject, storeObject } from './kube-objects.ts';
import { openApiDocument, openApiIndex } from './kube-openapi.ts';
import { mergePatch } from './merge.ts';
import { apiServerReachability } from './reachability.ts';
import type { World } from './world.ts';

/** A request to a cluster's API server. `path` starts at the server's root. */
export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly body: Json | undefined;
}

function status(code: number, reason: string, message: string): Answer {
  return { status: code, headers: {}, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code } };
}

const groupVersions = [...new Set(kubeKinds.map((kind) => kind.groupVersion))].filter((one) => one !== 'v1').concat('authorization.k8s.io/v1');

function resourceList(groupVersion: string): Json {
  const own = kubeKinds.filter((kind) => kind.groupVersion === groupVersion);
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update'];
  const resources = own.map((kind) => ({
    name: kind.plural,
    singularName: kind.short.at(-1) ?? '',
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs,
    shortNames: kind.short.slice(0, 1),
  }));
  const reviews = { name: 'selfsubjectaccessreviews', singularName: '', namespaced: false, kind: 'SelfSubjectAccessReview', verbs: ['create'], shortNames: [] };
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: groupVersion === 'authorization.k8s.io/v1' ? [reviews] : resources };
}

function discovery(world: World, cluster: ArmResource, path: string): Answer | undefined {
  if (/^\/(readyz|livez|healthz)$/.test(path)) return { status: 200, headers: { 'content-type': 'text/plain' }, text: 'ok' };
  if (path === '/version') {
    const version = text(at(cluster, dotted('properties.currentKubernetesVersion'))) ?? '';
    const [major = '', minor = ''] = version.split('.');
    return ok({ major, minor, gitVersion: `v${version}`, platform: 'linux/amd64', buildDate: new Date(world.clock.now()).toISOString() });
  }
  if (path === '/api') return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/apis') {
    const groups = groupVersions.map((groupVersion) => {
      const [name = '', version = ''] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
    return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups });
  }
  if (path === '/openapi/v3') return ok(openApiIndex());
  const document = path.startsWith('/openapi/v3/') ? openApiDocument(path.slice('/openapi/v3/'.length)) : undefined;
  if (document !== undefined) return ok(document);
  if (path === '/api/v1') return ok(resourceList('v1'));
  const group = /^\/apis\/([^/]+\/[^/]+)$/.exec(path)?.[1];
  return group !== undefined && groupVersions.includes(group) ? ok(resourceList(group)) : undefined;
}

interface Place {
  readonly kind: KubeKind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

function placeOf(path: string): Place | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  const kind = kubeKinds.find((one) => one.groupVersion === (match?.[1] ?? match?.[2]) && one.plural === match?.[4]);
  return kind === undefined ? undefined : { kind, namespace: match?.[3], name: match?.[5] };
}

function objectAnswer(world: World, cluster: ArmResource, place: Place, request: KubeRequest): Answer {
  const { kind, namespace, name } = place;
  const found = objectsOf(world, cluster, kind, namespace);
  if (name === undefined && request.method === 'GET') {
    return ok({ kind: `${kind.kind}List`, apiVersion: kind.groupVersion, metadata: { resourceVersion: '1' }, items: [...found] });
  }
  const wanted = name ?? text(at(request.body, ['metadata', 'name'])) ?? '';
  const object = found.find((one) => text(at(one, ['metadata', 'name'])) === wanted);
  const dryRun = request.query.get('dryRun') === 'All';
  const missing = status(404, 'NotFound', `${kind.plural} "${wanted}" not found`);
  const sent = isObject(request.body) ? request.body : {};
  const keep = (next: JsonObject, code: number): Answer => {
    const whole: JsonObject = {
      ...next,
      apiVersion: kind.groupVersion,
      kind: kind.kind,
      metadata: { ...(next['metadata'] as JsonObject), name: wanted, ...(namespace === undefined ? {} : { namespace }) },
    };
    if (!dryRun) storeObject(world, whole);
    return { status: code, headers: {}, body: whole };
  };
  switch (request.method) {
    case 'GET':
      return object === undefined ? missing : ok(object);
    case 'POST':
      return object === undefined ? keep(sent, 201) : status(409, 'AlreadyExists', `${kind.plural} "${wanted}" already exists`);
    case 'PUT':
      return object === undefined ? missing : keep(sent, 200);
    case 'PATCH':
      // Server-side apply creates; a merge patch does not.
      if (object === undefined) return request.query.has('fieldManager') ? keep(sent, 201) : missing;
      return keep(mergePatch(object, sent) as JsonObject, 200);
    case 'DELETE':
      if (object === undefined) return missing;
      if (!dryRun) removeObject(world, object);
      return ok({ kind: 'Status', apiVersion: 'v1', status: 'Success' });
    default:
      return status(405, 'MethodNotAllowed', `the server does not allow ${request.method}`);
  }
}

/** Answers as a cluster's API server does, as far as the way to it is open. */
export function handleKube(world: World, cluster: ArmResource, request: KubeRequest): Answer {
  if (!apiServerReachability(world, cluster).reachable) return { status: 0, headers: {}, cut: true };
  const access = accessByToken(world, cluster, request.token);
  if (access === undefined) return status(401, 'Unauthorized', 'Unauthorized');
  const found = request.method === 'GET' ? discovery(world, cluster, request.path) : undefined;
  if (found !== undefined) return found;
  if (request.method === 'POST' && request.path.endsWith('/selfsubjectaccessreviews')) {
    const review = isObject(request.body) ? request.body : {};
    return { status: 201, headers: {}, body: { ...review, status: { allowed: access.allowed } } };
  }
  const place = placeOf(request.path);
  if (place === undefined) return status(404, 'NotFound', 'the server could not find the requested resource');
  if (!access.allowed)
    return status(
      403,
      'Forbidden',
      `${place.kind.plural} is forbidden: User "${access.as}" cannot ${request.method.toLowerCase()} resource "${place.kind.plural}" at the cluster scope`,
    );
  return objectAnswer(world, cluster, place, request);
}
