import type { Facts } from '../../../src/model/facts.ts';
import { clusterAt } from '../../../src/model/facts.ts';
import { texts } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES } from '../../shared/minutes.ts';
import { bastionByHand, gatewayByHand, machineByHand } from './by-hand.ts';
import { hubPlace, isManagedNetwork, ownPlace } from './places.ts';
import { bastionRefusal, isPrivate, isProven, openWay, runCommandAllowed, waysIn } from './state.ts';

export const optionIds = ['bastion', 'vpn', 'jump-machine', 'run-command'] as const;
export type OptionId = (typeof optionIds)[number];

/** Where something would be built, for a sentence. */
function site(facts: Facts): string {
  const hub = hubPlace(facts);
  if (hub !== undefined) return `in ${hub.network}, which is peered with the cluster's network and can serve others beside it`;
  return isManagedNetwork(facts) ? 'in a network of your own that you peer with the one AKS made' : `in ${ownPlace(facts).network}, beside the nodes`;
}

const faults = (facts: Facts, kind: 'bastion' | 'gateway'): string =>
  waysIn(facts)
    .filter((way) => way.kind === kind && way.fault !== undefined)
    .map(({ name, fault }) => `${name}: ${fault ?? ''}. `)
    .join('');

function bastion(facts: Facts): Option {
  const open = openWay(facts, 'bastion');
  const { impact, minutes, reversible } = bastionByHand(facts);
  const refusal = bastionRefusal(facts);
  return {
    id: 'bastion',
    title: 'Azure Bastion, with tunnels for kubectl',
    tradeOff:
      open !== undefined
        ? `${open.name} in ${open.network} has tunnels: az aks bastion tunnel brings the API server to the people's own kubectl, with their own sign-in. Nothing is built; try it once.`
        : `${faults(facts, 'bastion')}One Bastion ${site(facts)}: people keep their own machine and kubectl, and sign in to Azure before anything opens. It is for people, not for pipelines, and each tunnel is one person's.`,
    impact,
    minutes,
    cost: open !== undefined ? 'None beside what the Bastion costs already' : 'A Bastion of the Standard tier by the hour, used or not, and outbound traffic',
    reversible,
    notWhen: 'pipelines need the way too, or the documentation’s word "preview" for this tunnel is not allowed in production',
    ...(refusal === undefined ? {} : { unavailable: refusal }),
    params: [],
  };
}

function vpn(facts: Facts): Option {
  const open = openWay(facts, 'gateway');
  const { impact, minutes, reversible } = gatewayByHand(facts);
  return {
    id: 'vpn',
    title: 'VPN or ExpressRoute into the network',
    tradeOff:
      open !== undefined
        ? `${open.name} in ${open.network} is there (${open.shape}): whoever is connected reaches the API server with any tool, pipelines too. What is left is the name: their DNS must find the private address.`
        : `${faults(facts, 'gateway')}A gateway ${site(facts)}: every tool of every connected person and site reaches the whole network, pipelines too. That reach is the price as well, and name resolution for private names is yours to build.`,
    impact,
    minutes,
    cost: open !== undefined ? 'None beside what the gateway costs already' : 'A gateway by the hour, used or not; for private names a DNS resolver beside it',
    reversible,
    notWhen: 'a handful of people need the API server and nothing else of the network',
    params: [],
  };
}

function machine(facts: Facts): Option {
  const found = waysIn(facts).filter(({ kind }) => kind === 'machine');
  const { impact, minutes, reversible } = machineByHand(facts);
  const seen =
    found.length === 0
      ? ''
      : `${found.length === 1 ? 'One machine stands' : `${found.length} machines stand`} in these networks already; whether people use one as a way in, Azure does not tell. `;
  return {
    id: 'jump-machine',
    title: 'A jump machine in the network',
    tradeOff: `${seen}A small machine ${site(facts)}, with kubectl on it: works with every kind of cluster and where tunnels break. You patch it, you watch it, and people still need Bastion or a VPN to get on to it.`,
    impact,
    minutes,
    cost: 'A small machine by the hour, its disk, and the work of keeping it',
    reversible,
    notWhen: 'Bastion tunnels or a VPN reach the API server by themselves',
    params: [],
  };
}

function runCommand(facts: Facts): Option {
  const allowed = runCommandAllowed(facts);
  return {
    id: 'run-command',
    title: allowed ? 'Run command, as it is' : 'Allow run command again',
    tradeOff: `az aks command invoke goes through Azure: no network path, no cost, works from anywhere. But it gives one command and half a megabyte of text at a time, needs a node with room for its pod, and no pipeline should live on it. ${
      allowed ? 'It is allowed now; close it (12.3) once another way is proven.' : 'It is closed now: opening it makes 12.3 fail again, on purpose.'
    }`,
    impact: { kind: 'none', scope: allowed ? 'nothing changes' : 'no node and no pod; one way in through Azure opens' },
    minutes: allowed ? [0, 0] : CLUSTER_WRITE_MINUTES,
    cost: 'None',
    reversible: { kind: 'yes', how: 'az aks update --disable-run-command' },
    notWhen: 'people work in the cluster every day, or a policy wants run command off',
    params: [],
  };
}

/** The way to prepare, and why this one: what stands is tried before anything is built. */
function recommendation(facts: Facts): readonly [OptionId, string] {
  const [ready, gate] = [openWay(facts, 'bastion'), openWay(facts, 'gateway')];
  if (ready !== undefined) return ['bastion', `${ready.name} stands ready in ${ready.network}: try its tunnel once and write down how.`];
  if (gate !== undefined)
    return [
      'vpn',
      isProven(facts)
        ? `The private API server answers from here, and ${gate.name} is there.`
        : `${gate.name} stands ready in ${gate.network}: connect once and try.`,
    ];
  const fenced = isPrivate(facts) || texts(clusterAt(facts, 'properties.apiServerAccessProfile.authorizedIPRanges')).length > 0;
  if (!fenced && runCommandAllowed(facts)) {
    return [
      'run-command',
      'The API server is public, so nothing has to be built: run command is allowed, and enough until it is closed or the API server goes private.',
    ];
  }
  const today = runCommandAllowed(facts) ? 'Run command is the only way in that needs no open network' : 'No way in was found that needs no open network';
  return bastionRefusal(facts) === undefined
    ? ['bastion', `${today}; a Bastion is the least to build and to keep, and people keep their own tools.`]
    : ['vpn', `${today}, and Bastion's tunnel does not reach this kind of cluster.`];
}

/** Four ways in, with what already stands around this cluster. */
export function options(facts: Facts): readonly Option[] {
  const [best, why] = recommendation(facts);
  return [bastion(facts), vpn(facts), machine(facts), runCommand(facts)].map((option) =>
    option.id === best && option.unavailable === undefined ? { ...option, recommended: why } : option,
  );
}
