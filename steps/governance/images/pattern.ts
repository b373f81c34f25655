import { DOCKER_HUB, MICROSOFT } from './inventory.ts';

/** A registry or a path in one, as it is approved: lower case, no scheme, no wildcard. */
export const approvable = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

const escaped = (text: string): string => text.replaceAll('.', String.raw`\.`);

/**
 * The pattern for images of approved registries, in the form of the definition's own examples. Microsoft's registry is always among them. Docker
 * Hub brings along names without a registry, which mean it.
 */
export function patternFor(approved: readonly string[]): string {
  const all = [...new Set([MICROSOFT, ...approved])];
  const hosts = `(${all.map(escaped).join('|')})/.+`;
  return all.includes(DOCKER_HUB) ? `^(${hosts}|([^/.:]+/)?[^/]+)$` : `^${hosts}$`;
}

/** Unbounded repetitions, outside of character classes: each may try every length. */
function repetitions(pattern: string): number {
  return (
    pattern
      .replace(/\\./g, 'x')
      .replace(/\[[^\]]*\]/g, 'x')
      .match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0
  );
}

/**
 * A pattern of somebody's as a test, or undefined where it is not run here: Gatekeeper's RE2 takes linear time whatever it is given, JavaScript does
 * not. Repeated groups and many repetitions are left alone, and what RE2 alone understands.
 */
export function matcherOf(pattern: string): ((image: string) => boolean) | undefined {
  if (pattern.length > 2000 || /\)(\?)?[*+{]/.test(pattern.replace(/\\./g, 'x')) || repetitions(pattern) > 3) return undefined;
  // Backreferences and lookarounds mean something here and nothing in RE2.
  if (/\\[1-9]|\(\?[=!<]/.test(pattern)) return undefined;
  try {
    const made = new RegExp(pattern, 'u');
    return (image) => made.test(image.slice(0, 400));
  } catch {
    return undefined;
  }
}

/** A registry that nobody can have approved: what lets it pass lets everything pass. */
const NOBODYS = 'registry.invalid/anything/at-all:1';
export const isBoundless = (matches: (image: string) => boolean): boolean => matches(NOBODYS);
