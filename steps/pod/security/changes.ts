import type { KubePatch, ManualChange } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { patchManifest } from '../../../src/model/kube-manifest.ts';
import { fieldPrefix, type Level } from '../../../src/model/pod-security/index.ts';
import { isOurs as isOurObject, isPlain, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { missingLabels, type Target } from './labels.ts';
import type { Remedy } from './patches.ts';
import { type Judgement, label, STEP } from './state.ts';

/** A namespace with the labels it lacks. */
export interface Labelling {
  readonly judgement: Judgement;
  readonly target: Target;
  readonly labels: { readonly [key: string]: string };
}

/** Namespaces that lack labels for what is wanted of them. */
export function labellings(facts: Facts, judgements: readonly Judgement[], wanted: (judgement: Judgement) => Target): readonly Labelling[] {
  return judgements
    .map((judgement) => {
      const target = wanted(judgement);
      return { judgement, target, labels: missingLabels(facts, judgement, target) };
    })
    .filter(({ labels }) => Object.keys(labels).length > 0);
}

/** A namespace that this program labels itself: nobody else keeps it, and its name is such as a command can carry. */
export const isOurs = ({ judgement: { namespace } }: Labelling): boolean => isOurObject(namespace);

const enforces = ({ labels }: Labelling): boolean => labels[label.enforce] !== undefined;

function title(labelling: Labelling): string {
  const { judgement, target } = labelling;
  const name = clean(judgement.namespace.name);
  return enforces(labelling) ? `Enforce ${target.enforce} in namespace ${name}, warn of ${target.next}` : `Warn of ${target.next} in namespace ${name}`;
}

/** Labels on one namespace. Running pods are never touched by them. */
export function labelChange(labelling: Labelling): KubePatch {
  const { judgement, target, labels } = labelling;
  const { name, labels: has } = judgement.namespace;
  return {
    kind: 'kube.patch',
    id: `${STEP}/namespace-${name}`,
    step: STEP,
    controls: enforces(labelling) ? ['19.1'] : [],
    title: title(labelling),
    object: { apiVersion: 'v1', kind: 'Namespace', name },
    patch: { metadata: { labels } },
    before: { metadata: { labels: Object.fromEntries(Object.keys(labels).flatMap((key) => (has[key] === undefined ? [] : [[key, has[key]]]))) } },
    impact: enforces(labelling)
      ? { kind: 'workload', scope: `new pods in ${clean(name)} that break ${target.enforce} are refused; running ones stay` }
      : { kind: 'none', scope: `warnings in ${clean(name)}; nothing is refused` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the labels are set back' },
    after: [],
  };
}

function labelsText(labels: Labelling['labels']): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}

/** The same for namespaces that another tool keeps: the labels for its source, nothing sent. */
export function keptNamespaces(kept: readonly Labelling[]): readonly ManualChange[] {
  if (kept.length === 0) return [];
  return [
    {
      kind: 'manual',
      id: `${STEP}/kept-namespaces`,
      step: STEP,
      controls: ['19.1'],
      title: `Label ${plural(kept.length, 'namespace')} that another tool keeps`,
      instructions: kept.map(({ judgement: { namespace }, labels }) => {
        return `Namespace ${clean(namespace.name)}, ${whereToChange(namespace)}: metadata.labels ${labelsText(labels)}`;
      }),
      manifests: kept
        .filter(({ judgement: { namespace } }) => isPlain({ name: namespace.name }))
        .map(({ judgement: { namespace }, labels }) => patchManifest({ apiVersion: 'v1', kind: 'Namespace', name: namespace.name }, { metadata: { labels } })),
      doneWhen: 'the next check shows the labels',
      impact: { kind: 'workload', scope: `new pods in ${listed(kept.map(({ judgement }) => judgement.namespace.name))}, when it is rolled out` },
      minutes: [10, 60],
      reversible: { kind: 'yes', how: 'the labels are taken out of the same place' },
      after: [],
    },
  ];
}

/** More workloads than these are counted in the instructions; their patches are written all the same. */
const MOST_TOLD = 30;

function remedyLine({ workload, manifest, byHand }: Remedy): string {
  const name = `${clean(workload.kind)} ${placeName(workload)}`;
  const where = workload.keeper === undefined ? '' : `, ${whereToChange(workload)}`;
  const hands = byHand.slice(0, 3).map(({ field, message, fix }) => `${fieldPrefix(workload.kind)}${field}: ${message}. ${fix}`);
  const rest = byHand.length > 3 ? [`and ${byHand.length - 3} more`] : [];
  const anew = workload.kind === 'Pod' || workload.kind === 'Job' ? ' (it is made anew with it: Kubernetes does not change a running one)' : '';
  return [`${name}${where}: ${manifest === undefined ? 'no patch can say it' : `a patch is written${anew}`}`, ...hands, ...rest].join('; ');
}

/** Patches for workloads that stand in the way: text and manifests, never sent. */
export function remedyChange(remedies: readonly Remedy[], level: Level): readonly ManualChange[] {
  if (remedies.length === 0) return [];
  const patched = remedies.filter(({ manifest }) => manifest !== undefined);
  const rest = remedies.length - MOST_TOLD;
  return [
    {
      kind: 'manual',
      id: `${STEP}/workloads`,
      step: STEP,
      controls: ['19.3', '19.4', '19.5', '19.6'],
      title: `Bring ${plural(remedies.length, 'workload')} up to ${level}`,
      instructions: [
        ...remedies.slice(0, MOST_TOLD).map(remedyLine),
        ...(rest > 0 ? [`and ${plural(rest, 'more workload')}, each with its patch among the files`] : []),
        ...(patched.length > 0
          ? [
              'The patches as files: aks-harden plan with this choice and --out DIR. Each merges into the manifest it names: as a patch of a kustomization, or with kubectl patch KIND NAME --namespace NAMESPACE --patch-file FILE.',
              'See what a patch comes to before it is done: the same with --dry-run=server --output yaml.',
              'Each patch restarts its pods. An image that runs as root, writes where it may not, or listens below port 1024 does not come up after it: try one replica first, and build the image with a user of its own.',
            ]
          : []),
      ],
      manifests: patched.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest])),
      doneWhen: 'aks-harden check shows 19.3 to 19.6 as passed',
      impact: { kind: 'workload', scope: `rolling restarts of ${plural(remedies.length, 'workload')}, when you roll them out` },
      minutes: [15, 480],
      reversible: { kind: 'yes', how: 'kubectl rollout undo, or the old manifest' },
      after: [],
    },
  ];
}
