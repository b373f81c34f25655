import { type Assessment, notApplicable, preconfigured, unknown } from '../../../src/model/assessment.ts';
import type { ArmAction } from '../../../src/model/change.ts';
import { type Facts, fact, isAutomatic, knownValue } from '../../../src/model/facts.ts';
import { namedPools, nodeImageUpgrade } from '../../shared/pool-edits.ts';
import { listed } from '../../shared/texts.ts';
import { upgradeIds } from '../../shared/version-order.ts';
import { STEP } from './windows.ts';

/** 9.2 */
export function assessImages(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic brings new images by itself.');
  const found = fact(facts, 'poolImages');
  if (found.state === 'unknown') return unknown(`the newest node images were not read: ${found.reason}`);
  if (found.value.length === 0) return notApplicable('there is no node pool of your own');
  const evidence = found.value.map(({ pool, current, latest }) => ({
    path: `properties.agentPoolProfiles[${pool}].nodeImageVersion`,
    actual: current,
    wanted: latest,
  }));
  const old = found.value.filter(({ current, latest }) => current !== latest);
  if (old.length === 0) return { status: 'pass', evidence };
  if (old.length === found.value.length) return { status: 'fail', evidence };
  return { status: 'partial', evidence, reason: `pool ${listed(old.map(({ pool }) => pool))} runs an older image` };
}

/** Names of pools whose nodes have an older image than AKS offers. */
export function oldImages(facts: Facts): readonly string[] {
  const named = new Set(namedPools(facts).map((pool) => String(pool['name'])));
  return (knownValue(facts, 'poolImages') ?? []).flatMap(({ pool, current, latest }) => (current !== latest && named.has(pool) ? [pool] : []));
}

/** The newest image for the named pools, one after the other; behind a new version of the pool, which brings it anyway. */
export function newImages(facts: Facts, pools: readonly string[]): readonly ArmAction[] {
  const idOf = (pool: string): string => `${STEP}/image-${pool}`;
  return pools.map((pool, i) =>
    nodeImageUpgrade(facts, pool, {
      id: idOf(pool),
      step: STEP,
      controls: ['9.2'],
      why: 'they run the newest image',
      after: [
        ...upgradeIds,
        `cluster.node-pool-versions/settings-${pool}`,
        `cluster.node-pool-versions/upgrade-${pool}`,
        ...(i === 0 ? [] : [idOf(pools[i - 1] ?? pool)]),
      ],
    }),
  );
}
