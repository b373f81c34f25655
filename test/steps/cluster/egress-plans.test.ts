import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { egress } from '../../../steps/cluster/egress.ts';
import { decide, editsOf, guardOf } from '../decide.ts';
import { address, fenced, HOME, managed, NETWORK, NODES, OLD, own, PRINCIPAL, routed, subnet } from './egress-facts.ts';

const words = (changes: readonly Change[]) => changes.map(({ id }) => id.replace('cluster.egress/', ''));
const option = (of: Facts, id: string) => egress.options(of).find((one) => one.id === id);
const guard = (of: Facts, chosen: string, id: string, values = {}) => decide(egress, of, chosen, values).guards.find((one) => one.id === id);
const ip = `${HOME}/publicIPAddresses/shop-egress`;
const isPrivate = { apiServerAccessProfile: { enablePrivateCluster: true } };

describe('addresses of one’s own on the load balancer', () => {
  test('are made, may be used, and then used; AKS’s own go', () => {
    const { changes } = decide(egress, managed(), 'static-ip');
    expect(words(changes)).toEqual(['address-shop-egress', 'role-shop-egress', 'static-ip']);
    expect(changes[0]).toMatchObject({ kind: 'arm.put', before: undefined, target: { id: ip }, body: { sku: { name: 'Standard' } } });
    expect(changes[1]).toMatchObject({ body: { properties: { principalId: PRINCIPAL } }, after: ['cluster.egress/address-shop-egress'] });
    expect(editsOf(changes[2])).toEqual([
      `properties.networkProfile.loadBalancerProfile.outboundIPs={"publicIPs":[{"id":"${ip}"}]}`,
      'properties.networkProfile.loadBalancerProfile.managedOutboundIPs=gone',
    ]);
    expect(changes[2]?.after).toHaveLength(2);
  });

  test('as many as AKS had', () => {
    const of = managed({ loadBalancerProfile: { managedOutboundIPs: { count: 3 } } });
    expect(words(decide(egress, of, 'static-ip').changes).filter((word) => word.startsWith('address-'))).toHaveLength(3);
  });

  test('one that is there is taken as it is, and no role is given twice', () => {
    const role = { properties: { roleDefinitionId: '/x/4d97b98b-1d4f-4787-a291-c67834d212e7', scope: `${ip.slice(0, ip.indexOf('/providers'))}` }, id: '/r' };
    const known = {
      publicAddresses: [address('shop-egress')],
      identityRoleAssignments: [{ identity: 'control-plane' as const, principalId: PRINCIPAL, assignments: [role] }],
    };
    expect(words(decide(egress, managed({}, {}, known), 'static-ip').changes)).toEqual(['static-ip']);
  });

  test.each([
    ['in the node resource group', `${HOME.replace('rg-shop', 'MC_rg-shop_shop_westeurope')}/publicIPAddresses/aks`, [], 'AKS makes and takes'],
    ['Basic', 'b', [address('b', { sku: { name: 'Basic' } })], 'Standard addresses only'],
    ['of the new SKU', 'b', [address('b', { sku: { name: 'StandardV2' } })], 'Standard addresses only'],
    ['dynamic', 'b', [address('b', {}, { publicIPAllocationMethod: 'Dynamic' })], 'not static'],
    ['IPv6', 'b', [address('b', {}, { publicIPAddressVersion: 'IPv6' })], 'IPv6'],
    ['elsewhere', 'b', [address('b', { location: 'northeurope' })], 'same region'],
    ['a NAT gateway’s', 'b', [address('b', {}, { natGateway: { id: '/nat' } })], 'in use'],
    ['no id', '/subscriptions/x', [], 'neither a name nor the id'],
    ['a name with a shell in it', 'a;reboot', [], 'neither a name nor the id'],
    ['twice', 'a,a', [], 'named twice'],
    ['nothing', ' , ', [], 'at least one'],
  ])('refuses one that is %s', (_name, outboundIps, publicAddresses, fault) => {
    expect(() => decide(egress, managed({}, {}, { publicAddresses }), 'static-ip', { outboundIps })).toThrow(fault);
  });

  test('one that the cluster’s own load balancer uses is fine, and a name that is taken gives way to the next', () => {
    const inUse = (by: string) => managed({}, {}, { publicAddresses: [address('shop-egress', {}, { ipConfiguration: { id: by } })] });
    expect(words(decide(egress, inUse(`${HOME.replace('rg-shop', 'MC_rg-shop_shop_westeurope')}/loadBalancers/kubernetes/x`), 'static-ip').changes)[0]).toBe(
      'role-shop-egress',
    );
    expect(words(decide(egress, inUse('/others/vm'), 'static-ip').changes)[0]).toBe('address-shop-egress-2');
  });

  test('what could not be read asks for a word, and is never written over', () => {
    const of = managed({}, {}, { publicAddresses: 'refused', identityRoleAssignments: 'refused' });
    const { changes, guards } = decide(egress, of, 'static-ip');
    expect(words(changes)).toEqual(['address-shop-egress', 'static-ip']);
    expect(changes[0]).toMatchObject({ kind: 'arm.put', before: undefined });
    for (const id of ['addresses-unread', 'may-join'])
      expect(guards.find((one) => one.id === id)).toMatchObject({ verdict: 'unknown', override: expect.any(String) });
  });

  test('a registry that knows today’s address alone stops it', () => {
    const registries = [{ id: '/x/registries/shopimages', properties: { networkRuleSet: { ipRules: [{ value: '20.50.60.0/24' }] } } }];
    expect(guard(managed({}, {}, { registries }), 'static-ip', 'old-address')).toMatchObject({
      verdict: 'refuse',
      detail: expect.stringContaining('shopimages'),
    });
    expect(guard(managed(), 'static-ip', 'old-address')).toMatchObject({ verdict: 'warn', detail: expect.stringContaining(OLD) });
  });
});

describe('with a fence before the API server', () => {
  const of = (known = {}) => managed({}, fenced, known);

  test('first only the address is made, and no traffic moves', () => {
    const { changes, guards } = decide(egress, of(), 'static-ip');
    expect(words(changes)).toEqual(['address-shop-egress', 'role-shop-egress']);
    expect(guards.find(({ id }) => id === 'nodes-let-in')).toMatchObject({ verdict: 'warn', detail: expect.stringContaining('only the address is made now') });
  });

  test('then it is let in, and traffic moves after that; nothing is taken back by itself', () => {
    const { changes, guards } = decide(egress, of({ publicAddresses: [address('shop-egress')] }), 'static-ip');
    expect(words(changes)).toEqual(['role-shop-egress', 'let-in', 'static-ip']);
    expect(editsOf(changes[1])).toEqual([`properties.apiServerAccessProfile.authorizedIPRanges=["137.117.106.88/32","${OLD}","20.9.9.9/32"]`]);
    expect(changes[2]?.after).toContain('cluster.egress/let-in');
    expect(changes[2]?.undo?.map(({ kind }) => kind)).toEqual(['manual']);
    expect(changes.slice(0, 2).map(({ undo }) => undo)).toEqual([[], []]);
    expect(guards.find(({ id }) => id === 'nodes-let-in')?.verdict).toBe('clear');
  });

  test('AKS follows its own load balancer where the list means just that', () => {
    const only = managed({}, { apiServerAccessProfile: { authorizedIPRanges: ['0.0.0.0/32'] } });
    expect(words(decide(egress, only, 'static-ip').changes)).toContain('static-ip');
    expect(guard(only, 'static-ip', 'nodes-let-in')).toBeUndefined();
    expect(option(routed({}, 'VirtualAppliance', {}, { apiServerAccessProfile: { authorizedIPRanges: ['0.0.0.0/32'] } }), 'firewall')?.unavailable).toContain(
      '0.0.0.0/32',
    );
  });

  test('a NAT gateway whose address AKS makes in that moment cannot be had', () => {
    expect(option(of(), 'nat-gateway')?.unavailable).toContain('cut off');
    expect(option(managed(), 'nat-gateway')?.unavailable).toBeUndefined();
  });

  test('ranges of another step are unsettled, unless nodes do not come over the internet', () => {
    const unsettles = (facts: Facts) => decide(egress, facts, 'static-ip').changes.flatMap((change) => change.unsettles ?? []);
    expect(unsettles(managed())).toEqual(['properties.apiServerAccessProfile.authorizedIPRanges']);
    expect(unsettles(managed({}, isPrivate))).toEqual([]);
  });
});

describe('a NAT gateway', () => {
  test('of AKS is a write without a way back, then new images', () => {
    const { changes } = decide(egress, managed(), 'nat-gateway');
    expect(words(changes)).toEqual(['managednatgateway', 'image-system', 'image-work']);
    expect(editsOf(changes[0])).toEqual([
      'properties.networkProfile.outboundType="managedNATGateway"',
      'properties.networkProfile.loadBalancerProfile=gone',
      'properties.networkProfile.natGatewayProfile.managedOutboundIPProfile.count=1',
    ]);
    expect(changes[0]?.reversible.kind).toBe('no');
  });

  test('of one’s own is made, put on the subnet, and only then told to AKS', () => {
    const { changes, guards } = decide(egress, own(), 'nat-gateway');
    expect(words(changes)).toEqual(['address-shop-nat-ip', 'gateway-shop-nat', 'subnet-nodes', 'userassignednatgateway', 'image-work']);
    expect(changes[2]).toMatchObject({
      target: { id: NODES },
      impact: { kind: 'network' },
      after: ['cluster.egress/address-shop-nat-ip', 'cluster.egress/gateway-shop-nat'],
    });
    expect(editsOf(changes[2])).toEqual([`properties.natGateway={"id":"${HOME}/natGateways/shop-nat"}`]);
    expect(guards.find(({ id }) => id === 'subnet-neighbours')?.detail).toContain('nodes');
    expect(guardOf({ changes, guards }, 'subnet-permission')).toBe('clear');
  });

  test('that is on the subnet is only told to AKS', () => {
    const of = own({}, { subnets: [subnet({ natGateway: { id: `${NETWORK}/natGateways/n` } })] });
    expect(option(of, 'nat-gateway')?.params).toEqual([]);
    expect(words(decide(egress, of, 'nat-gateway').changes)).toEqual(['userassignednatgateway', 'image-work']);
  });

  test('that could not be looked for asks for a word', () => {
    const unread = (known: Parameters<typeof own>[1]) => guard(own({}, known), 'nat-gateway', 'addresses-unread');
    expect(unread({ natGateways: 'refused' })).toMatchObject({ verdict: 'unknown', detail: expect.stringContaining('shop-nat is there') });
    expect(unread({})).toBeUndefined();
  });

  test('from Kubernetes 1.37 on AKS replaces the nodes by itself', () => {
    const { changes } = decide(egress, own({}, {}, { currentKubernetesVersion: '1.37.0' }), 'nat-gateway');
    expect(words(changes).at(-1)).toBe('userassignednatgateway');
    expect(changes.at(-1)?.impact.kind).toBe('reimage');
  });

  test.each([
    ['a default route of its own', routed(), 'goes before a NAT gateway'],
    ['subnets that could not be read', own({}, { subnets: 'refused' }), 'refused'],
    [
      'two networks',
      own(
        {},
        {},
        {
          agentPoolProfiles: [
            { name: 'a', vnetSubnetID: NODES },
            { name: 'b', vnetSubnetID: NODES.replace('/v/', '/w/') },
          ],
        },
      ),
      '2 virtual networks',
    ],
    ['availability sets', own({}, {}, { agentPoolProfiles: [{ name: 'a', vnetSubnetID: NODES, type: 'AvailabilitySet' }] }), 'scale sets'],
    ['a Basic load balancer', own({ loadBalancerSku: 'basic' }), 'cluster.load-balancer'],
  ])('cannot be had with %s', (_name, of, fault) => expect(option(of, 'nat-gateway')?.unavailable).toContain(fault));

  test('in another subscription is made beside the network', () => {
    const away = NODES.replace(/^\/subscriptions\/[^/]+/, '/subscriptions/99999999-0000-4000-8000-000000000000');
    const of = own({}, { subnets: [subnet({}, away)] }, { agentPoolProfiles: [{ name: 'a', vnetSubnetID: away }] });
    const [first] = decide(egress, of, 'nat-gateway').changes;
    expect(first).toMatchObject({ target: { id: expect.stringContaining('/subscriptions/99999999-0000-4000-8000-000000000000/resourceGroups/rg-net/') } });
  });
});

describe('a firewall', () => {
  test('is built by hand where no route leads to one', () => {
    const { changes, guards } = decide(egress, own(), 'firewall');
    expect(changes).toMatchObject([{ kind: 'manual', title: 'Build the way through a firewall' }]);
    expect(JSON.stringify(changes)).toContain('--vnet-name v --name nodes --route-table');
    expect(guards).toEqual([]);
  });

  test('is told to AKS where routes lead to one', () => {
    const { changes, guards } = decide(egress, routed(), 'firewall');
    expect(words(changes)).toEqual(['userdefinedrouting', 'image-work']);
    expect(editsOf(changes[0])).toEqual(['properties.networkProfile.outboundType="userDefinedRouting"', 'properties.networkProfile.loadBalancerProfile=gone']);
    expect(changes[0]?.undo).toMatchObject([
      { edits: [{ after: 'loadBalancer' }, { path: ['properties', 'networkProfile', 'loadBalancerProfile', 'managedOutboundIPs'], after: { count: 1 } }] },
    ]);
    expect(guards.find(({ id }) => id === 'firewall-rules')).toMatchObject({ verdict: 'unknown', override: 'the firewall lets it through' });
    expect(guards.find(({ id }) => id === 'asymmetric-ingress')?.verdict).toBe('warn');
    expect(option(routed(), 'firewall')?.recommended).toContain('already');
  });

  test('its address is let in at the API server first', () => {
    const of = routed({}, 'VirtualAppliance', {}, fenced);
    const { changes } = decide(egress, of, 'firewall', { firewallAddresses: '20.8.8.8' });
    expect(words(changes)).toEqual(['let-in', 'userdefinedrouting', 'image-work']);
    expect(guard(routed({}, 'VirtualAppliance', { outboundAddresses: 'not known' }, fenced), 'firewall', 'nodes-let-in')).toMatchObject({ verdict: 'refuse' });
    expect(() => decide(egress, of, 'firewall', { firewallAddresses: '10.0.0.4' })).toThrow('RFC 1918');
  });

  test.each([
    ['a network that AKS made', managed(), 'AKS made this network'],
    ['kubenet with an identity of AKS’s', routed({ networkPlugin: 'kubenet' }), 'user-assigned identity'],
    ['subnets that could not be read', own({}, { subnets: 'refused' }), 'refused'],
  ])('cannot be had with %s', (_name, of, fault) => expect(option(of, 'firewall')?.unavailable).toContain(fault));

  test('names that a shell would act on never stand in written instructions', () => {
    const evil = `${NETWORK}/virtualNetworks/$(reboot)/subnets/\`id\``;
    const of = own({}, { subnets: [subnet({}, evil)] }, { agentPoolProfiles: [{ name: 'a', vnetSubnetID: evil }] });
    const [manual] = decide(egress, of, 'firewall').changes;
    const commands = manual?.kind === 'manual' ? manual.instructions.filter((line) => line.includes('subnet update')) : [];
    expect(commands.join()).toContain('--vnet-name NETWORK --name SUBNET');
    expect(commands.join()).not.toMatch(/\$\(|`/);
  });
});

describe('no way out at all', () => {
  test('comes last: images from a registry first, then nodes that use it', () => {
    const { changes, guards } = decide(egress, own({}, {}, isPrivate), 'network-isolated');
    expect(words(changes)).toEqual(['cache', 'image-work', 'none']);
    expect(changes.map(({ after }) => after.map((id) => id.replace('cluster.egress/', '')))).toEqual([[], ['cache'], ['cache', 'image-work']]);
    expect(guards.find(({ id }) => id === 'no-internet')).toMatchObject({ verdict: 'refuse', override: 'nothing needs the internet' });
    expect(option(own({}, {}, isPrivate), 'network-isolated')?.recommended).toBeUndefined();
  });

  test('with a registry of one’s own, a Premium one', () => {
    const id = '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/images';
    const of = (name: string) => own({}, { registries: [{ id, sku: { name }, properties: {} }] }, isPrivate);
    expect(editsOf(decide(egress, of('Premium'), 'network-isolated', { cacheRegistry: id }).changes[0])).toContain(
      `properties.bootstrapProfile.containerRegistryId="${id}"`,
    );
    expect(() => decide(egress, of('Basic'), 'network-isolated', { cacheRegistry: id })).toThrow('Premium');
  });

  test.each([
    ['a public API server', own(), 'public'],
    ['kubenet', own({ networkPlugin: 'kubenet' }, {}, isPrivate), 'kubenet'],
    ['Windows', own({}, {}, { ...isPrivate, agentPoolProfiles: [{ name: 'win', osType: 'Windows', vnetSubnetID: NODES }] }), 'Windows'],
    ['Kubernetes 1.29', own({}, {}, { ...isPrivate, currentKubernetesVersion: '1.29.4' }), '1.30'],
    ['nodes that patch themselves', own({}, {}, { ...isPrivate, autoUpgradeProfile: { nodeOSUpgradeChannel: 'SecurityPatch' } }), 'NodeImage'],
  ])('cannot be had with %s', (_name, of, fault) => expect(option(of, 'network-isolated')?.unavailable).toContain(fault));
});

test('the static egress gateway is a switch, and a pool by hand', () => {
  const { changes } = decide(egress, managed(), 'static-egress-gateway');
  expect(changes.map(({ kind }) => kind)).toEqual(['arm.update', 'manual']);
  expect(option(managed({ ipFamilies: ['IPv4', 'IPv6'] }), 'static-egress-gateway')?.unavailable).toContain('dual-stack');
  expect(option(managed({}, { agentPoolProfiles: [{ name: 'a', podSubnetID: '/p' }] }), 'static-egress-gateway')?.unavailable).toContain('pool a');
});

test('what is in place is recommended, and plans nothing', () => {
  for (const [of, id] of [
    [managed({ loadBalancerProfile: { outboundIPs: { publicIPs: [{ id: ip }] } } }), 'static-ip'],
    [managed({ outboundType: 'managedNATGateway' }), 'nat-gateway'],
    [routed({ outboundType: 'userDefinedRouting' }), 'firewall'],
  ] as const) {
    expect(option(of, id)).toMatchObject({ tradeOff: 'In place.', recommended: 'It is in place.', params: [] });
    expect(decide(egress, of, id).changes).toEqual([]);
  }
  expect(option(managed(), 'static-ip')?.recommended).toContain('no node');
});

test('nodes with addresses of their own leave by those, and it is said', () => {
  const of = managed({}, { agentPoolProfiles: [{ name: 'edge', enableNodePublicIP: true, count: 1 }] });
  expect(guard(of, 'static-ip', 'node-addresses')?.detail).toContain('edge');
});
