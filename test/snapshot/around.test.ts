import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { readAdminGroup, readFacts } from '../../src/snapshot/live.ts';
import {
  address,
  cluster,
  clusterId,
  fakeArm,
  group,
  groupId,
  now,
  operator,
  read,
  refused,
  subscription,
  value,
  type World,
  withProperties,
  world,
} from './fake-arm.ts';

describe('outbound addresses', () => {
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
  const network = `${subscription}/providers/Microsoft.Network`;
  const pool = { name: 'p1', nodeImageVersion: 'a', vnetSubnetID: subnet };

  it.each([
    ['userDefinedRouting', { outboundType: 'userDefinedRouting' }, 'firewall'],
    ['Basic load balancer', { outboundType: 'loadBalancer', loadBalancerSku: 'Basic' }, 'Basic load balancer'],
    ['a type of tomorrow', { outboundType: 'teleport' }, 'teleport'],
  ])('%s: unknown, and says what is needed', async (_name, networkProfile, word) => {
    const fact = (await read(withProperties({ networkProfile }))).known.outboundAddresses;
    expect(fact).toEqual({ state: 'unknown', reason: expect.stringContaining(word) });
  });

  it('none: there are none', async () => {
    expect(value(await read(withProperties({ networkProfile: { outboundType: 'none' } })), 'outboundAddresses')).toEqual([]);
  });

  it('prefixes are ranges', async () => {
    const facts = await read({ ...world, [address]: { id: address, properties: { ipPrefix: '20.1.1.0/28' } } });
    expect(value(facts, 'outboundAddresses')).toEqual([{ resourceId: address, cidr: '20.1.1.0/28' }]);
  });

  it("finds the addresses of a NAT gateway on the cluster's subnet", async () => {
    const state: World = {
      ...withProperties({ networkProfile: { outboundType: 'userAssignedNATGateway' }, agentPoolProfiles: [pool] }),
      [`${network}/natGateways`]: {
        value: [
          { id: '/n', properties: { subnets: [{ id: subnet.toUpperCase() }], publicIpAddresses: [{ id: address }] } },
          { id: '/other', properties: {} },
        ],
      },
      [`${network}/publicIPAddresses`]: { value: [{ id: address, properties: { ipAddress: '20.9.9.9' } }] },
      [`${network}/publicIPPrefixes`]: { value: [] },
    };
    expect(value(await read(state), 'outboundAddresses')).toEqual([{ resourceId: address, cidr: '20.9.9.9/32' }]);
  });

  const behindFirewall = (outboundType: string, route: JsonObject, firewalls: readonly JsonObject[]): World => ({
    ...withProperties({ networkProfile: { outboundType }, agentPoolProfiles: [pool] }),
    [`${network}/routeTables`]: { value: [{ id: '/rt', properties: { subnets: [{ id: subnet.toUpperCase() }], routes: [{ properties: route }] } }] },
    [`${network}/azureFirewalls`]: { value: firewalls },
    [`${network}/publicIPAddresses`]: { value: [{ id: address, properties: { ipAddress: '20.9.9.9' } }] },
  });
  const firewall = (ip: string, at = '/elsewhere/virtualNetworks/hub/subnets/AzureFirewallSubnet'): JsonObject => ({
    id: `/fw-${at}`,
    properties: { ipConfigurations: [{ properties: { privateIPAddress: ip, publicIPAddress: { id: address }, subnet: { id: at } } }] },
  });
  const toAppliance = { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.9.4' };

  it.each([
    ['userDefinedRouting', [firewall('10.0.9.4')]],
    ['none', [firewall('10.0.9.4')]],
    ['userDefinedRouting', [firewall('10.0.9.4'), firewall('10.0.9.4', subnet.replace(/s$/, 'AzureFirewallSubnet'))]],
  ] as const)('%s: those of the firewall that the default route leads to', async (type, firewalls) => {
    expect(value(await read(behindFirewall(type, toAppliance, firewalls)), 'outboundAddresses')).toEqual([{ resourceId: address, cidr: '20.9.9.9/32' }]);
  });

  it('a firewall in a virtual hub tells its addresses itself', async () => {
    const hub = { id: '/hub', properties: { hubIPAddresses: { privateIPAddress: '10.0.9.4', publicIPs: { addresses: [{ address: '20.8.8.8' }] } } } };
    expect(value(await read(behindFirewall('userDefinedRouting', toAppliance, [hub])), 'outboundAddresses')).toEqual([
      { resourceId: '/hub', cidr: '20.8.8.8/32' },
    ]);
  });

  it.each([
    ['nobody answers at the next hop', toAppliance, [firewall('10.0.9.5')]],
    ['two answer, and neither is in the network', toAppliance, [firewall('10.0.9.4'), firewall('10.0.9.4', '/b/virtualNetworks/b/subnets/x')]],
    ['the default route is another', { ...toAppliance, addressPrefix: '10.0.0.0/8' }, [firewall('10.0.9.4')]],
  ])('unknown where %s', async (_name, route, firewalls) => {
    const fact = (await read(behindFirewall('userDefinedRouting', route, firewalls))).known.outboundAddresses;
    expect(fact).toEqual({ state: 'unknown', reason: expect.stringContaining('firewall') });
  });

  it('network resources are looked for in the subscription of the subnets as well', async () => {
    const away = subnet.replace(subscription, '/subscriptions/99999999-0000-4000-8000-000000000000');
    const state: World = {
      ...withProperties({ agentPoolProfiles: [{ ...pool, vnetSubnetID: away }] }),
      '/subscriptions/99999999-0000-4000-8000-000000000000/providers/Microsoft.Network/natGateways': { value: [{ id: '/away' }] },
    };
    expect(value(await read(state), 'natGateways')).toEqual([{ id: '/away' }]);
  });

  it('an id in the body that is no ARM id is not followed', async () => {
    const evil = [{ id: '/../../evil' }, { id: 'https://evil.example' }, { id: '/subscriptions/x?y=/z' }, { id: '/subscriptions/../tenants' }];
    const { arm, asked } = fakeArm(withProperties({ networkProfile: { loadBalancerProfile: { effectiveOutboundIPs: evil } } }));
    await readFacts({ arm, clusterId, now, keys: ['outboundAddresses'] });
    expect(asked).toHaveLength(2);
  });
});

describe('preview properties', () => {
  it('are those that only the preview body shows and that somebody set', async () => {
    const properties = cluster['properties'] as JsonObject;
    const preview: JsonObject = {
      ...cluster,
      properties: {
        ...properties,
        enableNamespaceResources: false,
        securityProfile: { nodeRestriction: { enabled: true } },
        networkProfile: { ...(properties['networkProfile'] as JsonObject), podLinkLocalAccess: 'IMDS', kubeProxyConfig: { enabled: true } },
        agentPoolProfiles: [{ name: 'p1', upgradeStrategy: 'Rolling', nodeInitializationTaints: ['a=b:NoSchedule'], upgradeSettingsBlueGreen: {} }],
      },
    };
    const { arm } = fakeArm();
    const send: typeof arm.send = async (request) => (request.url.endsWith('-preview') ? { status: 200, headers: {}, body: preview } : arm.send(request));
    const facts = await readFacts({ arm: { ...arm, send }, clusterId, now, keys: [] });
    expect(facts.cluster).toEqual(cluster);
    expect(facts.previewProperties).toEqual([
      'properties.agentPoolProfiles.p1.nodeInitializationTaints',
      'properties.networkProfile.kubeProxyConfig',
      'properties.securityProfile.nodeRestriction',
    ]);
  });

  it('a refused preview version is no error', async () => {
    const { arm } = fakeArm();
    const send: typeof arm.send = async (request) => (request.url.endsWith('-preview') ? Promise.reject(new Error('no such version')) : arm.send(request));
    expect((await readFacts({ arm: { ...arm, send }, clusterId, now, keys: [] })).previewProperties).toEqual([]);
  });
});

describe('an admin group', () => {
  it.each(['not-a-guid', '', `${groupId}/../../users`])('"%s" is no group, and nothing is asked', async (id) => {
    const { arm, asked } = fakeArm();
    expect(await readAdminGroup(arm, id)).toEqual({ id, exists: false });
    expect(asked).toHaveLength(0);
  });

  it('without Graph’s own answer the list of members decides; a list that goes on decides only what it holds', async () => {
    const { [`/directoryObjects/${operator.objectId}/checkMemberGroups`]: _c, ...without } = world;
    expect(await readAdminGroup(fakeArm(without).arm, groupId, operator)).toMatchObject({ containsOperator: true });
    const other = { ...without, [`/groups/${groupId}/transitiveMembers`]: { value: [{ id: 'x' }] } };
    expect(await readAdminGroup(fakeArm(other).arm, groupId, operator)).toMatchObject({ containsOperator: false, memberCount: 1 });
    const long = { ...without, [`/groups/${groupId}/transitiveMembers`]: { value: [{ id: 'x' }], '@odata.nextLink': 'https://graph.microsoft.com/more' } };
    expect(await readAdminGroup(fakeArm(long).arm, groupId, operator)).not.toHaveProperty('containsOperator');
  });

  it('members that may not be read are not counted', async () => {
    const hidden = { ...world, [`/groups/${groupId}/transitiveMembers`]: refused('x/read', '/y') };
    expect(await readAdminGroup(fakeArm(hidden).arm, groupId, operator)).toEqual({
      id: groupId,
      exists: true,
      displayName: 'Admins',
      securityEnabled: true,
      containsOperator: true,
    });
  });
});
