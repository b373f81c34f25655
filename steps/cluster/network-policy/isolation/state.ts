import {
  clusterAt,
  type Fact,
  type Facts,
  fact,
  isAutomatic,
  knownValue,
  type NamespaceFacts,
  type NetworkPolicyObject,
  pools,
  type ServiceFacts,
} from '../../../../src/model/facts.ts';
import { at, path, text } from '../../../../src/model/json.ts';
import { isPlain } from '../../../shared/kube-objects.ts';
import { network } from '../state.ts';

/** A namespace of one's own, and what its NetworkPolicy objects close. */
export interface Segment {
  readonly namespace: NamespaceFacts;
  readonly policies: readonly NetworkPolicyObject[];
  /** A policy for every pod closes it for what comes in, and no other opens it again. */
  readonly closesIn: boolean;
  /** The same for what goes out. */
  readonly closesOut: boolean;
  /** Policies for every pod that let everybody in by an empty rule. Rules add up: no other policy closes what they open. */
  readonly openedBy: readonly NetworkPolicyObject[];
}

type Direction = 'Ingress' | 'Egress';

const ofAllPods = (policies: readonly NetworkPolicyObject[], direction: Direction): readonly NetworkPolicyObject[] =>
  policies.filter(({ selectsAll, policyTypes }) => selectsAll && policyTypes.includes(direction));

const opening = (policies: readonly NetworkPolicyObject[], direction: Direction): readonly NetworkPolicyObject[] =>
  ofAllPods(policies, direction).filter(({ opens = [] }) => opens.includes(direction));

const closes = (policies: readonly NetworkPolicyObject[], direction: Direction): boolean =>
  ofAllPods(policies, direction).length > 0 && opening(policies, direction).length === 0;

/** A namespace with its policies. */
export function segmentOf(namespace: NamespaceFacts, all: readonly NetworkPolicyObject[]): Segment {
  const policies = all.filter((policy) => policy.namespace === namespace.name);
  return { namespace, policies, closesIn: closes(policies, 'Ingress'), closesOut: closes(policies, 'Egress'), openedBy: opening(policies, 'Ingress') };
}

/** The namespaces that are a team's own, in the order they were read. */
export function segments(facts: Facts): Fact<readonly Segment[]> {
  const namespaces = fact(facts, 'namespaces');
  if (namespaces.state === 'unknown') return namespaces;
  const policies = fact(facts, 'networkPolicies');
  if (policies.state === 'unknown') return policies;
  const own = namespaces.value.filter(({ system, keeper }) => !system && keeper?.tool !== 'aks');
  return { state: 'known', value: own.map((namespace) => segmentOf(namespace, policies.value)) };
}

/** The segments where they are known; none where they are not. */
export function knownSegments(facts: Facts): readonly Segment[] {
  const found = segments(facts);
  return found.state === 'known' ? found.value : [];
}

/** Namespaces that anybody may come into. */
export const openSegments = (facts: Facts): readonly Segment[] => knownSegments(facts).filter(({ closesIn }) => !closesIn);

/** Whether something in the cluster enforces policies. `unknown` for a network plugin of the customer's own, and for engines that this program does not know. */
export function enforcement(facts: Facts): 'on' | 'off' | 'unknown' {
  if (isAutomatic(facts)) return 'on';
  const { isKnown, plugin, engine } = network(facts);
  if (!isKnown) return 'unknown';
  if (engine === 'none') return plugin === 'none' ? 'unknown' : 'off';
  return ['cilium', 'calico', 'azure'].includes(engine) ? 'on' : 'unknown';
}

/** True where Cilium enforces: it matches no pod and no node by an ipBlock. */
export const isCilium = (facts: Facts): boolean => isAutomatic(facts) || network(facts).engine === 'cilium';

/** Services with pods of their own, by names that a policy can carry. */
export function servicesOf(facts: Facts, namespace: string): readonly ServiceFacts[] {
  return (knownValue(facts, 'services') ?? []).filter(
    (service) => service.namespace === namespace && Object.keys(service.selector).length > 0 && service.ports.length > 0 && isPlain(service),
  );
}

/** A Service that callers from outside of the cluster may use. */
export const facesOut = ({ type }: ServiceFacts): boolean => type === 'LoadBalancer' || type === 'NodePort';

/** Whether a pool answers name lookups on the node itself (AKS docs: localdns-custom). On AKS Automatic it is preconfigured. */
export function hasLocalDns(facts: Facts): boolean {
  const isOn = (pool: ReturnType<typeof pools>[number]): boolean => {
    const said = text(at(pool, path('localDNSProfile.state'))) ?? (text(at(pool, path('localDNSProfile.mode'))) === 'Required' ? 'Enabled' : '');
    return said.toLowerCase() === 'enabled';
  };
  return isAutomatic(facts) || pools(facts).some(isOn);
}

/** The DaemonSet of Kubernetes' own DNS cache, which somebody installed: pods ask it at an address of the node. */
export function hasNodeCache(facts: Facts): boolean {
  return (knownValue(facts, 'workloads') ?? []).some(
    ({ kind, namespace, name }) => kind === 'DaemonSet' && namespace === 'kube-system' && name === 'node-local-dns',
  );
}

/** The address of the cluster's DNS Service. */
export const dnsAddress = (facts: Facts): string | undefined => text(clusterAt(facts, 'properties.networkProfile.dnsServiceIP'));

/** Namespaces where ingress controllers usually run (AKS docs: app-routing, istio-deploy-ingress; the charts' own defaults). */
const controllers: ReadonlySet<string> = new Set([
  'app-routing-system',
  'aks-istio-ingress',
  'ingress-basic',
  'ingress-nginx',
  'nginx-ingress',
  'traefik',
  'haproxy-controller',
  'contour',
  'projectcontour',
  'kong',
]);

/** Whether an ingress controller is likely to run in a namespace of this name. */
export const isControllerNamespace = (name: string): boolean => controllers.has(name);
