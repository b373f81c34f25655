import type { Operator } from '../model/facts.ts';
import { type Answer, ok } from './answer.ts';
import type { World } from './world.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens live for a day of real time: the callers' clocks are real. */
const LIFETIME_SECONDS = 86_400;

/** A token that looks like Entra's and is signed by nobody. It opens nothing but the practice world. */
export function practiceToken(operator: Operator, audience: string, realNow: number, appId?: string): { readonly token: string; readonly expiresOn: number } {
  const issued = Math.floor(realNow / 1000);
  const person = operator.kind === 'user' && appId === undefined;
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${operator.tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: issued + LIFETIME_SECONDS,
    oid: operator.objectId,
    tid: operator.tenantId,
    sub: operator.objectId,
    ver: '1.0',
    ...(operator.address === undefined ? {} : { ipaddr: operator.address }),
    ...(person ? { idtyp: 'user', upn: operator.name, unique_name: operator.name, name: operator.name } : { idtyp: 'app', appid: appId ?? operator.objectId }),
  };
  return {
    token: `${encode({ typ: 'JWT', alg: 'RS256', kid: 'practice' })}.${encode(claims)}.${encode('practice')}`,
    expiresOn: (issued + LIFETIME_SECONDS) * 1000,
  };
}

function openIdConfiguration(origin: string, base: string, tenantId: string): Answer {
  const token = base === '/adfs' ? `${origin}/adfs/oauth2/token` : `${origin}${base}/oauth2/v2.0/token`;
  return ok({
    issuer: `${origin}/${tenantId}/v2.0`,
    authorization_endpoint: token.replace(/token$/, 'authorize'),
    token_endpoint: token,
    device_authorization_endpoint: token.replace(/token$/, 'devicecode'),
    jwks_uri: `${origin}/keys`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  });
}

/**
 * The sign-in endpoints that az (MSAL) and @azure/identity ask: ADFS style below `/adfs`, Entra style below `/{tenant}`.
 * Undefined when the path is none of them. Any secret is taken.
 */
export function handleSignIn(world: World, method: string, url: URL, form: string): Answer | undefined {
  const { tenantId, settings } = world.state;
  if (url.pathname === '/keys') return ok({ keys: [] });
  if (url.pathname === '/common/discovery/instance') {
    const host = url.host;
    return ok({
      tenant_discovery_endpoint: `${url.origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    });
  }
  const wellKnown = /^(\/adfs|\/[^/]+)(?:\/v2\.0)?\/\.well-known\/openid-configuration$/.exec(url.pathname);
  if (method === 'GET' && wellKnown !== null) return openIdConfiguration(url.origin, wellKnown[1] ?? '', tenantId);
  if (method === 'POST' && /\/oauth2(\/v2\.0)?\/token$/.test(url.pathname)) {
    const asked = new URLSearchParams(form);
    const scope = asked.get('scope') ?? asked.get('resource') ?? url.origin;
    const audience =
      scope
        .split(' ')
        .find((one) => one.includes('://'))
        ?.replace(/\/+\.default$/, '') ?? scope;
    const { token } = practiceToken(settings.operator, audience, Date.now(), asked.get('client_id') ?? undefined);
    return ok({ token_type: 'Bearer', expires_in: LIFETIME_SECONDS, ext_expires_in: LIFETIME_SECONDS, access_token: token });
  }
  return undefined;
}
