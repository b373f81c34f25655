import type { GraphChange } from '../model/change.ts';
import type { Command, Request } from '../model/plan.ts';
import { restCommand } from './put/rest.ts';

/** The request to Microsoft Graph, from the version on. */
export function graphRequest({ method, path, body }: GraphChange): Request {
  return body === undefined ? { method, url: `/v1.0${path}` } : { method, url: `/v1.0${path}`, body };
}

/** The same through az, which signs in to Graph by itself for this address. */
export function graphCommands({ method, path, body }: GraphChange): readonly Command[] {
  const word = ({ POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const)[method];
  return [restCommand(word, `https://graph.microsoft.com/v1.0${path}`, '', body)];
}
