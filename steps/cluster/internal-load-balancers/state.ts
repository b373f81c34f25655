import ipaddr from 'ipaddr.js';
import { type Fact, type Facts, fact, type ServiceFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { coversAll, networksOf } from '../../shared/addresses.ts';

export const STEP = 'cluster.internal-load-balancers';

/** Annotations of Azure's cloud provider (cloud-provider-azure docs: LoadBalancer annotations). */
const AZURE = 'service.beta.kubernetes.io/';
export const INTERNAL = `${AZURE}azure-load-balancer-internal`;
export const INTERNAL_SUBNET = `${AZURE}azure-load-balancer-internal-subnet`;
export const ALLOWED_RANGES = `${AZURE}azure-allowed-ip-ranges`;
export const ALLOWED_TAGS = `${AZURE}azure-allowed-service-tags`;
/** The old name of the same; the cloud provider reads it like ALLOWED_RANGES. */
export const OLD_RANGES = `${AZURE}load-balancer-source-ranges`;
export const IPV4 = `${AZURE}azure-load-balancer-ipv4`;
export const IPV6 = `${AZURE}azure-load-balancer-ipv6`;
/** This program's own: somebody decided that the Service is public. It stands in the cluster, where the next check finds it. */
export const APPROVED = 'aks-harden/approved-public';

/** Annotations that mean something to a public front end only. */
export const publicOnly = (key: string): boolean =>
  [IPV4, IPV6, ALLOWED_RANGES, ALLOWED_TAGS, OLD_RANGES].includes(key) ||
  [
    'azure-load-balancer-internal',
    'azure-pip-',
    'azure-dns-label-name',
    'azure-additional-public-ips',
    'azure-pls-',
    'azure-load-balancer-resource-group',
  ].some((start) => key.startsWith(`${AZURE}${start}`));
export const isAzure = (key: string): boolean => key.startsWith(AZURE);

/** True for an address that the internet does not route. */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ['private', 'uniqueLocal', 'carrierGradeNat', 'linkLocal', 'loopback'].includes(ipaddr.parse(address).range());
}

/** The cloud provider takes the word `true` and nothing else. */
export const asksInternal = ({ annotations }: ServiceFacts): boolean => annotations[INTERNAL] === 'true';
const hasPublicAddress = ({ addresses }: ServiceFacts): boolean => addresses.some((address) => !isPrivateAddress(address));

const isInternal = (service: ServiceFacts): boolean => asksInternal(service) || (service.addresses.length > 0 && !hasPublicAddress(service));

const isBalanced = ({ type }: ServiceFacts): boolean => type === 'LoadBalancer';
export const isPublic = (service: ServiceFacts): boolean => isBalanced(service) && !isInternal(service);
/** Told to be internal, and still at an address that is none: Azure has not followed yet, or cannot. */
export const isMoving = (service: ServiceFacts): boolean => isBalanced(service) && asksInternal(service) && hasPublicAddress(service);
/** Whether Azure's cloud provider serves it: one of another class is served by its own controller, to which Azure's annotations mean nothing. */
export const isAzures = ({ loadBalancerClass }: ServiceFacts): boolean => loadBalancerClass === undefined;
export const isApproved = ({ annotations }: ServiceFacts): boolean => annotations[APPROVED] === 'true';

const entries = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Lets everybody in: a range of prefix 0, or the tag that stands for the internet. */
export const isEverybody = (entry: string): boolean => /\/0+$/.test(entry) || entry.toLowerCase() === 'internet';

/** Lets everybody in: by one entry, or by several that make up the whole together. */
const areEverybody = (entries: readonly string[]): boolean => entries.some(isEverybody) || coversAll(networksOf(entries));

/**
 * Who a public Service answers, and the networks and tags that are named in it. `mixed`: the field and the annotations are both set. The cloud
 * provider refuses ranges in both, so that the rule that stands is an older one, and warns of ranges beside tags (cloud-provider-azure, accesscontrol.go).
 */
export interface Doors {
  readonly kind: 'open' | 'narrow' | 'mixed';
  /** Without those that let everybody in. */
  readonly ranges: readonly string[];
  readonly tags: readonly string[];
}

export function doorsOf({ sourceRanges, annotations }: ServiceFacts): Doors {
  const annotated = [...entries(annotations[ALLOWED_RANGES]), ...entries(annotations[OLD_RANGES])];
  const tags = entries(annotations[ALLOWED_TAGS]);
  const ranges = [...sourceRanges, ...annotated];
  const isOpen = areEverybody(ranges) || tags.some(isEverybody) || ranges.length + tags.length === 0;
  const isMixed = sourceRanges.length > 0 && annotated.length + tags.length > 0;
  return {
    kind: isMixed ? 'mixed' : isOpen ? 'open' : 'narrow',
    // Where they are the whole only together, none of them is left: which of them is meant is not known.
    ranges: areEverybody(ranges.filter((entry) => !isEverybody(entry))) ? [] : ranges.filter((entry) => !isEverybody(entry)),
    tags: tags.filter((entry) => !isEverybody(entry)),
  };
}

/** Where a Service listens: `20.1.2.3 on 80/TCP, 443/TCP`. */
export function doorOf({ addresses, ports }: ServiceFacts): string {
  const where = addresses.length === 0 ? 'no address yet' : addresses.slice(0, 3).map(clean).join(', ');
  const shown = ports.slice(0, 6).map(({ port, protocol }) => `${port}/${clean(protocol)}`);
  return `${where} on ${shown.join(', ') || 'no port'}${ports.length > shown.length ? ` and ${ports.length - shown.length} more` : ''}`;
}

/** The Services of type LoadBalancer, in the order of their names. */
export function balanced(facts: Facts): Fact<readonly ServiceFacts[]> {
  const found = fact(facts, 'services');
  if (found.state === 'unknown') return found;
  const place = ({ namespace, name }: ServiceFacts): string => `${namespace}/${name}`;
  return { state: 'known', value: found.value.filter(isBalanced).toSorted((a, b) => (place(a) < place(b) ? -1 : 1)) };
}

/** The public ones; none where Services could not be read. */
export function publicServices(facts: Facts): readonly ServiceFacts[] {
  const found = balanced(facts);
  return found.state === 'known' ? found.value.filter(isPublic) : [];
}
