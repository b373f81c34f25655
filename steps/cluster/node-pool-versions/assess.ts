import { type Assessment, notApplicable, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { type Facts, isAutomatic, pools } from '../../../src/model/facts.ts';
import { overPools, poolsMissing } from '../../shared/pool-verdict.ts';
import { listed } from '../../shared/texts.ts';
import { controlPlaneVersion, minorText, mostBehind, poolVersion } from '../../shared/versions.ts';
import { behind, nameOf, saysHow } from './state.ts';

/** 8.1: the same minor is right; up to the skew is allowed and half-way; beyond it, or ahead, is not. */
export function assessVersions(facts: Facts): Assessment {
  const missing = poolsMissing(facts);
  if (missing !== undefined) return missing;
  const plane = controlPlaneVersion(facts);
  if (plane === undefined) return unknown('the facts do not say which version the control plane runs');
  const all = pools(facts);
  if (all.length === 0) return notApplicable('there is no node pool of your own');
  const untold = all.filter((pool) => behind(facts, pool) === undefined);
  if (untold.length > 0) return unknown(`pool ${listed(untold.map(nameOf))} does not tell its version`);
  const evidence = all.map((pool) => ({
    path: `properties.agentPoolProfiles[${nameOf(pool)}].currentOrchestratorVersion`,
    actual: poolVersion(pool),
    wanted: minorText(plane),
  }));
  const most = mostBehind(plane);
  const distance = all.map((pool) => ({ pool, minors: behind(facts, pool) ?? 0 }));
  const wrong = distance.filter(({ minors }) => minors < 0 || minors > most);
  if (wrong.length > 0) {
    const names = listed(wrong.map(({ pool }) => nameOf(pool)));
    return {
      status: 'fail',
      evidence,
      note: `Pool ${names} is outside of what Kubernetes supports: never ahead of the control plane, at most ${most} minors behind.`,
    };
  }
  const late = distance.filter(({ minors }) => minors > 0);
  if (late.length === 0) return { status: 'pass', evidence };
  const edge = late.filter(({ minors }) => minors === most).length > 0 ? ': the control plane cannot go on before they do' : '';
  return {
    status: 'partial',
    evidence,
    reason: `pool ${listed(late.map(({ pool, minors }) => `${nameOf(pool)} (${minors})`))} is behind by so many minors${edge}`,
  };
}

/** 8.2 */
export function assessSettings(facts: Facts): Assessment {
  return overPools(facts, {
    properties: ['upgradeSettings.maxSurge', 'upgradeSettings.maxUnavailable'],
    wanted: 'maxSurge (33% for production) or maxUnavailable above 0',
    holds: saysHow,
    none: 'there is no node pool of your own',
    since: '2021-02-01',
    mixed: 'partial',
  });
}

/** 8.3 */
export function assessTypes(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic has no availability sets.');
  return overPools(facts, {
    properties: ['type'],
    wanted: 'VirtualMachineScaleSets or VirtualMachines',
    holds: (pool) => ['virtualmachinescalesets', 'virtualmachines'].includes(String(pool['type'] ?? '').toLowerCase()),
    none: 'there is no node pool of your own',
    since: '2019-06-01',
    mixed: 'fail',
  });
}
