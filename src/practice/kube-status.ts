import type { Json, JsonObject } from '../model/json.ts';
import type { Answer } from './answer.ts';

/** A refusal of the API server (Kubernetes API reference: Status). `details` are what kubectl words some refusals from. */
export function status(code: number, reason: string, message: string, details?: JsonObject): Answer {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details === undefined ? {} : { details }), code };
  return { status: code, headers: {}, body };
}

/** What an API server answers where it has no such kind, or no such path. */
export const noSuchPath: Answer = status(404, 'NotFound', 'the server could not find the requested resource');

/** An object whose form or values are refused, with the field and what is wrong with it. */
export function invalid(kind: string, name: string, field: string, wrong: string): Answer {
  const causes = [{ reason: 'FieldValueInvalid', message: wrong, field }];
  return status(422, 'Invalid', `${kind} "${name}" is invalid: ${field}: ${wrong}`, { name, kind, causes });
}

/** A body in a form that is not read here; kubectl sends protobuf where it makes an object from its arguments. */
export function unknownForm(accepted: readonly string[]): Answer {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return status(415, 'UnsupportedMediaType', message);
}

/** A list that took too long to read on: its beginning is forgotten (Kubernetes docs: API concepts, "410 Gone responses"). `token` reads on all the same. */
export function expired(token: string): Answer {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  const body: Json = { kind: 'Status', apiVersion: 'v1', metadata: { continue: token }, status: 'Failure', message, reason: 'Expired', code: 410 };
  return { status: 410, headers: {}, body };
}

/** A warning as the API server sends it: RFC 7234, code 299, any agent (Kubernetes docs: "Warning: Helpful Warnings Ahead"). */
export function warningHeaders(warnings: readonly string[]): Answer['headers'] {
  if (warnings.length === 0) return {};
  return { warning: warnings.map((said) => `299 - "${said.replace(/["\\]/g, '\\$&').replace(/[^\u0020-\u007e]/g, '?')}"`).join(', ') };
}
