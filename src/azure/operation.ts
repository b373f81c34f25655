import { AsyncLocalStorage } from 'node:async_hooks';
import { type ContainerServiceClient, restorePoller } from '@azure/arm-containerservice';
import { createHttpPoller, type OperationResponse } from '@azure/core-lro';
import { createPipelineRequest, type Pipeline, type PipelineResponse } from '@azure/core-rest-pipeline';
import { clean } from '../model/foreign.ts';
import type { Operation, Response } from '../model/gateway.ts';
import { at, isObject, type Json, text } from '../model/json.ts';
import type { Request } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { armProblem, retryAfterMs } from './arm-problem.ts';
import { addressOf, bodyOf, type Line } from './exchange.ts';

/** Milliseconds between two looks where ARM names no time. AKS gives 2 status reads a second to a whole subscription. */
export const defaultWaitMs = 5_000;

/** How many looks in a row may fail before it is said. */
const patience = 5;

/** The answer that a look brought, wherever in the SDK it was taken. */
const heard = new AsyncLocalStorage<{ answer?: PipelineResponse }>();

/** Lets `operationAt` see the answers behind the SDK's poller, which keeps an error's text only. Once per pipeline. */
export function listenTo(pipeline: Pipeline): void {
  pipeline.addPolicy({
    name: 'hearOperation',
    sendRequest: async (request, next) => {
      const answer = await next(request);
      const box = heard.getStore();
      if (box) box.answer = answer;
      return answer;
    },
  });
}

/** The address in the spelling of the SDK's own table: it finds an operation by its path, letter for letter, and ids come in any case. */
function spelled(url: string): string {
  return url
    .replace(/\/subscriptions\//i, '/subscriptions/')
    .replace(/\/resourcegroups\//i, '/resourceGroups/')
    .replace(/\/providers\/microsoft\.containerservice\/managedclusters\//i, '/providers/Microsoft.ContainerService/managedClusters/')
    .replace(/\/agentpools\//i, '/agentPools/');
}

/** True for operations that the SDK's restorePoller knows. */
const isClusters = /\/providers\/Microsoft\.ContainerService\/managedClusters\//i;

/** An answer as core-lro wants it. */
function toLro(url: string, method: string, response: Pick<Response, 'status' | 'headers' | 'body'>): OperationResponse {
  const rawResponse = { statusCode: response.status, headers: { ...response.headers }, body: response.body, request: { url, method } };
  return { flatResponse: rawResponse, rawResponse };
}

/** What a saved operation holds: addresses and the method, as core-lro writes them. */
interface Saved {
  readonly operationLocation?: string;
  readonly initialRequestUrl: string;
  readonly requestMethod: Request['method'];
}

function isMethod(value: string | undefined): value is Request['method'] {
  return value === 'PUT' || value === 'PATCH' || value === 'POST' || value === 'DELETE';
}

/** Reads core-lro's state text. A text that is none throws a ProblemError: it comes from a file. */
function savedIn(state: string): Saved {
  let config: Json | undefined;
  try {
    config = at(JSON.parse(state) as Json, ['state', 'config']);
  } catch {
    config = undefined;
  }
  const operationLocation = text(at(config, ['operationLocation']));
  const initialRequestUrl = text(at(config, ['initialRequestUrl']));
  const requestMethod = text(at(config, ['requestMethod']));
  if (!initialRequestUrl || !isMethod(requestMethod)) {
    throw new ProblemError({
      code: 'operation-damaged',
      what: 'The saved operation cannot be read.',
      why: 'It is not what a running operation leaves behind.',
      next: ['Read the cluster afresh instead: aks-harden resume'],
    });
  }
  return { initialRequestUrl, requestMethod, ...(operationLocation ? { operationLocation } : {}) };
}

/** Throws unless every address in the state is the endpoint's or a host below it: a state comes from a file, and the sign-in goes where it points. */
function requireOwn(line: Line, state: string): void {
  const own = new URL(line.endpoint);
  const { operationLocation, initialRequestUrl } = savedIn(state);
  for (const place of [initialRequestUrl, ...(operationLocation ? [operationLocation] : [])]) {
    const url = URL.canParse(place, line.endpoint) ? new URL(place, line.endpoint) : undefined;
    if (url && url.protocol === own.protocol && (url.host === own.host || url.host.endsWith(`.${own.host}`))) continue;
    throw new ProblemError({
      code: 'foreign-operation',
      what: 'The saved operation points at another host than this Azure.',
      why: `It names ${clean(url?.host ?? place)}; this sign-in belongs to ${own.host}.`,
      next: ['It is not followed. Read the cluster afresh: aks-harden resume', 'If the cluster is in another Azure cloud, sign in to that cloud.'],
    });
  }
}

/**
 * The operation that an accepted write started; undefined when the answer says that it is complete. `response` is the write's answer.
 * The state holds addresses and nothing else: no body, no token.
 */
export async function operationOf(line: Line, client: ContainerServiceClient, request: Request, response: Response): Promise<Operation | undefined> {
  const url = spelled(addressOf(line, request.url));
  const poller = createHttpPoller(
    { sendInitialRequest: async () => toLro(url, request.method, response), sendPollRequest: () => Promise.reject(new Error('not polled here')) },
    // The caller reads what it wants to know afterwards; the SDK's final GET would only be thrown away.
    { skipFinalGet: true, processResult: async () => undefined },
  );
  await poller.submitted();
  if (poller.isDone) {
    if (poller.operationState?.status === 'succeeded') return undefined;
    throw failure(request, response, response.body);
  }
  return operationAt(line, client, await poller.serialize());
}

function failure(request: Pick<Request, 'method' | 'url'>, response: Pick<Response, 'headers'>, body: Json | undefined): ProblemError {
  const status = text(at(body, ['status'])) ?? text(at(body, ['properties', 'provisioningState'])) ?? 'Failed';
  const error = at(body, ['error']) ?? at(body, ['properties', 'error']);
  const stated = isObject(error) ? error : { code: /^cancel+ed$/i.test(status) ? 'OperationCanceled' : '', message: `The operation ended as ${status}.` };
  return new ProblemError(armProblem({ status: 200, headers: response.headers, body: { error: stated }, request }));
}

/** An operation picked up from its state, by the SDK's own restore function for clusters and pools and by core-lro's for the rest. */
export function operationAt(line: Line, client: ContainerServiceClient, saved: string): Operation {
  requireOwn(line, saved);
  let state = saved;
  let failures = 0;
  const { initialRequestUrl, requestMethod, operationLocation } = savedIn(saved);
  const request = { method: requestMethod, url: initialRequestUrl };

  const look = async (path: string): Promise<OperationResponse> => {
    const answer = await line.pipeline.sendRequest(line.httpClient, createPipelineRequest({ url: new URL(path, line.endpoint).toString(), method: 'GET' }));
    const response = { status: answer.status, headers: answer.headers.toJSON(), body: bodyOf(answer) };
    if (answer.status >= 400) throw new Error(`status ${answer.status}`);
    return toLro(path, 'GET', response);
  };
  // A poller is made for each look: core-lro marks one as failed for good after a single lost answer.
  const pollerAt = (restoreFrom: string) =>
    isClusters.test(initialRequestUrl)
      ? restorePoller(client, restoreFrom, client.managedClusters.createOrUpdate, { processResponseBody: async () => undefined as never })
      : createHttpPoller(
          { sendInitialRequest: () => Promise.reject(new Error('already sent')), sendPollRequest: look },
          { restoreFrom, skipFinalGet: true, processResult: async () => undefined },
        );

  const poll: Operation['poll'] = async () => {
    const box: { answer?: PipelineResponse } = {};
    const poller = pollerAt(state);
    const thrown = await heard.run(box, async () => {
      try {
        await poller.poll();
        return undefined;
      } catch (error) {
        return { error };
      }
    });
    const answer = box.answer;
    const headers = answer?.headers.toJSON() ?? {};
    const body = answer ? bodyOf(answer) : undefined;
    const wait = retryAfterMs(headers, Date.now()) ?? defaultWaitMs;
    if (!thrown) {
      failures = 0;
      state = await poller.serialize();
      requireOwn(line, state);
      return { done: poller.isDone, status: clean(text(at(body, ['status'])) ?? (poller.isDone ? 'Succeeded' : 'InProgress')), retryAfterMs: wait };
    }
    if (answer && answer.status < 400) throw failure(request, { headers }, body);
    failures += 1;
    if (failures < patience && !isFinal(answer?.status)) return { done: false, status: 'no answer, asking again', retryAfterMs: wait };
    throw unreadable(thrown.error, answer, headers, body);
  };
  return {
    get state() {
      return state;
    },
    ...(operationLocation ? { url: operationLocation } : {}),
    poll,
  };
}

/** Answers that asking again does not mend: the sign-in is refused, or ARM has forgotten the operation. */
function isFinal(status: number | undefined): boolean {
  return status === 401 || status === 403 || status === 404;
}

/** The operation could not be followed; it goes on in Azure all the same. */
function unreadable(thrown: unknown, answer: PipelineResponse | undefined, headers: Response['headers'], body: Json | undefined): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const why = armProblem({ status: answer?.status ?? 0, headers, body: body ?? { message }, request: { method: 'GET', url: '' } });
  const forgotten = answer?.status === 404;
  return new ProblemError({
    ...why,
    code: 'operation-unreadable',
    what: forgotten
      ? 'Azure does not know the operation any more; it ended a while ago.'
      : 'The operation goes on in Azure, but it cannot be followed from here.',
    next: ['Read the cluster again: aks-harden resume says what holds.', ...why.next],
  });
}
