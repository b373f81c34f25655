import ipaddr from 'ipaddr.js';
import { type Facts, knownValue, type ServiceFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, text, texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { coversAll, networksOf, parseNetwork } from '../../shared/addresses.ts';
import { keyOf, placeName } from '../../shared/kube-objects.ts';
import { listed } from '../../shared/texts.ts';
import { doorOf, doorsOf, isApproved, publicServices } from './state.ts';

/** Public Services that nobody has approved. */
export const unapproved = (facts: Facts): readonly ServiceFacts[] => publicServices(facts).filter((service) => !isApproved(service));
/** Public Services that answer everybody, or whose rules contradict each other. */
export const unrestricted = (facts: Facts): readonly ServiceFacts[] => publicServices(facts).filter((service) => doorsOf(service).kind !== 'narrow');

const choicesFrom = (facts: Facts) => publicServices(facts).map((service) => ({ value: keyOf(service), label: `${placeName(service)}: ${doorOf(service)}` }));

function unknownNames(value: Json, facts: Facts): string | undefined {
  if (!Array.isArray(value)) return 'Give a list of namespace/name.';
  const there = publicServices(facts).map(keyOf);
  const odd = texts(value).filter((name) => !there.includes(name));
  if (odd.length > 0) return `${listed(odd)}: no public Service of that name. There are: ${listed(there)}.`;
  return undefined;
}

const isIpv6Network = (entry: string): boolean => entry.includes('/') && ipaddr.IPv6.isValidCIDR(entry);

/** What is wrong with a list of source networks: one entry that is no network, or the whole internet again. */
function rangesFault(value: Json): string | undefined {
  const given = texts(value);
  if (given.length === 0) return 'Name at least one network that clients come from, e.g. 137.117.106.88/29.';
  const v4 = given.filter((entry) => !isIpv6Network(entry));
  for (const entry of v4) {
    const parsed = parseNetwork(entry);
    if (!parsed.ok) return entry.includes(':') ? `${clean(entry)} is no IPv6 network: write it like 2001:db8::/48.` : parsed.fault;
  }
  if (coversAll(networksOf(v4)) || given.some((entry) => /\/0+$/.test(entry))) return 'Together these are the whole internet: nothing would be closed.';
  return undefined;
}

/** A subnet's name in the network of the nodes. */
function subnetFault(value: Json, facts: Facts): string | undefined {
  if (typeof value !== 'string') return "Write the name of a subnet, or nothing for the nodes' own.";
  const name = value.trim();
  if (name === '') return undefined;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(name)) return `${clean(name)} is no name of a subnet: give its name, not its id.`;
  const there = (knownValue(facts, 'subnets') ?? []).map((subnet) => text(subnet['name']) ?? '');
  return there.length > 0 && !there.some((one) => one.toLowerCase() === name.toLowerCase())
    ? `The network of the nodes has no subnet ${name}. It has: ${listed(there)}.`
    : undefined;
}

/** What the options ask for. */
export const params: readonly Param[] = [
  {
    name: 'services',
    prompt: 'Which Services move?',
    help: 'Public Services that nobody approved. Leave out what must stay reachable from the internet.',
    kind: 'choices',
    choices: choicesFrom,
    defaultValue: (facts) => unapproved(facts).map(keyOf),
    validate: unknownNames,
  },
  {
    name: 'approved',
    prompt: 'Which Services stay public on purpose?',
    help: 'Each gets an annotation (aks-harden/approved-public) that this and later checks read. It opens and closes nothing.',
    kind: 'choices',
    choices: choicesFrom,
    defaultValue: (facts) => publicServices(facts).filter(isApproved).map(keyOf),
    validate: unknownNames,
  },
  {
    name: 'restrict',
    prompt: 'Which public Services answer named networks only?',
    help: 'They stay public, and are noted as approved. Every network that is not on the list is refused.',
    kind: 'choices',
    choices: choicesFrom,
    defaultValue: (facts) => unrestricted(facts).map(keyOf),
    validate: unknownNames,
  },
  {
    name: 'sources',
    prompt: 'Which networks do their clients come from?',
    help: 'Networks or addresses, separated by commas. Added to what a Service allows already. Pods that call the public address need the pod network here as well.',
    kind: 'list',
    defaultValue: () => undefined,
    validate: rangesFault,
  },
  {
    name: 'subnet',
    prompt: 'In which subnet does the internal address lie?',
    help: "The name of a subnet in the nodes' network; empty for the nodes' own.",
    kind: 'text',
    defaultValue: () => '',
    validate: subnetFault,
  },
];

/** What was chosen, as Services. `odd` are those whose names no command can carry. */
export interface Wanted {
  readonly services: readonly ServiceFacts[];
  readonly approve: readonly ServiceFacts[];
  readonly restrict: readonly ServiceFacts[];
  readonly ranges: readonly string[];
  readonly subnet: string;
}

/** Networks as they are written to the cluster: addresses get their prefix. */
function written(ranges: readonly string[]): readonly string[] {
  const one = (entry: string): string => {
    const parsed = parseNetwork(entry);
    return parsed.ok ? parsed.network.text : entry.trim();
  };
  return [...new Set(ranges.map(one))];
}

/** The choice's values as Services of the facts. Approved Services never move. */
export function wantedOf(facts: Facts, { values }: Choice): Wanted {
  const there = publicServices(facts);
  const chosen = (name: string): readonly ServiceFacts[] => {
    const names = texts(values[name]);
    return there.filter((service) => names.includes(keyOf(service)));
  };
  const approved = chosen('approved');
  return {
    services: chosen('services').filter((service) => !approved.includes(service)),
    approve: approved.filter((service) => !isApproved(service)),
    restrict: chosen('restrict'),
    ranges: written(texts(values['sources'])),
    subnet: (text(values['subnet']) ?? '').trim(),
  };
}
