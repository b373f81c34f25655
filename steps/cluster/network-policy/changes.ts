import type { ArmUpdate, Reversible } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { isObject, type Json, withAt } from '../../../src/model/json.ts';
import { clusterEdits, clusterTarget } from '../../shared/edits.ts';
import { poolNames } from '../../shared/minutes.ts';
import { size } from '../../shared/pool-sizes.ts';
import { versionIds } from '../../shared/version-order.ts';
import { CILIUM_LEAST, type Engine, NETWORK, network, OVERLAY_LEAST, STEP, sideBySideMinutes, standingPodCidr } from './state.ts';

interface Part {
  readonly word: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly wanted: readonly (readonly [key: string, value: Json])[];
  readonly minutes: readonly [number, number];
  readonly reversible: Reversible;
  readonly after?: readonly string[];
}

/** One write that replaces the nodes of all pools side by side. Never merged: AKS takes the IP mode and the dataplane in writes of their own. */
function rolling(facts: Facts, part: Part): ArmUpdate {
  return {
    kind: 'arm.update',
    id: `${STEP}/${part.word}`,
    step: STEP,
    controls: part.controls,
    title: part.title,
    target: clusterTarget(facts),
    edits: clusterEdits(
      facts,
      part.wanted.map(([key, value]) => [`${NETWORK}.${key}`, value] as const),
    ),
    impact: { kind: 'reimage', scope: `all pools at the same time: ${size(facts)}`, pools: poolNames(facts) },
    minutes: part.minutes,
    reversible: part.reversible,
    // Not on a cluster that is half-way through an upgrade, and better on a version that AKS supports.
    after: part.after?.length ? part.after : versionIds(facts),
    alone: true,
  };
}

/** The facts as they will be once a change is done: the next change in a row starts from there. */
function done(facts: Facts, change: ArmUpdate | undefined): Facts {
  const cluster = (change?.edits ?? []).reduce<Json | undefined>((body, edit) => withAt(body, edit.path, edit.after), facts.cluster);
  return isObject(cluster) ? { ...facts, cluster } : facts;
}

/** Cilium as dataplane and engine, in one write: the dataplane refuses any other engine ("Cilium dataplane requires network policy cilium"). */
export function ciliumChange(facts: Facts, after: readonly string[] = []): readonly ArmUpdate[] {
  const { engine, dataplane } = network(facts);
  if (engine === 'cilium' && dataplane === 'cilium') return [];
  return [
    rolling(facts, {
      word: 'cilium',
      title: 'Let Cilium carry the traffic and enforce policies',
      controls: ['15.1'],
      wanted: [
        ['networkDataplane', 'cilium'],
        ['networkPolicy', 'cilium'],
      ],
      minutes: sideBySideMinutes(facts, CILIUM_LEAST),
      reversible: { kind: 'no', how: 'no way back from Cilium is documented' },
      after,
    }),
  ];
}

const removable = { kind: 'yes', how: 'the engine is taken off again, which replaces all nodes once more' } as const;

/** Takes the engine off; policies stay as objects and are not enforced. */
function removal(facts: Facts): ArmUpdate {
  return rolling(facts, {
    word: 'policy-off',
    title: `Take ${network(facts).engine === 'azure' ? 'Azure NPM' : 'Calico'} off for the move`,
    controls: ['15.1'],
    wanted: [['networkPolicy', 'none']],
    minutes: sideBySideMinutes(facts),
    reversible: { kind: 'yes', how: 'the engine is put back, which replaces all nodes once more' },
  });
}

/** Calico or Azure NPM as engine. From one to the other goes over none, as documented: two reimages with nothing enforced in between. */
export function engineChange(facts: Facts, engine: Extract<Engine, 'calico' | 'azure'>): readonly ArmUpdate[] {
  const today = network(facts).engine;
  if (today === engine) return [];
  const off = today === 'none' ? [] : [removal(facts)];
  const on = rolling(done(facts, off[0]), {
    word: engine,
    title: engine === 'calico' ? 'Let Calico enforce policies' : 'Let Azure NPM enforce policies',
    controls: ['15.1'],
    wanted: [['networkPolicy', engine]],
    minutes: sideBySideMinutes(facts),
    reversible: removable,
    after: off.map(({ id }) => id),
  });
  return [...off, on];
}

/** Off kubenet: policy off where there is one, Azure CNI Overlay, then Cilium; each a write and a reimage of its own. */
export function overlayThenCiliumChanges(facts: Facts, podCidr: string): readonly ArmUpdate[] {
  const { plugin, engine } = network(facts);
  if (plugin !== 'kubenet') return ciliumChange(facts);
  const off = engine === 'none' ? [] : [removal(facts)];
  const bare = done(facts, off[0]);
  const overlay = rolling(bare, {
    word: 'overlay',
    title: 'Move from kubenet to Azure CNI Overlay',
    controls: ['15.3'],
    wanted: [['networkPlugin', 'azure'], ['networkPluginMode', 'overlay'], ...(podCidr === standingPodCidr(facts) ? [] : ([['podCidr', podCidr]] as const))],
    minutes: sideBySideMinutes(facts, OVERLAY_LEAST),
    reversible: { kind: 'no', how: 'a cluster cannot leave Azure CNI Overlay again' },
    after: off.map(({ id }) => id),
  });
  return [...off, overlay, ...ciliumChange(done(bare, overlay), [overlay.id])];
}
