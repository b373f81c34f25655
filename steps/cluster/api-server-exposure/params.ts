import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { type Json, text, texts } from '../../../src/model/json.ts';
import type { Choice, Param } from '../../../src/model/step.ts';
import { normalised, rangeFault } from '../../shared/addresses.ts';
import { listed, shortName } from '../../shared/texts.ts';
import { egress, egressReason, exposure, mergedRanges, nodesComeFromOutside, operatorAddress, rangeLimit } from './state.ts';
import { fittingSubnets, subnetIdOf, subnetParamFault } from './subnets.ts';

/** Ways to the API server that do not cross the internet. */
export const paths = ['run-command', 'vpn', 'bastion', 'jump-host', 'none'] as const;
export type PrivatePath = (typeof paths)[number];

const pathLabels: { readonly [P in PrivatePath]: string } = {
  'run-command': 'az aks command invoke: through ARM, needs no network path',
  vpn: 'VPN or ExpressRoute: this machine is on the network',
  bastion: 'Azure Bastion tunnel (az aks bastion)',
  'jump-host': 'A jump machine inside the network',
  none: 'None yet',
};

const isPath = (value: Json | undefined): value is PrivatePath => paths.some((path) => path === value);

/** A list from a list or from text with commas, as `--set` gives it. */
const entries = (value: Json | undefined): readonly string[] =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : texts(value);

const faultOf = (values: readonly string[]): string | undefined => values.map(rangeFault).find((fault) => fault !== undefined);

function egressDefault(facts: Facts): Json | undefined {
  if (!nodesComeFromOutside(facts)) return [];
  const known = egress(facts);
  if (known !== undefined) return known;
  // AKS itself lets the load balancer's own addresses in; the addresses of a gateway or a firewall only a person can name.
  return exposure(facts).outbound === 'loadbalancer' ? [] : undefined;
}

function egressFault(value: Json, facts: Facts): string | undefined {
  const given = entries(value);
  if (given.length === 0 && egressDefault(facts) === undefined) {
    return `The cluster's traffic leaves by ${clean(exposure(facts).outbound)}, and its addresses could not be read${egressReason(facts) ? ` (${egressReason(facts)})` : ''}: name the public addresses of the firewall or gateway, or the nodes lose the API server.`;
  }
  return faultOf(given);
}

function pathDefault(facts: Facts): PrivatePath {
  const { isPrivate, runCommandAllowed } = exposure(facts);
  if (isPrivate && knownValue(facts, 'apiServerReachability')?.reachable) return 'vpn';
  return runCommandAllowed && knownValue(facts, 'runCommand')?.reachable ? 'run-command' : 'none';
}

/** Everything that is asked for; an option names the ones that it needs. */
export const params: readonly Param[] = [
  {
    name: 'operatorAddress',
    prompt: 'From which public address do you reach the cluster?',
    help: 'The default is where your sign-in came from. Behind a proxy, a split VPN or mobile data kubectl may leave from another one: compare with what https://ifconfig.me/ip says on this machine. Empty: nobody here needs the API server.',
    kind: 'text',
    defaultValue: operatorAddress,
    validate: (value) => {
      if (typeof value !== 'string') return 'Write one address, e.g. 137.117.106.88, or nothing.';
      return value.trim() === '' ? undefined : rangeFault(value);
    },
  },
  {
    name: 'egressAddresses',
    prompt: "Which public addresses does the cluster's own traffic leave from?",
    help: 'Nodes and add-ons call the API server from here. With a firewall or your own gateway in between, name its public addresses. Not needed with VNet integration.',
    kind: 'list',
    defaultValue: egressDefault,
    validate: egressFault,
  },
  {
    name: 'ranges',
    prompt: 'Which networks may reach the API server? This is the whole list.',
    help: 'What stands today, your own address and the cluster itself are filled in. Add offices, VPN gateways, build agents, Argo CD or Terraform Cloud as public IPv4 addresses or networks.',
    kind: 'list',
    defaultValue: (facts) => {
      const merged = mergedRanges(facts);
      return merged.length > 0 ? merged : undefined;
    },
    validate: (value, facts) => {
      const given = entries(value);
      if (given.length === 0) return 'An empty list opens the API server to the whole internet: name at least the network that you work from.';
      const limit = rangeLimit(facts);
      if (given.length > limit) {
        return `${given.length} ranges are more than the ${limit} that AKS takes: join neighbouring networks${limit === 200 ? ', or use VNet integration, which takes 2,000' : ''}.`;
      }
      return faultOf(given);
    },
  },
  {
    name: 'apiserverSubnet',
    prompt: 'Which subnet takes the API server?',
    help: 'A subnet of its own in the network of the nodes, /28 or larger, delegated to Microsoft.ContainerService/managedClusters. Its ARM id, or its name alone.',
    kind: 'text',
    choices: (facts) => (fittingSubnets(facts) ?? []).map((id) => ({ value: id, label: shortName(id) })),
    defaultValue: (facts) => exposure(facts).subnetId ?? fittingSubnets(facts)?.[0],
    validate: (value, facts) => subnetParamFault(facts, text(value) ?? ''),
  },
  {
    name: 'privatePath',
    prompt: 'How will you reach the API server once it has no public address?',
    help: 'Try the way before you name it. With run-command you need no network path, but healthy nodes; it is also the way back in that is left when a VPN fails.',
    kind: 'choice',
    choices: () => paths.map((path) => ({ value: path, label: pathLabels[path] })),
    defaultValue: pathDefault,
    validate: (value) => (isPath(value) ? undefined : `Name one of ${listed(paths)}.`),
  },
];

/** The choice's values in the forms that plan and guards use. */
export interface Wanted {
  readonly operator: string | undefined;
  readonly egress: readonly string[];
  readonly ranges: readonly string[];
  readonly subnetId: string;
  readonly path: PrivatePath;
}

/** Reads a valid choice; what its option does not ask for comes from the facts. */
export function wantedOf(facts: Facts, choice: Choice): Wanted {
  const path = choice.values['privatePath'];
  return {
    operator: text(choice.values['operatorAddress'])?.trim() || undefined,
    egress: normalised(entries(choice.values['egressAddresses'])),
    ranges: normalised(entries(choice.values['ranges'])),
    subnetId: subnetIdOf(facts, text(choice.values['apiserverSubnet']) ?? exposure(facts).subnetId ?? ''),
    path: isPath(path) ? path : 'none',
  };
}
