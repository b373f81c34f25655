import type { Facts, ServiceFacts } from '../../../../src/model/facts.ts';
import { isObject, type Json, type JsonObject } from '../../../../src/model/json.ts';
import { fromTemplate } from '../../../../templates/index.ts';
import { isPlain } from '../../../shared/kube-objects.ts';
import { dnsAddress, hasNodeCache, type Segment } from './state.ts';

/** What stays open when namespaces are closed. */
export interface Opening {
  /** Close what goes out as well, but for name lookups. */
  readonly both: boolean;
  /** Pods of one namespace may call each other. */
  readonly inside: boolean;
  /** Namespaces whose pods may come in. */
  readonly callers: readonly string[];
  /** Services that everybody may call, on their ports. */
  readonly services: readonly ServiceFacts[];
}

/** The policies that one namespace needs, in the order they are applied. */
export interface Isolation {
  readonly segment: Segment;
  readonly objects: readonly JsonObject[];
  /** It is closed for what comes in by these objects. False where that stands already. */
  readonly closesIn: boolean;
  readonly closesOut: boolean;
  readonly services: readonly ServiceFacts[];
}

const namespaceIs = (name: string): JsonObject => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

/** LocalDNS answers on the node at these (AKS docs: localdns-custom). A pool may get it with a later version: the rule is there before. */
const localDns = ['169.254.10.10/32', '169.254.10.11/32'] as const;
/** Kubernetes' own DNS cache on the node (Kubernetes docs: nodelocaldns). */
const NODE_CACHE = '169.254.20.10/32';

/** Name lookups: the cluster's DNS by its pods, because engines look at traffic after a Service's address was replaced; caches by their address. */
function dnsRule(facts: Facts): JsonObject {
  const service = dnsAddress(facts);
  const cache = hasNodeCache(facts) ? [NODE_CACHE, ...(service === undefined ? [] : [`${service}/32`])] : [];
  const block = (cidr: string): JsonObject => ({ ipBlock: { cidr } });
  return {
    to: [{ ...namespaceIs('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }, ...[...localDns, ...cache].map(block)],
    ports: [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ],
  };
}

const ownPods: JsonObject = { podSelector: {} };

/** A template filled; a list of rules without an entry is left out, as the API server does. */
function policy(template: string, values: { readonly [name: string]: Json }, rules: 'ingress' | 'egress'): readonly JsonObject[] {
  return fromTemplate(template, values).map((object) => {
    const spec = object['spec'];
    if (!isObject(spec) || !Array.isArray(spec[rules]) || spec[rules].length > 0) return object;
    return { ...object, spec: Object.fromEntries(Object.entries(spec).filter(([key]) => key !== rules)) };
  });
}

/** A name that no policy of the namespace has; from then on it is taken. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted}-${n}`;
  taken.add(name);
  return name;
}

const portsOf = ({ ports }: ServiceFacts): Json => ports.map(({ port, protocol, targetPort }) => ({ port: targetPort ?? port, protocol }));

/**
 * The policies that close a namespace, but for what stays open. What it has already is left as it is. Services come first, so that nobody who may
 * call one is shut out between one object and the next.
 */
export function isolationOf(facts: Facts, segment: Segment, opening: Opening): Isolation {
  const namespace = segment.namespace.name;
  const taken = new Set(segment.policies.map(({ name }) => name));
  const closesIn = !segment.closesIn;
  const closesOut = opening.both && !segment.closesOut;
  const services = closesIn ? opening.services.filter((service) => service.namespace === namespace) : [];
  const callers = opening.callers.filter((name) => name !== namespace && isPlain({ name }));
  const from = [...(opening.inside ? [ownPods] : []), ...callers.map(namespaceIs)];
  const out = [dnsRule(facts), ...(opening.inside ? [{ to: [ownPods] }] : [])];
  return {
    segment,
    closesIn,
    closesOut,
    services,
    objects: [
      ...services.flatMap((service) =>
        fromTemplate('network-policy-service', {
          name: freeName(`allow-${service.name}`, taken),
          namespace,
          selector: { ...service.selector },
          ports: portsOf(service),
        }),
      ),
      ...(closesIn
        ? policy('network-policy-ingress', { name: freeName('default-deny-ingress', taken), namespace, rules: from.length === 0 ? [] : [{ from }] }, 'ingress')
        : []),
      ...(closesOut ? policy('network-policy-egress', { name: freeName('default-deny-egress', taken), namespace, rules: out }, 'egress') : []),
    ],
  };
}

/** The isolations of some namespaces that come to anything. One that a policy opens to everybody is left to people: nothing closes it. */
export function isolationsOf(facts: Facts, chosen: readonly Segment[], opening: Opening): readonly Isolation[] {
  return chosen
    .filter(({ openedBy }) => openedBy.length === 0)
    .map((segment) => isolationOf(facts, segment, opening))
    .filter(({ objects }) => objects.length > 0);
}
