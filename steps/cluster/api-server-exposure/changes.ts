import type { ArmAction, ArmUpdate, Change } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes } from '../../shared/minutes.ts';
import { size } from '../../shared/pool-sizes.ts';
import { plural } from '../../shared/texts.ts';
import { exposure, PROFILE, STEP } from './state.ts';

/** Minutes of a stop and a start (recorded: 82-95 s and 192-357 s on clusters of a few nodes); large clusters take longer. */
export const STOP_MINUTES: readonly [number, number] = [2, 10];
export const START_MINUTES: readonly [number, number] = [4, 20];

const sum = (...all: readonly (readonly [number, number])[]): readonly [number, number] => [
  all.reduce((total, [low]) => total + low, 0),
  all.reduce((total, [, high]) => total + high, 0),
];

/** Minutes of the way from a cluster without VNet integration to one with it. */
export function integrationMinutes(facts: Facts): readonly [number, number] {
  return sum(reimageMinutes(facts), STOP_MINUTES, START_MINUTES);
}

const sameRanges = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((range) => b.includes(range));

/**
 * The write of the ranges; nothing when they stand. `probe`: try the API server from here afterwards and put the old ranges back
 * when it does not answer. The undo names the old list, `[]` where there was none: leaving the property out would keep the new one.
 */
export function rangesChange(facts: Facts, ranges: readonly string[], probe: boolean): readonly ArmUpdate[] {
  const before = exposure(facts).ranges;
  if (sameRanges(before, ranges)) return [];
  const [edit] = clusterEdits(facts, [[`${PROFILE}.authorizedIPRanges`, ranges]]);
  if (edit === undefined) return [];
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/authorized-ranges`,
    step: STEP,
    controls: ['12.1'],
    title: `Let ${plural(ranges.length, 'network')} reach the API server, and nobody else`,
    target: clusterTarget(facts),
    edits: [edit],
    impact: { kind: 'api-server', scope: 'calls from any other address are refused within two minutes; no node is touched' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: `${before.length === 0 ? 'no ranges at all' : plural(before.length, 'old range')} through ARM, which works from anywhere` },
    after: [],
    ...(probe ? { probeAfter: true } : {}),
  };
  const undo: ArmUpdate = {
    ...change,
    id: `${STEP}/authorized-ranges-undo`,
    title: before.length === 0 ? 'Open the API server to every address again' : 'Put the old ranges back',
    edits: [{ path: edit.path, before: ranges, after: edit.before ?? [] }],
    impact: { kind: 'api-server', scope: 'the old ranges hold again within two minutes' },
    probeAfter: false,
  };
  return [{ ...change, undo: [undo] }];
}

function action(facts: Facts, name: 'stop' | 'start', rest: Pick<ArmAction, 'title' | 'impact' | 'minutes' | 'reversible' | 'after'>): ArmAction {
  return { kind: 'arm.action', id: `${STEP}/${name}`, step: STEP, controls: ['11.2'], target: clusterTarget(facts), action: name, alone: true, ...rest };
}

/**
 * VNet integration on a cluster that runs: the write replaces the nodes of every pool with the newest image, then the cluster must be
 * stopped and started by hand (AKS docs, api-server-vnet-integration). Nothing when it is there already.
 */
export function integrationChanges(facts: Facts, subnetId: string): readonly Change[] {
  if (exposure(facts).isIntegrated) return [];
  const pools = poolNames(facts);
  const never = { kind: 'no', how: 'VNet integration cannot be turned off; the way back is a new cluster' } as const;
  const enable: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/vnet-integration`,
    step: STEP,
    controls: ['11.2'],
    title: "Bring the API server into the cluster's network",
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [
      [`${PROFILE}.enableVnetIntegration`, true],
      [`${PROFILE}.subnetId`, subnetId],
    ]),
    impact: { kind: 'reimage', scope: `every node is replaced: ${size(facts)}; the API server's address changes, its name stays`, pools },
    minutes: reimageMinutes(facts),
    reversible: never,
    after: [],
    alone: true,
  };
  const start = action(facts, 'start', {
    title: 'Start the cluster again',
    impact: { kind: 'api-server', scope: 'the cluster comes back; if the region has no capacity it stays down until it has' },
    minutes: START_MINUTES,
    reversible: { kind: 'no', how: 'it completes the conversion, which has no way back' },
    after: [`${STEP}/stop`],
  });
  const stop = action(facts, 'stop', {
    title: 'Stop the cluster, at once after the conversion',
    impact: { kind: 'recreate', scope: `full outage: the API server and all of ${size(facts)} go down; pods without a controller are deleted`, pools },
    minutes: STOP_MINUTES,
    reversible: { kind: 'partly', how: 'starting brings the cluster back, as far as the region has capacity' },
    after: [enable.id],
  });
  return [enable, { ...stop, undo: [{ ...start, after: [] }] }, start];
}

/** Closes the public address. The ranges go in the same write: AKS refuses both at once, and an own write would open the server in between. */
export function privateChange(facts: Facts, after: readonly string[]): readonly ArmUpdate[] {
  const { isPrivate, ranges } = exposure(facts);
  if (isPrivate) return [];
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/private`,
    step: STEP,
    controls: ['11.1'],
    title: 'Close the public address of the API server',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [...(ranges.length > 0 ? [[`${PROFILE}.authorizedIPRanges`, []] as const] : []), [`${PROFILE}.enablePrivateCluster`, true]]),
    impact: { kind: 'network', scope: 'everything that calls the API server over the internet is cut off; its DNS entries change, nodes are not touched' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'partly', how: 'az aks update --disable-private-cluster opens it again; that switch is in preview' },
    after,
    alone: true,
  };
  const undo: ArmUpdate = {
    ...change,
    id: `${STEP}/private-undo`,
    title: 'Open the public address of the API server again',
    edits: change.edits.map(({ path, before, after: now }) => ({ path, before: now, after: before ?? false })),
    impact: { kind: 'api-server', scope: 'the API server is reachable from the internet again, within the old ranges' },
    after: [],
  };
  return [{ ...change, undo: [undo] }];
}

/** Takes a private cluster's name out of public DNS. */
export function publicNameChange(facts: Facts): readonly ArmUpdate[] {
  const { isPrivate, hasPublicName } = exposure(facts);
  if (!isPrivate || !hasPublicName) return [];
  const change: ArmUpdate = {
    kind: 'arm.update',
    id: `${STEP}/hide-public-fqdn`,
    step: STEP,
    controls: ['11.3'],
    title: 'Take the name of the API server out of public DNS',
    target: clusterTarget(facts),
    edits: clusterEdits(facts, [[`${PROFILE}.enablePrivateClusterPublicFQDN`, false]]),
    impact: { kind: 'api-server', scope: 'clients that look the name up in public DNS no longer find it; kubeconfigs must name the private one' },
    minutes: CLUSTER_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the public name is turned on again' },
    after: [],
  };
  const undo: ArmUpdate = {
    ...change,
    id: `${STEP}/hide-public-fqdn-undo`,
    title: 'Give the API server its public name back',
    edits: change.edits.map((edit) => ({ path: edit.path, before: false, after: true })),
  };
  return [{ ...change, undo: [undo] }];
}
