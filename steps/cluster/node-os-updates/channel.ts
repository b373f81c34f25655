import type { Impact } from '../../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { poolsWhere, size, windowsPools } from '../../shared/pool-sizes.ts';
import { listed } from '../../shared/texts.ts';

/** The channels that AKS manages. */
export type Channel = 'NodeImage' | 'SecurityPatch';
export const CHANNEL = 'properties.autoUpgradeProfile.nodeOSUpgradeChannel';
/** The same, lower case. */
export const managed: readonly string[] = ['nodeimage', 'securitypatch'];

/** The channel as it stands. */
export const channelOf = (facts: Facts): string | undefined => text(clusterAt(facts, CHANNEL));
/** Whether this channel is on. */
export const isOn = (facts: Facts, channel: Channel): boolean => channelOf(facts)?.toLowerCase() === channel.toLowerCase();
/** `node-image` as the cluster's own channel fixes the node OS channel to NodeImage. */
export const isFixed = (facts: Facts): boolean => text(clusterAt(facts, 'properties.autoUpgradeProfile.upgradeChannel'))?.toLowerCase() === 'node-image';

/** What setting the channel does to nodes now (AKS docs, node-disruption-policy: any change away from Unmanaged reimages). */
export function channelImpact(facts: Facts, channel: Channel): Impact {
  if (!needsChannel(facts, channel)) return { kind: 'none', scope: 'windows only: the channel stays as it is' };
  if (channelOf(facts)?.toLowerCase() === 'unmanaged') {
    return { kind: 'reimage', scope: `all nodes now, because the channel leaves Unmanaged: ${size(facts)}`, pools: poolNames(facts) };
  }
  return { kind: 'none', scope: 'no node now; from then on nodes are replaced inside the window' };
}

/** Whether choosing this channel changes anything. */
export function needsChannel(facts: Facts, channel: Channel): boolean {
  return !isAutomatic(facts) && !isOn(facts, channel) && !(channel === 'NodeImage' && isFixed(facts));
}

/** Minutes of setting the channel, nodes included. */
export const channelMinutes = (facts: Facts, channel: Channel): readonly [number, number] => {
  if (!needsChannel(facts, channel)) return [0, 1];
  return channelImpact(facts, channel).kind === 'reimage' ? reimageMinutes(facts) : CLUSTER_WRITE_MINUTES;
};

/** Pools whose system AKS does not patch through SecurityPatch (AKS docs, auto-upgrade-node-os-image). */
export function securityPatchRefusal(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return 'AKS Automatic keeps the channel at NodeImage.';
  if (isFixed(facts)) {
    return 'The cluster upgrade channel is node-image, which fixes this one to NodeImage. Set it to patch first: az aks update --auto-upgrade-channel patch.';
  }
  const windows = windowsPools(facts);
  if (windows.length > 0) return `SecurityPatch does not exist for Windows, and pool ${listed(windows)} runs it: choose NodeImage.`;
  const other = poolsWhere(facts, (pool) => ['flatcar', 'azurelinuxosguard'].includes((text(pool['osSKU']) ?? '').toLowerCase()));
  if (other.length > 0) return `SecurityPatch does not exist for the operating system of pool ${listed(other)}: choose NodeImage.`;
  return undefined;
}
