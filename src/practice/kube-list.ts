import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { apiVersionOf } from '../model/kube-kinds.ts';
import { type Answer, ok } from './answer.ts';
import type { ServedKind } from './kube-kinds.ts';
import { objectName, objectNamespace } from './kube-objects.ts';
import { selects, selectsFields } from './kube-selectors.ts';
import { expired, status } from './kube-status.ts';
import type { World } from './world.ts';

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

/** Counts down the times that a list's beginning is forgotten before it has been read to its end. */
function isForgotten(world: World): boolean {
  const left = world.state.settings.forgottenLists ?? 0;
  if (left > 0) world.state.settings = { ...world.state.settings, forgottenLists: left - 1 };
  return left > 0;
}

type Test = (object: JsonObject) => boolean;

/** What a selector in the query asks for: undefined without one, its text when it cannot be read. */
function asked(query: URLSearchParams, key: string, read: (selector: string) => Test | undefined): Test | string | undefined {
  const selector = query.get(key) ?? '';
  return selector === '' ? undefined : (read(selector) ?? selector);
}

/** A list, or a page of one with the token of the next (Kubernetes docs: API concepts, "Retrieving large results sets in chunks"). */
export function listAnswer(world: World, kind: ServedKind, found: readonly JsonObject[], query: URLSearchParams): Answer {
  // A watch may end at any time; this one ends before it begins, and clients list again.
  if (['true', '1'].includes(query.get('watch') ?? '')) return { status: 200, headers: {}, text: '' };
  const limit = Number(query.get('limit') ?? '0');
  const token = query.get('continue') ?? '';
  const start = token === '' ? '' : startOf(token);
  if (start === undefined) return status(400, 'BadRequest', 'continue key is not valid: illegal base64 data');
  if (token !== '' && isForgotten(world)) return expired(token);
  const tests = [asked(query, 'labelSelector', selects), asked(query, 'fieldSelector', selectsFields)];
  const [wrong] = tests.flatMap((test) => (typeof test === 'string' ? [test] : []));
  if (wrong !== undefined) return status(400, 'BadRequest', `unable to parse requirement: ${wrong}`);
  const wanted = tests.filter((test) => typeof test === 'function');
  const left = found.filter((object) => (start === '' || placeOf(object) >= start) && wanted.every((test) => test(object)));
  const page = limit > 0 ? left.slice(0, limit) : left;
  const next = left[page.length];
  // A list leaves out what is the same for all of it; custom kinds are sent as they are kept.
  const items = page.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
  // How many are left is not told where a selector was given.
  const rest = wanted.length === 0 ? { remainingItemCount: left.length - page.length } : {};
  return ok({
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: '1', ...(next === undefined ? {} : { continue: tokenOf(placeOf(next)), ...rest }) },
    items,
  });
}
