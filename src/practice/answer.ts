import type { Json, JsonObject } from '../model/json.ts';

/** One answer of the practice world. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Json;
  /** Text instead of JSON: Kubernetes' health checks answer in plain text. */
  readonly text?: string;
  /** The connection is cut without an answer: what a firewall in the way looks like. */
  readonly cut?: boolean;
}

/** A request as it reaches the world: the URL's path and query, JSON body read. Header names are lower case. */
export interface PracticeRequest {
  readonly method: string;
  /** Absolute; its origin is what the answers' own addresses start with. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}

/** A refusal with ARM's code. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly subcode?: string;
  readonly headers?: { readonly [name: string]: string };
}

export const ok = (body: Json, headers: { readonly [name: string]: string } = {}): Answer => ({ status: 200, headers, body });

/** ARM's front door wraps its errors in `error`. */
export function armError(refusal: Refusal): Answer {
  const { status, code, message, target, headers } = refusal;
  return { status, headers: { 'x-ms-failure-cause': 'gateway', ...headers }, body: { error: { code, message, ...(target === undefined ? {} : { target }) } } };
}

/** The container service sends its errors flat, with `subcode` (recorded answers of 2022 to 2025). */
export function serviceError(refusal: Refusal): Answer {
  const { status, code, message, target, subcode, headers } = refusal;
  const body: JsonObject = { code, details: null, message, subcode: subcode ?? '', ...(target === undefined ? {} : { target }) };
  return { status, headers: headers ?? {}, body };
}
