import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import type { ServedKind } from './kube-kinds.ts';
import { objectName, objectNamespace } from './kube-objects.ts';
import { status } from './kube-status.ts';

const placeOf = (object: JsonObject): string => `${objectNamespace(object)}/${objectName(object)}`;

/** Where the next page begins. Clients are told not to look into it. */
const tokenOf = (start: string): string => Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1, start })).toString('base64url');

function startOf(token: string): string | undefined {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Json;
    const start = isObject(read) ? read['start'] : undefined;
    return typeof start === 'string' ? start : undefined;
  } catch {
    return undefined;
  }
}

/** The labels that a selector of the simple form asks for: `app=web,tier!=x`. Undefined for any other form. */
function selects(selector: string): ((object: JsonObject) => boolean) | undefined {
  const parts = selector.split(',').map((part) => /^([\w./-]+)(==|=|!=)([\w.-]*)$/.exec(part.trim()));
  if (parts.some((part) => part === null)) return undefined;
  return (object) => {
    const metadata = object['metadata'];
    const labels = isObject(metadata) && isObject(metadata['labels']) ? metadata['labels'] : {};
    return parts.every((part) => part !== null && (labels[part[1] ?? ''] === part[3]) === (part[2] !== '!='));
  };
}

/** A list, or a page of one with the token of the next (Kubernetes docs: API concepts, "Retrieving large results sets in chunks"). */
export function listAnswer(kind: ServedKind, found: readonly JsonObject[], query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? '0');
  const token = query.get('continue');
  const start = token === null || token === '' ? '' : startOf(token);
  if (start === undefined) return status(400, 'BadRequest', 'continue key is not valid: illegal base64 data');
  const selector = query.get('labelSelector');
  const wanted = selector === null || selector === '' ? undefined : selects(selector);
  if (selector !== null && selector !== '' && wanted === undefined) return status(400, 'BadRequest', `unable to parse requirement: ${selector}`);
  const left = found.filter((object) => (start === '' || placeOf(object) >= start) && (wanted === undefined || wanted(object)));
  const page = limit > 0 ? left.slice(0, limit) : left;
  const next = left[page.length];
  // A list leaves out what is the same for all of it; custom kinds are sent as they are kept.
  const items = page.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
  return ok({
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: '1', ...(next === undefined ? {} : { continue: tokenOf(placeOf(next)), remainingItemCount: left.length - page.length }) },
    items,
  });
}
