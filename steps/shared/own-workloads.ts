import { type Fact, type Facts, fact, knownValue, type Workload } from '../../src/model/facts.ts';
import { isObject, type JsonObject, list, text } from '../../src/model/json.ts';
import { isSystemNamespace } from '../../src/model/system-namespaces.ts';

/** Lists of containers in a pod's spec. */
const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** A container and where it stands: `spec.containers[0]`. */
export interface PlacedContainer {
  readonly list: (typeof lists)[number];
  readonly index: number;
  readonly name: string;
  readonly container: JsonObject;
}

/** Every container of a pod's spec, init and ephemeral ones too. */
export function containersOf(spec: JsonObject): readonly PlacedContainer[] {
  return lists.flatMap((key) =>
    list(spec[key]).flatMap((container, index) => (isObject(container) ? [{ list: key, index, name: text(container['name']) ?? '', container }] : [])),
  );
}

/** Containers that an injector puts into pods at admission: the controller's template does not hold them, and a patch there would make new ones. */
export const injectedContainers: ReadonlySet<string> = new Set([
  'azwi-proxy',
  'azwi-proxy-init',
  'daprd',
  'istio-init',
  'istio-proxy',
  'istio-validation',
  'linkerd-init',
  'linkerd-network-validator',
  'linkerd-proxy',
  'vault-agent',
  'vault-agent-init',
]);

/** The namespaces that belong to Kubernetes and AKS, by their labels where these were read, else by their names. */
function systemNamespaces(facts: Facts): (name: string) => boolean {
  const system = new Set((knownValue(facts, 'namespaces') ?? []).filter((one) => one.system).map(({ name }) => name));
  return (name) => system.has(name) || isSystemNamespace(name);
}

/** Workloads of one's own: outside of the namespaces of Kubernetes and AKS, and not kept by AKS. */
export function ownWorkloads(facts: Facts): Fact<readonly Workload[]> {
  const found = fact(facts, 'workloads');
  if (found.state === 'unknown') return found;
  const isSystem = systemNamespaces(facts);
  return { state: 'known', value: found.value.filter(({ namespace, keeper }) => !isSystem(namespace) && keeper?.tool !== 'aks') };
}

/** One workload a controller: pods of one may look different while a rollout runs, and the look of most of them counts. */
export function perController(workloads: readonly Workload[]): readonly Workload[] {
  const most = new Map<string, Workload>();
  for (const workload of workloads) {
    const key = `${workload.kind}/${workload.namespace}/${workload.name}`;
    const known = most.get(key);
    if (!known || known.pods < workload.pods) most.set(key, workload);
  }
  return [...most.values()];
}
