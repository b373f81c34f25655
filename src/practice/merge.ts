import { isObject, type Json, type JsonObject, keyOf, text } from '../model/json.ts';

/** Maps that a write replaces as a whole: a key that is not sent is gone. */
const wholeMaps: readonly string[] = ['tags', 'config', 'nodelabels', 'userassignedidentities'];

/**
 * What stands after a PUT: what is sent, and what stood where nothing is sent. The service keeps omitted properties,
 * lists are replaced, node pools are matched by name and a pool that is not named stays.
 */
export function merge(before: JsonObject, sent: JsonObject): JsonObject {
  const result: { [key: string]: Json | undefined } = { ...before };
  for (const [name, value] of Object.entries(sent)) {
    if (value === undefined || value === null) continue;
    const key = keyOf(before, name) ?? name;
    result[key] = mergeValue(name.toLowerCase(), before[key], value);
  }
  return result;
}

function mergeValue(key: string, before: Json | undefined, sent: Json): Json {
  if (key === 'agentpoolprofiles' && Array.isArray(sent)) return mergePools(Array.isArray(before) ? before : [], sent);
  if (key === 'loadbalancerprofile' && isObject(sent) && isObject(before)) return merge(withoutOtherAddresses(before, sent), sent);
  if (isObject(sent) && isObject(before) && !wholeMaps.includes(key)) return merge(before, sent);
  return sent;
}

function mergePools(before: readonly Json[], sent: readonly Json[]): Json {
  const poolName = (pool: Json) => (isObject(pool) ? text(pool['name'])?.toLowerCase() : undefined);
  const kept = before.map((pool) => {
    const next = sent.find((candidate) => poolName(candidate) === poolName(pool));
    return isObject(pool) && isObject(next) ? merge(pool, next) : pool;
  });
  return [...kept, ...sent.filter((pool) => !before.some((known) => poolName(known) === poolName(pool)))];
}

const addressKinds: readonly string[] = ['managedOutboundIPs', 'outboundIPs', 'outboundIPPrefixes'];

/** A load balancer has one kind of outbound addresses: naming another kind drops the one it had. */
function withoutOtherAddresses(before: JsonObject, sent: JsonObject): JsonObject {
  const named = addressKinds.filter((kind) => isObject(sent[kind]));
  if (named.length === 0) return before;
  return Object.fromEntries(Object.entries(before).filter(([key]) => !addressKinds.includes(key) || named.includes(key)));
}

/** A JSON merge patch (RFC 7386): null takes a key away. */
export function mergePatch(before: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: { [key: string]: Json | undefined } = isObject(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergePatch(result[key], value);
  }
  return result;
}
