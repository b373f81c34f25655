import type { Answer } from './answer.ts';

/** A refusal of the API server (Kubernetes API reference: Status). */
export function status(code: number, reason: string, message: string): Answer {
  return { status: code, headers: {}, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code } };
}

/** What an API server answers where it has no such kind, or no such path. */
export const noSuchPath: Answer = status(404, 'NotFound', 'the server could not find the requested resource');

/** A warning as the API server sends it: RFC 7234, code 299, any agent (Kubernetes docs: "Warning: Helpful Warnings Ahead"). */
export function warningHeaders(warnings: readonly string[]): Answer['headers'] {
  if (warnings.length === 0) return {};
  return { warning: warnings.map((said) => `299 - "${said.replace(/["\\]/g, '\\$&').replace(/[^\u0020-\u007e]/g, '?')}"`).join(', ') };
}
