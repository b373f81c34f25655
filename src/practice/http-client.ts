import { createHttpHeaders, type HttpClient, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { handle } from './handle.ts';
import type { World } from './world.ts';

/** The SDK's transport, answered by the world in this process. Time that an answer asks to wait is the world's. */
export function practiceHttpClient(world: World): HttpClient {
  return {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      if (request.abortSignal?.aborted === true) throw new DOMException('The request was aborted.', 'AbortError');
      const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
      const body = typeof request.body === 'string' ? { body: request.body } : {};
      const answer = handle(world, { method: request.method, url: request.url, headers, ...body });
      const text = answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({ 'content-type': 'application/json; charset=utf-8', ...answer.headers }),
        ...(text === undefined ? {} : { bodyAsText: text }),
      };
    },
  };
}
