import type { ArmResource } from '../../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, same, text } from '../../model/json.ts';
import type { World } from '../world.ts';

/** A write as the rules see it: what stands, what would stand, and what was literally sent. */
export interface Write {
  readonly world: World;
  readonly before: ArmResource;
  readonly goal: ArmResource;
  readonly sent: JsonObject;
}

/**
 * One reason for the service to refuse a write. `broken` gives the message, or undefined where the rule holds.
 * A rule looks at what a write changes: what stands already is tolerated, as the service does.
 */
export interface Rule {
  readonly id: string;
  readonly code: string;
  /** 400 when not given. */
  readonly status?: number;
  readonly target?: string;
  readonly subcode?: string;
  readonly broken: (write: Write) => string | undefined;
}

/** A property of the cluster, by dotted path below `properties`. */
export const was = (write: Write, dotted: string): Json | undefined => at(write.before, ['properties', ...path(dotted)]);
export const shall = (write: Write, dotted: string): Json | undefined => at(write.goal, ['properties', ...path(dotted)]);

/** True when the write changes the property. Absent, null and an empty text or list are the same thing. */
export function changes(write: Write, dotted: string): boolean {
  const plain = (value: Json | undefined) => (value === null || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value);
  const before = plain(was(write, dotted));
  const after = plain(shall(write, dotted));
  if (typeof before === 'string' && typeof after === 'string') return before.toLowerCase() !== after.toLowerCase();
  return !same(before, after);
}

/** A text property in lower case; absent is ''. */
export const lowerWas = (write: Write, dotted: string): string => text(was(write, dotted))?.toLowerCase() ?? '';
export const lowerShall = (write: Write, dotted: string): string => text(shall(write, dotted))?.toLowerCase() ?? '';

/** The node pools of the goal. */
export function poolsOf(cluster: ArmResource): readonly JsonObject[] {
  return list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);
}

/** ARM's sentence for a bad value. */
export const invalid = (parameter: string, details: string): string => `The value of parameter ${parameter} is invalid. Error details: ${details}.`;

/** ARM's sentence for a property that cannot be changed. */
export const unchangeable = (property: string): string => `Changing property '${property}' is not allowed.`;

/** A rule for a property that is set once and for all. */
export function immutable(property: string): Rule {
  return {
    id: `immutable-${property}`,
    code: 'PropertyChangeNotAllowed',
    target: property,
    broken: (write) => (changes(write, property) && was(write, property) !== undefined ? unchangeable(property) : undefined),
  };
}

/** Major and minor as one number: 1.30 → 1030. */
export function minorOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}
