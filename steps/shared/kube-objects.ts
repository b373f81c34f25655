import { type Facts, fact, type Keeper } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { listed, plural } from './texts.ts';

/** An object by its place; cluster-wide objects have no namespace. */
export interface Placed {
  readonly namespace?: string;
  readonly name: string;
}

/** `namespace/name` as it is: what parameters are given in. */
export const keyOf = ({ namespace, name }: Placed): string => (namespace === undefined ? name : `${namespace}/${name}`);

/** The same for a sentence. */
export const placeName = (object: Placed): string => clean(keyOf(object));

/**
 * Whether names are such as the API server takes (a DNS name; RBAC allows colons). Others can only come from a file: no command is made of them.
 */
export function isPlain({ namespace, name }: Placed): boolean {
  const plain = (text: string): boolean => /^[a-z0-9]([a-z0-9.:_-]*[a-z0-9])?$/i.test(text);
  return plain(name) && (namespace === undefined || plain(namespace));
}

/** An object that another tool may keep. */
export interface Kept extends Placed {
  readonly keeper?: Keeper;
}

/**
 * The one rule of who writes an object: this program only where nobody else keeps it, and a command can carry its name. What another tool keeps is
 * never applied, patched or deleted: the manual change says who keeps it and where to change it (`whereToChange`), and carries the patch as manifests.
 */
export function isOurs(object: Kept): boolean {
  return object.keeper === undefined && isPlain(object);
}

/** Who keeps an object as it is, in words. */
export const keeperName: { readonly [K in Keeper['tool']]: string } = { flux: 'Flux', 'argo-cd': 'Argo CD', helm: 'Helm', aks: 'AKS' };

/** What becomes of a change made beside the keeper. */
export const keeperEffect: { readonly [K in Keeper['tool']]: string } = {
  flux: 'Flux writes its own state back within minutes',
  'argo-cd': 'Argo CD shows it as out of sync, and sets it back where self-heal is on',
  helm: 'the next helm upgrade may set it back',
  aks: 'AKS sets it back',
};

/** What a keeper's sign says of its source, by the sign's beginning; the first word in it is a name. */
const sources: readonly { readonly sign: RegExp; readonly words: (name: string) => string }[] = [
  { sign: /^kustomize\.toolkit\.fluxcd\.io\/name=(.+)$/, words: (name) => `in the source of Flux’s Kustomization ${name}` },
  { sign: /^helm\.toolkit\.fluxcd\.io\/name=(.+)$/, words: (name) => `in Flux’s HelmRelease ${name}` },
  { sign: /^argocd\.argoproj\.io\/tracking-id=([^:]+)/, words: (name) => `in the source of Argo CD’s Application ${name}` },
  { sign: /^argocd\.argoproj\.io\/instance=(.+)$/, words: (name) => `in the source of Argo CD’s Application ${name}` },
  { sign: /^meta\.helm\.sh\/release-name=(.+)$/, words: (name) => `in the chart or the values of Helm release ${name}` },
];

const anySource: { readonly [K in Keeper['tool']]: string } = {
  flux: 'in what Flux reads',
  'argo-cd': 'in what Argo CD reads',
  helm: 'in the Helm chart or its values',
  aks: 'through AKS, which writes its own state back',
};

/** Where an object is changed so that the change lasts: `in the source of Flux’s Kustomization ops`. */
export function whereToChange({ keeper }: { readonly keeper?: Keeper | undefined }): string {
  if (keeper === undefined) return 'by hand';
  for (const { sign, words } of sources) {
    const name = sign.exec(keeper.sign)?.[1];
    if (name !== undefined) return words(clean(name));
  }
  return anySource[keeper.tool];
}

/**
 * `kubectl patch` as one line of instructions. The JSON holds no apostrophe (they travel as \u0027, which JSON reads as the same),
 * names are such as `isPlain` lets pass: give no others.
 */
export function patchLine(resource: string, object: Placed, patch: JsonObject): string {
  const json = JSON.stringify(patch).replaceAll("'", '\\u0027');
  return `kubectl patch ${resource} ${object.name}${object.namespace === undefined ? '' : ` --namespace ${object.namespace}`} --type merge --patch '${clean(json)}'`;
}

/** The keepers of some objects for a sentence: `Flux (3), Helm (1)`. */
export function keepersOf(objects: readonly { readonly keeper?: Keeper }[]): string {
  const tools = objects.flatMap(({ keeper }) => (keeper === undefined ? [] : [keeper.tool]));
  return [...new Set(tools)].map((tool) => `${keeperName[tool]} (${tools.filter((one) => one === tool).length})`).join(', ');
}

/** Says which of the objects at hand belong to a tool that would undo the change: they are left to that tool, with the patch for its source. */
export function keeperGuard(kept: readonly Kept[], noun: string): readonly Guard[] {
  if (kept.length === 0) return [];
  const effects = [...new Set(kept.flatMap(({ keeper }) => (keeper ? [keeperEffect[keeper.tool]] : [])))];
  return [
    {
      id: 'kept-elsewhere',
      title: 'Nobody sets it back',
      verdict: 'warn',
      detail:
        `${keepersOf(kept) || 'Somebody else'} ${kept.length === 1 ? 'keeps' : 'keep'} ${listed(kept.map(placeName))}: ${plural(kept.length, noun)} left as ${kept.length === 1 ? 'it is' : 'they are'}. ${effects.length > 0 ? `${effects.join('; ')}.` : ''}`.trim(),
      next: [
        `Change ${kept.length === 1 ? 'it' : 'them'} ${listed([...new Set(kept.map(whereToChange))], 3)}.`,
        'The patches are in the plan’s work by hand; with --out DIR they are written as files.',
      ],
    },
  ];
}

/** Proves that the signed-in person may write in Kubernetes before anything is sent there. */
export function kubernetesGuard(facts: Facts): Guard {
  const id = 'kubernetes-access';
  const title = 'The sign-in may write in Kubernetes';
  const found = fact(facts, 'kubernetesAccess');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Not known: ${clean(found.reason)}. The dry run before each change asks the API server.`,
      next: ['kubectl auth whoami', "kubectl auth can-i '*' '*' --all-namespaces"],
    };
  }
  const { allowed, as } = found.value;
  if (allowed) return { id, title, verdict: 'clear', detail: `${clean(as)} may do everything in the cluster.` };
  return {
    id,
    title,
    verdict: 'warn',
    detail: `${clean(as)} may not do everything in the cluster. The dry run before each change tells whether this may be written.`,
    next: ['Activate the role that may (PIM), or print the commands for somebody who has it.'],
  };
}
