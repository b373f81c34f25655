import type { Facts } from '../../../src/model/facts.ts';
import { type JsonObject, same } from '../../../src/model/json.ts';
import { settingsNow } from './state.ts';

/** A set of collection settings, as the portal calls them (Azure Monitor docs: Container insights cost settings). */
export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly streams: readonly string[];
  readonly settings: JsonObject;
}

const all = ['Microsoft-ContainerInsights-Group-Default'];
/** Namespaces of AKS and its add-ons: much noise, and of little use to who owns the workloads. */
const system = ['kube-system', 'gatekeeper-system', 'azure-arc'];

export const presets: readonly Preset[] = [
  {
    id: 'cost-optimized',
    label: 'every five minutes, without the namespaces of AKS itself',
    streams: all,
    settings: { interval: '5m', namespaceFilteringMode: 'Exclude', namespaces: system, enableContainerLogV2: true },
  },
  {
    id: 'standard',
    label: 'every minute, every namespace',
    streams: all,
    settings: { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true },
  },
  {
    id: 'logs-and-events',
    label: 'logs, events and the list of pods, no performance counters: metrics come from Prometheus',
    streams: ['Microsoft-ContainerLogV2', 'Microsoft-KubeEvents', 'Microsoft-KubePodInventory'],
    settings: { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true },
  },
];

/** Leaves the rule that is there as it is. */
export const AS_IT_IS = 'as-it-is';

/** The preset that the rule of today comes to; undefined where somebody chose other settings, or there is no rule. */
export function presetNow(facts: Facts): Preset | undefined {
  const now = settingsNow(facts);
  if (now === undefined) return undefined;
  return presets.find(
    ({ settings, streams }) =>
      settings['interval'] === now.interval &&
      String(settings['namespaceFilteringMode']).toLowerCase() === now.namespaces.toLowerCase() &&
      same([...streams].sort(), [...now.streams].sort()),
  );
}
