import { type Assessment, fail, notApplicable, partial, preconfigured, unknown } from '../../../src/model/assessment.ts';
import type { ArmUpdate, Change, ManualChange } from '../../../src/model/change.ts';
import { type Facts, isAutomatic, pools } from '../../../src/model/facts.ts';
import { isTrue, type JsonObject, text } from '../../../src/model/json.ts';
import { nodesOf } from '../../../src/model/machines.ts';
import { reimageMinutes } from '../../shared/minutes.ts';
import { daysLeft, systemOf } from '../../shared/os-support.ts';
import { namedPools, poolEdits, poolTarget } from '../../shared/pool-edits.ts';
import { poolsMissing } from '../../shared/pool-verdict.ts';
import { listed, plural } from '../../shared/texts.ts';
import { minorNumber, poolVersion } from '../../shared/versions.ts';
import { STEP } from './windows.ts';

const nameOf = (pool: JsonObject): string => text(pool['name']) ?? '?';
const isWindows = (pool: JsonObject): boolean => text(pool['osType'])?.toLowerCase() === 'windows';
/** Days before the end of a system from which on it is no longer good enough. */
const NOTICE = 180;

/** Days that a pool's system is patched for; undefined where no end is announced. */
const left = (facts: Facts, pool: JsonObject): number | undefined => {
  const system = systemOf(pool);
  return system && daysLeft(facts, system);
};

/** 9.5 */
export function assessSystems(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic chooses the system of its nodes.');
  const missing = poolsMissing(facts);
  if (missing !== undefined) return missing;
  const all = pools(facts);
  if (all.length === 0) return notApplicable('there is no node pool of your own');
  const untold = all.filter((pool) => systemOf(pool) === undefined);
  const evidence = all.map((pool) => {
    const system = systemOf(pool);
    return {
      path: `properties.agentPoolProfiles[${nameOf(pool)}].nodeImageVersion`,
      actual: pool['nodeImageVersion'] ?? pool['osSKU'],
      wanted: system?.ends === undefined ? 'a system that AKS patches' : `a system that AKS patches; ${system.name} until ${system.ends}`,
    };
  });
  const ended = all.filter((pool) => (left(facts, pool) ?? 1) <= 0);
  if (ended.length > 0) return fail(...evidence);
  if (untold.length > 0) return unknown(`which system pool ${listed(untold.map(nameOf))} runs cannot be told from its image or SKU`);
  const soon = all.filter((pool) => (left(facts, pool) ?? NOTICE + 1) <= NOTICE);
  if (soon.length > 0) return partial(`the system of pool ${listed(soon.map(nameOf))} is patched for less than ${NOTICE} days from here`, ...evidence);
  const ending = all.filter((pool) => left(facts, pool) !== undefined);
  const words = [...new Set(ending.map((pool) => `${systemOf(pool)?.name ?? '?'} until ${systemOf(pool)?.ends ?? '?'}`))];
  return { status: 'pass', evidence, ...(words.length > 0 ? { note: `Patched: ${words.join(', ')}.` } : {}) };
}

/** Pools whose system has ended, or ends within a year: worth moving while nobody is in a hurry. */
export const agingPools = (facts: Facts): readonly JsonObject[] => namedPools(facts).filter((pool) => (left(facts, pool) ?? Number.POSITIVE_INFINITY) <= 365);
/** Those of them that AKS can move in place: Linux pools that have a successor for their Kubernetes version. */
export const movablePools = (facts: Facts): readonly JsonObject[] => agingPools(facts).filter((pool) => successor(pool) !== undefined);

/**
 * The OS SKU that a pool can move to in place (AKS docs: upgrade-os-version): the one that follows Kubernetes where its default is new enough, else a
 * versioned one. Undefined for Windows, and where no image exists.
 */
export function successor(pool: JsonObject): string | undefined {
  const minor = minorNumber(poolVersion(pool) ?? '');
  const sku = (text(pool['osSKU']) ?? 'Ubuntu').toLowerCase();
  if (isWindows(pool) || !Number.isFinite(minor)) return undefined;
  const next = sku.startsWith('azurelinux') || sku === 'cblmariner' ? azureLinuxFor(minor) : ubuntuFor(minor, pool);
  // The same SKU with an older image: what is missing is the image.
  return next?.toLowerCase() === sku ? undefined : next;
}

const azureLinuxFor = (minor: number): string | undefined => (minor >= 32 ? 'AzureLinux' : minor >= 28 ? 'AzureLinux3' : undefined);

/** Ubuntu 24.04 has no FIPS images. */
function ubuntuFor(minor: number, pool: JsonObject): string | undefined {
  if (isTrue(pool['enableFIPS'])) return undefined;
  return minor >= 35 ? 'Ubuntu' : minor >= 32 ? 'Ubuntu2404' : undefined;
}

/** Pools that are short of time and cannot be moved in place. */
export const stuckPools = (facts: Facts): readonly JsonObject[] =>
  agingPools(facts).filter((pool) => successor(pool) === undefined && (left(facts, pool) ?? 0) <= NOTICE);

function byHand(facts: Facts, stuck: readonly JsonObject[]): ManualChange {
  const windows = stuck.filter(isWindows).map(nameOf);
  const linux = stuck.filter((pool) => !isWindows(pool)).map(nameOf);
  return {
    kind: 'manual',
    id: `${STEP}/systems-by-hand`,
    step: STEP,
    controls: ['9.5'],
    title: `Move pool ${listed(stuck.map(nameOf))} to a system that is patched`,
    instructions: [
      ...(linux.length > 0
        ? [
            `Pool ${listed(linux)}: no newer system exists for its Kubernetes version (or for FIPS). Upgrade it to 1.35 or later (cluster.node-pool-versions): the system follows. Where it runs that already, its image is old: option images-now.`,
          ]
        : []),
      ...(windows.length > 0
        ? [
            `Pool ${listed(windows)}: Windows is never changed in place. az aks nodepool add with --os-type Windows --os-sku Windows2025 --enable-fips-image, containers built for it; then cordon, drain and delete the old pool.`,
          ]
        : []),
    ],
    doneWhen: 'az aks nodepool list shows an image of a supported system for every pool',
    impact: { kind: 'recreate', scope: `the nodes of pool ${listed(stuck.map(nameOf))}`, pools: stuck.map(nameOf) },
    minutes: reimageMinutes(facts, stuck.map(nameOf)),
    reversible: { kind: 'partly', how: 'another new pool, as long as images of the old system exist' },
    after: ['cluster.node-pool-versions'],
  };
}

/** Another system for every pool that is short of time: in place where AKS can, by hand where it cannot. One pool after the other. */
export function moveSystems(facts: Facts): readonly Change[] {
  const movable = movablePools(facts);
  const stuck = stuckPools(facts);
  const idOf = (pool: JsonObject): string => `${STEP}/system-${nameOf(pool)}`;
  const moves = movable.map((pool, i): ArmUpdate => {
    const previous = movable[i - 1];
    const name = nameOf(pool);
    const old = text(pool['osSKU']) ?? 'Ubuntu';
    return {
      kind: 'arm.update',
      id: idOf(pool),
      step: STEP,
      controls: ['9.5'],
      title: `Move pool ${listed([name])} to ${successor(pool) ?? '?'}`,
      target: poolTarget(facts, name),
      edits: poolEdits(facts, name, [['osSKU', successor(pool)]]),
      impact: { kind: 'reimage', scope: `the ${plural(nodesOf(pool), 'node')} of pool ${listed([name])}, with another system below the pods`, pools: [name] },
      minutes: reimageMinutes(facts, [name]),
      reversible: { kind: 'partly', how: `back to ${old}, which replaces the nodes once more, as long as AKS has images of it` },
      after: [`cluster.node-pool-versions/settings-${name}`, ...(previous === undefined ? [] : [idOf(previous)])],
      alone: true,
    };
  });
  return [...moves, ...(stuck.length > 0 ? [byHand(facts, stuck)] : [])];
}
