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
