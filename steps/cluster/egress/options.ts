import type { Impact, Reversible } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES, poolNames, reimageMinutes, SIDE_WRITE_MINUTES } from '../../shared/minutes.ts';
import { about, size } from '../../shared/pool-sizes.ts';
import { listed, plural, shortName } from '../../shared/texts.ts';
import { egress } from '../api-server-exposure/state.ts';
import { isInPlace, type OptionId, optionIds, recommendation, refusal, routesReady } from './choose.ts';
import { subnetPaths } from './paths.ts';
import { wayOut } from './state.ts';

type Words = Pick<Option, 'title' | 'tradeOff' | 'impact' | 'minutes' | 'cost' | 'reversible' | 'params'> & { readonly notWhen: string };

const rolls = (facts: Facts): string => `all of ${size(facts)} get a new image afterwards, so that they know (${about(reimageMinutes(facts))})`;
const rolling = (facts: Facts, first: string): Impact => ({
  kind: 'reimage',
  scope: `${first}; then every node is replaced: ${size(facts)}`,
  pools: poolNames(facts),
});
const backWithNew: Reversible = { kind: 'partly', how: 'back to the load balancer, with other addresses than today’s' };
const today = (facts: Facts): string => {
  const old = egress(facts);
  return old === undefined || old.length === 0 ? '' : ` Today: ${listed(old, 3)}.`;
};

function withoutGateway(facts: Facts): readonly string[] {
  const paths = subnetPaths(facts);
  return paths.state === 'known' ? paths.value.filter(({ natGateway }) => natGateway === undefined).map(({ id }) => id) : [];
}

function staticIp(facts: Facts): Words {
  const { managedCount } = wayOut(facts);
  const [low, high] = CLUSTER_WRITE_MINUTES;
  return {
    title: 'Addresses of your own on the load balancer',
    tradeOff: `AKS’s ${plural(managedCount, 'address', 'addresses')} on the load balancer ${managedCount === 1 ? 'goes' : 'go'} when AKS or the cluster wants; your own ${managedCount === 1 ? 'stays' : 'stay'} for as long as you keep ${managedCount === 1 ? 'it' : 'them'}, even for the next cluster. Open connections to the outside break once, no node is touched. Nothing is filtered, and connections still share 64,000 ports an address.${today(facts)}`,
    impact: { kind: 'network', scope: 'open connections to the outside break once; no node is touched' },
    minutes: [low + SIDE_WRITE_MINUTES[0], high + 2 * SIDE_WRITE_MINUTES[1]],
    cost: `${plural(managedCount, 'Standard public address', 'Standard public addresses')}, by the hour`,
    reversible: { kind: 'partly', how: 'AKS makes addresses again, but others than before' },
    notWhen: 'many pods call few outside addresses: ports run out, which a NAT gateway mends',
    params: ['outboundIps'],
  };
}

function natGateway(facts: Facts): Words {
  const isOwn = wayOut(facts).subnets.length > 0;
  const missing = withoutGateway(facts);
  const [low, high] = reimageMinutes(facts);
  return {
    title: isOwn ? 'A NAT gateway of your own' : 'A NAT gateway of AKS’s',
    tradeOff: isOwn
      ? `A gateway on ${missing.length > 0 ? `subnet ${listed(missing.map(shortName))}` : 'the nodes’ subnets'} carries what leaves: an address that is yours, and 64,512 connections for each address, handed out where they are needed. Everything else in the subnet leaves by it too, from the moment it is attached; ${rolls(facts)}. Nothing is filtered, and one of SKU Standard stands in one zone.${today(facts)}`
      : `AKS makes a gateway and its address, and keeps both as long as the cluster lives: 64,512 connections for each address. You cannot choose the address, AKS lists no way back to the load balancer, and ${rolls(facts)}. Nothing is filtered.${today(facts)}`,
    impact: rolling(facts, 'open connections to the outside break'),
    minutes: [low + CLUSTER_WRITE_MINUTES[0], high + CLUSTER_WRITE_MINUTES[1] + 5],
    cost: 'NAT gateway by the hour and by data; its public address',
    reversible: isOwn ? backWithNew : { kind: 'no', how: 'AKS lists no way from a NAT gateway of its own back to the load balancer' },
    notWhen: isOwn ? 'a firewall is coming: its routes go before the gateway' : 'the address must be yours, or a firewall is wanted later',
    params: isOwn && missing.length > 0 ? ['natGateway'] : [],
  };
}

function firewall(facts: Facts): Words {
  const ready = routesReady(facts) === true;
  const [low, high] = reimageMinutes(facts);
  return {
    title: 'Through a firewall, by routes of your own',
    tradeOff: ready
      ? `The subnets’ routes lead to a firewall already; this closes the load balancer’s way out beside it, and ${rolls(facts)}. What the firewall does not let through fails from then on for sure, and public Services need their way in through it.`
      : 'The only way here that stops data from leaving: what is not allowed does not get out. It is also the one that asks most of the people who run it: a firewall, a list of everything AKS, its add-ons and your pods call, and somebody who keeps it. First the firewall, its rules and routes, by hand; then this once more.',
    impact: ready
      ? rolling(facts, 'what leaves goes through the firewall only')
      : { kind: 'network', scope: 'what leaves the nodes’ subnets, once the routes are on them' },
    minutes: ready ? [low + CLUSTER_WRITE_MINUTES[0], high + CLUSTER_WRITE_MINUTES[1]] : [240, 2880],
    cost: 'Azure Firewall by the hour and by data, or an appliance; the time of who keeps its rules',
    reversible: ready ? backWithNew : { kind: 'yes', how: 'the route table is taken off the subnets again' },
    notWhen: 'nobody is there to keep the rules: every new partner and add-on waits for one',
    params: ready ? ['firewallAddresses'] : [],
  };
}

function isolated(facts: Facts): Words {
  const [low, high] = reimageMinutes(facts);
  return {
    title: 'No way out at all: a network isolated cluster',
    tradeOff: `Nodes get AKS’s own images from a private registry (AKS makes one, or you name a Premium one), then the way out goes: nothing that AKS does needs the internet any more. Your pods lose it too. Three parts: the registry, a new image for all of ${size(facts)} (${about([low, high])}), and then outbound type none.`,
    impact: rolling(facts, 'every call of a pod to the internet fails afterwards'),
    minutes: [low + 2 * CLUSTER_WRITE_MINUTES[0], high + 2 * CLUSTER_WRITE_MINUTES[1]],
    cost: 'A Premium registry and private endpoints',
    reversible: { kind: 'partly', how: 'back to the load balancer and to Microsoft’s registry, with new addresses and another new image for all nodes' },
    notWhen: 'anything in the cluster calls the internet, or its add-ons have no private endpoints',
    params: ['cacheRegistry'],
  };
}

const egressGateway: Words = {
  title: 'Addresses of their own for single namespaces',
  tradeOff:
    'Pods that say so leave by a pool of gateway nodes with a prefix of fixed addresses, everything else leaves as before: for the one partner who wants one address for one application. The switch changes nothing by itself; the pool and its users are made by hand. NetworkPolicy does not hold for what leaves there.',
  impact: { kind: 'none', scope: 'nothing until a pod asks for it; two more nodes for the gateway' },
  minutes: [22, 64],
  cost: 'Two gateway nodes and a public IP prefix',
  reversible: { kind: 'yes', how: 'the switch is turned off once the gateway pool is gone' },
  notWhen: 'network policies must hold for the traffic in question',
  params: [],
};

function wordsOf(facts: Facts, id: OptionId): Words {
  switch (id) {
    case 'static-ip':
      return staticIp(facts);
    case 'nat-gateway':
      return natGateway(facts);
    case 'firewall':
      return firewall(facts);
    case 'network-isolated':
      return isolated(facts);
    case 'static-egress-gateway':
      return egressGateway;
    default:
      return id satisfies never;
  }
}

/** The ways to decide, with this cluster's addresses and sizes. */
export function options(facts: Facts): readonly Option[] {
  const best = recommendation(facts);
  return optionIds.map((id): Option => {
    const words = wordsOf(facts, id);
    const unavailable = refusal(facts, id);
    const standing = unavailable === undefined && isInPlace(facts, id);
    return {
      id,
      ...words,
      ...(standing ? { tradeOff: 'In place.', impact: { kind: 'none' as const, scope: 'nothing: it is in place' }, minutes: [0, 0] as const, params: [] } : {}),
      ...(unavailable ? { unavailable } : best?.[0] === id ? { recommended: best[1] } : {}),
    };
  });
}
