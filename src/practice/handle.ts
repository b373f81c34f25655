import { isObject, type Json } from '../model/json.ts';
import { type Answer, armError, ok, type PracticeRequest } from './answer.ts';
import { parseArmPath } from './arm-path.ts';
import { cloudMetadata } from './cloud-metadata.ts';
import type { Context } from './context.ts';
import { handleGraph } from './graph.ts';
import { handleKube } from './kube.ts';
import { reviewFromProtobuf } from './kube-protobuf.ts';
import { settle } from './operations.ts';
import { missingGroup } from './other-resources.ts';
import { locked, unauthorized } from './permissions.ts';
import { route } from './routes.ts';
import { handleSignIn } from './sign-in.ts';
import { type Fault, resourceOf, type World } from './world.ts';

function parseBody(text: string | undefined): Json | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // A form or a manifest: whoever needs it reads the text itself.
    return undefined;
  }
}

/** Takes the next fault that fits a request, and counts it down. */
function nextFault(world: World, method: string, pathname: string): Fault | undefined {
  const { faults } = world.state.settings;
  const fault = faults.find((one) => one.times > 0 && one.method === method && pathname.toLowerCase().includes(one.path));
  if (fault === undefined) return undefined;
  world.state.settings = { ...world.state.settings, faults: faults.map((one) => (one === fault ? { ...one, times: one.times - 1 } : one)) };
  return fault;
}

function armAnswer(world: World, request: PracticeRequest, url: URL, wire: boolean): Answer {
  const path = parseArmPath(decodeURIComponent(url.pathname));
  if (path === undefined) return { status: 404, headers: {}, body: { error: { code: 'NotFound', message: 'There is nothing here.' } } };
  const apiVersion = url.searchParams.get('api-version') ?? '';
  if (apiVersion === '') {
    return armError({
      status: 400,
      code: 'MissingApiVersionParameter',
      message: 'The api-version query parameter (?api-version=) is required for all requests.',
    });
  }
  if (path.subscriptionId !== undefined && path.subscriptionId.toLowerCase() !== world.state.subscriptionId.toLowerCase()) {
    return armError({ status: 404, code: 'SubscriptionNotFound', message: `The subscription '${path.subscriptionId}' could not be found.` });
  }
  const context: Context = {
    world,
    method: request.method,
    path,
    apiVersion,
    query: url.searchParams,
    headers: request.headers,
    body: parseBody(request.body),
    origin: url.origin,
    wire,
  };
  const refusal = unauthorized(world, request.method, path) ?? locked(world, request.method, path);
  return refusal === undefined ? (missingGroup(context) ?? route(context)) : armError(refusal);
}

function kubeAnswer(world: World, request: PracticeRequest, url: URL): Answer {
  const cluster = resourceOf(world, world.state.clusterId);
  if (cluster === undefined) return { status: 404, headers: {}, body: { message: 'the cluster was deleted' } };
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const path = url.pathname.replace(/\/$/, '');
  const contentType = request.headers['content-type'] ?? '';
  const body = contentType.includes('protobuf') ? reviewFromProtobuf(request.body ?? '') : parseBody(request.body);
  return handleKube(world, cluster, { method: request.method, path, query: url.searchParams, token, contentType, body });
}

/** The API server of the world's one cluster stands on the same address; its paths are none of ARM's. */
const kubePath = /^\/(api|apis|openapi|readyz|livez|healthz|version)(\/|$)/;
const graphPath = /^(?:\/graph)?\/(?:v1\.0|beta)(\/.*)$/;

function answer(world: World, request: PracticeRequest, url: URL, wire: boolean): Answer {
  if (kubePath.test(url.pathname)) return kubeAnswer(world, request, url);
  if (url.pathname === '/metadata/endpoints') return ok(cloudMetadata(url.origin, world.state.tenantId));
  const signedIn = handleSignIn(world, request.method, url, request.body ?? '');
  if (signedIn !== undefined) return signedIn;
  if (!/^Bearer .+/i.test(request.headers['authorization'] ?? '')) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    return armError({
      status: 401,
      code: 'AuthenticationFailed',
      message,
      headers: { 'www-authenticate': `Bearer authorization_uri="${url.origin}/${world.state.tenantId}"` },
    });
  }
  const graph = graphPath.exec(decodeURIComponent(url.pathname))?.[1];
  if (graph !== undefined) {
    return handleGraph(world, { method: request.method, path: graph, query: url.searchParams, headers: request.headers, body: parseBody(request.body) });
  }
  return armAnswer(world, request, url, wire);
}

/** One request to the practice world, and its answer. `wire` tells that the caller waits in real time. */
export function handle(world: World, request: PracticeRequest, wire = false): Answer {
  settle(world);
  const url = new URL(request.url);
  const fault = nextFault(world, request.method, url.pathname);
  const given = fault === undefined || fault.afterEffect === true ? answer(world, request, url, wire) : undefined;
  const shown = fault === undefined ? given : armError({ status: fault.status, code: fault.code, message: fault.message });
  const requestId = crypto.randomUUID();
  const headers = { 'x-ms-request-id': requestId, 'x-ms-correlation-request-id': requestId, ...shown?.headers };
  return { ...(shown ?? { status: 500, headers: {} }), headers };
}

/** The practice cluster as it stands now, operations that have come to their end included. */
export function currentCluster(world: World): { readonly [key: string]: Json | undefined } {
  settle(world);
  const cluster = resourceOf(world, world.state.clusterId);
  return isObject(cluster) ? cluster : {};
}
