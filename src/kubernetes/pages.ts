import type { KubeKind } from '../model/gateway.ts';
import { at, isObject, type Json, type JsonObject, list, path, text } from '../model/json.ts';
import { apiVersionOf, kubeListPath } from '../model/kube-kinds.ts';
import { ProblemError } from '../model/problem.ts';

/** Reads what stands at a path of the API server. Throws a ProblemError. */
export type ReadPath = (path: string) => Promise<Json>;

/** Objects of a page, as kubectl's own default. */
export const pageSize = 500;

/** How often a list that took too long may begin again. */
const mostRestarts = 3;

export interface PageOptions {
  readonly namespace?: string;
  readonly signal?: AbortSignal;
  readonly limit?: number;
}

/** A kind that is never listed: even its metadata stands beside what is secret. */
export function refuseSecrets(kind: KubeKind): void {
  if (kind.group !== '' || kind.plural !== 'secrets') return;
  throw new ProblemError({
    code: 'secrets-not-read',
    what: 'Secrets are not read.',
    why: 'A list of Secrets holds what is in them.',
    next: ['Nothing needs to be done.'],
  });
}

function unreadableList(kind: KubeKind, why: string): ProblemError {
  return new ProblemError({
    code: 'list-unreadable',
    what: `The list of ${kind.plural} that came from the API server cannot be read.`,
    why,
    next: [`Look at it yourself: kubectl get --raw ${kubeListPath(kind)}?limit=1`],
  });
}

/** The objects of a page. What is no list is no empty list either: then nothing would be known and look like nothing was there. */
function itemsOf(page: Json, kind: KubeKind): readonly JsonObject[] {
  const items = isObject(page) ? page['items'] : undefined;
  // A server written in Go sends null for a list without entries.
  if (items === null || Array.isArray(items)) return list(items).filter(isObject);
  throw unreadableList(kind, 'It has no items.');
}

const keyOf = (object: JsonObject): string => `${text(at(object, path('metadata.namespace'))) ?? ''}/${text(at(object, path('metadata.name'))) ?? ''}`;

/** The Problem's code in what was thrown; undefined for anything else. */
function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof ProblemError ? thrown.problem.code : undefined;
}

/**
 * A kind's objects, page by page (Kubernetes docs: API concepts, "Retrieving large results sets in chunks"). Objects carry apiVersion and
 * kind, which a list leaves out. A page that is too large for the way it comes (`output-too-large`) is asked for again with half as many
 * objects. A list whose token has grown too old (`list-expired`) begins again, and what was given before is left out: names are kept, no objects.
 */
export async function* pages(
  read: ReadPath,
  kind: KubeKind,
  { namespace, signal, limit: wanted = pageSize }: PageOptions,
): AsyncGenerator<readonly JsonObject[]> {
  refuseSecrets(kind);
  const given = new Set<string>();
  const place = kubeListPath(kind, namespace);
  const apiVersion = apiVersionOf(kind);
  let limit = wanted;
  let token: string | undefined;
  let restarts = 0;
  for (;;) {
    signal?.throwIfAborted();
    let page: Json;
    try {
      page = await read(`${place}?limit=${limit}${token === undefined ? '' : `&continue=${encodeURIComponent(token)}`}`);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === 'list-expired' && restarts < mostRestarts) {
        restarts += 1;
        token = undefined;
        continue;
      }
      if (code === 'output-too-large' && limit > 1) {
        limit = Math.ceil(limit / 2);
        continue;
      }
      throw thrown;
    }
    const fresh = itemsOf(page, kind).filter((object) => !given.has(keyOf(object)));
    for (const object of fresh) given.add(keyOf(object));
    yield fresh.map((object) => ({ ...object, apiVersion, kind: kind.kind }));
    const next = text(at(page, path('metadata.continue'))) || undefined;
    if (next === undefined) return;
    if (next === token) throw unreadableList(kind, 'Its pages repeat themselves.');
    token = next;
  }
}
