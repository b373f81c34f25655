import type { ArmResource } from '../../model/facts.ts';
import { at, isObject, path, text } from '../../model/json.ts';
import { defaultRoute, idsOf } from '../../model/way-out.ts';
import { roleDefinitions } from '../cluster-access.ts';
import { resourceOf, resourcesOf, type World } from '../world.ts';
import { changes, lowerShall, lowerWas, minorOf, poolsOf, type Rule, shall, type Write } from './rule.ts';

const TYPE = 'networkProfile.outboundType';
const BALANCER = 'networkProfile.loadBalancerProfile';
const moreInfo = 'Please see http://aka.ms/aks/outboundtype for more details';

/** What an outbound type can become; for a managed and for an own virtual network (AKS docs: egress-outboundtype). */
const outboundTypes: { readonly managed: { readonly [from: string]: readonly string[] }; readonly own: { readonly [from: string]: readonly string[] } } = {
  managed: {
    loadbalancer: ['managednatgateway', 'managednatgatewayv2', 'none', 'block'],
    managednatgateway: ['managednatgatewayv2', 'none', 'block'],
    managednatgatewayv2: [],
    none: ['loadbalancer', 'managednatgatewayv2', 'managednatgateway', 'block'],
    block: ['loadbalancer', 'managednatgatewayv2', 'managednatgateway', 'none'],
  },
  own: {
    loadbalancer: ['userassignednatgateway', 'userdefinedrouting', 'none'],
    userassignednatgateway: ['loadbalancer', 'userdefinedrouting', 'none'],
    userdefinedrouting: ['loadbalancer', 'userassignednatgateway', 'none'],
    none: ['loadbalancer', 'userassignednatgateway', 'userdefinedrouting'],
  },
};

const becomes = (write: Write, type: string): boolean => changes(write, TYPE) && lowerShall(write, TYPE) === type;
const subnetsOf = (cluster: ArmResource): readonly string[] => [...new Set(poolsOf(cluster).flatMap((pool) => text(pool['vnetSubnetID']) ?? []))];

const ownAddresses = (write: Write): readonly string[] => [
  ...idsOf(shall(write, `${BALANCER}.outboundIPs.publicIPs`)),
  ...idsOf(shall(write, `${BALANCER}.outboundIPPrefixes.publicIPPrefixes`)),
];
const setsAddresses = (write: Write): boolean => changes(write, `${BALANCER}.outboundIPs`) || changes(write, `${BALANCER}.outboundIPPrefixes`);

/** Object ids that the control plane acts with: its managed identity, or the service principal. */
function controlPlane(cluster: ArmResource): readonly string[] {
  const assigned = at(cluster, path('identity.userAssignedIdentities'));
  const ids = [
    at(cluster, path('identity.principalId')),
    at(cluster, path('properties.servicePrincipalProfile.clientId')),
    ...(isObject(assigned) ? Object.values(assigned).map((one) => at(one, ['principalId'])) : []),
  ];
  return ids.flatMap((id) => text(id) ?? []);
}

const joining = ['Owner', 'Contributor', 'Network Contributor'].map((role) => roleDefinitions[role]);

/** Whether one of the principals may join a resource: a role at it or above. */
function mayJoin(world: World, principals: readonly string[], id: string): boolean {
  return resourcesOf(world, '', 'Microsoft.Authorization/roleAssignments').some((assignment) => {
    const of = (key: string): string => text(at(assignment, ['properties', key])) ?? '';
    const role = of('roleDefinitionId').split('/').at(-1);
    return principals.includes(of('principalId')) && joining.includes(role) && `${id.toLowerCase()}/`.startsWith(`${of('scope').toLowerCase()}/`);
  });
}

/** What is wrong with the route table of a subnet that traffic shall leave by, with the service's own code in front. */
function routeFault(world: World, subnetId: string): string | undefined {
  const table = resourceOf(world, text(at(resourceOf(world, subnetId), path('properties.routeTable.id'))) ?? '');
  if (table === undefined) return `An existing route table has not been associated with subnet ${subnetId}. Please update the route table association.`;
  const route = defaultRoute(table);
  if (route === undefined) return `The route table of subnet ${subnetId} has no default route 0.0.0.0/0. ${moreInfo}`;
  const isGood = ['virtualappliance', 'virtualnetworkgateway'].includes(route.nextHop);
  return isGood
    ? undefined
    : `Default route 0.0.0.0/0 has a next hop of ${route.nextHop} but only next hops of VirtualAppliance or VirtualNetworkGateway are allowed. ${moreInfo}`;
}

const firstFault = (write: Write): string | undefined =>
  becomes(write, 'userdefinedrouting') ? subnetsOf(write.before).flatMap((subnet) => routeFault(write.world, subnet) ?? [])[0] : undefined;

/** How traffic leaves. */
export const outboundRules: readonly Rule[] = [
  {
    id: 'outbound-ips-need-standard',
    code: 'BadRequest',
    target: BALANCER,
    broken: (write) =>
      lowerShall(write, 'networkProfile.loadBalancerSku') === 'basic' && shall(write, BALANCER) !== undefined
        ? 'Load balancer profile is only supported with Standard load balancers'
        : undefined,
  },
  {
    id: 'outbound-ip-missing',
    code: 'InvalidResourceReference',
    target: `${BALANCER}.outboundIPs`,
    broken: (write) => {
      const missing = setsAddresses(write) ? ownAddresses(write).find((id) => resourceOf(write.world, id) === undefined) : undefined;
      return missing === undefined
        ? undefined
        : `Resource ${missing} referenced by resource ${text(at(write.before, ['id']))} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
    },
  },
  {
    // AKS docs, configure-load-balancer-standard: the cluster identity needs permission to access the outbound IP.
    id: 'outbound-ip-permission',
    code: 'LinkedAuthorizationFailed',
    status: 403,
    broken: (write) => {
      const principals = controlPlane(write.before);
      const closed = setsAddresses(write) ? ownAddresses(write).find((id) => !mayJoin(write.world, principals, id)) : undefined;
      return closed === undefined
        ? undefined
        : `The client '${principals[0] ?? ''}' with object id '${principals[0] ?? ''}' does not have permission to perform action 'Microsoft.Network/publicIPAddresses/join/action' on the linked scope(s) '${closed}' or the linked scope(s) are invalid.`;
    },
  },
  {
    id: 'outbound-type',
    code: 'BadRequest',
    target: TYPE,
    broken: (write) => {
      if (!changes(write, TYPE)) return undefined;
      const from = lowerWas(write, TYPE) || 'loadbalancer';
      const to = lowerShall(write, TYPE);
      if (from === to) return undefined;
      const allowed = (subnetsOf(write.before).length > 0 ? outboundTypes.own : outboundTypes.managed)[from] ?? [];
      return allowed.includes(to) ? undefined : `Updating outboundType from ${from} to ${to} is not supported for this cluster`;
    },
  },
  {
    id: 'outbound-type-needs-standard',
    code: 'BadRequest',
    target: TYPE,
    broken: (write) =>
      changes(write, TYPE) && lowerShall(write, TYPE) !== 'loadbalancer' && lowerShall(write, 'networkProfile.loadBalancerSku') === 'basic'
        ? 'outboundType is only supported with Standard load balancers'
        : undefined,
  },
  {
    // Recorded in a public issue thread of terraform-provider-azurerm. What counts is what is sent: a profile that is left out is given up.
    id: 'outbound-type-with-profile',
    code: 'InvalidUserDefinedRoutingWithLoadBalancerProfile',
    target: BALANCER,
    broken: (write) => {
      const sent = at(write.sent, ['properties', ...path(BALANCER)]);
      return becomes(write, 'userdefinedrouting') && isObject(sent) && Object.keys(sent).length > 0
        ? `UserDefinedRouting and load balancer profile are mutually exclusive. Please refer to http://aka.ms/aks/outboundtype for more details`
        : undefined;
    },
  },
  {
    id: 'outbound-route-table',
    code: 'ExistingRouteTableNotAssociatedWithSubnet',
    target: TYPE,
    broken: (write) => {
      const fault = firstFault(write);
      return fault?.startsWith('An existing') ? fault : undefined;
    },
  },
  {
    // Recorded in a public issue thread of terraform-provider-azurerm.
    id: 'outbound-route-next-hop',
    code: 'RouteTableInvalidNextHop',
    target: TYPE,
    broken: firstFault,
  },
  {
    id: 'outbound-nat-gateway',
    code: 'BadRequest',
    target: TYPE,
    broken: (write) => {
      const without = subnetsOf(write.before).find((subnet) => at(resourceOf(write.world, subnet), path('properties.natGateway.id')) === undefined);
      return becomes(write, 'userassignednatgateway') && without !== undefined
        ? `The subnet ${without} has no NAT gateway, which outboundType userAssignedNATGateway requires.`
        : undefined;
    },
  },
  {
    // AKS docs, concepts-network-isolated: limitations.
    id: 'cache-prerequisites',
    code: 'BadRequest',
    target: 'bootstrapProfile.artifactSource',
    broken: (write) => {
      if (lowerShall(write, 'bootstrapProfile.artifactSource') !== 'cache' || !changes(write, 'bootstrapProfile.artifactSource')) return undefined;
      if (minorOf(text(shall(write, 'currentKubernetesVersion')) ?? '') < minorOf('1.30')) return 'artifactSource Cache requires Kubernetes 1.30 or later';
      if (lowerShall(write, 'networkProfile.networkPlugin') === 'kubenet') return 'artifactSource Cache does not support kubenet';
      return poolsOf(write.goal).some((pool) => text(pool['osType']) === 'Windows') ? 'artifactSource Cache does not support Windows node pools' : undefined;
    },
  },
];
