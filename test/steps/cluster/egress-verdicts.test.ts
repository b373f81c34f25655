import { describe, expect, test } from 'vitest';
import { CLUSTER_API_VERSION } from '../../../src/model/change.ts';
import { canBecome, type OutboundType, outboundTypeOf, spelled } from '../../../steps/cluster/egress/matrix.ts';
import { egress } from '../../../steps/cluster/egress.ts';
import { statusOf } from '../decide.ts';
import { bench } from '../on-practice.ts';
import { managed, NODES, own, routed, subnet, TABLE, table } from './egress-facts.ts';

const lb = { outboundType: 'loadBalancer' };
const gateway = subnet({ natGateway: { id: '/nat' } });

describe('14.1, addresses that stay', () => {
  test.each([
    ['managed addresses', managed(lb), 'fail'],
    ['nothing said', managed({ loadBalancerProfile: undefined, outboundType: undefined }), 'fail'],
    ['Basic', managed({ loadBalancerSku: 'Basic' }), 'fail'],
    ['addresses of one’s own', managed({ loadBalancerProfile: { outboundIPs: { publicIPs: [{ id: '/ip' }] } } }), 'pass'],
    ['a prefix of one’s own', managed({ loadBalancerProfile: { outboundIPPrefixes: { publicIPPrefixes: [{ id: '/p' }] } } }), 'pass'],
    ['an empty list of one’s own', managed({ loadBalancerProfile: { outboundIPs: { publicIPs: [] } } }), 'fail'],
    ['a NAT gateway of AKS', managed({ outboundType: 'managedNATGateway' }), 'pass'],
    ['a NAT gateway of tomorrow', managed({ outboundType: 'managedNATGatewayV2' }), 'pass'],
    ['a NAT gateway of one’s own', own({ outboundType: 'userAssignedNATGateway' }, { subnets: [gateway] }), 'pass'],
    ['one that a subnet lacks', own({ outboundType: 'userAssignedNATGateway' }), 'partial'],
    ['one, subnets unread', own({ outboundType: 'userAssignedNATGateway' }, { subnets: 'no' }), 'pass'],
    ['routes', routed({ outboundType: 'userDefinedRouting' }), 'pass'],
    ['none', own({ outboundType: 'none' }), 'not-applicable'],
    ['none, behind a firewall', routed({ outboundType: 'none' }), 'pass'],
    ['block', managed({ outboundType: 'block' }), 'not-applicable'],
    ['a type of tomorrow', managed({ outboundType: 'teleport' }), 'unknown'],
    ['no network at all', managed({}, { networkProfile: undefined }), 'unknown'],
  ] as const)('%s: %s', (_name, of, status) => expect(statusOf(egress, of, '14.1')).toBe(status));
});

describe('14.2, through a firewall', () => {
  const udr = { outboundType: 'userDefinedRouting' };
  const none = { outboundType: 'none' };
  const twoSubnets = { agentPoolProfiles: [NODES, `${NODES}2`].map((vnetSubnetID, i) => ({ name: `p${i}`, vnetSubnetID })) };
  test.each([
    ['load balancer', managed(lb), 'fail'],
    ['load balancer, behind a firewall', routed(lb), 'partial'],
    ['NAT gateway', managed({ outboundType: 'managedNATGateway' }), 'fail'],
    ['routes to a firewall', routed(udr), 'pass'],
    ['routes to a VPN gateway', routed(udr, 'VirtualNetworkGateway'), 'partial'],
    ['routes to the internet', routed(udr, 'Internet'), 'fail'],
    [
      'routes without one for everything',
      routed(udr, 'VirtualAppliance', { routeTables: [table('VirtualAppliance', { addressPrefix: '10.0.0.0/8' })] }),
      'fail',
    ],
    ['no route table', own(udr), 'fail'],
    ['one subnet of two', routed(udr, 'VirtualAppliance', { subnets: [subnet({ routeTable: { id: TABLE } }), subnet({}, `${NODES}2`)] }, twoSubnets), 'fail'],
    ['a subnet that is not listed', routed(udr, 'VirtualAppliance', {}, twoSubnets), 'unknown'],
    ['subnets unread', own(udr, { subnets: 'no' }), 'unknown'],
    ['route tables unread', routed(udr, 'VirtualAppliance', { routeTables: 'no' }), 'unknown'],
    ['none, behind a firewall', routed(none), 'pass'],
    ['none, and the implicit way off', own(none, { subnets: [subnet({ defaultOutboundAccess: false })] }), 'pass'],
    ['none, and the implicit way left', own(none), 'partial'],
    ['none, with a NAT gateway', own(none, { subnets: [gateway] }), 'fail'],
    ['block', managed({ outboundType: 'block' }), 'pass'],
    ['a type of tomorrow', managed({ outboundType: 'teleport' }), 'unknown'],
  ] as const)('%s: %s', (_name, of, status) => expect(statusOf(egress, of, '14.2')).toBe(status));

  test('names the right that is missing', () => {
    const of = own(udr);
    const refused = {
      ...of,
      known: { ...of.known, subnets: { state: 'unknown' as const, reason: 'refused', permission: 'Microsoft.Network/virtualNetworks/subnets/read' } },
    };
    expect(egress.assess(refused)['14.2']).toMatchObject({ status: 'unknown', reason: expect.stringContaining('subnets/read') });
  });
});

describe('14.3, without the internet', () => {
  const cache = { bootstrapProfile: { artifactSource: 'Cache' } };
  test.each([
    ['neither', managed(), 'fail'],
    ['cache and none', managed({ outboundType: 'none' }, cache), 'pass'],
    ['cache and block', managed({ outboundType: 'block' }, cache), 'pass'],
    ['cache alone', managed({}, cache), 'partial'],
    ['none alone', managed({ outboundType: 'none' }), 'partial'],
    ['static egress gateway', managed({ staticEgressGatewayProfile: { enabled: true } }), 'pass'],
    ['static egress gateway, off', managed({ staticEgressGatewayProfile: { enabled: false } }), 'fail'],
  ] as const)('%s: %s', (_name, of, status) => expect(statusOf(egress, of, '14.3')).toBe(status));

  test('is not known where the api-version does not show it', () => {
    expect(statusOf(egress, { ...managed(), apiVersion: '2023-05-01' }, '14.3')).toBe('unknown');
    expect(statusOf(egress, { ...managed(), apiVersion: CLUSTER_API_VERSION }, '14.3')).toBe('fail');
  });
});

describe('practice scenarios', () => {
  test.each([
    ['legacy', 'fail', 'fail', 'fail'],
    ['typical', 'fail', 'fail', 'fail'],
    ['private', 'fail', 'fail', 'fail'],
    ['hardened', 'pass', 'pass', 'pass'],
  ])('%s', async (scenario, ...wanted) => {
    const { read } = await bench(scenario, [egress]);
    const of = await read();
    expect(['14.1', '14.2', '14.3'].map((control) => statusOf(egress, of, control))).toEqual(wanted);
  });
});

describe('the matrix of outbound types', () => {
  const types: readonly OutboundType[] = [
    'loadbalancer',
    'managednatgateway',
    'managednatgatewayv2',
    'userassignednatgateway',
    'userdefinedrouting',
    'none',
    'block',
  ];
  // The tables of AKS docs: egress-outboundtype, supported migration paths.
  const pairs = (isOwn: boolean): readonly string[] =>
    types.flatMap((from) => types.filter((to) => canBecome(from, to, isOwn)).map((to) => `${spelled(from)}>${spelled(to)}`));

  test('in a network that AKS made', () => {
    expect(pairs(false).filter((pair) => !pair.includes('V2'))).toEqual([
      'loadBalancer>managedNATGateway',
      'loadBalancer>none',
      'loadBalancer>block',
      'managedNATGateway>none',
      'managedNATGateway>block',
      'none>loadBalancer',
      'none>managedNATGateway',
      'none>block',
      'block>loadBalancer',
      'block>managedNATGateway',
      'block>none',
    ]);
    expect(pairs(false).filter((pair) => pair.startsWith('managedNATGatewayV2'))).toEqual([]);
  });

  test('in a network of one’s own every type becomes every other, block aside', () => {
    const own_ = ['loadBalancer', 'userAssignedNATGateway', 'userDefinedRouting', 'none'];
    expect([...pairs(true)].sort()).toEqual(own_.flatMap((from) => own_.filter((to) => to !== from).map((to) => `${from}>${to}`)).sort());
  });

  test('types are known in any case', () => {
    for (const type of types) expect(outboundTypeOf(spelled(type).toUpperCase())).toBe(type);
    expect(outboundTypeOf('')).toBeUndefined();
  });
});
