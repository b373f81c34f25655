import type { ArmUpdate, Edit } from '../../../src/model/change.ts';
import { clusterAt, type Facts } from '../../../src/model/facts.ts';
import { type Json, text } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, reimageMinutes } from '../../shared/minutes.ts';
import { namedPools } from '../../shared/pool-edits.ts';
import { about, size } from '../../shared/pool-sizes.ts';
import { controlPlaneVersion, minorText } from '../../shared/versions.ts';
import { CHANNEL, type Channel, channelOf, PLAN, type Route, STEP, VERSION } from './state.ts';

/** A control plane's upgrade. No duration is documented ("varies"): estimated. */
export const CONTROL_PLANE_MINUTES: readonly [number, number] = [5, 15];

const oneWay = { kind: 'no', how: 'AKS never takes a control plane back to an older version' } as const;

/** The control plane by itself, one change for each minor on the way. */
export function controlPlane(facts: Facts, route: Route): readonly ArmUpdate[] {
  const ids = route.map((version, i) => (i === route.length - 1 ? `${STEP}/control-plane` : `${STEP}/control-plane-${minorText(version)}`));
  return route.map((version, i): ArmUpdate => {
    const [edit] = clusterEdits(facts, [[VERSION, version]]);
    const before: Json | undefined = i === 0 ? edit?.before : route[i - 1];
    return {
      kind: 'arm.update',
      id: ids[i] ?? STEP,
      step: STEP,
      controls: ['7.1'],
      title: `Upgrade the control plane to ${version}`,
      target: clusterTarget(facts),
      edits: [{ path: VERSION.split('.'), before, after: version }],
      impact: { kind: 'api-server', scope: 'the API server is replaced: short gaps for minutes; nodes and pods run on as they are' },
      minutes: CONTROL_PLANE_MINUTES,
      reversible: oneWay,
      after: i === 0 ? [] : [ids[i - 1] ?? ''],
      alone: true,
    };
  });
}

/** Minutes of an upgrade of everything. */
export function wholeMinutes(facts: Facts): readonly [number, number] {
  const [low, high] = reimageMinutes(facts);
  return [CONTROL_PLANE_MINUTES[0] + low, CONTROL_PLANE_MINUTES[1] + high];
}

/** Control plane and pools in one write: AKS takes the control plane first, then one pool after the other. */
export function wholeCluster(facts: Facts, version: string): readonly ArmUpdate[] {
  const names = namedPools(facts).map((pool) => text(pool['name']) ?? '');
  const edits: readonly Edit[] = clusterEdits(facts, [
    [VERSION, version],
    ...names.map((name) => [`properties.agentPoolProfiles.[${name}].orchestratorVersion`, version] as const),
  ]);
  if (edits.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/whole-cluster`,
      step: STEP,
      controls: ['7.1'],
      title: `Upgrade control plane and all pools to ${version}`,
      target: clusterTarget(facts),
      edits,
      impact: { kind: 'reimage', scope: `every node, one pool after the other: ${size(facts)}, ${about(reimageMinutes(facts))}`, pools: names },
      minutes: wholeMinutes(facts),
      reversible: {
        kind: 'no',
        how: 'the control plane never goes back; a pool can, for seven days and with the channels off: az aks nodepool rollback (az 2.88)',
      },
      // Surge settings first: they decide how many nodes go at a time.
      after: names.map((name) => `cluster.node-pool-versions/settings-${name}`),
      alone: true,
    },
  ];
}

/** The channel, behind every upgrade by hand and behind the windows: AKS may begin as soon as it is set. */
export function setChannel(facts: Facts, channel: Channel, after: readonly string[]): readonly ArmUpdate[] {
  if (channelOf(facts) === channel) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/channel`,
      step: STEP,
      controls: ['7.2'],
      title: `Have AKS upgrade Kubernetes: channel ${channel}`,
      target: clusterTarget(facts),
      edits: clusterEdits(facts, [[CHANNEL, channel]]),
      impact: { kind: 'none', scope: 'no node now; from then on control plane and nodes roll together when a version comes, in the window for upgrades' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: { kind: 'yes', how: 'the channel is set back; what was upgraded meanwhile stays' },
      after: [...after, 'cluster.node-os-updates/window-cluster', 'cluster.node-pool-versions'],
      // What shares its write would wait for the upgrade as well, and not be done where that fails.
      ...(after.length > 0 ? { alone: true } : {}),
    },
  ];
}

/** The second year of support, without moving anything. */
export function longTermSupport(facts: Facts): readonly ArmUpdate[] {
  const edits = clusterEdits(facts, [
    ['sku.tier', 'Premium'],
    [PLAN, 'AKSLongTermSupport'],
  ]);
  if (edits.length === 0) return [];
  return [
    {
      kind: 'arm.update',
      id: `${STEP}/long-term-support`,
      step: STEP,
      controls: ['7.1'],
      title: 'Buy long-term support for the version that runs',
      target: clusterTarget(facts),
      edits,
      impact: { kind: 'billing', scope: 'Premium tier, by the hour; no node and no pod' },
      minutes: CLUSTER_WRITE_MINUTES,
      reversible: longTermWayBack(facts),
      after: [],
    },
  ];
}

/** Long-term support can be given up only while the version has community support (AKS docs: long-term-support). */
export function longTermWayBack(facts: Facts): ArmUpdate['reversible'] {
  const minor = minorText(controlPlaneVersion(facts) ?? '');
  const official =
    facts.known.kubernetesVersions?.state === 'known' &&
    facts.known.kubernetesVersions.value.some((one) => one.minor === minor && one.plans.includes('KubernetesOfficial'));
  return official && clusterAt(facts, PLAN) !== undefined
    ? { kind: 'yes', how: 'tier and plan are set back' }
    : { kind: 'no', how: `${minor} has left community support: the plan cannot be given up before an upgrade` };
}
