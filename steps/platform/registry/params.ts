import { type Facts, fact, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, text, texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { normalised, rangeFault } from '../../shared/addresses.ts';
import type { PulledRegistry } from '../../shared/registry-access.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { endpointSubnets, networkOf, registriesOf } from './state.ts';

/** ACR docs, container-registry-access-selected-networks: two hundred rules at most. */
const MOST_RULES = 200;

/** What was chosen, with the registries found again. */
export interface Wanted {
  readonly registries: readonly PulledRegistry[];
  readonly subnet: string;
  readonly ranges: readonly string[];
  readonly quarantine: boolean;
}

/** The choice, read. */
export function wantedOf(facts: Facts, { values }: Choice): Wanted {
  const chosen = texts(values['registries']);
  return {
    registries: registriesOf(facts).filter(({ id }) => chosen.some((one) => sameId(one, id))),
    subnet: text(values['subnet']) ?? '',
    ranges: normalised(texts(values['ranges'])),
    quarantine: values['quarantine'] === true,
  };
}

/** A subnet made for endpoints where there is one, else the one that is named first. */
function proposedSubnet(facts: Facts): string | undefined {
  const all = endpointSubnets(facts);
  return all.find((id) => /endpoint|privatelink|\bpe\b/i.test(shortName(id))) ?? all[0];
}

/** The public addresses that the nodes pull from. */
function egress(facts: Facts): readonly string[] | undefined {
  const found = knownValue(facts, 'outboundAddresses')?.map(({ cidr }) => cidr);
  return found === undefined || found.length === 0 ? undefined : found;
}

export const params: readonly Param[] = [
  {
    name: 'registries',
    prompt: 'Registries',
    help: 'Those that the nodes may pull from today. Other clusters and pipelines may use them too: they are asked nothing.',
    kind: 'choices',
    choices: (facts) => registriesOf(facts).map(({ id, name }) => ({ value: id, label: clean(name) })),
    defaultValue: (facts) => registriesOf(facts).map(({ id }) => id),
    validate: (value: Json, facts: Facts) => {
      if (!Array.isArray(value)) return 'Give a list of registries, separated by commas.';
      const known = registriesOf(facts);
      const wrong = value.find((entry) => typeof entry !== 'string' || !known.some(({ id }) => sameId(id, entry)));
      return wrong === undefined ? undefined : `"${clean(String(wrong))}" is no registry of this cluster: choose from ${listed(known.map(({ id }) => id))}.`;
    },
  },
  {
    name: 'subnet',
    prompt: 'Subnet for the private endpoints',
    help: 'In the network of the nodes, or peered with it. Each registry takes two addresses in it, and one more for each replica.',
    kind: 'text',
    choices: (facts) => endpointSubnets(facts).map((id) => ({ value: id, label: `${shortName(id)} in ${shortName(networkOf(id))}` })),
    defaultValue: proposedSubnet,
    validate: (value: Json, facts: Facts) => {
      const shape = /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]+\/subnets\/[\w.-]+$/i;
      if (typeof value !== 'string' || !shape.test(value)) return 'Give the resource id of a subnet: az network vnet subnet list --query "[].id".';
      const found = fact(facts, 'subnets');
      const listedThere = found.state === 'known' ? found.value.find((one) => sameId(text(one['id']) ?? '', value)) : undefined;
      return listedThere !== undefined && !endpointSubnets(facts).some((id) => sameId(id, value))
        ? `${shortName(value)} is given to a service or lies outside of the nodes’ network: choose from ${listed(endpointSubnets(facts).map(shortName))}.`
        : undefined;
    },
  },
  {
    name: 'ranges',
    prompt: 'Public networks that may reach the registries',
    help: 'The addresses the nodes leave from, and those of pipelines and people. IPv4, two hundred rules at most.',
    kind: 'list',
    defaultValue: egress,
    validate: (value: Json) => {
      if (!Array.isArray(value)) return 'Give a list of networks, separated by commas.';
      if (value.length === 0) return 'Give at least the addresses that the nodes leave from: with an empty list nobody reaches the registry.';
      if (value.length > MOST_RULES) return `A registry takes ${MOST_RULES} rules at most.`;
      return value.map((entry) => (typeof entry === 'string' ? rangeFault(entry) : 'Give networks as text.')).find((fault) => fault !== undefined);
    },
  },
  {
    name: 'quarantine',
    prompt: 'Block new images until a scanner has released them?',
    help: 'In preview since 2018. Every image that is pushed from then on is refused until something marks it as good.',
    kind: 'yes-no',
    defaultValue: () => false,
    validate: (value: Json) => (typeof value === 'boolean' ? undefined : 'Answer yes or no.'),
  },
];
