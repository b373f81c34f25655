import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { isTrue, type JsonObject, text } from '../../../src/model/json.ts';
import { sizesOf } from '../../../src/model/machines.ts';
import { namedPools } from '../../shared/pool-edits.ts';

export const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';
const lower = (pool: JsonObject, key: string): string => text(pool[key])?.toLowerCase() ?? '';
export const isLinux = (pool: JsonObject): boolean => lower(pool, 'osType') !== 'windows';

/** A pool may hold machines of several sizes: one that does not fit is enough. */
const hasSize = (pool: JsonObject, form: RegExp): boolean => sizesOf(pool).some((size) => form.test(size.toLowerCase()));

/** Ampere and Cobalt sizes carry a `p` among the letters behind the number: Standard_D4ps_v5 (Azure VM naming conventions). */
const isArm = (pool: JsonObject): boolean => hasSize(pool, /^standard_[a-z]+\d+(-\d+)?[a-oq-z]*p/);
/** Confidential machines are the DC and EC sizes with an AMD or Intel TDX letter: Standard_DC4as_v5, Standard_EC8eds_v5. */
const isConfidential = (pool: JsonObject): boolean => hasSize(pool, /^standard_(dc|ec)\d+(-\d+)?[a-z]*[ae]/);
const isGpu = (pool: JsonObject): boolean => hasSize(pool, /^standard_n[cdvgp]/);
const isKata = (pool: JsonObject): boolean => lower(pool, 'workloadRuntime').startsWith('kata');
const isUbuntu = (pool: JsonObject): boolean => ['', 'ubuntu', 'ubuntu2204', 'ubuntu2404'].includes(lower(pool, 'osSKU'));
const isFlatcar = (pool: JsonObject): boolean => lower(pool, 'osSKU') === 'flatcar';
const skipsGpuDriver = (pool: JsonObject): boolean => {
  const profile = pool['gpuProfile'];
  return typeof profile === 'object' && profile !== null && 'driver' in profile && String(profile['driver']).toLowerCase() === 'none';
};

function minorOf(facts: Facts, pool: JsonObject): number | undefined {
  const version = text(pool['currentOrchestratorVersion']) ?? text(pool['orchestratorVersion']) ?? text(clusterAt(facts, 'properties.kubernetesVersion'));
  const [major, minor] = (version ?? '').split('.').map(Number);
  return major === 1 && minor !== undefined && Number.isFinite(minor) ? minor : undefined;
}

/** Why Trusted Launch cannot be switched on for a pool, or undefined when nothing known speaks against it (AKS docs: use-trusted-launch). */
export function launchRefusal(facts: Facts, pool: JsonObject): string | undefined {
  if (!isLinux(pool)) return 'runs Windows';
  if (lower(pool, 'type') === 'availabilityset') return 'is an availability set';
  if (isArm(pool)) return 'runs on Arm64';
  if (isConfidential(pool)) return 'runs on confidential machines';
  if (isKata(pool)) return 'runs Pod Sandboxing';
  if (isFlatcar(pool)) return 'runs Flatcar';
  if ((minorOf(facts, pool) ?? 25) < 25) return 'runs a Kubernetes version before 1.25.2';
  if (isGpu(pool) && isUbuntu(pool) && !skipsGpuDriver(pool)) return 'has GPUs whose unsigned driver AKS installs on Ubuntu';
  if (isTrue(pool['enableFIPS']) && lower(pool, 'osSKU') !== 'ubuntu2204' && lower(pool, 'osSKU') !== 'ubuntu')
    return 'has FIPS on an image other than Ubuntu 22.04';
  return undefined;
}

/** Why FIPS cannot be switched on for a pool (AKS docs: enable-fips-nodes). Windows pools have it by themselves. */
export function fipsRefusal(pool: JsonObject): string | undefined {
  if (!isLinux(pool)) return 'runs Windows, where FIPS is on by default from 2022 on';
  if (isKata(pool)) return 'runs Pod Sandboxing';
  if (isFlatcar(pool)) return 'runs Flatcar';
  if (lower(pool, 'osSKU') === 'ubuntu2404') return 'is fixed to Ubuntu 24.04, which has no FIPS image';
  if (isArm(pool) && isUbuntu(pool)) return 'runs Ubuntu on Arm64, where only Azure Linux 3 has a FIPS image';
  return undefined;
}

/** What can be switched on in a pool. */
export type Feature = 'trusted-launch' | 'fips';

/** Whether a pool has the feature. */
export function has(pool: JsonObject, feature: Feature): boolean {
  if (feature === 'fips') return isTrue(pool['enableFIPS']);
  const profile = pool['securityProfile'];
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) return false;
  const settings = profile as JsonObject;
  return isTrue(settings['enableVTPM']) && isTrue(settings['enableSecureBoot']);
}

/** Pools that a feature is still missing on, split by whether it can be had. */
export function candidates(
  facts: Facts,
  feature: Feature,
): { readonly can: readonly JsonObject[]; readonly cannot: readonly (readonly [pool: JsonObject, why: string])[] } {
  const open = namedPools(facts).filter((pool) => isLinux(pool) && !has(pool, feature));
  const why = (pool: JsonObject) => (feature === 'fips' ? fipsRefusal(pool) : launchRefusal(facts, pool));
  return {
    can: open.filter((pool) => why(pool) === undefined),
    cannot: open.flatMap((pool) => {
      const reason = why(pool);
      return reason === undefined ? [] : [[pool, reason] as const];
    }),
  };
}

/** True where the image's name does not say that it is for generation 2 machines, which Trusted Launch needs. */
export function mayBeGeneration1(pool: JsonObject): boolean {
  const image = lower(pool, 'nodeImageVersion');
  return image !== '' && !image.includes('gen2');
}
