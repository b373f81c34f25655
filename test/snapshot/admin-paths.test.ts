import { describe, expect, it } from 'vitest';
import { readFacts } from '../../src/snapshot/live.ts';
import { clusterId, fakeArm, group, now, refused, subscription, value, type World, withProperties } from './fake-arm.ts';

const spoke = `${group}/providers/Microsoft.Network/virtualNetworks/spoke`;
const other = '/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/hub';
const hubAt = (place: string): string => `${place}/providers/Microsoft.Network/virtualNetworks/hub`;
const spokeBeside = (hub: string) => ({
  id: spoke,
  properties: { virtualNetworkPeerings: [{ properties: { remoteVirtualNetwork: { id: hub }, peeringState: 'Connected', useRemoteGateways: true } }] },
});
const list = `${subscription}/providers/Microsoft.Network/virtualNetworks`;

/** A cluster in a network of its own, beside a hub at `place`. */
function beside(place: string, more: World): World {
  const hub = hubAt(place);
  const cluster = withProperties({ agentPoolProfiles: [{ name: 'p1', vnetSubnetID: `${spoke}/subnets/nodes` }] });
  return { ...cluster, [spoke]: spokeBeside(hub), [hub]: { id: hub, properties: {} }, ...more };
}

async function ask(state: World) {
  const { arm, rounds, asked } = fakeArm(state);
  const facts = await readFacts({ arm, clusterId, now, keys: ['adminPaths'] });
  return { facts, rounds, asked };
}

describe('the ways in for people', () => {
  const hub = hubAt(`${subscription}/resourceGroups/hub`);
  const listed = { [list]: { value: [spokeBeside(hub), { id: hub.toUpperCase(), properties: {} }] } };

  it('are found in two requests in a row where the networks are in the same subscription', async () => {
    const { facts, rounds, asked } = await ask(beside(`${subscription}/resourceGroups/hub`, listed));
    expect(value(facts, 'adminPaths')).toMatchObject({
      networks: [
        { id: spoke, kind: 'own' },
        { id: hub, kind: 'peered', connected: true },
      ],
    });
    expect(rounds).toHaveLength(2);
    expect(asked.filter(({ url }) => url.startsWith(`${hub}?`))).toEqual([]);
  });

  it('and where the hub is in another subscription', async () => {
    const { facts, rounds } = await ask(beside(other, { [list]: { value: [spokeBeside(hubAt(other))] } }));
    expect(value(facts, 'adminPaths')).toMatchObject({ networks: [{ kind: 'own' }, { id: hubAt(other), kind: 'peered' }] });
    expect(rounds).toHaveLength(2);
  });

  it('are found one by one where the subscription may not be listed, and nothing is lost for it', async () => {
    const { facts, rounds } = await ask(
      beside(`${subscription}/resourceGroups/hub`, { [list]: refused('Microsoft.Network/virtualNetworks/read', subscription) }),
    );
    expect(value(facts, 'adminPaths')).toMatchObject({ networks: [{ kind: 'own' }, { kind: 'peered' }] });
    expect(rounds).toHaveLength(3);
    expect(JSON.stringify(value(facts, 'adminPaths'))).not.toContain('virtualNetworks/read');
  });
});
