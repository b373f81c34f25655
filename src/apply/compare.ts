import type { Edit } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type Json, type JsonObject, keyOf, list, type Path, same, withAt } from '../model/json.ts';

/** ARM sends `null`, an empty list, or nothing at all for the same emptiness. */
function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** ARM ids come back in other cases than they were sent in. */
const sameText = (a: string, b: string): boolean => a === b || (a.startsWith('/') && a.toLowerCase() === b.toLowerCase());

function holdsList(found: readonly Json[], wanted: readonly Json[]): boolean {
  // The order of ranges, ids and categories says nothing, and ARM does not keep it.
  const free = [...found];
  for (const entry of wanted) {
    const index = free.findIndex((candidate) => holds(candidate, entry));
    if (index < 0) return false;
    free.splice(index, 1);
  }
  // A diagnostic setting lists the categories that are off as well.
  return free.every((entry) => isObject(entry) && entry['enabled'] === false);
}

/**
 * True when `found` holds everything that `wanted` says. ARM adds defaults and read-only properties to what it was sent,
 * so an object may have more keys; a list may not have more entries, but for those that are switched off.
 */
export function holds(found: Json | undefined, wanted: Json | undefined): boolean {
  if (isEmpty(wanted)) return isEmpty(found);
  if (Array.isArray(wanted)) return Array.isArray(found) && holdsList(list(found), wanted);
  if (isObject(wanted)) {
    if (!isObject(found)) return Object.values(wanted).every(isEmpty);
    return Object.entries(wanted).every(([key, value]) => holds(found[keyOf(found, key) ?? key], value));
  }
  return typeof found === 'string' && typeof wanted === 'string' ? sameText(found, wanted) : same(found, wanted);
}

/** Equal but for order in lists, the case of ids, and the spellings of nothing. */
export function alike(a: Json | undefined, b: Json | undefined): boolean {
  return holds(a, b) && holds(b, a);
}

/** What the service itself goes on showing of a profile that was taken away (recorded: a cluster with outbound type none). */
const shownAnyway: { readonly [dotted: string]: readonly string[] } = {
  'properties.networkprofile.loadbalancerprofile': ['backendPoolType'],
};

/** The profile without what says nothing: absent where nothing is left of it. */
function meant(found: Json | undefined, path: Path): Json | undefined {
  const names = shownAnyway[path.join('.').toLowerCase()];
  if (names === undefined || !isObject(found)) return found;
  const said = without(found, names);
  return Object.keys(said).length === 0 ? undefined : said;
}

/** True when an edit's `after` stands in a resource already. */
export function isInPlace(resource: ArmResource, { path, before, after }: Edit): boolean {
  const here = at(resource, path);
  const found = after === undefined ? meant(here, path) : here;
  if (!holds(found, after)) return false;
  // Where keys are taken out of a map, what stood before holds `after` too: then the old keys must be gone.
  const takesOut = isObject(after) && holds(before, after) && !alike(before, after);
  return !takesOut || !holds(found, before);
}

const moving: readonly string[] = ['eTag', 'systemData', 'properties.provisioningState', 'properties.powerState', 'properties.status', 'properties.eTag'];
const movingInPools: readonly string[] = ['eTag', 'provisioningState', 'status', 'powerState'];

function without(resource: JsonObject, dotted: readonly string[]): JsonObject {
  return dotted.reduce<JsonObject>((value, name) => {
    const next = withAt(value, name.split('.'), undefined);
    return at(value, name.split('.')) === undefined || !isObject(next) ? value : next;
  }, resource);
}

function settledPool(pool: Json): Json {
  if (!isObject(pool)) return pool;
  const still = without(pool, movingInPools);
  return pool['enableAutoScaling'] === true ? without(still, ['count']) : still;
}

/**
 * A resource without what moves by itself: states, eTags, time stamps, power, and the node counts that the autoscaler owns.
 * Two of these differ only when somebody changed something.
 */
export function settled(resource: ArmResource): ArmResource {
  const still = without(resource, moving);
  if (at(still, ['properties', 'enableAutoScaling']) === true) return without(still, ['properties.count']);
  const pools = at(still, ['properties', 'agentPoolProfiles']);
  if (!Array.isArray(pools)) return still;
  const next = withAt(still, ['properties', 'agentPoolProfiles'], pools.map(settledPool));
  return isObject(next) ? next : still;
}
