import type { ArmResource, KubernetesAccess } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import { accessByToken } from './cluster-access.ts';
import { discovery } from './kube-discovery.ts';
import { type ServedKind, servedKinds } from './kube-kinds.ts';
import { listAnswer } from './kube-list.ts';
import { findObject, objectsOf } from './kube-objects.ts';
import { may, reviewAnswer } from './kube-reviews.ts';
import { noSuchPath, status } from './kube-status.ts';
import { writeObject } from './kube-write.ts';
import { apiServerReachability } from './reachability.ts';
import type { World } from './world.ts';

/** A request to a cluster's API server. `path` starts at the server's root. */
export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType?: string;
  readonly body: Json | undefined;
}

interface Place {
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

function placeOf(path: string, kinds: readonly ServedKind[]): Place | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  const kind = kinds.find((one) => apiVersionOf(one) === (match?.[1] ?? match?.[2]) && one.plural === match?.[4]);
  const part = (text: string | undefined) => (text === undefined ? undefined : decodeURIComponent(text));
  return kind === undefined ? undefined : { kind, namespace: part(match?.[3]), name: part(match?.[5]) };
}

const verbs: { readonly [method: string]: string } = { GET: 'list', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

const verbOf = ({ name }: Place, method: string): string => (method === 'GET' && name !== undefined ? 'get' : (verbs[method] ?? method.toLowerCase()));

function forbidden(place: Place, method: string, as: string): Answer {
  const { kind, namespace, name } = place;
  const what = `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}${name === undefined ? '' : ` "${name}"`}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return status(
    403,
    'Forbidden',
    `${what} is forbidden: User "${as}" cannot ${verbOf(place, method)} resource "${kind.plural}" in API group "${kind.group}" ${where}`,
    { ...(name === undefined ? {} : { name }), ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural },
  );
}

/** What a cluster's API server answers to somebody it has let in, however the request came. */
export function answerKube(world: World, cluster: ArmResource, access: KubernetesAccess, request: KubeRequest): Answer {
  const kinds = servedKinds(world.state.kubernetes);
  const found = request.method === 'GET' ? discovery(world, cluster, request.path, kinds) : undefined;
  if (found !== undefined) return found;
  const review = request.method === 'POST' ? reviewAnswer(world, cluster, access, { ...request, kinds }) : undefined;
  if (review !== undefined) return review;
  const place = placeOf(request.path, kinds);
  if (place === undefined) return noSuchPath;
  const { kind, namespace, name } = place;
  if (!may(world, access, { verb: verbOf(place, request.method), plural: kind.plural })) return forbidden(place, request.method, access.as);
  if (request.method !== 'GET') {
    return writeObject(world, cluster, { ...place, method: request.method, query: request.query, contentType: request.contentType ?? '', body: request.body });
  }
  if (name === undefined) return listAnswer(world, kind, objectsOf(world, cluster, kind, namespace), request.query);
  const object = findObject(world, cluster, kind, name, namespace);
  return object === undefined ? status(404, 'NotFound', `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}" not found`) : ok(object);
}

/** Answers as a cluster's API server does, as far as the way to it is open. */
export function handleKube(world: World, cluster: ArmResource, request: KubeRequest & { readonly token: string | undefined }): Answer {
  if (!apiServerReachability(world, cluster).reachable) return { status: 0, headers: {}, cut: true };
  const access = accessByToken(world, cluster, request.token);
  return access === undefined ? status(401, 'Unauthorized', 'Unauthorized') : answerKube(world, cluster, access, request);
}
