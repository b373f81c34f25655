import type { KubeKind } from '../model/gateway.ts';
import { at, type JsonObject, list, path, text } from '../model/json.ts';
import { apiVersionOf, kubeKinds } from '../model/kube-kinds.ts';

/** A kind that the practice API server serves. */
export interface ServedKind extends KubeKind {
  readonly singular: string;
  /** What kubectl takes for it beside its names. */
  readonly short: readonly string[];
}

const short: { readonly [kind: string]: string } = {
  Namespace: 'ns',
  Node: 'no',
  Pod: 'po',
  Service: 'svc',
  ServiceAccount: 'sa',
  ConfigMap: 'cm',
  PersistentVolume: 'pv',
  PersistentVolumeClaim: 'pvc',
  Deployment: 'deploy',
  ReplicaSet: 'rs',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  CronJob: 'cj',
  NetworkPolicy: 'netpol',
  Ingress: 'ing',
  PodDisruptionBudget: 'pdb',
  StorageClass: 'sc',
  CustomResourceDefinition: 'crd',
};

const served = (kind: KubeKind): ServedKind => ({
  ...kind,
  singular: kind.kind.toLowerCase(),
  short: short[kind.kind] === undefined ? [] : [short[kind.kind] ?? ''],
});

/** Groups of custom kinds: a cluster has them only where it holds their definition. */
const customGroups: ReadonlySet<string> = new Set(['aadpodidentity.k8s.io', 'secrets-store.csi.x-k8s.io', 'gateway.networking.k8s.io']);

const definitions: KubeKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Kinds that every cluster has. */
const builtIn: readonly ServedKind[] = [...Object.values<KubeKind>(kubeKinds).filter(({ group }) => !customGroups.has(group)), definitions].map(served);

/** The kinds that a CustomResourceDefinition adds, one for each version it serves. */
function definedBy(definition: JsonObject): readonly ServedKind[] {
  const read = (dotted: string) => text(at(definition, path(dotted))) ?? '';
  return list(at(definition, path('spec.versions')))
    .filter((version) => at(version, ['served']) === true)
    .map((version) =>
      served({
        group: read('spec.group'),
        version: text(at(version, ['name'])) ?? '',
        kind: read('spec.names.kind'),
        plural: read('spec.names.plural'),
        namespaced: read('spec.scope') !== 'Cluster',
      }),
    );
}

/** Everything that an API server with these objects serves. */
export function servedKinds(objects: readonly JsonObject[]): readonly ServedKind[] {
  return [...builtIn, ...objects.filter((object) => object['kind'] === definitions.kind).flatMap(definedBy)];
}

/** The kind that a word of kubectl means: `networkpolicies`, `netpol`, `networkpolicies.networking.k8s.io`, `deployments.v1.apps`. */
export function kindByWord(kinds: readonly ServedKind[], word: string): ServedKind | undefined {
  const [name = '', ...rest] = word.toLowerCase().split('.');
  const group = rest.join('.');
  return kinds.find(
    (kind) =>
      (kind.plural === name || kind.singular === name || kind.short.includes(name)) &&
      (group === '' || group === kind.group || group === `${kind.version}.${kind.group}`),
  );
}

/** Groups and versions, each once: `v1`, `apps/v1`. */
export function groupVersionsOf(kinds: readonly ServedKind[]): readonly string[] {
  return [...new Set(kinds.map(apiVersionOf))];
}
