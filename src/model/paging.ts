import type { ArmGateway } from './gateway.ts';
import { isObject, type Json, list, text } from './json.ts';

/** More pages than any list of this program has; a server that never ends is not followed further. */
const most = 200;

/** The entries of a list answer: `value`, or the body itself where it is a list. */
export function entries(body: Json | undefined): readonly Json[] {
  return isObject(body) ? list(body['value']) : list(body);
}

/**
 * The part of a nextLink that a gateway takes: from the host on. The host is dropped, so that a link in an answer cannot send the sign-in
 * elsewhere. Undefined for the last page.
 */
export function nextPage(body: Json | undefined): string | undefined {
  const link = isObject(body) ? (text(body['nextLink']) ?? text(body['@odata.nextLink'])) : undefined;
  if (!link || !URL.canParse(link, 'https://arm.invalid')) return undefined;
  const { pathname, search } = new URL(link, 'https://arm.invalid');
  return `${pathname}${search}`;
}

/** Reads a list and the pages that follow it. `url` is from the host on. Errors are the gateway's. */
export async function listAll(arm: Pick<ArmGateway, 'send'>, url: string): Promise<readonly Json[]> {
  const all: Json[] = [];
  let next: string | undefined = url;
  for (let page = 0; next !== undefined && page < most; page += 1) {
    const { body } = await arm.send({ method: 'GET', url: next });
    all.push(...entries(body));
    next = nextPage(body);
  }
  return all;
}
