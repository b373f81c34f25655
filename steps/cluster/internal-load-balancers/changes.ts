import type { KubePatch } from '../../../src/model/change.ts';
import type { ServiceFacts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { isOurs, keyOf, placeName } from '../../shared/kube-objects.ts';
import { SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { ALLOWED_RANGES, ALLOWED_TAGS, APPROVED, doorOf, doorsOf, INTERNAL, INTERNAL_SUBNET, IPV4, IPV6, isAzures, OLD_RANGES, STEP } from './state.ts';

/** Minutes until Azure's cloud provider has made a front end and taken the old one away. */
export const FRONT_END_MINUTES: readonly [number, number] = [1, 5];

export const controls = ['10.1', '10.2'] as const;

/** Services that this program changes itself: nobody else keeps them, Azure's cloud provider serves them, and a command can carry their names. */
export const isSent = (service: ServiceFacts): boolean => isOurs(service) && isAzures(service);

const pinned = ({ annotations }: ServiceFacts): readonly string[] => [IPV4, IPV6].filter((key) => annotations[key] !== undefined);

/** Reads back what a patch is about to change, for the preview and the undo. */
function beforeOf({ annotations, sourceRanges, loadBalancerIp }: ServiceFacts, keys: readonly string[]): JsonObject {
  const had = keys.filter((key) => annotations[key] !== undefined);
  return {
    metadata: { annotations: Object.fromEntries(had.map((key) => [key, annotations[key]])) },
    spec: {
      ...(sourceRanges.length > 0 ? { loadBalancerSourceRanges: [...sourceRanges] } : {}),
      ...(loadBalancerIp === undefined ? {} : { loadBalancerIP: loadBalancerIp }),
    },
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
    ...(service.loadBalancerIp === undefined ? {} : { spec: { loadBalancerIP: null } }),
  };
}

/** The patch that lets named networks in and nobody else, by the way that the Service uses already: the two are never mixed. */
export function rangesPatch(service: ServiceFacts, wanted: readonly string[]): JsonObject {
  const { ranges: named, tags } = doorsOf(service);
  const ranges = [...new Set([...named, ...wanted])];
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

/** The patch that says in the cluster that a Service is public on purpose. */
export const approvalPatch: JsonObject = { metadata: { annotations: { [APPROVED]: 'true' } } };

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
    before: beforeOf(service, [INTERNAL, INTERNAL_SUBNET, IPV4, IPV6, ALLOWED_RANGES, ALLOWED_TAGS, OLD_RANGES, APPROVED]),
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
