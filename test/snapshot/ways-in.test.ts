import { describe, expect, it } from 'vitest';
import type { AdminPaths } from '../../src/model/admin-path-facts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { readFacts } from '../../src/snapshot/live.ts';
import { clusterId, fakeArm, group, nodeGroup, now, refused, subscription, value, type World, withProperties } from './fake-arm.ts';

const away = '/subscriptions/00000000-0000-0000-0000-000000000002';
const hubGroup = `${away}/resourceGroups/hub-rg`;
const listed = (place: string, type: string): string => `${place}/providers/Microsoft.Network/${type}`;
const own = `${listed(group, 'virtualNetworks')}/v`;
const hub = `${listed(hubGroup, 'virtualNetworks')}/hub`;
const gatewayId = `${listed(hubGroup, 'virtualNetworkGateways')}/vpn`;
const inSubnet = (network: string, subnet: string): JsonObject => ({ ipConfigurations: [{ properties: { subnet: { id: `${network}/subnets/${subnet}` } } }] });
const vm = (place: string, name: string): string => `${place}/providers/Microsoft.Compute/virtualMachines/${name}`;

const bastion = (id: string, network: string): JsonObject => ({
  id,
  type: 'Microsoft.Network/bastionHosts',
  sku: { name: 'Standard' },
  properties: { enableTunneling: true, ...inSubnet(network, 'AzureBastionSubnet') },
});
const card = (name: string, machine: string | undefined, rest: JsonObject = {}): JsonObject => ({
  id: `${listed(group, 'networkInterfaces')}/${name}`,
  type: 'Microsoft.Network/networkInterfaces',
  properties: { ...(machine === undefined ? {} : { virtualMachine: { id: machine } }), ...inSubnet(own, 's'), ...rest },
});
const peered = (remote: string, rest: JsonObject = {}): JsonObject => ({
  id: own,
  properties: {
    virtualNetworkPeerings: [{ properties: { peeringState: 'Connected', useRemoteGateways: true, remoteVirtualNetwork: { id: remote }, ...rest } }],
  },
});

/** A cluster whose hub stands in another subscription. */
const around: World = {
  ...withProperties({ agentPoolProfiles: [{ name: 'p1', vnetSubnetID: `${own}/subnets/s` }] }),
  [own]: peered(hub),
  [hub]: { id: hub, properties: { subnets: [{ properties: { ipConfigurations: [{ id: `${gatewayId}/ipConfigurations/default` }] } }] } },
  [listed(subscription, 'bastionHosts')]: { value: [bastion('/other', `${listed(group, 'virtualNetworks')}/elsewhere`)] },
  [listed(subscription, 'networkInterfaces')]: {
    value: [
      card('jump', vm(group, 'jump'), {
        ipConfigurations: [{ properties: { subnet: { id: `${own.toUpperCase()}/subnets/s` }, publicIPAddress: { id: '/ip' } } }],
      }),
      card('node', vm(nodeGroup, 'aks-node')),
      card('endpoint', undefined),
    ],
  },
  [listed(away, 'bastionHosts')]: { value: [bastion('/hub-bastion', hub)] },
  [listed(away, 'networkInterfaces')]: { value: [] },
  [listed(group, 'virtualNetworkGateways')]: { value: [] },
  [listed(group, 'connections')]: { value: [] },
  [listed(hubGroup, 'virtualNetworkGateways')]: {
    value: [
      {
        id: gatewayId,
        type: 'Microsoft.Network/virtualNetworkGateways',
        properties: {
          gatewayType: 'Vpn',
          vpnClientConfiguration: { vpnClientAddressPool: { addressPrefixes: ['172.16.0.0/24'] } },
          ...inSubnet(hub, 'GatewaySubnet'),
        },
      },
    ],
  },
  [listed(hubGroup, 'connections')]: {
    value: [{ type: 'Microsoft.Network/connections', properties: { virtualNetworkGateway1: { id: gatewayId.toUpperCase() } } }],
  },
};

async function paths(state: World): Promise<{ readonly found: AdminPaths; readonly asked: readonly string[] }> {
  const { arm, asked } = fakeArm(state);
  const facts = await readFacts({ arm, clusterId, now, keys: ['adminPaths'] });
  return { found: value(facts, 'adminPaths') as AdminPaths, asked: asked.map(({ url }) => url) };
}

describe('what people could come in by', () => {
  it('is found in the network and in a hub of another subscription, nothing asked twice', async () => {
    const { found, asked } = await paths(around);
    expect(found).toEqual({
      networks: [
        { id: own, kind: 'own', connected: true, usesItsGateways: true },
        { id: hub, kind: 'peered', connected: true, usesItsGateways: true },
      ],
      bastions: [{ id: '/hub-bastion', networkId: hub, sku: 'Standard', tunneling: true }],
      gateways: [{ id: gatewayId, networkId: hub, type: 'Vpn', clients: true, connections: 1 }],
      machines: [{ id: vm(group, 'jump'), networkId: own, publicAddress: true }],
      unread: [],
    });
    expect(asked.filter((url, i) => asked.indexOf(url) !== i)).toEqual([]);
  });

  it('a gateway that only the hub names is kept as one that was not read', async () => {
    const { found } = await paths({ ...around, [listed(hubGroup, 'virtualNetworkGateways')]: { value: [] } });
    expect(found.gateways).toEqual([{ id: gatewayId, networkId: hub, clients: false, connections: 0 }]);
  });

  it('what may not be read is named, with the right, and the rest is there', async () => {
    const { found } = await paths({ ...around, [hub]: refused('Microsoft.Network/virtualNetworks/read', hub) });
    expect(found.unread).toEqual([{ what: 'network hub', reason: expect.any(String), permission: 'Microsoft.Network/virtualNetworks/read' }]);
    expect(found.bastions).toHaveLength(1);
  });

  it('a peering that is not connected is told and not followed', async () => {
    const { found, asked } = await paths({ ...around, [own]: peered(hub, { peeringState: 'Disconnected' }) });
    expect(found.networks[1]).toMatchObject({ id: hub, connected: false });
    expect(asked.some((url) => url.includes('hub'))).toBe(false);
  });

  it('the network that AKS made is read where the pools name none', async () => {
    const managed = `${listed(nodeGroup, 'virtualNetworks')}/aks`;
    const { found } = await paths({
      ...around,
      ...withProperties({ agentPoolProfiles: [{ name: 'p1' }] }),
      [listed(nodeGroup, 'virtualNetworks')]: { value: [{ id: managed }] },
    });
    expect(found.networks).toEqual([{ id: managed, kind: 'own', connected: true, usesItsGateways: true }]);
  });

  it.each(['https://evil.example/x', '/subscriptions/../tenants'])('%s is no ARM id and not followed', async (remote) => {
    const { asked } = await paths({ ...around, [own]: peered(remote) });
    expect(asked.some((url) => url.includes('evil') || url.includes('..'))).toBe(false);
  });

  it('without its own network the fact is unknown', async () => {
    const state = { ...around, [own]: refused('Microsoft.Network/virtualNetworks/read', own) };
    const facts = await readFacts({ arm: fakeArm(state).arm, clusterId, now, keys: ['adminPaths'] });
    expect(facts.known.adminPaths).toMatchObject({ state: 'unknown', permission: 'Microsoft.Network/virtualNetworks/read' });
  });
});
