import { clusterAt, type Facts, fact, knownValue, pools, type ServiceFacts } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { at, path, text } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { covered, networksOf } from '../../shared/addresses.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { grantOf, type Role, reaches } from '../../shared/roles.ts';
import { listed, plural, sameId, shortName } from '../../shared/texts.ts';
import { IPV4, IPV6 } from './state.ts';

const joining: readonly Role[] = ['Owner', 'Contributor', 'Network Contributor'];
const JOIN = 'Microsoft.Network/virtualNetworks/subnets/join/action';

/** The subnet the internal address will lie in, by id; undefined where AKS made the network. */
function subnetId(facts: Facts, name: string): string | undefined {
  const nodes = pools(facts).flatMap((pool) => text(at(pool, path('vnetSubnetID'))) ?? [])[0];
  if (nodes === undefined || name === '') return nodes;
  const known = (knownValue(facts, 'subnets') ?? []).find((subnet) => sameId(text(subnet['name']) ?? '', name));
  return text(known?.['id']) ?? nodes.replace(/[^/]+$/, name);
}

/** The cluster's identity makes the front end, in a subnet that it must be allowed to join. */
export function subnetGuard(facts: Facts, name: string): Guard {
  const id = 'subnet-join';
  const title = 'The cluster may take an address in the subnet';
  const subnet = subnetId(facts, name);
  if (subnet === undefined) return { id, title, verdict: 'clear', detail: 'The network is of AKS, and the cluster’s identity owns it.' };
  const found = fact(facts, 'identityRoleAssignments');
  const refused = 'Without it the internal address never comes: the Service stays at pending, and one that was moved in place has no address at all.';
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Roles of the cluster’s identity could not be read (${clean(found.reason)}). It needs ${JOIN} on ${shortName(subnet)}. ${refused}`,
      override: 'the identity may join',
    };
  }
  const own = found.value.filter(({ identity }) => identity !== 'kubelet');
  const grants = own.flatMap(({ assignments }) => assignments.map(grantOf)).filter(({ scope }) => reaches(scope, subnet));
  const enough = grants.find(({ role, condition }) => role !== undefined && joining.includes(role) && !condition);
  if (enough?.role !== undefined)
    return { id, title, verdict: 'clear', detail: `The cluster’s identity is ${enough.role} on ${shortName(enough.scope) || 'the subscription'}.` };
  const odd = grants.some(({ role }) => role === undefined);
  return {
    id,
    title,
    verdict: odd ? 'unknown' : 'refuse',
    detail: `${odd ? 'The cluster’s identity has a role of your own making there; whether it holds' : 'The cluster’s identity has no role with'} ${JOIN} on ${shortName(subnet)}${odd ? ' is not known' : ''}. ${refused}`,
    next: [
      `az role assignment create --role "Network Contributor" --assignee PRINCIPAL --scope SUBNET_ID, with the principal of: az aks show --query identity`,
    ],
    override: 'the identity may join',
  };
}

/** What goes with the public address: names, allow-lists, pinned addresses. */
export function clientsGuard(services: readonly ServiceFacts[]): readonly Guard[] {
  if (services.length === 0) return [];
  const addresses = services.flatMap(({ addresses }) => addresses);
  const pinned = services.filter(({ annotations, loadBalancerIp }) => (annotations[IPV4] ?? annotations[IPV6] ?? loadBalancerIp) !== undefined);
  const named = services.filter(({ annotations }) => Object.keys(annotations).some((key) => key.endsWith('/azure-dns-label-name')));
  return [
    {
      id: 'clients',
      title: 'Clients know the new address',
      verdict: 'warn',
      detail: `${addresses.length > 0 ? listed(addresses, 6) : 'The public address'} stops answering; an address that AKS made is deleted and does not come back. DNS names and lists at partners point at it${named.length > 0 ? `, and the Azure name of ${listed(named.map(placeName))} goes with it` : ''}${pinned.length > 0 ? `. The address that ${listed(pinned.map(placeName))} ${pinned.length === 1 ? 'names' : 'name'} is a public one, and is taken out in the same change` : ''}.`,
      next: [
        'Lower the TTL of the DNS names a day before.',
        'Clients from outside need a way into the network first: VPN, peering, a gateway, Front Door with Private Link.',
      ],
    },
  ];
}

/** The minor version of the control plane. */
const minorOf = (facts: Facts): number => Number((text(clusterAt(facts, 'properties.currentKubernetesVersion')) ?? '').split('.')[1]);

/** Pods that call the public address are callers as well (Kubernetes 1.25 on), and so is the operator. */
export function rangesGuards(facts: Facts, services: readonly ServiceFacts[], ranges: readonly string[]): readonly Guard[] {
  const allowed = networksOf(ranges);
  const podCidr = text(clusterAt(facts, 'properties.networkProfile.podCidr'));
  const pods = podCidr === undefined ? [] : networksOf([podCidr]);
  const isMissing = !(minorOf(facts) < 25) && pods.some((network) => !covered(network, allowed));
  const mine = knownValue(facts, 'operator')?.address;
  const me = mine === undefined ? [] : networksOf([mine]);
  return [
    {
      id: 'callers',
      title: 'Every caller is on the list',
      verdict: 'warn',
      detail: `After it ${listed(services.map(placeName))} ${services.length === 1 ? 'answers' : 'answer'} ${plural(ranges.length, 'network')} and nobody else${me.some((network) => !covered(network, allowed)) ? `; you (${clean(mine ?? '')}) are not among them` : ''}. Monitors, gateways and partners are callers too.`,
      next: ['Flow logs of the virtual network say who called in the last days.'],
    },
    ...(isMissing
      ? [
          {
            id: 'pods-call',
            title: 'Pods that call the public address',
            verdict: 'warn' as const,
            detail: `From Kubernetes 1.25 on a pod that calls the load balancer's address is checked against the list as well, and the pod network ${clean(podCidr ?? '')} is not on it.`,
            next: [`Add ${clean(podCidr ?? '')} if pods call these Services by their public name.`],
          },
        ]
      : []),
  ];
}
