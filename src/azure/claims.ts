import type { Operator } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { isObject, type JsonObject, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';

/** The claims of a JWT, unverified: they tell the operator who they are, they decide nothing. Throws a ProblemError when it is no JWT. */
export function claimsOf(token: string): JsonObject {
  const payload = token.split('.')[1];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    if (isObject(claims)) return claims;
  } catch {
    // Falls through: the parser's message would quote the token.
  }
  throw new ProblemError({
    code: 'token-unreadable',
    what: 'The sign-in gave an access token that does not say who it is for.',
    why: 'An access token for Azure Resource Manager is a JSON Web Token; this one is not.',
    next: ['Sign in again: az login'],
  });
}

/**
 * Who an access token speaks for. Claims as Microsoft documents them for access tokens:
 * `oid`, `tid`, `idtyp` ("app" for an application), `upn`/`unique_name`/`preferred_username`, `appid`/`azp`, `ipaddr`.
 * The token itself is not kept.
 */
export function operatorOf(token: string): Operator {
  const claims = claimsOf(token);
  const claim = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = text(claims[name]);
      if (value) return clean(value);
    }
    return undefined;
  };
  const person = claim('upn', 'unique_name', 'preferred_username', 'email');
  const application = claims['idtyp'] === 'app' || (person === undefined && claim('scp') === undefined);
  const address = claim('ipaddr');
  return {
    objectId: claim('oid') ?? claim('sub') ?? '',
    tenantId: claim('tid') ?? '',
    name: person ?? claim('app_displayname', 'name', 'appid', 'azp') ?? 'an unnamed principal',
    kind: application ? 'application' : 'user',
    ...(address === undefined ? {} : { address }),
  };
}
