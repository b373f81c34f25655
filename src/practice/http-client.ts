import { createHttpHeaders, type HttpClient, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { handle } from './handle.ts';
import type { World } from './world.ts';

/**
 * The SDK's transport, answered by the world in this process. Retry-After of an operation is in the world's seconds, which
 * `ArmGateway.sleep` passes. The pipeline itself waits out a 429 in real time: here the world's time passes first, and then it need not wait.
 */
export function practiceHttpClient(world: World): HttpClient {
  return {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      if (request.abortSignal?.aborted === true) throw new DOMException('The request was aborted.', 'AbortError');
      const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
      const body = typeof request.body === 'string' ? { body: request.body } : {};
      const answer = handle(world, { method: request.method, url: request.url, headers, ...body });
      const throttledFor = answer.status === 429 ? Number(answer.headers['retry-after']) : Number.NaN;
      if (throttledFor > 0) await world.clock.sleep(throttledFor * 1000);
      const text = answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({
          'content-type': 'application/json; charset=utf-8',
          ...answer.headers,
          ...(throttledFor > 0 ? { 'retry-after': '0' } : {}),
        }),
        ...(text === undefined ? {} : { bodyAsText: text }),
      };
    },
  };
}
