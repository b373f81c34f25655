import { type Facts, isAutomatic, knownValue, nodeCount, pools } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { about, size } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { compareVersions, controlPlaneVersion, isVersion, minorText, regionMinor, supportPlan } from '../../shared/versions.ts';
import { assessChannel, assessVersion, calendarWords } from './assess.ts';
import { CONTROL_PLANE_MINUTES, longTermWayBack, wholeMinutes } from './changes.ts';
import { channelOf, endsSoon, hasChannel, isSupported, offered, reachable, suggested, whyUnread } from './state.ts';

const AUTOMATIC = 'AKS Automatic upgrades itself; what stays yours is the maintenance window.';

const nothingNewer = (facts: Facts): string =>
  isSupported(facts, controlPlaneVersion(facts) ?? '') === false
    ? 'AKS offers this unsupported version no way on: what is left is a new cluster, and moving there.'
    : 'AKS offers nothing newer: the cluster runs the newest version of the region.';

/** Why control plane and pools cannot go apart; undefined where they can. */
export function togetherOnly(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return AUTOMATIC;
  const unread = whyUnread(facts);
  if (unread !== undefined) return unread;
  const now = controlPlaneVersion(facts) ?? '';
  if (isSupported(facts, now) === false && (offered(facts) ?? []).length > 0) {
    return `${minorText(now)} is out of support: from there AKS upgrades control plane and all pools only together.`;
  }
  if (hasChannel(facts)) return `With the channel ${listed([channelOf(facts) ?? ''])} AKS refuses an upgrade of the control plane alone: pools go with it.`;
  if (pools(facts).some((pool) => text(pool['type'])?.toLowerCase() === 'availabilityset')) return 'Availability sets always go with the control plane.';
  if (reachable(facts).length > 0) return undefined;
  return (offered(facts) ?? []).length > 0
    ? 'Pools are too far behind for another step of the control plane: bring them along first (cluster.node-pool-versions).'
    : nothingNewer(facts);
}

/** Why everything cannot be upgraded in one go. */
export function notTogether(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return AUTOMATIC;
  return whyUnread(facts) ?? ((offered(facts) ?? []).length === 0 ? nothingNewer(facts) : undefined);
}

/** Why no channel can be set: it needs a version in support (AKS docs: auto-upgrade-cluster). */
export function noChannel(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return AUTOMATIC;
  const now = controlPlaneVersion(facts);
  return now !== undefined && isSupported(facts, now) === false
    ? `A channel works on supported versions only, and ${minorText(now)} is not: upgrade in the same decision.`
    : undefined;
}

/** Why long-term support cannot be had. */
export function noLongTerm(facts: Facts): string | undefined {
  if (isAutomatic(facts)) return AUTOMATIC;
  const now = controlPlaneVersion(facts);
  if (supportPlan(facts) === 'AKSLongTermSupport') return 'The cluster has it.';
  if (knownValue(facts, 'kubernetesVersions') === undefined) return whyUnread(facts);
  const minor = now === undefined ? undefined : regionMinor(facts, now);
  if (now !== undefined && isVersion(now) && minor !== undefined && !minor.patches.some(({ version }) => version === now)) {
    return `Patch ${listed([now])} is no longer offered under any plan: go to the newest patch first.`;
  }
  return minor?.plans.includes('AKSLongTermSupport') === true
    ? undefined
    : `${minorText(now ?? '?')} is past long-term support as well, or this region does not offer it.`;
}

/** Which option is the sensible one here, and why. */
function recommendation(facts: Facts): { readonly id: string; readonly why: string } | undefined {
  const now = controlPlaneVersion(facts);
  if (now === undefined || isAutomatic(facts)) return undefined;
  const goal = suggested(facts);
  const out = assessVersion(facts).status === 'fail';
  if (out && notTogether(facts) === undefined) {
    return {
      id: 'whole-cluster',
      why: `${minorText(now)} gets no security fixes any more. ${listed([goal ?? ''])} is the nearest supported version that AKS offers, and the channel keeps it patched.`,
    };
  }
  if (noChannel(facts) !== undefined) return undefined;
  if (endsSoon(facts, now) && goal !== undefined && notTogether(facts) === undefined) {
    return { id: 'whole-cluster', why: `${calendarWords(facts, now)} ${goal} comes next, and the channel keeps it patched.` };
  }
  return assessChannel(facts).status === 'pass'
    ? undefined
    : { id: 'channel', why: `${minorText(now)} is supported. Patches of it break the least, and nobody has to remember them.` };
}

const oneWay = (how: string) => ({ kind: 'no', how }) as const;

/** The ways to a supported version, and to staying on one. */
export function options(facts: Facts): readonly Option[] {
  const now = controlPlaneVersion(facts) ?? '?';
  const goal = suggested(facts) ?? 'the next version';
  const best = recommendation(facts);
  const roll = about(reimageMinutes(facts));
  const finish = (option: Option, unavailable: string | undefined): Option => ({
    ...option,
    ...(unavailable === undefined ? {} : { unavailable }),
    ...(unavailable === undefined && best?.id === option.id ? { recommended: best.why } : {}),
  });
  const skips = isSupported(facts, now) === false && compareVersions(goal, now) > 0;
  return [
    finish(
      {
        id: 'whole-cluster',
        title: 'Upgrade everything now, then keep it patched',
        tradeOff: `Control plane and all pools go from ${now} to ${goal} in one operation: first the API server, then ${size(facts)} one pool after the other, ${roll}.${
          skips
            ? ` It skips minors on AKS’s recovery path, which Microsoft does not support: removed APIs of every minor in between break at once. A new cluster beside this one is the careful way.`
            : ''
        } Then a channel takes over.`,
        impact: { kind: 'reimage', scope: `every node of ${size(facts)}, and gaps of the API server; one way`, pools: poolNames(facts) },
        minutes: wholeMinutes(facts),
        cost: 'Surge nodes during the roll',
        reversible: oneWay('no version is taken back; a pool can be rolled back for seven days, the control plane never'),
        notWhen: 'workloads still use APIs that the new version has dropped',
        params: ['wholeVersion', 'channel'],
      },
      notTogether(facts),
    ),
    finish(
      {
        id: 'control-plane',
        title: 'Upgrade the control plane first, pools later',
        tradeOff: `Only the API server goes from ${now} to ${goal}; ${plural(nodeCount(facts), 'node')} stay as they are and may be three minors behind. What breaks shows before a node is touched. Then bring pools along one by one (cluster.node-pool-versions), and set a channel afterwards.`,
        impact: { kind: 'api-server', scope: 'gaps of the API server for minutes; no node; one way' },
        minutes: CONTROL_PLANE_MINUTES,
        cost: 'None',
        reversible: oneWay('AKS never takes a control plane back'),
        notWhen: 'nobody will look after the pools in the next weeks: a half-way upgrade is the worst place to stay',
        params: ['version'],
      },
      togetherOnly(facts),
    ),
    finish(
      {
        id: 'channel',
        title: 'Have AKS upgrade Kubernetes',
        tradeOff: `Nothing happens now. From tomorrow on AKS upgrades control plane and ${size(facts)} together when a version comes, ${roll} each time. patch stays on ${minorText(now)} until it ends; stable and rapid also change minors, and may begin to in the next window. Control plane first is then no longer possible.`,
        impact: { kind: 'none', scope: 'no node now; later rolls in the window for upgrades' },
        minutes: CLUSTER_WRITE_MINUTES,
        cost: 'Surge nodes during each roll',
        reversible: { kind: 'yes', how: 'the channel is set back; versions that came meanwhile stay' },
        notWhen: 'Fleet Manager or a pipeline of yours upgrades this cluster',
        params: ['channel'],
      },
      noChannel(facts),
    ),
    finish(
      {
        id: 'long-term-support',
        title: 'Buy a second year for this version',
        tradeOff: `Microsoft backports security fixes to ${minorText(now)} for another year. Nothing moves, and no node is touched; but add-ons keep their own life cycles, and the upgrade is only put off.`,
        impact: { kind: 'billing', scope: 'Premium tier, by the hour; no node and no pod' },
        minutes: CLUSTER_WRITE_MINUTES,
        cost: 'Premium tier, per cluster and hour',
        reversible: longTermWayBack(facts),
        notWhen: 'an upgrade can be had: it costs less and lasts longer',
        params: [],
      },
      noLongTerm(facts),
    ),
  ];
}
