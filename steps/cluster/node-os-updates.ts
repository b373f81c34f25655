import { isSettled } from '../../src/model/assessment.ts';
import type { ArmUpdate } from '../../src/model/change.ts';
import { type Facts, isAutomatic } from '../../src/model/facts.ts';
import { type Choice, defineStep, type Option, type StepPlan } from '../../src/model/step.ts';
import { aksDoc } from '../shared/docs.ts';
import { clusterEdits, clusterTarget } from '../shared/edits.ts';
import { commonGuards } from '../shared/guards.ts';
import { reimageMinutes } from '../shared/minutes.ts';
import { about, size, windowsPools } from '../shared/pool-sizes.ts';
import { listed } from '../shared/texts.ts';
import { unavailableGuard } from '../shared/unavailable.ts';
import { assessChannel, assessWindows } from './node-os-updates/assess.ts';
import { CHANNEL, type Channel, channelImpact, channelMinutes, isFixed, isOn, needsChannel, securityPatchRefusal } from './node-os-updates/channel.ts';
import { channelGuards } from './node-os-updates/guards.ts';
import { assessImages } from './node-os-updates/images.ts';
import { assessKured, knownKureds } from './node-os-updates/kured.ts';
import { installKured, kuredOption, removeKured } from './node-os-updates/kured-changes.ts';
import { params, timesOf } from './node-os-updates/params.ts';
import { dueRoll, isRoll, planRoll, rollOptions } from './node-os-updates/rolls.ts';
import { assessSystems } from './node-os-updates/systems.ts';
import { STEP, windowChange, windowsKnown } from './node-os-updates/windows.ts';

function options(facts: Facts): readonly Option[] {
  const roll = about(reimageMinutes(facts));
  const inPlace = isOn(facts, 'SecurityPatch') ? 'SecurityPatch' : 'NodeImage';
  const keptDaily = 'A daily or monthly window that is already there is kept.';
  const refusal = securityPatchRefusal(facts);
  const names = params.map(({ name }) => name);
  const rollNow =
    assessChannel(facts).status !== 'fail' && isSettled(assessWindows(facts).status) && assessKured(facts).status !== 'fail' ? dueRoll(facts) : undefined;
  const why =
    isAutomatic(facts) || isOn(facts, inPlace) || isFixed(facts)
      ? `${inPlace} is in place; this adds what is missing around it.`
      : windowsPools(facts).length > 0
        ? `It is the one managed channel for Windows as well: pool ${listed(windowsPools(facts))}.`
        : `One predictable roll a week through ${size(facts)} in a window that you choose, with bug fixes, at no extra cost; it is also what new clusters get.`;
  const option = (channel: Channel, rest: Pick<Option, 'id' | 'title' | 'tradeOff' | 'cost' | 'notWhen'>): Option => ({
    ...rest,
    impact: channelImpact(facts, channel),
    minutes: channelMinutes(facts, channel),
    reversible: { kind: 'yes', how: 'the channel and the windows are set back; going back to Unmanaged replaces all nodes once more' },
    ...(channel === inPlace && rollNow === undefined ? { recommended: why } : {}),
    params: names,
  });
  return [
    option('NodeImage', {
      id: 'node-image',
      title: 'A fresh node image every week',
      tradeOff: `AKS replaces the nodes once a week with a tested image: security and bug fixes together, ${roll} for ${size(facts)}. A new image takes about two weeks from build to region. ${keptDaily}`,
      cost: 'None, but for the surge nodes during the roll',
      notWhen: 'pods keep state on the node (emptyDir, hostPath) that must outlive a week',
    }),
    {
      ...option('SecurityPatch', {
        id: 'security-patch',
        title: 'Security patches as they come',
        tradeOff: `Security fixes only, and sooner than a weekly image. AKS patches live where it can and replaces nodes only where it must, so the nodes (${size(facts)}) roll less often; bug fixes still need a node image upgrade of your own. ${keptDaily}`,
        cost: 'Disk images kept in the node resource group, per GB',
        notWhen: 'a policy denies disks without customer-managed keys, or nodes cannot reach snapshot.ubuntu.com',
      }),
      ...(refusal ? { unavailable: refusal } : {}),
    },
    kuredOption(facts),
    ...rollOptions(facts, rollNow),
  ];
}

function channelChange(facts: Facts, channel: Channel, after: readonly string[]): readonly ArmUpdate[] {
  if (!needsChannel(facts, channel)) return [];
  const impact = channelImpact(facts, channel);
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/channel`,
      step: STEP,
      controls: assessKured(facts).status === 'unknown' || knownKureds(facts).length > 0 ? ['9.1'] : ['9.1', '9.3'],
      title: `Have AKS update the nodes: channel ${channel}`,
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[CHANNEL, channel]]),
      impact,
      minutes: channelMinutes(facts, channel),
      reversible:
        impact.kind === 'reimage'
          ? { kind: 'partly', how: 'the channel can be set back to Unmanaged, which replaces all nodes once more' }
          : { kind: 'yes', how: 'the channel is set back' },
      after,
    },
  ];
}

function plan(facts: Facts, choice: Choice): StepPlan {
  const option = options(facts).find(({ id }) => id === choice.option);
  if (option === undefined) return { changes: [], guards: [] };
  if (option.unavailable !== undefined) return { changes: [], guards: [unavailableGuard(option.unavailable)] };
  if (isRoll(option.id)) return planRoll(facts, option.id);
  if (option.id === 'kured') return { changes: installKured(facts, timesOf(facts, choice).nodeOs), guards: [] };
  const channel: Channel = option.id === 'security-patch' ? 'SecurityPatch' : 'NodeImage';
  const times = timesOf(facts, choice);
  const windows = [...windowChange(facts, 'nodeOs', times.nodeOs), ...windowChange(facts, 'cluster', times.cluster)];
  // Windows first: a channel that is set before its window may start to replace nodes in the middle of the day.
  const written = [
    ...windows,
    ...channelChange(
      facts,
      channel,
      windows.map(({ id }) => id),
    ),
  ];
  const changes = [
    ...written,
    ...removeKured(
      facts,
      written.map(({ id }) => id),
    ),
  ];
  if (written.length === 0) return { changes, guards: [] };
  const setsChannel = needsChannel(facts, channel);
  return {
    changes,
    guards: [
      ...commonGuards(facts, {
        impact: setsChannel ? channelImpact(facts, channel).kind : 'none',
        writesCluster: setsChannel,
        actions: [
          ...(setsChannel ? ['Microsoft.ContainerService/managedClusters/write'] : []),
          ...(windows.length > 0 ? ['Microsoft.ContainerService/managedClusters/maintenanceConfigurations/write'] : []),
        ],
        code: [
          ...(setsChannel
            ? [
                {
                  terraform: { line: `node_os_upgrade_channel = "${channel}"`, effect: 'reverts' as const },
                  bicep: `autoUpgradeProfile: { nodeOSUpgradeChannel: '${channel}' }`,
                },
              ]
            : []),
          ...(windows.length > 0
            ? [{ terraform: { line: 'maintenance_window_node_os { … } and maintenance_window_auto_upgrade { … }', effect: 'reverts' as const } }]
            : []),
        ],
      }),
      ...channelGuards(facts, { channel: setsChannel ? channel : undefined, windowsKnown: windowsKnown(facts), times }),
    ],
  };
}

/** Who keeps the operating system of the nodes patched, and when nodes may be replaced for it. */
export const nodeOsUpdates = defineStep({
  id: STEP,
  pillar: 'cluster',
  title: 'Who patches the nodes, and when?',
  controls: [
    {
      id: '9.1',
      title: 'Node OS updates are automatic and managed by AKS',
      severity: 'high',
      references: {
        policy: ['04408ca5-aa10-42ce-8536-98955cdddd4c', '40f1aee2-4db4-4b74-acb1-c6972e24cca8'],
        psrule: ['AZR-000435'],
        docs: [aksDoc('Automatically upgrade node images', 'auto-upgrade-node-os-image'), aksDoc('Changes that reimage nodes', 'node-disruption-policy')],
      },
    },
    {
      id: '9.2',
      title: 'Nodes run the newest image',
      severity: 'medium',
      references: { docs: [aksDoc('Upgrade node images', 'upgrade-node-image'), aksDoc('Node images', 'node-images')] },
    },
    {
      id: '9.3',
      title: 'kured restarts nodes where nobody else does',
      severity: 'low',
      references: {
        docs: [
          aksDoc('Updates of Linux nodes with kured', 'node-updates-kured'),
          { title: 'kured', url: 'https://kured.dev/docs/' },
          aksDoc('Automatically upgrade node images', 'auto-upgrade-node-os-image'),
        ],
      },
    },
    {
      id: '9.5',
      title: 'Nodes run an operating system that is patched',
      severity: 'high',
      references: { docs: [aksDoc('Upgrade the operating system', 'upgrade-os-version'), aksDoc('Windows Server versions', 'upgrade-windows-os')] },
    },
    {
      id: '9.4',
      title: 'Maintenance windows exist for automatic upgrades',
      severity: 'medium',
      references: {
        policy: ['e1352e44-d34d-4e4d-a22e-451a15f759a1'],
        psrule: ['AZR-000446'],
        docs: [aksDoc('Planned maintenance', 'planned-maintenance')],
      },
    },
  ],
  needs: ['maintenanceConfigurations', 'poolImages', 'workloads'],
  needsToPlan: ['permissions', 'locks', 'ownership', 'policyAssignments', 'agentPools', 'disruptionBudgets'],
  explain: (facts) => ({
    what: `Every node runs an image of Linux or Windows, with holes that are found and fixed all the time, until the system itself is no longer mended. The node OS channel says who brings those fixes to ${size(facts)}; a maintenance window says when nodes may be replaced for it.`,
    why: 'A container shares the kernel of its node: one unpatched kernel turns a break-in into a pod into a break-in into every pod beside it.',
    today:
      'In 2020 unattended-upgrades patched nodes at night and kured restarted them. Since 2023 AKS does both through a channel (new clusters start with NodeImage since API 2023-06-01), and with NodeImage or SecurityPatch unattended-upgrades is off: kured then has nothing left to do and goes. It is only of use with the channel Unmanaged. Windows are best effort: AKS may break them for something urgent.',
  }),
  assess: (facts) => ({
    '9.1': assessChannel(facts),
    '9.2': assessImages(facts),
    '9.3': assessKured(facts),
    '9.5': assessSystems(facts),
    '9.4': assessWindows(facts),
  }),
  options,
  params,
  plan,
  after: [],
});
