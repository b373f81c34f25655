import { describe, expect, it } from 'vitest';
import type { ArmPut } from '../../src/model/change.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { commandsOf } from '../../src/render/index.ts';
import { azFaults, hasReference } from './az-reference.ts';

const GROUP = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/net';
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
const ZONE = `${GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/shop`;

function put(id: string, type: string, body: JsonObject): ArmPut {
  return {
    kind: 'arm.put',
    id: 'x/y',
    step: 'x',
    controls: [],
    title: '',
    target: { id, type, apiVersion: '2024-05-01' },
    body,
    before: undefined,
    impact: { kind: 'none', scope: '' },
    minutes: [0, 1],
    reversible: { kind: 'yes', how: '' },
    after: [],
  };
}

const connection = { name: 'c', properties: { privateLinkServiceId: '/registry', groupIds: ['registry'] } };
const endpointBody = { location: 'westeurope', properties: { subnet: { id: SUBNET }, privateLinkServiceConnections: [connection] } };
const cases = [
  ['network private-endpoint create', put(ENDPOINT, 'Microsoft.Network/privateEndpoints', endpointBody)],
  ['network private-dns zone create', put(ZONE, 'Microsoft.Network/privateDnsZones', { location: 'global' })],
  [
    'network private-dns link vnet create',
    put(`${ZONE}/virtualNetworkLinks/v`, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks', {
      location: 'global',
      properties: { virtualNetwork: { id: '/v' }, registrationEnabled: false, resolutionPolicy: 'NxDomainRedirect' },
    }),
  ],
  [
    'network private-endpoint dns-zone-group create',
    put(`${ENDPOINT}/privateDnsZoneGroups/default`, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups', {
      properties: { privateDnsZoneConfigs: [{ name: 'registry', properties: { privateDnsZoneId: ZONE } }] },
    }),
  ],
] as const;

describe('private link as commands that wait', () => {
  it.each(cases)('%s', (words, change) => {
    const [command, ...more] = commandsOf(change);
    expect(more).toEqual([]);
    expect(command?.argv.slice(1, 1 + words.split(' ').length).join(' ')).toBe(words);
  });
  it.runIf(hasReference)('are known to az', () => {
    expect(cases.flatMap(([, change]) => commandsOf(change).flatMap(azFaults))).toEqual([]);
  });
  it('say what no flag says as the very request', () => {
    const odd = put(ENDPOINT, 'Microsoft.Network/privateEndpoints', { ...endpointBody, tags: { a: 'b' } });
    expect(commandsOf(odd)[0]?.argv.slice(0, 2)).toEqual(['az', 'rest']);
    const two = put(ENDPOINT, 'Microsoft.Network/privateEndpoints', {
      location: 'x',
      properties: { subnet: { id: SUBNET }, privateLinkServiceConnections: [connection, connection] },
    });
    expect(commandsOf(two)[0]?.argv.slice(0, 2)).toEqual(['az', 'rest']);
  });
});
