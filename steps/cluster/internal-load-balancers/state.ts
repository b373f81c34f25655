import ipaddr from 'ipaddr.js';
import type { Fact, ServiceFacts } from '../../../src/model/facts.ts';
import { type Facts, fact } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';

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
const isInternal = ({ annotations, addresses }: ServiceFacts): boolean =>
  annotations[INTERNAL] === 'true' || (addresses.length > 0 && addresses.every(isPrivateAddress));

const isBalanced = ({ type }: ServiceFacts): boolean => type === 'LoadBalancer';
export const isPublic = (service: ServiceFacts): boolean => isBalanced(service) && !isInternal(service);
export const isApproved = ({ annotations }: ServiceFacts): boolean => annotations[APPROVED] === 'true';

const entries = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Lets everybody in: a range of prefix 0, or the tag that stands for the internet. */
export const isEverybody = (entry: string): boolean => /\/0+$/.test(entry) || entry.toLowerCase() === 'internet';

/**
 * Who a public Service answers. `mixed`: the field and the annotations are both set, which the cloud provider refuses as a whole, so that the rule
 * that stands is an older one (AKS docs, configure-load-balancer-standard).
 */
export type Doors =
  | { readonly kind: 'open' }
  | { readonly kind: 'narrow' | 'mixed'; readonly way: 'field' | 'annotations'; readonly ranges: readonly string[]; readonly tags: readonly string[] };

export function doorsOf({ sourceRanges, annotations }: ServiceFacts): Doors {
  const annotated = [...entries(annotations[ALLOWED_RANGES]), ...entries(annotations[OLD_RANGES])];
  const tags = entries(annotations[ALLOWED_TAGS]);
  const byAnnotation = annotated.length + tags.length > 0;
  const all = [...sourceRanges, ...annotated, ...tags];
  if (all.length === 0) return { kind: 'open' };
  const parts = {
    way: byAnnotation ? ('annotations' as const) : ('field' as const),
    ranges: [...sourceRanges, ...annotated].filter((entry) => !isEverybody(entry)),
    tags: tags.filter((entry) => !isEverybody(entry)),
  };
  if (sourceRanges.length > 0 && byAnnotation) return { kind: 'mixed', ...parts };
  return all.some(isEverybody) ? { kind: 'open' } : { kind: 'narrow', ...parts };
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
