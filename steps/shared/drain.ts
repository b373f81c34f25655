import { clusterAt, type Facts, fact, pools } from '../../src/model/facts.ts';
import { isTrue, type JsonObject, text } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { surge } from './minutes.ts';
import { commandWord, listed, plural } from './texts.ts';

const OVERRIDE = 'properties.upgradeSettings.overrideSettings';

/**
 * Disruption budgets without room: a drain waits for them until the pool's timeout, then the upgrade stops half way and any later write resumes it
 * (AKS docs: upgrade-aks-node-pools-rolling). The rest of a drain cannot be seen from here.
 */
export function budgetsGuard(facts: Facts): Guard {
  const id = 'disruption-budgets';
  const title = 'Pods can leave their nodes';
  const unseen = 'Pods without a controller and data in emptyDir do not survive a drain; that is not looked at here.';
  const found = fact(facts, 'disruptionBudgets');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Pod disruption budgets were not read (${found.reason}): one without room stops the roll half way. ${unseen}`,
      next: ['kubectl get poddisruptionbudget -A  (ALLOWED DISRUPTIONS must not be 0)'],
    };
  }
  const blocking = found.value.filter(({ disruptionsAllowed, expectedPods }) => disruptionsAllowed === 0 && expectedPods > 0);
  if (blocking.length === 0) return { id, title, verdict: 'clear', detail: `No disruption budget is out of room. ${unseen}` };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${plural(blocking.length, 'disruption budget')} without room: ${listed(blocking.map(({ namespace, name }) => `${namespace}/${name}`))}. The drain waits for the pool's timeout, then stops half way.`,
    next: ['Give each of them room: one more replica, or maxUnavailable of 1 or more. Then read again.'],
    override: 'drain against the budgets',
  };
}

/** A forced upgrade left switched on: until it ends every roll may go past disruption budgets (AKS docs: upgrade-options, stop-cluster-upgrade-api-breaking-changes). */
export function forcedUpgradeGuard(facts: Facts): Guard {
  const id = 'forced-upgrade';
  const title = 'Nothing forces its way past the checks';
  const until = text(clusterAt(facts, `${OVERRIDE}.until`));
  const over = until !== undefined && Date.parse(until) <= Date.parse(facts.source.readAt);
  if (!isTrue(clusterAt(facts, `${OVERRIDE}.forceUpgrade`)) || over) {
    return { id, title, verdict: 'clear', detail: 'No forced upgrade is switched on, and this plan does not switch one on.' };
  }
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `forceUpgrade is on${until ? ` until ${listed([until])}` : ''}: AKS then ignores disruption budgets and uses of removed APIs. All pods of a node may go at once.`,
    next: ['Switch it off first: az aks update --disable-force-upgrade, with --resource-group and --name.'],
    override: 'ignore disruption budgets',
  };
}

/** What surge nodes take: quota and, with Azure CNI, addresses in the subnet. Neither is read. */
export function surgeRoomGuard(facts: Facts, only: readonly string[]): Guard {
  const rolled = pools(facts).filter((pool) => only.includes(text(pool['name']) ?? ''));
  const needs = rolled.map((pool) => ({ pool, nodes: surge(pool) }));
  const flat = text(clusterAt(facts, 'properties.networkProfile.networkPlugin'))?.toLowerCase() === 'azure' && !isOverlay(facts);
  const perPool = needs.map(({ pool, nodes }) => `${nodes} × ${text(pool['vmSize']) ?? 'its size'} for ${text(pool['name']) ?? '?'}`);
  const addresses = needs.map(({ pool, nodes }) => nodes * (flat ? maxPods(pool) + 1 : 1));
  return {
    id: 'surge-room',
    title: 'There is room for the surge nodes',
    verdict: 'warn',
    detail: `Not read: quota for ${listed(perPool)}, and ${plural(Math.max(0, ...addresses), 'free address', 'free addresses')} in the subnet of the largest step${flat ? ' (a node brings its pods’ addresses with it)' : ''}.`,
    next: [
      `az vm list-usage --location ${commandWord(text(facts.cluster['location']) ?? '', 'LOCATION')} --output table`,
      'No quota to be had: az aks nodepool update --max-surge 0 --max-unavailable 1 rolls a user pool without extra nodes.',
    ],
  };
}

const isOverlay = (facts: Facts): boolean => text(clusterAt(facts, 'properties.networkProfile.networkPluginMode'))?.toLowerCase() === 'overlay';
const maxPods = (pool: JsonObject): number => (typeof pool['maxPods'] === 'number' ? pool['maxPods'] : 30);

/** What stands before everything that rolls nodes for a version or an image: budgets, force, room. */
export const rollGuards = (facts: Facts, only: readonly string[]): readonly Guard[] => [
  budgetsGuard(facts),
  forcedUpgradeGuard(facts),
  surgeRoomGuard(facts, only),
];
