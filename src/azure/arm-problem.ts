import { clean } from '../model/foreign.ts';
import type { Response } from '../model/gateway.ts';
import type { Json } from '../model/json.ts';
import { missingRight } from '../model/missing-right.ts';
import type { Request } from '../model/plan.ts';
import type { CloudError, Problem } from '../model/problem.ts';
import { problemRows } from './arm-problem-table.ts';
import { errorBody } from './error-body.ts';
import type { ProblemContext, ProblemRow } from './problem-row.ts';

/** An answer that is an error, with the request it answers. `status` is 0 when there was no answer at all. */
export interface FailedExchange {
  readonly status: number;
  readonly body: Json | undefined;
  readonly headers: Response['headers'];
  readonly request: Pick<Request, 'method' | 'url'>;
}

/** True for requests that change something. */
export function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** Retry-After in milliseconds, from seconds or from a date (`now` in milliseconds since 1970); undefined when absent or unreadable. */
export function retryAfterMs(headers: Response['headers'], now: number): number | undefined {
  const milliseconds = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'];
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function fits(row: ProblemRow, context: ProblemContext): boolean {
  return (
    (row.write === undefined || row.write === context.write) &&
    (row.status === undefined || row.status(context.status)) &&
    (row.codes === undefined || row.codes.some((code) => context.codes.includes(code.toLowerCase()))) &&
    (row.text === undefined || row.text.test(context.message)) &&
    (row.url === undefined || row.url.test(context.url))
  );
}

/**
 * What an error of ARM, of the AKS provider, or of Graph means to the operator: the first row of the table that fits.
 * The cloud's own code, message, request id and correlation id are kept in `cloud`. A failed operation comes with the status of the
 * answer that told of it (200).
 */
export function armProblem(failed: FailedExchange, now: number = Date.now()): Problem {
  const error = errorBody(failed.body);
  const right = missingRight(error.message);
  const context: ProblemContext = {
    status: failed.status,
    write: isWrite(failed.request.method),
    url: failed.request.url,
    code: error.code,
    codes: error.codes.map((code) => code.toLowerCase()),
    message: error.message,
    ...(right ? { right } : {}),
  };
  const row = problemRows.find((candidate) => fits(candidate, context));
  const { what, why, next } = row?.tell(context) ?? { what: 'Azure refused the request.', why: error.message, next: [] };
  return {
    code: row?.code ?? 'azure-refused',
    what,
    why,
    next,
    ...(row?.links ? { links: row.links } : {}),
    ...(row?.exitCode === undefined ? {} : { exitCode: row.exitCode }),
    cloud: cloudError(failed, error, now),
  };
}

function cloudError(failed: FailedExchange, error: ReturnType<typeof errorBody>, now: number): CloudError {
  const requestId = failed.headers['x-ms-request-id'] ?? failed.headers['request-id'] ?? error.requestId;
  const correlationId = failed.headers['x-ms-correlation-request-id'] ?? failed.headers['client-request-id'];
  const wait = retryAfterMs(failed.headers, now);
  return {
    status: failed.status,
    code: error.code,
    message: error.message,
    ...(error.subcode ? { subcode: error.subcode } : {}),
    ...(error.target ? { target: error.target } : {}),
    ...(requestId ? { requestId: clean(requestId) } : {}),
    ...(correlationId ? { correlationId: clean(correlationId) } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}
