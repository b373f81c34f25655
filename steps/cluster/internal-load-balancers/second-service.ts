import type { Change, KubeApply, ManualChange } from '../../../src/model/change.ts';
import type { ServiceFacts } from '../../../src/model/facts.ts';
import { type JsonObject, same } from '../../../src/model/json.ts';
import { keyOf, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { listed } from '../../shared/texts.ts';
import { FRONT_END_MINUTES, isSent } from './changes.ts';
import { asksInternal, doorOf, INTERNAL, INTERNAL_SUBNET, isAzure, publicOnly, STEP } from './state.ts';

/** A Service name holds 63 characters. */
const LONGEST = 63;

/** The internal Service beside a public one: the one that stands already, or the name of the one to be made. */
interface Twin {
  readonly name: string;
  readonly stands: boolean;
}

/** An internal Service for the very same pods. */
const isTwin = (one: ServiceFacts, service: ServiceFacts): boolean =>
  one.type === 'LoadBalancer' && asksInternal(one) && same({ ...one.selector }, { ...service.selector });

/** `web-internal`, or the next name that no other Service has. */
function twinOf(service: ServiceFacts, standing: readonly ServiceFacts[], given: ReadonlySet<string>): Twin {
  for (let i = 1; ; i += 1) {
    const end = i === 1 ? '-internal' : `-internal-${i}`;
    const name = `${service.name.slice(0, LONGEST - end.length).replace(/-+$/, '')}${end}`;
    const there = standing.find((one) => one.namespace === service.namespace && one.name === name);
    if (there !== undefined && isTwin(there, service)) return { name, stands: true };
    if (there === undefined && !given.has(keyOf({ namespace: service.namespace, name }))) return { name, stands: false };
  }
}

function internalService(service: ServiceFacts, name: string, subnet: string): JsonObject {
  const kept = Object.entries(service.annotations).filter(([key]) => isAzure(key) && !publicOnly(key));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: service.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'aks-harden' },
      annotations: { ...Object.fromEntries(kept), [INTERNAL]: 'true', ...(subnet === '' ? {} : { [INTERNAL_SUBNET]: subnet }) },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { ...service.selector },
      ...(service.externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy: service.externalTrafficPolicy }),
      ...(service.sessionAffinity === undefined ? {} : { sessionAffinity: service.sessionAffinity }),
      ports: service.ports.map(({ port, protocol, name: portName, targetPort, appProtocol }, i) => ({
        name: portName ?? `port-${i}`,
        port,
        protocol,
        targetPort: targetPort ?? port,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      })),
    },
  };
}

function opening(service: ServiceFacts, object: JsonObject): KubeApply {
  return {
    kind: 'kube.apply',
    id: `${STEP}/second-${keyOf(service)}`,
    step: STEP,
    controls: ['10.1'],
    title: `Open an internal door beside Service ${placeName(service)}`,
    objects: [object],
    before: [],
    impact: { kind: 'billing', scope: 'one more front end of the load balancer; nobody uses it until clients are moved' },
    minutes: FRONT_END_MINUTES,
    reversible: { kind: 'yes', how: 'the second Service is deleted; the public one never changed' },
    after: [],
  };
}

/** The move of the clients, which is for people. `manifests`: the internal Service where it has to be brought in first. */
function cutOver(service: ServiceFacts, twin: Twin, rest: Pick<ManualChange, 'after' | 'manifests'>): ManualChange {
  const isKept = service.keeper !== undefined;
  const bringIn = rest.manifests === undefined ? [] : [`Bring the Service ${twin.name} in ${whereToChange(service)}: --out DIR writes its manifest.`];
  return {
    kind: 'manual',
    id: `${STEP}/cut-over-${keyOf(service)}`,
    step: STEP,
    controls: ['10.1'],
    title: `Move the clients of ${placeName(service)}, then close its public door`,
    instructions: [
      ...bringIn,
      `The new address: kubectl get service ${twin.name} --namespace ${service.namespace} (EXTERNAL-IP is an address of your own network)`,
      `Try it from where the clients are: over the network, a peering or VPN. Ports: ${doorOf({ ...service, addresses: ['the new address'] })}.`,
      `Lower the TTL of the DNS names that point at ${service.addresses.length > 0 ? listed(service.addresses, 3) : 'the old address'}, point them at the new one, and change lists of allowed addresses at clients. Where ExternalDNS keeps a name, its annotation moves to the new Service: it is not copied.`,
      'Watch the old front end until nothing comes any more: metric ByteCount of the load balancer kubernetes in the node resource group, by front-end address.',
      isKept
        ? `Then take the old one out ${whereToChange(service)}; there it can also take the name of the new one.`
        : `Then delete the old one: kubectl delete service ${service.name} --namespace ${service.namespace}`,
    ],
    doneWhen: `kubectl get service --namespace ${service.namespace} shows ${service.name} no more, or no longer as LoadBalancer`,
    impact: { kind: 'network', scope: `clients of ${placeName(service)}, when you move them` },
    minutes: [30, 480],
    reversible: {
      kind: 'yes',
      how: 'clients go back to the public address as long as the old Service stands; deleted, its address is gone unless it is a resource of your own',
    },
    ...rest,
  };
}

/**
 * A second, internal Service beside each public one, unless it stands already; then the cut-over. Beside a Service that Flux, Argo CD or Helm keeps
 * nothing is applied: the new one belongs where the old one comes from, and its manifest is in the work by hand.
 * `standing` are all Services: a name that one of them has is not taken.
 */
export function secondServiceChanges(services: readonly ServiceFacts[], subnet: string, standing: readonly ServiceFacts[]): readonly Change[] {
  const given = new Set<string>();
  return services.flatMap((service): readonly Change[] => {
    const twin = twinOf(service, standing, given);
    if (twin.stands) return [cutOver(service, twin, { after: [] })];
    given.add(keyOf({ namespace: service.namespace, name: twin.name }));
    const object = internalService(service, twin.name, subnet);
    if (!isSent(service)) return [cutOver(service, twin, { after: [], manifests: [object] })];
    const made = opening(service, object);
    return [made, cutOver(service, twin, { after: [made.id] })];
  });
}
