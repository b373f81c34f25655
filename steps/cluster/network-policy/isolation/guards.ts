import { type Facts, fact, type IngressFacts, knownValue, type ServiceFacts } from '../../../../src/model/facts.ts';
import { clean } from '../../../../src/model/foreign.ts';
import type { Guard } from '../../../../src/model/step.ts';
import { keeperGuard, kubernetesGuard, placeName } from '../../../shared/kube-objects.ts';
import { listed } from '../../../shared/texts.ts';
import type { Isolation, Opening } from './manifests.ts';
import { podsIn } from './params.ts';
import { enforcement, hasLocalDns, isCilium, isControllerNamespace, type Segment, servicesOf } from './state.ts';

/** The phrases that lift the two guards of traffic that is cut. */
export const CUT_IN = 'traffic that nobody named is cut';
export const CUT_OUT = 'outgoing traffic is cut';

/** What the traffic guard cannot do without, and why it is not known. */
function unreadReason(facts: Facts): string | undefined {
  for (const key of ['services', 'workloads', 'ingresses'] as const) {
    const found = fact(facts, key);
    if (found.state === 'unknown') return clean(found.reason);
  }
  return undefined;
}

const named = (isolation: Isolation): string => clean(isolation.segment.namespace.name);

const ingressesIn = (facts: Facts, namespace: string): readonly IngressFacts[] =>
  (knownValue(facts, 'ingresses') ?? []).filter((one) => one.kind === 'Ingress' && one.namespace === namespace);

/** Whether the policy of an open Service lets callers of another one in too: the same pods, or more, on the same ports. */
function isCovered(service: ServiceFacts, open: ServiceFacts): boolean {
  const ports = ({ ports: all }: ServiceFacts): readonly string[] => all.map(({ port, targetPort, protocol }) => `${targetPort ?? port}/${protocol}`);
  const isSame = Object.entries(open.selector).every(([key, value]) => service.selector[key] === value);
  return isSame && ports(service).every((port) => ports(open).includes(port));
}

/** What the namespace serves and the choice does not keep open: `shop: Services catalog and web; Ingress front (class nginx)`. */
function shutLine(facts: Facts, isolation: Isolation, { callers }: Opening): string | undefined {
  const { name } = isolation.segment.namespace;
  const shut = servicesOf(facts, name).filter((service) => !isolation.services.some((open) => isCovered(service, open)));
  const fronts = callers.some(isControllerNamespace) ? [] : ingressesIn(facts, name);
  const parts = [
    ...(shut.length > 0 ? [`${shut.length === 1 ? 'Service' : 'Services'} ${listed(shut.map((service) => service.name))}`] : []),
    ...(fronts.length > 0
      ? [`Ingress ${listed(fronts.map((one) => `${one.name} (${one.className ?? 'no class'})`))}, with no known ingress controller among the callers`]
      : []),
  ];
  return parts.length === 0 ? undefined : `${clean(name)}: ${parts.join('; ')}`;
}

/** Names what loses callers when namespaces are closed. Who calls, nothing in the cluster tells: a person has to know. */
function trafficGuard(facts: Facts, isolations: readonly Isolation[], opening: Opening): Guard {
  const id = 'traffic';
  const title = 'Nobody is shut out by surprise';
  const next = [
    'Look who calls first: Hubble or Retina (Advanced Container Networking Services), or the access logs of the pods.',
    'Name callers and open Services in the choice, or begin with one namespace that few depend on.',
  ];
  const reason = unreadReason(facts);
  if (reason !== undefined) {
    return { id, title, verdict: 'unknown', detail: `What the namespaces serve is not known: ${reason}.`, next, override: CUT_IN };
  }
  const busy = isolations.filter((one) => one.closesIn && (podsIn(facts, one.segment.namespace.name) ?? 0) > 0);
  if (busy.length === 0) return { id, title, verdict: 'clear', detail: 'No pod runs in the namespaces that are closed for what comes in.' };
  const lines = busy.flatMap((one) => shutLine(facts, one, opening) ?? []);
  if (lines.length === 0) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `${listed(busy.map(named))}: every Service there stays open. Pods that are called by their address, such as monitoring that scrapes them, lose those callers.`,
      next,
    };
  }
  const shown = lines.slice(0, 6).join('. ');
  const rest = lines.length > 6 ? `. And ${lines.length - 6} more namespaces` : '';
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `These lose every caller from other namespaces and from outside that is not named: ${shown}${rest}. Monitoring and admission webhooks count as callers.`,
    next,
    override: CUT_IN,
  };
}

/** Outgoing calls end, but for name lookups. */
function outgoingGuard(facts: Facts, isolations: readonly Isolation[], { inside }: Opening): readonly Guard[] {
  const closed = isolations.filter(({ closesOut }) => closesOut);
  if (closed.length === 0) return [];
  const id = 'outgoing';
  const title = 'Pods can do without calling out';
  const counts = closed.map((one) => podsIn(facts, one.segment.namespace.name));
  const detail = `Name lookups${inside ? ' and calls to pods of the same namespace' : ''} stay. Databases, Azure, the sign-in of workload identity, the API server and other namespaces end in ${listed(closed.map(named))} until a policy names them.`;
  const next = ['List what each workload calls, and write an egress policy for it before this one.'];
  if (counts.every((count) => count === 0)) return [{ id, title, verdict: 'clear', detail: `No pod runs there today. ${detail}` }];
  const isUnknown = counts.some((count) => count === undefined);
  return [{ id, title, verdict: isUnknown ? 'unknown' : 'refuse', detail, next, override: CUT_OUT }];
}

/** Whether Cilium matches the node's own address of LocalDNS by an ipBlock no document says: it does not match node addresses. */
function lookupGuard(facts: Facts, isolations: readonly Isolation[]): readonly Guard[] {
  if (!isolations.some(({ closesOut }) => closesOut) || !isCilium(facts) || !hasLocalDns(facts)) return [];
  return [
    {
      id: 'local-dns',
      title: 'Names are still found',
      verdict: 'warn',
      detail:
        'LocalDNS answers at an address of the node, and with Cilium an ipBlock matches no node address: the rule for 169.254.10.10 and 169.254.10.11 may not hold.',
      next: [
        'Try one namespace first: kubectl exec a pod there and look a name up. Where it fails, a CiliumNetworkPolicy with toEntities: [host] and port 53 lets it through.',
      ],
    },
  ];
}

/** Whether the network plugin enforces anything is the customer's own knowledge. */
function enforcementGuard(facts: Facts): readonly Guard[] {
  if (enforcement(facts) !== 'unknown') return [];
  return [
    {
      id: 'enforcement',
      title: 'Something enforces the policies',
      verdict: 'warn',
      detail: 'Azure does not show whether this network plugin enforces NetworkPolicy objects: they may do nothing.',
      next: ['Close a test namespace and see whether a call to it fails.'],
    },
  ];
}

/** Policies that are there stay: rules add up. */
function standingGuard(facts: Facts, isolations: readonly Isolation[]): readonly Guard[] {
  const there = isolations.flatMap(({ segment }) => segment.policies);
  if (there.length === 0) return [];
  const blocks = isCilium(facts) ? there.filter(({ usesIpBlock }) => usesIpBlock) : [];
  return [
    {
      id: 'standing-policies',
      title: 'Policies that are there go on',
      verdict: blocks.length > 0 ? 'warn' : 'clear',
      detail: `${listed(there.map(placeName), 8)} ${there.length === 1 ? 'stays' : 'stay'}, and what ${there.length === 1 ? 'it lets' : 'they let'} in still comes in: rules add up.${blocks.length > 0 ? ` With Cilium the ipBlock in ${listed(blocks.map(placeName))} matches no pod and no node.` : ''}`,
    },
  ];
}

/** The guards before policies are applied. `kept` are namespaces that another tool keeps: theirs are only written. */
export function isolationGuards(facts: Facts, isolations: readonly Isolation[], opening: Opening, kept: readonly Segment[]): readonly Guard[] {
  return [
    ...(isolations.length === 0
      ? []
      : [
          kubernetesGuard(facts),
          ...enforcementGuard(facts),
          trafficGuard(facts, isolations, opening),
          ...outgoingGuard(facts, isolations, opening),
          ...lookupGuard(facts, isolations),
          ...standingGuard(facts, isolations),
        ]),
    ...keeperGuard(
      kept.map(({ namespace }) => ({ name: namespace.name, ...(namespace.keeper ? { keeper: namespace.keeper } : {}) })),
      'namespace',
    ),
  ];
}
