import { clusterAt, clusterRef, type Facts, pools } from '../../../src/model/facts.ts';
import { text } from '../../../src/model/json.ts';
import type { Option } from '../../../src/model/step.ts';
import { CLUSTER_WRITE_MINUTES, poolNames } from '../../shared/minutes.ts';
import { about, poolsWhere, size } from '../../shared/pool-sizes.ts';
import { listed, plural } from '../../shared/texts.ts';
import { assess } from './assess.ts';
import { integrationMinutes } from './changes.ts';
import { egress, exposure, nodesComeFromOutside, operatorAddress, publicNodePools, rangeLimit } from './state.ts';
import { fittingSubnets, subnetCommand } from './subnets.ts';

export const optionIds = ['authorized-ranges', 'private-cluster', 'vnet-integration', 'hide-public-fqdn'] as const;
export type OptionId = (typeof optionIds)[number];

function balancerRefusal(facts: Facts): string {
  const { name, resourceGroup } = clusterRef(facts);
  return `The cluster has a Basic load balancer, which AKS stopped supporting on 2025-09-30 and which allows neither ranges nor a private API server. Move it first, with downtime: az aks update -g ${listed([resourceGroup])} -n ${listed([name])} --load-balancer-sku=Standard (Kubernetes 1.27 or later, az 2.76 or later).`;
}

function rangesRefusal(facts: Facts): string | undefined {
  const { isPrivate, isBasicBalancer } = exposure(facts);
  if (isPrivate) return 'The API server is private: ranges only apply to a public one.';
  if (isBasicBalancer) return balancerRefusal(facts);
  const { withoutPrefix } = publicNodePools(facts);
  if (withoutPrefix.length > 0) {
    return `The nodes of pool ${listed(withoutPrefix)} have public addresses that come from no prefix, so they cannot be named and would lose the API server. Replace the pool by one without public addresses, or with a prefix.`;
  }
  return undefined;
}

/** Why this cluster cannot be converted to VNet integration now. */
function integrationRefusal(facts: Facts): string | undefined {
  if (exposure(facts).isIntegrated) return undefined;
  if (exposure(facts).isPrivate) return 'The cluster is private over Private Link already.';
  if (exposure(facts).isBasicBalancer) return balancerRefusal(facts);
  if (clusterRef(facts).location.toLowerCase().replaceAll(' ', '') === 'qatarcentral') return 'API Server VNet Integration does not exist in qatarcentral.';
  if (text(clusterAt(facts, 'properties.nodeProvisioningProfile.mode'))?.toLowerCase() === 'auto') {
    return 'Node auto-provisioning is on: such a cluster cannot be stopped, and the conversion needs a stop and a start. Turn it off first.';
  }
  const others = poolsWhere(facts, (pool) => text(pool['type']) !== undefined && text(pool['type'])?.toLowerCase() !== 'virtualmachinescalesets');
  if (others.length > 0) return `Pool ${listed(others)} is not a scale set: such a cluster cannot be stopped and started, which the conversion needs.`;
  const fitting = fittingSubnets(facts);
  if (fitting !== undefined && fitting.length === 0) {
    return `No subnet of the cluster's network is free for the API server (/28 or larger, delegated). Make one and read again: ${subnetCommand(facts)}`;
  }
  return undefined;
}

function rangesOption(facts: Facts): Option {
  const refusal = rangesRefusal(facts);
  const { ranges, isIntegrated } = exposure(facts);
  const you = operatorAddress(facts);
  const own = egress(facts);
  const named = [
    you ? `yours (${listed([you])})` : 'yours',
    ...(nodesComeFromOutside(facts) ? [own && own.length > 0 ? `the cluster's own (${listed(own, 3)})` : "the cluster's own"] : []),
  ];
  const today = ranges.length > 0 ? `${plural(ranges.length, 'range')} stand today and are kept.` : 'Today any address on the internet may knock.';
  return {
    id: 'authorized-ranges',
    title: 'Stay public, for named networks only',
    tradeOff: `${today} After it only named addresses get an answer: ${named.join(', ')} and the networks that you add, up to ${rangeLimit(facts)}. No node is touched and it takes minutes; but a new office or provider address locks people out until the list follows.`,
    impact: { kind: 'api-server', scope: 'calls from other addresses are refused within two minutes; no node is touched' },
    minutes: CLUSTER_WRITE_MINUTES,
    cost: 'None',
    reversible: { kind: 'yes', how: 'the old list is written back through ARM, which the ranges do not touch' },
    notWhen: 'people work from changing addresses without a VPN, or a rule demands that the API server has no public address at all',
    params: isIntegrated ? ['operatorAddress', 'ranges'] : ['operatorAddress', 'egressAddresses', 'ranges'],
    ...(refusal ? { unavailable: refusal } : {}),
  };
}

function privateOption(facts: Facts): Option {
  const { isPrivate, isIntegrated } = exposure(facts);
  const pools = poolNames(facts);
  const convert = !isIntegrated && !isPrivate;
  const [low, high] = convert ? integrationMinutes(facts) : [0, 0];
  const minutes = isPrivate ? ([0, 0] as const) : ([low + CLUSTER_WRITE_MINUTES[0], high + CLUSTER_WRITE_MINUTES[1]] as const);
  const refusal = isPrivate ? undefined : integrationRefusal(facts);
  return {
    id: 'private-cluster',
    title: 'Private: no public address at all',
    tradeOff: isPrivate
      ? 'In place: the API server has no public address.'
      : convert
        ? `The API server leaves the internet. This cluster needs VNet integration first: all of ${size(facts)} replaced, a full stop and start, ${about(minutes)}, and no way back. Every tool then needs the network (VPN, Bastion, agents of your own) or az aks command invoke.`
        : `The API server leaves the internet with one switch, since VNet integration is there: no node is touched. Every tool then needs the network (VPN, Bastion, agents of your own) or az aks command invoke.`,
    impact: isPrivate
      ? { kind: 'none', scope: 'nothing: it is in place' }
      : convert
        ? { kind: 'recreate', scope: `full outage for a stop and a start, after every node of ${size(facts)} is replaced`, pools }
        : { kind: 'network', scope: 'everything that calls the API server over the internet is cut off' },
    minutes,
    cost: 'VPN gateway, Bastion or jump machine by the hour, where there is none; build agents of your own',
    reversible: convert
      ? { kind: 'no', how: 'private mode can be switched off (in preview), VNet integration never' }
      : { kind: 'partly', how: 'az aks update --disable-private-cluster, which is in preview' },
    notWhen: 'no VPN, Bastion or run-command is in use, or Microsoft-hosted build agents deploy to the cluster',
    params: isPrivate ? [] : convert ? ['apiserverSubnet', 'privatePath'] : ['privatePath'],
    ...(refusal ? { unavailable: refusal } : {}),
  };
}

function integrationOption(facts: Facts): Option {
  const { isIntegrated } = exposure(facts);
  const refusal = integrationRefusal(facts);
  return {
    id: 'vnet-integration',
    title: 'VNet integration now, private later',
    tradeOff: isIntegrated
      ? 'In place: nodes reach the API server inside the network.'
      : `Nodes reach the API server inside the network and the range limit grows from 200 to 2,000; private mode becomes a switch that you can try later. It costs all of ${size(facts)} replaced, a full stop and start, ${about(integrationMinutes(facts))}, and there is no way back.`,
    impact: isIntegrated
      ? { kind: 'none', scope: 'nothing: it is in place' }
      : { kind: 'recreate', scope: `full outage for a stop and a start, after every node of ${size(facts)} is replaced`, pools: poolNames(facts) },
    minutes: isIntegrated ? [0, 0] : integrationMinutes(facts),
    cost: 'None; a /28 of the network',
    reversible: { kind: 'no', how: 'VNet integration cannot be turned off' },
    notWhen: 'an outage cannot be had, or the virtual network is encrypted',
    params: isIntegrated ? [] : ['apiserverSubnet'],
    ...(refusal ? { unavailable: refusal } : {}),
  };
}

function publicNameRefusal(facts: Facts): string | undefined {
  const { isPrivate, dnsZone } = exposure(facts);
  if (!isPrivate) return 'Only a private cluster can do without its public name.';
  if (dnsZone === 'none')
    return 'The cluster has no private DNS zone: without its public name nobody would find the API server. Set privateDNSZone to system or to a zone first.';
  return undefined;
}

function publicNameOption(facts: Facts): Option {
  const refusal = publicNameRefusal(facts);
  const { hasPublicName } = exposure(facts);
  return {
    id: 'hide-public-fqdn',
    title: 'Also take the name out of public DNS',
    tradeOff: hasPublicName
      ? 'The public name only tells the private address: it opens nothing. Without it that address no longer leaks, but every client must resolve the private zone (links to hub networks, forwarders on premises).'
      : 'In place: the name is only in the private zone.',
    impact: hasPublicName
      ? { kind: 'api-server', scope: 'clients that use public DNS no longer find the API server' }
      : { kind: 'none', scope: 'nothing: it is in place' },
    minutes: hasPublicName ? CLUSTER_WRITE_MINUTES : [0, 0],
    cost: 'None; DNS links and forwarders to keep',
    reversible: { kind: 'yes', how: 'the public name is turned on again' },
    notWhen: 'people resolve the cluster from networks that are not linked to the private zone',
    params: [],
    ...(refusal ? { unavailable: refusal } : {}),
  };
}

/** Which option to lean towards here, and why. */
function recommendation(facts: Facts): readonly [OptionId, string] | undefined {
  const { isPrivate, isIntegrated, ranges } = exposure(facts);
  if (isPrivate) return ['private-cluster', 'It is in place, and nothing is more closed than this.'];
  if (rangesRefusal(facts) !== undefined) return undefined;
  if (assess(facts)['12.1']?.status === 'pass') {
    return [
      'authorized-ranges',
      `It is in place with ${plural(ranges.length, 'range')}; ${isIntegrated ? 'private mode is a switch away when a private path is proven' : 'going further costs an outage'}.`,
    ];
  }
  return [
    'authorized-ranges',
    isIntegrated
      ? 'It closes the door to strangers in minutes; private mode can follow with a switch once a private path has carried you.'
      : `It closes the door to strangers in minutes and can be taken back; the private way costs ${plural(pools(facts).length, 'pool')} of new nodes and an outage of the whole cluster.`,
  ];
}

/** The ways to decide, with the numbers and addresses of this cluster. */
export function options(facts: Facts): readonly Option[] {
  const best = recommendation(facts);
  return [rangesOption(facts), privateOption(facts), integrationOption(facts), publicNameOption(facts)].map((option) =>
    option.id === best?.[0] && option.unavailable === undefined ? { ...option, recommended: best[1] } : option,
  );
}
