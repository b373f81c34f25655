import { clean } from '../model/foreign.ts';
import { isObject, type Json, keyOf, list, text } from '../model/json.ts';

/** What an error body says, whichever of Azure's shapes it has. Texts are cleaned. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly subcode?: string;
  readonly target?: string;
  /** Every code in it, outermost first: ARM wraps the telling one in `details` or `innererror`. */
  readonly codes: readonly string[];
  /** Graph puts the request's id here. */
  readonly requestId?: string;
}

/** The right that is missing, as ARM's own sentence names it. */
export interface MissingRight {
  readonly actions: readonly string[];
  readonly scope: string;
  /** The object id of who was refused, when it is told. */
  readonly principal?: string;
}

/** Long enough for ARM's sentences, short enough that a page of HTML does not fill a screen. */
const longest = 1500;

function shorten(message: string): string {
  const one = clean(message).trim();
  return one.length > longest ? `${one.slice(0, longest - 1)}…` : one;
}

function get(value: Json | undefined, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const found = keyOf(value, key);
  return found === undefined ? undefined : value[found];
}

/** Codes of an error and of what it wraps, outermost first, ten levels at most. */
function codesIn(error: Json | undefined, depth = 0): readonly string[] {
  if (!isObject(error) || depth > 10) return [];
  const own = [text(get(error, 'code')), text(get(error, 'subcode'))].filter((code): code is string => code !== undefined && code !== '');
  const inner = [get(error, 'innererror'), ...list(get(error, 'details'))];
  return [...own, ...inner.flatMap((entry) => codesIn(entry, depth + 1))];
}

/**
 * Reads an error body: ARM's `{error:{code,message,…}}`, the AKS provider's bare `{code,message,subcode}`, Graph's `innerError`,
 * and the sign-in service's `{error, error_description}`. A body that is none of them gives its text as the message.
 */
export function errorBody(body: Json | undefined): ErrorBody {
  const wrapped = get(body, 'error');
  if (typeof wrapped === 'string') {
    const message = shorten(text(get(body, 'error_description')) ?? wrapped);
    const aadsts = /AADSTS\d+/.exec(message)?.[0];
    return { code: aadsts ?? clean(wrapped), message, codes: [aadsts, clean(wrapped)].filter((code): code is string => code !== undefined) };
  }
  const error = isObject(wrapped) ? wrapped : body;
  const message = shorten(text(get(error, 'message')) ?? (typeof body === 'string' ? body.replace(/<[^>]*>/g, ' ') : ''));
  const aadsts = /AADSTS\d+/.exec(message)?.[0];
  const codes = [...codesIn(error), ...(aadsts === undefined ? [] : [aadsts])].map(clean);
  const subcode = text(get(error, 'subcode'));
  const target = text(get(error, 'target'));
  const requestId = text(get(get(error, 'innerError'), 'request-id'));
  return {
    code: codes[0] ?? '',
    message,
    codes,
    ...(subcode ? { subcode: clean(subcode) } : {}),
    ...(target ? { target: clean(target) } : {}),
    ...(requestId ? { requestId: clean(requestId) } : {}),
  };
}

/** ARM's two sentences about a missing right. Only characters that actions and ids have: they end up in a suggested command. */
const refusals = [
  // LinkedAuthorizationFailed first: it also names what the principal does have.
  /does not have permission to perform action\(?s?\)? '(?<action>[\w./*,-]+)' on the linked scope\(s\) '(?<scope>[\p{L}\p{N}_/.() ,-]+)'/iu,
  /does not have authorization to perform action '(?<action>[\w./*-]+)' over scope '(?<scope>[\p{L}\p{N}_/.() -]+)'/iu,
  /does not have permission to perform action '(?<action>[\w./*-]+)'(?: (?:at|over|on) (?:the )?scope '(?<scope>[\p{L}\p{N}_/.() -]+)')?/iu,
  /required permission:? '?(?<action>[\w./*-]+\/(?:read|write|action|delete))'?/i,
];

/** The action and scope that an AuthorizationFailed or LinkedAuthorizationFailed message names; undefined when it names none. */
export function missingRight(message: string): MissingRight | undefined {
  for (const refusal of refusals) {
    const found = refusal.exec(message)?.groups;
    if (!found?.['action']) continue;
    const principal = /object id '([0-9a-f-]{36})'/i.exec(message)?.[1];
    return {
      actions: found['action'].split(',').filter((action) => action !== ''),
      scope: (found['scope'] ?? '').split(',')[0]?.trim() ?? '',
      ...(principal === undefined ? {} : { principal }),
    };
  }
  return undefined;
}
