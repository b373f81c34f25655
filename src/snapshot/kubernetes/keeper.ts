import type { Keeper } from '../../model/facts.ts';
import { at, isObject, type JsonObject, path } from '../../model/json.ts';
import { plain } from './listed.ts';

/** A label or annotation that a tool leaves on what it keeps, by the beginning of its key. */
interface Sign {
  readonly tool: Keeper['tool'];
  readonly where: 'labels' | 'annotations';
  readonly key: string;
  readonly value?: string;
}

/**
 * In the order of who would undo a change first: GitOps before Helm (Flux and Argo CD apply charts too), AKS before all. Flux docs: "ownership"
 * labels of the kustomize and helm controllers; Argo CD docs: resource tracking; Helm docs: adoption annotations; AKS docs: add-on manager's
 * label, Kubernetes' addon-manager README.
 */
const signs: readonly Sign[] = [
  { tool: 'aks', where: 'labels', key: 'kubernetes.azure.com/managedby' },
  { tool: 'aks', where: 'labels', key: 'addonmanager.kubernetes.io/mode', value: 'Reconcile' },
  { tool: 'flux', where: 'labels', key: 'kustomize.toolkit.fluxcd.io/name' },
  { tool: 'flux', where: 'labels', key: 'helm.toolkit.fluxcd.io/name' },
  { tool: 'argo-cd', where: 'annotations', key: 'argocd.argoproj.io/tracking-id' },
  { tool: 'argo-cd', where: 'labels', key: 'argocd.argoproj.io/instance' },
  { tool: 'argo-cd', where: 'annotations', key: 'argocd.argoproj.io/installation-id' },
  { tool: 'helm', where: 'annotations', key: 'meta.helm.sh/release-name' },
  { tool: 'helm', where: 'labels', key: 'app.kubernetes.io/managed-by', value: 'Helm' },
];

/**
 * Who keeps an object as it is, by its own labels and annotations; undefined when nothing tells. Argo CD's oldest tracking label,
 * `app.kubernetes.io/instance`, is no sign: charts set it too.
 */
export function keeperOf(object: JsonObject): Keeper | undefined {
  const metadata = at(object, path('metadata'));
  for (const { tool, where, key, value } of signs) {
    const map = at(metadata, [where]);
    const found = isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;
    if (typeof found === 'string' && (value === undefined || found === value)) return { tool, sign: plain(`${key}=${found}`).slice(0, 120) };
  }
  return undefined;
}

/** `{keeper}` to spread, or nothing. */
export function kept(object: JsonObject): { readonly keeper?: Keeper } {
  const keeper = keeperOf(object);
  return keeper === undefined ? {} : { keeper };
}
