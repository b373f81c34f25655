import { type Facts, isAutomatic, knownValue } from '../../../src/model/facts.ts';
import { nodesOf } from '../../../src/model/machines.ts';
import type { Option } from '../../../src/model/step.ts';
import { reimageMinutes } from '../../shared/minutes.ts';
import { namedPools } from '../../shared/pool-edits.ts';
import { about } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { controlPlaneVersion, isVersion, poolVersion } from '../../shared/versions.ts';
import { assessVersions } from './assess.ts';
import { availabilitySets, nameOf, SURGE, silentPools, slowerThan, targets } from './state.ts';

/** Pools that some target would move: behind the control plane, or behind what it may be upgraded to. */
const movable = (facts: Facts) => slowerThan(facts, targets(facts).at(-1) ?? '');

/** Why pools cannot be upgraded by themselves. */
export function noUpgrade(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return 'AKS Automatic upgrades its pools with the control plane.';
  const plane = controlPlaneVersion(facts);
  if (plane === undefined || !isVersion(plane)) return 'The facts do not say which version the control plane runs.';
  if (availabilitySets(facts).length > 0) return 'Availability sets go with the control plane only (cluster.control-plane-version).';
  if (movable(facts).length > 0) return undefined;
  return knownValue(facts, 'kubernetesVersions') === undefined
    ? `Every pool runs ${plane}, and what else there is was not read.`
    : `Every pool runs ${plane}, the newest version of the region.`;
}

/** Bring pools along, say how they roll, and leave what is retired. */
export function options(facts: Facts): readonly Option[] {
  const plane = controlPlaneVersion(facts) ?? '?';
  const late = isVersion(plane) ? slowerThan(facts, plane) : [];
  const rolled = late.length > 0 ? late : movable(facts);
  const names = rolled.map(nameOf);
  const silent = silentPools(facts).map(nameOf);
  const sets = availabilitySets(facts).map(nameOf);
  const nodes = rolled.reduce((sum, pool) => sum + nodesOf(pool), 0);
  const roll = reimageMinutes(facts, names);
  const unavailable = noUpgrade(facts);
  const open = assessVersions(facts).status;
  const mustMove = open === 'fail' || open === 'partial';
  const from = listed(rolled.map((pool) => `${nameOf(pool)} ${poolVersion(pool) ?? '?'}`));
  return [
    {
      id: 'upgrade',
      title: 'Bring the pools along, one by one',
      tradeOff:
        unavailable !== undefined
          ? 'There is nothing to bring along.'
          : `${late.length > 0 ? `Behind ${plane}: ${from}.` : `No pool is behind ${plane}: this is for a control plane that goes on in the same plan. Pools: ${from}.`} ${plural(nodes, 'node')} are drained and replaced, ${about(roll)}; the newest image comes with it. One pool after the other: where one stops, the others have not begun.`,
      impact: { kind: 'reimage', scope: `${plural(nodes, 'node')} of pool ${listed(names)}, one pool after the other; one way`, pools: names },
      minutes: roll,
      cost: 'Surge nodes during the roll',
      reversible: { kind: 'no', how: 'a pool can be rolled back for seven days (az 2.88, channels off); after that a new pool' },
      notWhen: 'the new version has not been seen working on a test cluster',
      params: ['version', 'maxSurge'],
      ...(unavailable === undefined ? {} : { unavailable }),
      ...(unavailable === undefined && mustMove && late.length > 0
        ? {
            recommended: `The control plane is ahead already: ${plural(late.length, 'pool')} with ${plural(nodes, 'node')} to go, and every further upgrade waits for the slowest.`,
          }
        : {}),
    },
    {
      id: 'settings',
      title: 'Say how nodes are replaced',
      tradeOff:
        silent.length === 0
          ? 'Every pool says it: there is nothing to change.'
          : `Not said for pool ${listed(silent)}: AKS then takes 10 % of its nodes at a time (another page says one). ${SURGE} rolls a pool in three rounds, with a third more nodes for that time: quota and addresses for them must be there.`,
      impact: { kind: 'none', scope: 'no node now' },
      minutes: [1, Math.max(2, 2 * namedPools(facts).length)],
      cost: 'Surge nodes during each roll',
      reversible: { kind: 'yes', how: 'the old setting is written back' },
      notWhen: 'quota or addresses are short: one at a time then, or maxUnavailable',
      params: ['maxSurge'],
      ...(!(unavailable === undefined && mustMove && late.length > 0) && silent.length > 0 && sets.length === 0
        ? { recommended: `It touches no node, and every later roll of ${plural(silent.length, 'pool')} is faster for it.` }
        : {}),
    },
    {
      id: 'leave-availability-sets',
      title: 'Leave availability sets',
      tradeOff:
        sets.length === 0
          ? 'No pool is an availability set.'
          : `Pool ${listed(sets)} is an availability set: out of support since 2025-09-30. One command moves it and the load balancer, with downtime and without a way back.`,
      impact: sets.length === 0 ? { kind: 'none', scope: 'nothing' } : { kind: 'recreate', scope: 'downtime of the whole cluster; one way', pools: sets },
      minutes: sets.length === 0 ? [0, 1] : [20, Math.max(30, reimageMinutes(facts)[1])],
      cost: 'Downtime; a new outbound address',
      reversible: { kind: 'no', how: 'once begun there is no way back' },
      notWhen: 'a new cluster can be had: it comes without the downtime',
      params: [],
      ...(sets.length === 0
        ? { unavailable: 'No pool is an availability set.' }
        : { recommended: 'Nothing else on this page lasts while the pool is of an unsupported kind.' }),
    },
  ];
}
