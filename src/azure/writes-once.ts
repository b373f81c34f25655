import { defaultRetryPolicy, type Pipeline, type PipelinePolicy, retryPolicy } from '@azure/core-rest-pipeline';
import { isWrite, retryAfterMs } from './arm-problem.ts';

/** The SDK's name for its own retry policy. */
const theirs = 'defaultRetryPolicy';

/**
 * Retries of 429 alone. A throttled request was refused before it was processed, so that sending it again changes nothing twice;
 * the wait is the one Azure names, and without one there is no retry.
 */
const throttled = retryPolicy(
  [
    {
      name: 'throttledWrites',
      retry: ({ response }) => {
        const wait = response?.status === 429 ? retryAfterMs(response.headers.toJSON(), Date.now()) : undefined;
        return wait === undefined ? { skipStrategy: true } : { retryAfterInMs: wait };
      },
    },
  ],
  { maxRetries: 3 },
);

/** Retries reads as the SDK does, and sends a write once. */
function retryReadsOnly(): PipelinePolicy {
  const reads = defaultRetryPolicy();
  return {
    name: 'retryReadsOnly',
    sendRequest: (request, next) => (isWrite(request.method) ? throttled : reads).sendRequest(request, next),
  };
}

/**
 * Makes a pipeline send writes once. The SDK's own policy repeats any request, PUT and POST among them, up to three times after
 * 408, 5xx, or a reset connection (core-rest-pipeline, exponentialRetryStrategy): there a write may have been carried out already.
 */
export function sendWritesOnce(pipeline: Pipeline): void {
  pipeline.removePolicy({ name: theirs });
  pipeline.addPolicy(retryReadsOnly(), { phase: 'Retry' });
}
