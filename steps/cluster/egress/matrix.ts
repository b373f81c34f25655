/** How traffic leaves, in ARM's words, lower case. */
export type OutboundType = 'loadbalancer' | 'managednatgateway' | 'managednatgatewayv2' | 'userassignednatgateway' | 'userdefinedrouting' | 'none' | 'block';

type Matrix = { readonly [from in OutboundType]?: readonly OutboundType[] };

/**
 * What an outbound type can become in place (AKS docs: egress-outboundtype, supported migration paths). The page lists no way from a NAT
 * gateway of AKS's own back to the load balancer, although an example below shows one: the table counts.
 */
const supported: { readonly managed: Matrix; readonly own: Matrix } = {
  managed: {
    loadbalancer: ['managednatgatewayv2', 'managednatgateway', 'none', 'block'],
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

const names: { readonly [type in OutboundType]: string } = {
  loadbalancer: 'loadBalancer',
  managednatgateway: 'managedNATGateway',
  managednatgatewayv2: 'managedNATGatewayV2',
  userassignednatgateway: 'userAssignedNATGateway',
  userdefinedrouting: 'userDefinedRouting',
  none: 'none',
  block: 'block',
};

/** ARM's spelling of an outbound type. */
export const spelled = (type: OutboundType): string => names[type];

/** The outbound type that a text means, or undefined for one that this program does not know. */
export function outboundTypeOf(said: string): OutboundType | undefined {
  const wanted = said.toLowerCase();
  return (Object.keys(names) as OutboundType[]).find((type) => type === wanted);
}

/** Whether AKS changes `from` into `to` in place, in a network of AKS's or of one's own. Staying is no change. */
export function canBecome(from: OutboundType, to: OutboundType, isOwnNetwork: boolean): boolean {
  return (isOwnNetwork ? supported.own : supported.managed)[from]?.includes(to) ?? false;
}
