import ipaddr from 'ipaddr.js';
import { clean } from '../../src/model/foreign.ts';

/** An IPv4 network: first and last address as numbers, prefix length, and the one way it is written here. */
export interface Network {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
  readonly text: string;
}

/** Why a text is not an IPv4 network, as a sentence that says how to mend it. */
export type Parsed = { readonly ok: true; readonly network: Network } | { readonly ok: false; readonly fault: string };

/**
 * Nothing wider than this can be one organisation's: IANA gives out IPv4 in /8 blocks
 * (https://www.iana.org/assignments/ipv4-address-space). A shorter prefix lets in strangers by the million.
 */
export const SHORTEST_PREFIX = 8;

const [LOWEST, HIGHEST] = [0, 2 ** 32 - 1];

function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function networkOf(address: number, prefix: number): Network {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, prefix, text: `${addressOf(first)}/${prefix}` };
}

/**
 * Reads `1.2.3.4` or `1.2.3.0/24`; a single address becomes a /32. Refuses what ARM would not take as an IPv4 CIDR:
 * other forms of an address (octal, hex, three parts), IPv6, and addresses inside a network where the network's own belongs
 * (AKS docs, api-server-authorized-ip-ranges: "use the network address").
 */
export function parseNetwork(text: string): Parsed {
  const given = text.trim();
  const shown = clean(given);
  const [address = '', prefixText, ...rest] = given.split('/');
  if (given === '')
    return { ok: false, fault: 'An empty entry is no network: write an address such as 137.117.106.88 or a network such as 137.117.106.88/29.' };
  if (ipaddr.IPv6.isValid(address)) {
    return { ok: false, fault: `${shown} is IPv6: authorized ranges are IPv4. Give the IPv4 address that the same network leaves from.` };
  }
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) || rest.length > 0) {
    return { ok: false, fault: `${shown} is no IPv4 address or network: write it like 137.117.106.88 or 137.117.106.88/29.` };
  }
  if (prefixText !== undefined && !/^(?:\d|[12]\d|3[0-2])$/.test(prefixText)) {
    return { ok: false, fault: `${shown} has no prefix length between 0 and 32 after the slash: write it like 137.117.106.88/29.` };
  }
  const network = networkOf(numberOf(address), prefixText === undefined ? 32 : Number(prefixText));
  if (numberOf(address) !== network.first) {
    return { ok: false, fault: `${shown} is an address inside a network: write the network as ${network.text}, or the single address as ${address}/32.` };
  }
  return { ok: true, network };
}

/** Addresses that never come from the public internet, by the RFC that sets them aside. */
const special: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', 'reserved for "this network"'],
  ['10.0.0.0/8', 'a private network (RFC 1918)'],
  ['100.64.0.0/10', 'a carrier network behind NAT (RFC 6598)'],
  ['127.0.0.0/8', 'the machine itself (loopback)'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'a private network (RFC 1918)'],
  ['192.0.0.0/24', 'reserved for protocols (RFC 6890)'],
  ['192.0.2.0/24', 'a documentation network (RFC 5737)'],
  ['192.168.0.0/16', 'a private network (RFC 1918)'],
  ['198.18.0.0/15', 'set aside for benchmarks (RFC 2544)'],
  ['198.51.100.0/24', 'a documentation network (RFC 5737)'],
  ['203.0.113.0/24', 'a documentation network (RFC 5737)'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
];

const specialNetworks = special.flatMap(([cidr, what]) => {
  const parsed = parseNetwork(cidr);
  return parsed.ok ? [{ network: parsed.network, what }] : [];
});

/** True when every address of `inner` is in `outer`. */
export function contains(outer: Network, inner: Network): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** True when the two share an address. */
export function overlaps(a: Network, b: Network): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The networks among texts, in order; what is none is left out. */
export function networksOf(texts: readonly string[]): readonly Network[] {
  return texts.flatMap((text) => {
    const parsed = parseNetwork(text);
    return parsed.ok ? [parsed.network] : [];
  });
}

/** True when the networks together hold every address of `inner`, also where it takes several of them. */
export function covered(inner: Network, outer: readonly Network[]): boolean {
  let next = inner.first;
  for (const network of [...outer].sort((a, b) => a.first - b.first)) {
    if (network.first > next) break;
    next = Math.max(next, network.last + 1);
  }
  return next > inner.last;
}

/** True when the networks together hold every IPv4 address there is: 0.0.0.0/0, or its two halves. */
export function coversAll(networks: readonly Network[]): boolean {
  return covered({ first: LOWEST, last: HIGHEST, prefix: 0, text: '0.0.0.0/0' }, networks);
}

/** What an RFC sets the network's addresses aside for, or undefined when they are public. */
export function specialUse(network: Network): string | undefined {
  return specialNetworks.find((entry) => overlaps(entry.network, network))?.what;
}

/**
 * What is wrong with a text as an authorized range, in a sentence that says how to mend it; undefined when it is fine.
 * az refuses what is not global (azure-cli acs/_validators.py, validate_ip_ranges); ARM takes it and locks everybody out.
 */
export function rangeFault(text: string): string | undefined {
  const parsed = parseNetwork(text);
  if (!parsed.ok) return parsed.fault;
  const { network } = parsed;
  if (network.prefix === 0) return '0.0.0.0/0 lets in the whole internet, as no range at all does: name the networks that may come in.';
  if (network.text === '0.0.0.0/32') {
    return '0.0.0.0/32 stands for "the outbound address of the load balancer and nobody else": every administrator is locked out. Name the networks that may come in.';
  }
  const use = specialUse(network);
  if (use !== undefined && network.prefix >= SHORTEST_PREFIX) {
    return `${network.text} is ${use}, which never reaches a public API server: give the public address that the network leaves from.`;
  }
  if (network.prefix < SHORTEST_PREFIX) {
    return `${network.text} holds ${(network.last - network.first + 1).toLocaleString('en-US')} addresses, more than any one organisation has: name narrower networks, /${SHORTEST_PREFIX} at most.`;
  }
  return undefined;
}

/** Networks as they are written here, each once, in order of first mention; texts that are no network stay as they are. */
export function normalised(texts: readonly string[]): readonly string[] {
  const written = texts.map((text) => {
    const parsed = parseNetwork(text);
    return parsed.ok ? parsed.network.text : text.trim();
  });
  return [...new Set(written)];
}
