import { type Facts, knownValue, nodeCount } from '../../../src/model/facts.ts';
import { at, path, text, texts } from '../../../src/model/json.ts';
import type { Param } from '../../../src/model/step.ts';
import { networksOf, overlaps, parseNetwork } from '../../shared/addresses.ts';
import { plural, shortName } from '../../shared/texts.ts';
import { longestPodPrefix, network, standingPodCidr } from './state.ts';

/** AKS refuses pod networks that touch these (AKS docs, concepts-network-cni-overview). */
const reserved = networksOf(['169.254.0.0/16', '192.0.2.0/24', '172.30.0.0/16', '172.31.0.0/16']);
/** What Microsoft supports for pods: RFC 1918 and RFC 6598. */
const supported = networksOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']);

interface Taken {
  readonly what: string;
  readonly cidr: string;
}

function takenNetworks(facts: Facts): readonly Taken[] {
  const { serviceCidr } = network(facts);
  const subnets = (knownValue(facts, 'subnets') ?? []).flatMap((subnet) => {
    const prefixes = [text(at(subnet, path('properties.addressPrefix'))), ...texts(at(subnet, path('properties.addressPrefixes')))];
    return prefixes.flatMap((cidr) => (cidr === undefined ? [] : [{ what: `subnet ${shortName(text(subnet['id']) ?? '')}`, cidr }]));
  });
  return [...(serviceCidr ? [{ what: "the cluster's service network", cidr: serviceCidr }] : []), ...subnets];
}

/** What is wrong with a pod network for this cluster, in a sentence that says how to mend it; undefined when it fits. */
export function podCidrFault(said: string, facts: Facts): string | undefined {
  const parsed = parseNetwork(said);
  if (!parsed.ok) return parsed.fault;
  const { network: pods } = parsed;
  const hint = 'Take a private network that nothing else uses, e.g. 192.168.0.0/16.';
  if (reserved.some((entry) => overlaps(entry, pods))) return `${pods.text} touches a network that AKS keeps for itself. ${hint}`;
  if (!supported.some((entry) => entry.first <= pods.first && pods.last <= entry.last)) return `${pods.text} is not a private network. ${hint}`;
  if (pods.prefix > longestPodPrefix(facts)) {
    return `${pods.text} has room for ${plural(2 ** Math.max(0, 24 - pods.prefix), 'node')} at a /24 each; this cluster has ${nodeCount(facts)} and needs room to grow: /${longestPodPrefix(facts)} or larger.`;
  }
  const clash = takenNetworks(facts).find(({ cidr }) => networksOf([cidr]).some((entry) => overlaps(entry, pods)));
  return clash ? `${pods.text} overlaps ${clash.what} (${clash.cidr}). ${hint}` : undefined;
}

/** The one thing that the way off kubenet asks for. */
export const params: readonly Param[] = [
  {
    name: 'podCidr',
    prompt: 'Which network do pods get their addresses from?',
    help: 'A private network that overlaps neither the virtual network, nor networks peered with it or reached by VPN, nor the service network. The default is what pods have today. Each node takes a /24 of it.',
    kind: 'text',
    defaultValue: (facts) => standingPodCidr(facts),
    validate: (value, facts) => (typeof value === 'string' ? podCidrFault(value, facts) : 'Write one network, e.g. 192.168.0.0/16.'),
  },
];
