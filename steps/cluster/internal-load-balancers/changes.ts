import type { Change, KubeApply, KubePatch, ManualChange } from '../../../src/model/change.ts';
import type { ServiceFacts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { patchManifest } from '../../../src/model/kube-manifest.ts';
import { isPlain, keyOf, patchLine, placeName, whereToChange } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { listed, plural } from '../../shared/texts.ts';
import {
  ALLOWED_RANGES,
  ALLOWED_TAGS,
  APPROVED,
  doorOf,
  doorsOf,
  INTERNAL,
  INTERNAL_SUBNET,
  IPV4,
  IPV6,
  isAzure,
  OLD_RANGES,
  publicOnly,
  STEP,
} from './state.ts';

/** Minutes until Azure's cloud provider has made a front end and taken the old one away. */
export const FRONT_END_MINUTES: readonly [number, number] = [1, 5];

export const controls = ['10.1', '10.2'] as const;
const pinned = ({ annotations }: ServiceFacts): readonly string[] => [IPV4, IPV6].filter((key) => annotations[key] !== undefined);

/** Reads back what a patch is about to change, for the preview and the undo. */
function beforeOf(service: ServiceFacts, annotations: readonly string[], ranges: boolean): JsonObject {
  const had = annotations.filter((key) => service.annotations[key] !== undefined);
  return {
    metadata: { annotations: Object.fromEntries(had.map((key) => [key, service.annotations[key]])) },
    ...(ranges ? { spec: service.sourceRanges.length > 0 ? { loadBalancerSourceRanges: [...service.sourceRanges] } : {} } : {}),
  };
}

/** The patch that moves a Service to the internal load balancer. A pinned address is a public one: it cannot come along. */
export function internalPatch(service: ServiceFacts, subnet: string): JsonObject {
  return {
    metadata: {
      annotations: {
        [INTERNAL]: 'true',
        ...(subnet === '' ? {} : { [INTERNAL_SUBNET]: subnet }),
        ...Object.fromEntries(pinned(service).map((key) => [key, null])),
      },
    },
  };
}

/** The patch that lets named networks in and nobody else, by the way that the Service uses already: the two are never mixed. */
export function rangesPatch(service: ServiceFacts, wanted: readonly string[]): JsonObject {
  const doors = doorsOf(service);
  const ranges = [...new Set([...(doors.kind === 'open' ? [] : doors.ranges), ...wanted])];
  const tags = doors.kind === 'open' ? [] : doors.tags;
  const usesAnnotations = [ALLOWED_RANGES, ALLOWED_TAGS, OLD_RANGES].some((key) => service.annotations[key] !== undefined);
  if (!usesAnnotations) return { metadata: { annotations: { [APPROVED]: 'true' } }, spec: { loadBalancerSourceRanges: ranges } };
  return {
    metadata: {
      annotations: {
        [APPROVED]: 'true',
        [ALLOWED_RANGES]: ranges.join(','),
        ...(service.annotations[OLD_RANGES] === undefined ? {} : { [OLD_RANGES]: null }),
        ...(service.annotations[ALLOWED_TAGS] === undefined ? {} : { [ALLOWED_TAGS]: tags.length > 0 ? tags.join(',') : null }),
      },
    },
    ...(service.sourceRanges.length > 0 ? { spec: { loadBalancerSourceRanges: null } } : {}),
  };
}

const approvalPatch: JsonObject = { metadata: { annotations: { [APPROVED]: 'true' } } };

function patch(
  service: ServiceFacts,
  word: string,
  rest: Pick<KubePatch, 'title' | 'patch' | 'impact' | 'minutes' | 'reversible'> & { readonly controls?: readonly string[] },
): KubePatch {
  const { namespace, name } = service;
  return {
    kind: 'kube.patch',
    id: `${STEP}/${word}-${keyOf(service)}`,
    step: STEP,
    controls,
    object: { apiVersion: 'v1', kind: 'Service', namespace, name },
    before: beforeOf(service, [INTERNAL, INTERNAL_SUBNET, IPV4, IPV6, ALLOWED_RANGES, ALLOWED_TAGS, OLD_RANGES, APPROVED], true),
    after: [],
    ...rest,
  };
}

/** Moves one Service in place: its public address goes, an internal one comes. */
export function inPlaceChange(service: ServiceFacts, subnet: string): KubePatch {
  return patch(service, 'internal', {
    controls: ['10.1'],
    title: `Move Service ${placeName(service)} to the internal load balancer`,
    patch: internalPatch(service, subnet),
    impact: { kind: 'network', scope: `clients of ${placeName(service)} (${doorOf(service)}): its public address goes, every connection ends` },
    minutes: FRONT_END_MINUTES,
    reversible: { kind: 'partly', how: 'the annotation is taken off again; a public address that AKS made is gone, and another one comes' },
  });
}

/** Lets only named networks reach one Service. */
export function rangesChange(service: ServiceFacts, ranges: readonly string[]): KubePatch {
  return patch(service, 'ranges', {
    controls: ['10.2'],
    title: `Let only named networks reach Service ${placeName(service)}`,
    patch: rangesPatch(service, ranges),
    impact: { kind: 'network', scope: `callers of ${placeName(service)} from any other network are refused` },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the old list is written back' },
  });
}

/** Says in the cluster that a Service is public on purpose. */
export function approvalChange(service: ServiceFacts): KubePatch {
  return patch(service, 'approve', {
    controls: ['10.1'],
    title: `Note that Service ${placeName(service)} is public on purpose`,
    patch: approvalPatch,
    impact: { kind: 'none', scope: 'an annotation that nothing but this check reads' },
    minutes: SIDE_WRITE_MINUTES,
    reversible: { kind: 'yes', how: 'the annotation is taken off again' },
  });
}

/** A Service name holds 63 characters. */
export const internalName = ({ name }: ServiceFacts): string => `${name.slice(0, 54).replace(/-+$/, '')}-internal`;

function internalService(service: ServiceFacts, subnet: string): JsonObject {
  const kept = Object.entries(service.annotations).filter(([key]) => isAzure(key) && !publicOnly(key));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: internalName(service),
      namespace: service.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'aks-harden' },
      annotations: { ...Object.fromEntries(kept), [INTERNAL]: 'true', ...(subnet === '' ? {} : { [INTERNAL_SUBNET]: subnet }) },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { ...service.selector },
      ...(service.externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy: service.externalTrafficPolicy }),
      ports: service.ports.map(({ port, protocol, name, targetPort }, i) => ({
        name: name ?? `port-${i}`,
        port,
        protocol,
        targetPort: targetPort ?? port,
      })),
    },
  };
}

/** A second, internal Service beside the public one, unless it stands already; then the cut-over, which is for people. */
export function secondServiceChanges(service: ServiceFacts, subnet: string, standing: readonly ServiceFacts[]): readonly Change[] {
  const twin: ServiceFacts | undefined = standing.find(({ namespace, name }) => namespace === service.namespace && name === internalName(service));
  const made: readonly KubeApply[] =
    twin !== undefined
      ? []
      : [
          {
            kind: 'kube.apply',
            id: `${STEP}/second-${keyOf(service)}`,
            step: STEP,
            controls: ['10.1'],
            title: `Open an internal door beside Service ${placeName(service)}`,
            objects: [internalService(service, subnet)],
            before: [],
            impact: { kind: 'billing', scope: 'one more front end of the load balancer; nobody uses it until clients are moved' },
            minutes: FRONT_END_MINUTES,
            reversible: { kind: 'yes', how: 'the second Service is deleted; the public one never changed' },
            after: [],
          },
        ];
  const names = { namespace: service.namespace, name: internalName(service) };
  const cutOver: ManualChange = {
    kind: 'manual',
    id: `${STEP}/cut-over-${keyOf(service)}`,
    step: STEP,
    controls: ['10.1'],
    title: `Move the clients of ${placeName(service)}, then close its public door`,
    instructions: [
      `The new address: kubectl get service ${names.name} --namespace ${names.namespace} (EXTERNAL-IP is an address of your own network)`,
      `Try it from where the clients are: over the network, a peering or VPN. Ports: ${doorOf({ ...service, addresses: ['the new address'] })}.`,
      `Lower the TTL of the DNS names that point at ${service.addresses.length > 0 ? listed(service.addresses, 3) : 'the old address'}, point them at the new one, and change lists of allowed addresses at clients.`,
      'Watch the old front end until nothing comes any more: metric ByteCount of the load balancer kubernetes in the node resource group, by front-end address.',
      service.keeper === undefined || service.keeper.tool === 'aks'
        ? `Then delete the old one: kubectl delete service ${service.name} --namespace ${service.namespace}`
        : `Then take the old one out ${whereToChange(service)}; there it can also take the name of the new one.`,
    ],
    doneWhen: `kubectl get service --namespace ${service.namespace} shows ${service.name} no more, or no longer as LoadBalancer`,
    impact: { kind: 'network', scope: `clients of ${placeName(service)}, when you move them` },
    minutes: [30, 480],
    reversible: {
      kind: 'yes',
      how: 'clients go back to the public address as long as the old Service stands; deleted, its address is gone unless it is a resource of your own',
    },
    after: made.map(({ id }) => id),
  };
  return [...made, cutOver];
}

/** What AKS' own ingress Services are steered by: AKS would write a patch of theirs back. */
function aksInstruction(service: ServiceFacts): string {
  if (service.namespace === 'app-routing-system')
    return `${service.namespace}/${service.name}: a NginxIngressController with spec.loadBalancerAnnotations { "${INTERNAL}": "true" } of its own class (AKS docs: create-nginx-ingress-private-controller), then ingresses move to that class.`;
  if (service.namespace === 'aks-istio-ingress')
    return `${service.namespace}/${service.name}: az aks mesh enable-ingress-gateway --resource-group GROUP --name CLUSTER --ingress-gateway-type internal, then gateways move to it, then disable-ingress-gateway --ingress-gateway-type external.`;
  return `${service.namespace}/${service.name}: through the add-on that made it; AKS sets a change of the Service itself back.`;
}

/** The same for Services that another tool keeps, or whose names no command can carry: the patch for its source, nothing sent. */
export function keptChange(
  kept: readonly ServiceFacts[],
  patchFor: (service: ServiceFacts) => JsonObject,
  what: string,
  word = 'kept',
): readonly ManualChange[] {
  if (kept.length === 0) return [];
  const line = (service: ServiceFacts): string => {
    if (!isPlain(service)) return `${placeName(service)}: no command is made of a name that Kubernetes itself would refuse.`;
    if (service.keeper?.tool === 'aks') return aksInstruction(service);
    return `${placeName(service)}, ${whereToChange(service)}. The same as a command: ${patchLine('service', service, patchFor(service))}`;
  };
  return [
    {
      kind: 'manual',
      id: `${STEP}/${word}`,
      step: STEP,
      controls,
      title: `${what}: ${plural(kept.length, 'Service')} that another tool keeps`,
      instructions: kept.map(line),
      manifests: kept
        .filter((service) => isPlain(service) && service.keeper?.tool !== 'aks')
        .map((service) => patchManifest({ apiVersion: 'v1', kind: 'Service', namespace: service.namespace, name: service.name }, patchFor(service))),
      doneWhen: 'the next check no longer lists them',
      impact: { kind: 'network', scope: `clients of ${listed(kept.map(placeName))}, when you roll it out` },
      minutes: [10, 120],
      reversible: { kind: 'yes', how: 'the same place is set back' },
      after: [],
    },
  ];
}

export { approvalPatch };
