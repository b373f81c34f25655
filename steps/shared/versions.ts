import { clusterAt, type Facts, type KubernetesMinor, knownValue } from '../../src/model/facts.ts';
import { type JsonObject, text } from '../../src/model/json.ts';

/** Two support plans: the community's year, and Microsoft's second year (Premium tier). */
export type SupportPlan = 'KubernetesOfficial' | 'AKSLongTermSupport';

const parts = (version: string): readonly [number, number, number] => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
};

/** `1.34.2` → `1.34`. */
export const minorText = (version: string): string => version.split('.').slice(0, 2).join('.');

/** The minor's number, 34 of `1.34.2`; NaN where the text is no version. */
export const minorNumber = (version: string): number => parts(version)[1];

/** Below zero where `a` is older than `b`, above where it is newer. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** A full version, as AKS names it: three numbers. */
export const isVersion = (value: string): boolean => /^\d+\.\d+\.\d+$/.test(value);

/** What the control plane runs; undefined where the body does not tell. `1.34` where only the wanted version is known. */
export function controlPlaneVersion(facts: Facts): string | undefined {
  const found = text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? text(clusterAt(facts, 'properties.kubernetesVersion'));
  return found !== undefined && /^\d+\.\d+/.test(found) ? found : undefined;
}

/** What a pool's nodes run; undefined where the body does not tell. */
export function poolVersion(pool: JsonObject): string | undefined {
  const found = text(pool['currentOrchestratorVersion']) ?? text(pool['orchestratorVersion']);
  return found !== undefined && /^\d+\.\d+/.test(found) ? found : undefined;
}

/** The support plan; the community's where the body does not say. */
export function supportPlan(facts: Facts): SupportPlan {
  return text(clusterAt(facts, 'properties.supportPlan'))?.toLowerCase() === 'akslongtermsupport' ? 'AKSLongTermSupport' : 'KubernetesOfficial';
}

/** What the region offers of a version's minor; undefined where it offers none, or its list was not read. */
export function regionMinor(facts: Facts, version: string): KubernetesMinor | undefined {
  return knownValue(facts, 'kubernetesVersions')?.find(({ minor }) => minor === minorText(version));
}

/** How many minors pools may be behind: three from control plane 1.28 on (AKS docs: supported-kubernetes-versions), two before. */
export const mostBehind = (controlPlane: string): number => (minorNumber(controlPlane) >= 28 ? 3 : 2);
