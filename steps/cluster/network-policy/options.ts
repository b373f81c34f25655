import type { Impact, Reversible } from '../../../src/model/change.ts';
import { clusterAt, type Facts, isAutomatic, nodeCount } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { text } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { poolNames } from '../../shared/minutes.ts';
import { about, size, windowsPools } from '../../shared/pool-sizes.ts';
import { listed } from '../../shared/texts.ts';
import { ciliumChange, engineChange, overlayThenCiliumChanges } from './changes.ts';
import { minorVersion, network, standingPodCidr } from './state.ts';

export const optionIds = ['cilium', 'overlay-then-cilium', 'calico', 'azure'] as const;
export type OptionId = (typeof optionIds)[number];

/** Azure NPM's ends (AKS docs, includes/azure-network-policy-manager-*-retirement). */
export const NPM_ENDS = { linux: '2028-09-30', windows: '2026-09-30' } as const;
export const KUBENET_ENDS = '2028-03-31';

const versionOf = (facts: Facts): string => clean(text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? 'an unknown version');

/** AKS refuses to install and to uninstall Calico and Azure NPM below 1.30 (AKS release notes). An unknown version is not held against it. */
function tooOldForEngines(facts: Facts): string | undefined {
  const minor = minorVersion(facts);
  return minor !== undefined && minor < 30
    ? `AKS installs and removes Calico and Azure NPM from Kubernetes 1.30 on; this cluster runs ${versionOf(facts)}. Upgrade first.`
    : undefined;
}

const broughtOwn = 'The cluster has a network plugin of its own (bring your own CNI): AKS does not manage its policies. Use what that plugin offers.';
const preset = 'AKS Automatic comes with Cilium.';

function common(facts: Facts): string | undefined {
  if (!network(facts).isKnown) return 'The facts do not say what network the cluster has.';
  if (isAutomatic(facts)) return preset;
  return network(facts).plugin === 'none' ? broughtOwn : undefined;
}

/** What both ways to Cilium share. */
function ciliumRefusal(facts: Facts): string | undefined {
  const windows = windowsPools(facts);
  if (windows.length > 0) return `Cilium does not run on Windows, and pool ${listed(windows)} does. Calico covers both.`;
  return network(facts).hasAutoProvisioning ? 'Node auto-provisioning is on: turn it off for the move, and on again afterwards.' : undefined;
}

function refusal(facts: Facts, id: OptionId): string | undefined {
  const { plugin, engine, dataplane } = network(facts);
  const first = common(facts);
  if (first !== undefined) return first;
  const isThere = engine === 'cilium' && dataplane === 'cilium';
  switch (id) {
    case 'cilium':
      if (isThere) return undefined;
      return plugin === 'kubenet' ? 'From kubenet the way leads over Azure CNI Overlay first: overlay-then-cilium does both.' : ciliumRefusal(facts);
    case 'overlay-then-cilium':
      if (plugin !== 'kubenet') return 'The cluster is not on kubenet.';
      if ((minorVersion(facts) ?? 27) < 27) return `The move to overlay needs Kubernetes 1.27; this cluster runs ${versionOf(facts)}. Upgrade first.`;
      return (engine === 'none' ? undefined : tooOldForEngines(facts)) ?? ciliumRefusal(facts);
    case 'calico':
      if (engine === 'cilium' || dataplane === 'cilium') return 'Cilium is in place; no way back from it is documented.';
      return engine === 'calico' ? undefined : tooOldForEngines(facts);
    case 'azure':
      if (engine === 'cilium' || dataplane === 'cilium') return 'Cilium is in place; no way back from it is documented.';
      if (engine === 'azure') return undefined;
      if (plugin === 'kubenet') return 'Azure NPM needs Azure CNI; this cluster is on kubenet.';
      if (windowsPools(facts).length > 0) return `Azure NPM takes no new clusters with Windows, and ends there on ${NPM_ENDS.windows}.`;
      return tooOldForEngines(facts);
    default:
      return id satisfies never;
  }
}

/** The changes an option comes to, whether or not it can be had. */
export function changesOf(facts: Facts, id: OptionId, podCidr = standingPodCidr(facts)) {
  switch (id) {
    case 'cilium':
      return ciliumChange(facts);
    case 'overlay-then-cilium':
      return overlayThenCiliumChanges(facts, podCidr);
    case 'calico':
    case 'azure':
      return engineChange(facts, id);
    default:
      return id satisfies never;
  }
}

function recommendation(facts: Facts): readonly [OptionId, string] | undefined {
  const { plugin, engine } = network(facts);
  const can = (id: OptionId): boolean => refusal(facts, id) === undefined;
  if (engine === 'cilium' && can('cilium')) return ['cilium', 'It is in place, and it is the engine that AKS recommends.'];
  if (plugin === 'kubenet' && can('overlay-then-cilium')) {
    return ['overlay-then-cilium', `AKS ends kubenet on ${KUBENET_ENDS}; whoever has to move replaces the nodes anyway, and gets an engine with it.`];
  }
  if (engine === 'calico' && can('calico')) return ['calico', 'It is in place and enforces; a move to Cilium replaces every node and has no way back.'];
  if (can('cilium')) {
    return [
      'cilium',
      engine === 'azure'
        ? `Azure NPM ends on ${NPM_ENDS.linux}, and Cilium takes its policies over.`
        : 'AKS recommends it, supports it for good, and it needs no second engine beside the network.',
    ];
  }
  return can('calico')
    ? [
        'calico',
        windowsPools(facts).length > 0 ? `It is the one engine with a future for Windows (pool ${listed(windowsPools(facts))}).` : 'Cilium cannot be had here.',
      ]
    : undefined;
}

const words: { readonly [I in OptionId]: (facts: Facts) => Pick<Option, 'title' | 'tradeOff' | 'notWhen'> } = {
  cilium: () => ({
    title: 'Cilium',
    tradeOff:
      'eBPF in place of long iptables lists: faster, and the only engine with rules for names and HTTP (with Advanced Container Networking Services). No way back is documented, and an ipBlock no longer matches pods or nodes.',
    notWhen: 'Windows pools are planned',
  }),
  'overlay-then-cilium': (facts) => ({
    title: 'Off kubenet: Azure CNI Overlay, then Cilium',
    tradeOff: `Leaves kubenet before AKS ends it on ${KUBENET_ENDS}, and ends with the recommended engine. The two cannot be changed in one operation${network(facts).engine === 'none' ? '' : ', and the engine of today must go first'}: ${changesOf(facts, 'overlay-then-cilium').length} rolls through all nodes, one after the other. Pods get overlay addresses that nothing outside of the cluster can call.`,
    notWhen: 'something outside of the cluster calls pods by their address',
  }),
  calico: (facts) => ({
    title: 'Calico',
    tradeOff: `Linux and Windows, managed by AKS for standard Kubernetes policies (its own extras are neither tested nor supported). It can be taken off again.${network(facts).engine === 'azure' ? ' From Azure NPM it takes two rolls, with nothing enforced between them.' : ''}`,
    notWhen: 'policies for names or HTTP are wanted later: that means Cilium, and another roll',
  }),
  azure: (facts) => ({
    title: 'Azure Network Policy Manager',
    tradeOff: `An engine with an end: Linux ${NPM_ENDS.linux}, Windows ${NPM_ENDS.windows}, and no more than 250 nodes (this cluster has ${nodeCount(facts)}). Whoever chooses it replaces all nodes twice: now, and when it goes.`,
    notWhen: 'there is any other choice',
  }),
};

const reversibility: { readonly [I in OptionId]: Reversible } = {
  cilium: { kind: 'no', how: 'no way back from Cilium is documented' },
  'overlay-then-cilium': { kind: 'no', how: 'a cluster can leave neither Azure CNI Overlay nor Cilium again' },
  calico: { kind: 'yes', how: 'the engine is taken off again, which replaces all nodes once more' },
  azure: { kind: 'yes', how: 'the engine is taken off again, which replaces all nodes once more' },
};

/** Whether the engine of today is there to stay: then what it enforces is the next decision. */
export function isEngineSettled(facts: Facts): boolean {
  const { plugin, engine } = network(facts);
  return isAutomatic(facts) || plugin === 'none' || (plugin !== 'kubenet' && (engine === 'cilium' || engine === 'calico'));
}

/** The engines to choose from, with the numbers of this cluster. `recommends`: one of them is the next thing to do. */
export function engineOptions(facts: Facts, recommends: boolean): readonly Option[] {
  const best = recommends ? recommendation(facts) : undefined;
  return optionIds.map((id) => {
    const changes = changesOf(facts, id);
    const unavailable = refusal(facts, id);
    const minutes = changes.reduce<readonly [number, number]>(([low, high], change) => [low + change.minutes[0], high + change.minutes[1]], [0, 0]);
    const impact: Impact =
      changes.length === 0
        ? { kind: 'none', scope: 'nothing: it is in place' }
        : {
            kind: 'reimage',
            scope: `all pools at the same time${changes.length > 1 ? `, ${changes.length} times` : ''}: ${size(facts)}`,
            pools: poolNames(facts),
          };
    const { title, tradeOff, notWhen } = words[id](facts);
    const duration = changes.length === 0 ? ' In place.' : ` ${size(facts)}: ${about(minutes)} of rolling reimage.`;
    return {
      id,
      title,
      tradeOff: `${tradeOff}${duration}`,
      impact,
      minutes,
      cost: 'None, but for the surge nodes during the roll',
      reversible: reversibility[id],
      ...(notWhen ? { notWhen } : {}),
      ...(unavailable ? { unavailable } : {}),
      ...(best?.[0] === id && unavailable === undefined ? { recommended: best[1] } : {}),
      params: id === 'overlay-then-cilium' && unavailable === undefined ? ['podCidr'] : [],
    };
  });
}
