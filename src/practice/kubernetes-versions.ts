import type { JsonObject } from '../model/json.ts';

/** Who a minor version is supported for. */
type Plan = 'KubernetesOfficial' | 'AKSLongTermSupport';

interface Release {
  readonly minor: string;
  /** Oldest first. */
  readonly patches: readonly string[];
  readonly plans: readonly Plan[];
  readonly isDefault?: boolean;
}

const longTermOnly: readonly Plan[] = ['AKSLongTermSupport'];
const both: readonly Plan[] = ['KubernetesOfficial', 'AKSLongTermSupport'];

/** What the region offers: the AKS release calendar of August 2026 (AKS docs: supported-kubernetes-versions), with patches of the world's own. */
const releases: readonly Release[] = [
  { minor: '1.31', patches: ['1.31.13'], plans: longTermOnly },
  { minor: '1.32', patches: ['1.32.9', '1.32.11'], plans: longTermOnly },
  { minor: '1.33', patches: ['1.33.5', '1.33.8'], plans: longTermOnly },
  { minor: '1.34', patches: ['1.34.2', '1.34.4'], plans: both },
  { minor: '1.35', patches: ['1.35.1', '1.35.3'], plans: both, isDefault: true },
  { minor: '1.36', patches: ['1.36.0', '1.36.1'], plans: both },
];

/** A version's parts as one number that orders versions: 1.30.9 → 1030009. A missing patch counts as 0. */
export function order(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

/** The minor version's number: 1.30.9 → 30. */
export const minorNumber = (version: string): number => Number(version.split('.')[1] ?? 0);

const releaseOf = (version: string): Release | undefined => releases.find(({ minor }) => version === minor || version.startsWith(`${minor}.`));
const supports = (release: Release | undefined, plan: string): boolean => release?.plans.some((one) => one === plan) ?? false;

/** `1.35` stands for its newest patch; a full version, or one that is not known, stands for itself. */
export function resolved(version: string): string {
  return version.split('.').length > 2 ? version : (releaseOf(version)?.patches.at(-1) ?? version);
}

/** Whether the version's minor is supported under a plan. */
export const isSupported = (version: string, plan: string): boolean => supports(releaseOf(version), plan);

/** Whether the region knows this version at all. */
export const isKnown = (version: string): boolean => releaseOf(version)?.patches.includes(resolved(version)) ?? false;

/**
 * The versions that a control plane may go to (AKS docs: supported-kubernetes-versions, "Can I skip multiple AKS versions"): one minor at a time
 * while it is supported; from an unsupported one to the oldest that is supported; long-term ones further, within the skew of three.
 */
export function upgradesFrom(version: string, plan: string): readonly string[] {
  const later = releases.filter((release) => supports(release, plan)).flatMap(({ patches }) => patches.filter((patch) => order(patch) > order(version)));
  const from = minorNumber(version);
  if (plan === 'AKSLongTermSupport') return later.filter((patch) => minorNumber(patch) <= from + 3);
  const oldest = Math.min(...later.map(minorNumber));
  return isSupported(version, plan)
    ? later.filter((patch) => minorNumber(patch) <= from + 1)
    : later.filter((patch) => minorNumber(patch) === Math.max(oldest, from));
}

/** The versions that a pool may go to: no newer than its control plane. */
export function poolUpgrades(version: string, controlPlane: string): readonly string[] {
  const all = releases.flatMap(({ patches }) => patches).filter((patch) => order(patch) > order(version) && order(patch) < order(controlPlane));
  return order(controlPlane) > order(version) ? [...all, controlPlane] : all;
}

/** The answer to `locations/L/kubernetesVersions`. */
export function versionList(): JsonObject {
  return {
    values: releases.map(({ minor, patches, plans, isDefault }) => ({
      version: minor,
      capabilities: { supportPlan: [...plans] },
      ...(isDefault ? { isDefault } : {}),
      isPreview: null,
      patchVersions: Object.fromEntries(
        patches.map((patch) => [
          patch,
          { upgrades: [...upgradesFrom(patch, plans.includes('KubernetesOfficial') ? 'KubernetesOfficial' : 'AKSLongTermSupport')] },
        ]),
      ),
    })),
  };
}
