import type { ManualChange } from '../../../src/model/change.ts';
import { type Facts, isAutomatic, type Workload } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { text } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { isPlain, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { poolsWhere, size, windowsPools } from '../../shared/pool-sizes.ts';
import { listed } from '../../shared/texts.ts';
import { channelOf } from './channel.ts';
import { knownKureds, patchedBy } from './kured.ts';
import { days, STEP, type WindowTimes } from './windows.ts';

/** Why kured is not to be chosen here. */
function refusal(facts: Facts): string | undefined {
  if (patchedBy(facts) === 'aks') {
    return isAutomatic(facts)
      ? 'AKS Automatic replaces its nodes by itself.'
      : `With channel ${clean(channelOf(facts) ?? 'NodeImage')} AKS replaces the nodes: nothing is left for kured to do.`;
  }
  return undefined;
}

/** Nodes that go on patching themselves. */
export function kuredOption(facts: Facts): Option {
  const there = knownKureds(facts).filter(({ pods }) => pods > 0);
  const why = refusal(facts);
  const isNone = channelOf(facts)?.toLowerCase() !== 'unmanaged';
  const silent = [...poolsWhere(facts, (pool) => (text(pool['osSKU']) ?? '').toLowerCase().startsWith('azurelinux')), ...windowsPools(facts)];
  return {
    id: 'kured',
    title: 'Nodes patch themselves, kured restarts',
    tradeOff:
      there.length > 0
        ? `${listed(there.map(placeName))} restarts nodes already: there is nothing to do.`
        : `Ubuntu’s unattended upgrades go on; kured drains and restarts a node that asks for it, one at a time, within your hours. No image is replaced, so nodes (${size(facts)}) drift apart, and new ones start unpatched; 9.1 stays open.${isNone ? ' This channel applies no patches by itself: kured only helps where something of yours does.' : ''}${silent.length > 0 ? ` Pool ${listed(silent)} does not patch itself, or is none of kured’s.` : ''}`,
    impact: { kind: 'none', scope: 'nothing until you install it; then restarts, one node at a time' },
    minutes: [0, 1],
    cost: 'A privileged pod on each node, which you keep up to date',
    reversible: { kind: 'yes', how: 'helm uninstall' },
    notWhen: 'a managed channel can be had: AKS tests those images, and answers for them',
    ...(why === undefined ? {} : { unavailable: why }),
    params: ['day', 'startTime', 'utcOffset', 'hours'],
  };
}

/** Minutes of a time of day or an offset: `+01:30` is 90. */
function minutesOf(time: string): number {
  const [, sign = '', hours = '0', minutes = '0'] = /^([+-]?)(\d\d):(\d\d)$/.exec(time) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const clockOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A window in UTC, on the day that it begins there. kured knows one day at a time: what runs past midnight is cut off. */
export function kuredWindow({ day, start, offset, hours }: WindowTimes): { readonly day: string; readonly start: string; readonly end: string } {
  const begins = minutesOf(start) - minutesOf(offset);
  const shift = Math.floor(begins / 1440);
  const index = (days as readonly string[]).indexOf(day);
  const from = begins - shift * 1440;
  return { day: (days[(index + shift + 7) % 7] ?? day).toLowerCase(), start: clockOf(from), end: clockOf(Math.min(from + hours * 60, 1439)) };
}

/** kured by its chart: by hand, because helm is. */
export function installKured(facts: Facts, times: WindowTimes): readonly ManualChange[] {
  if (knownKureds(facts).some(({ pods }) => pods > 0)) return [];
  const { day, start, end } = kuredWindow(times);
  const settings = [
    String.raw`nodeSelector."kubernetes\.io/os"=linux`,
    `configuration.rebootDays={${day}}`,
    `configuration.startTime=${start}`,
    `configuration.endTime=${end}`,
    'configuration.timeZone=UTC',
  ].map((setting) => `--set '${setting}'`);
  return [
    {
      kind: 'manual',
      id: `${STEP}/install-kured`,
      step: STEP,
      controls: ['9.3'],
      title: 'Install kured',
      instructions: [
        'helm repo add kubereboot https://kubereboot.github.io/charts, then helm repo update',
        `helm upgrade --install kured kubereboot/kured --namespace kured --create-namespace ${settings.join(' ')}`,
        'Its pods are privileged and share the node’s processes: the namespace needs pod-security.kubernetes.io/enforce=privileged where others enforce more, and the image comes from ghcr.io/kubereboot.',
        'kubectl get pods --namespace kured --output wide shows one on each Linux node; the first restart says in its log which node waits and why.',
      ],
      doneWhen: 'aks-harden check shows 9.3 as passed',
      impact: { kind: 'workload', scope: 'nodes restart one at a time, when one of them asks for it, within the hours' },
      minutes: [10, 30],
      reversible: { kind: 'yes', how: 'helm uninstall kured --namespace kured' },
      after: [],
    },
  ];
}

function removalLine(workload: Workload): string {
  const name = placeName(workload);
  if (!isPlain(workload)) return `DaemonSet ${name}: take it away by hand`;
  const release = /^meta\.helm\.sh\/release-name=([a-z0-9][a-z0-9.-]*)$/.exec(workload.keeper?.sign ?? '')?.[1];
  if (release !== undefined) return `helm uninstall ${release} --namespace ${workload.namespace}`;
  if (workload.keeper !== undefined) return `DaemonSet ${name}: take it out ${whereToChange(workload)}`;
  return `kubectl delete daemonset ${workload.name} --namespace ${workload.namespace}, then its service account, role and binding`;
}

/** kured goes, once AKS replaces the nodes. */
export function removeKured(facts: Facts, after: readonly string[]): readonly ManualChange[] {
  const there = knownKureds(facts);
  if (there.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: `${STEP}/remove-kured`,
      step: STEP,
      controls: ['9.3'],
      title: 'Take kured away',
      instructions: [
        ...there.map(removalLine),
        'A node that it was about to restart may be left cordoned: kubectl get nodes, and kubectl uncordon NAME for each that says SchedulingDisabled.',
      ],
      doneWhen: 'no DaemonSet of kured is left, and no node is cordoned',
      impact: { kind: 'none', scope: 'no node; nothing restarts nodes but AKS from then on' },
      minutes: [5, 15],
      reversible: { kind: 'yes', how: 'it is installed again' },
      after,
    },
  ];
}
