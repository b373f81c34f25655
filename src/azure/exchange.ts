import { createPipelineRequest, type HttpClient, type Pipeline, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Response } from '../model/gateway.ts';
import type { Json } from '../model/json.ts';
import type { Request } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { armProblem, isWrite } from './arm-problem.ts';
import { signInProblem } from './sign-in-problem.ts';

/** What an exchange goes through. */
export interface Line {
  readonly pipeline: Pipeline;
  readonly httpClient: HttpClient;
  /** Scheme and host, e.g. `https://management.azure.com`; a path below it is kept. No slash at the end. */
  readonly endpoint: string;
}

export interface ExchangeOptions {
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
  readonly headers?: { readonly [name: string]: string };
}

/** How long one exchange may take, in milliseconds. AKS takes up to a minute to accept a large write. */
const patience = { read: 60_000, write: 300_000 };

/** Errors of a connection that never stood: nothing was sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A body as JSON; text that is no JSON stays text, so that an error page can still be quoted. */
export function bodyOf(response: PipelineResponse): Json | undefined {
  const raw = response.bodyAsText;
  if (!raw) return undefined;
  try {
    return JSON.parse(raw) as Json;
  } catch {
    return raw;
  }
}

/** The whole address of a request. A path that would lead to another host is refused. */
export function addressOf(line: Pick<Line, 'endpoint'>, path: string): string {
  const base = new URL(line.endpoint);
  const address = new URL(`${line.endpoint}${path}`);
  if (!path.startsWith('/') || address.origin !== base.origin) throw new TypeError(`not a path below ${base.origin}: ${path}`);
  return address.toString();
}

/**
 * Sends one request through the pipeline and gives the answer. 4xx, 5xx and lost connections throw a ProblemError.
 * A write whose answer is lost is `outcome-unknown`; a connection that never stood is `azure-unreachable`, for writes too.
 * An aborted read throws the signal's AbortError; an aborted write that has left is `outcome-unknown`.
 */
export async function exchange(line: Line, request: Request, options: ExchangeOptions = {}): Promise<Response> {
  const write = isWrite(request.method);
  const outgoing = createPipelineRequest({
    url: addressOf(line, request.url),
    method: request.method,
    timeout: write ? patience.write : patience.read,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(options.signal ? { abortSignal: options.signal } : {}),
  });
  outgoing.headers.set('accept', 'application/json');
  if (request.body !== undefined) outgoing.headers.set('content-type', 'application/json');
  if (options.ifMatch !== undefined) outgoing.headers.set('if-match', options.ifMatch);
  for (const [name, value] of Object.entries(options.headers ?? {})) outgoing.headers.set(name, value);
  let left = false;
  const client: HttpClient = {
    sendRequest: (sent) => {
      left = true;
      return line.httpClient.sendRequest(sent);
    },
  };
  const answer = await line.pipeline.sendRequest(client, outgoing).catch((thrown: unknown) => {
    throw lost(thrown, request, left, options.signal);
  });
  const response: Response = { status: answer.status, headers: answer.headers.toJSON(), body: bodyOf(answer) };
  if (answer.status >= 400) throw new ProblemError(armProblem({ ...response, request }));
  return response;
}

/** What to throw when there is no answer. */
function lost(thrown: unknown, request: Request, left: boolean, signal: AbortSignal | undefined): unknown {
  if (thrown instanceof ProblemError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const unsent = !left || neverConnected.has(code);
  if (signal?.aborted && (unsent || !isWrite(request.method))) return thrown;
  if (!left) return new ProblemError(signInProblem(thrown));
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // A read's reading of "no answer" is right for a write that never left.
  const shown = unsent ? { method: 'GET' as const, url: request.url } : request;
  return new ProblemError(armProblem({ status: 0, headers: {}, body: { code, message }, request: shown }), { cause: thrown });
}
