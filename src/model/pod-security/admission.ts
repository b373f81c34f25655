import { checks, evaluatePod } from './evaluate.ts';
import type { Level, PodTemplate, Violation } from './pod.ts';

const reasonOf = new Map(checks.map(({ id, reason }) => [id, reason]));

/** The reasons in violations, each once, in the server's order. */
export function reasonsOf(violations: readonly Violation[]): readonly string[] {
  return [...new Set(violations.map(({ check }) => reasonOf.get(check) ?? check))];
}

/**
 * What the API server says of one pod or controller, behind `violates` or `would violate`: the level with its version, and each reason with
 * its detail. The reasons are the server's own words; the details are ours.
 */
export function admissionText(level: Level, version: string, violations: readonly Violation[]): string {
  const parts = reasonsOf(violations).map((reason) => {
    const details = violations.filter(({ check }) => (reasonOf.get(check) ?? check) === reason).map(({ message }) => message);
    return `${reason} (${details.join('; ')})`;
  });
  return `PodSecurity "${level}:${version}": ${parts.join(', ')}`;
}

/** The most pods of a namespace that the API server looks at when its level changes. */
const mostPods = 3000;

/**
 * The API server's warnings when a namespace begins to enforce a level: one line that names the level, then one line for each set of reasons
 * with the first pod it concerns. Empty when every pod that exists would be let in. `version` is the label's (`latest`, `v1.31`), `kubernetes`
 * the server's.
 */
export function namespaceWarnings(
  namespace: string,
  level: Level,
  version: string,
  kubernetes: string,
  pods: readonly { readonly name: string; readonly pod: PodTemplate }[],
): readonly string[] {
  const byReasons = new Map<string, string[]>();
  for (const { name, pod } of pods.slice(0, mostPods)) {
    const reasons = reasonsOf(evaluatePod(pod, level, version === 'latest' ? kubernetes : version)).join(', ');
    if (reasons !== '') byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), name]);
  }
  const cut = pods.length > mostPods ? [`new PodSecurity enforce level only checked against the first ${mostPods} of ${pods.length} existing pods`] : [];
  if (byReasons.size === 0) return cut;
  const lines = [...byReasons].map(([reasons, names]) => {
    const [first = ''] = [...names].sort();
    const others = names.length - 1;
    return `${first}${others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`}: ${reasons}`;
  });
  return [...cut, `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${level}:${version}"`, ...lines.sort()];
}
