import { type Assessment, fail, partial, pass, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, fact, isAutomatic } from '../../../src/model/facts.ts';
import { listed } from '../../shared/texts.ts';
import { CHANNEL, channelOf, isFixed, managed } from './channel.ts';
import { existing, hoursOf, SHORTEST_WINDOW_HOURS, schedules } from './windows.ts';

/** The first stable api-version that shows the channel (AKS docs: "Starting with API version 2023-06-01, the default …"). */
export const SHOWN_SINCE = '2023-06-01';

/** 9.1 */
export function assessChannel(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic keeps the channel at NodeImage; it cannot be changed there.');
  const actual = channelOf(facts);
  const evidence = { path: CHANNEL, actual, wanted: 'NodeImage or SecurityPatch' };
  if (actual !== undefined) return managed.includes(actual.toLowerCase()) ? pass(evidence) : fail(evidence);
  if (isFixed(facts)) {
    return pass({
      path: 'properties.autoUpgradeProfile.upgradeChannel',
      actual: clusterAt(facts, 'properties.autoUpgradeProfile.upgradeChannel'),
      wanted: 'node-image sets the node OS channel to NodeImage',
    });
  }
  if (facts.apiVersion < SHOWN_SINCE) return unknown(`the cluster was read at api-version ${facts.apiVersion}, which does not show the node OS channel`);
  return fail(evidence);
}

/** 9.4 */
export function assessWindows(facts: Facts): Assessment {
  const found = fact(facts, 'maintenanceConfigurations');
  if (found.state === 'unknown') return unknown(`maintenance windows were not read: ${found.reason}`);
  const wanted = `a window of ${SHORTEST_WINDOW_HOURS} hours or more`;
  const both = (['nodeOs', 'cluster'] as const).map((key) => {
    const hours = hoursOf(existing(facts, key));
    return { name: schedules[key].name, there: existing(facts, key) !== undefined, hours, good: (hours ?? 0) >= SHORTEST_WINDOW_HOURS };
  });
  const evidence = both.map(({ name, hours }) => ({
    path: `maintenanceConfigurations/${name}.properties.maintenanceWindow.durationHours`,
    actual: hours,
    wanted,
  }));
  if (both.every(({ good }) => good)) return pass(...evidence);
  const bad = both.filter(({ good }) => !good);
  if (both.every(({ there }) => !there)) return fail(...evidence);
  return partial(`${listed(bad.map(({ name }) => name))} is missing or too short`, ...evidence);
}
