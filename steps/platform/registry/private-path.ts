import type { ArmPut, Change, Impact } from '../../../src/model/change.ts';
import { clusterRef, type Facts, knownValue } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { PulledRegistry } from '../../shared/registry-access.ts';
import { listed, sameId, shortName } from '../../shared/texts.ts';
import { idOf, premium, type Words } from './changes.ts';
import { approvedEndpoints, groupOf, networkOf, nodeNetworks, privateWay, STEP, suffixOf } from './state.ts';

function put(
  registry: PulledRegistry | undefined,
  id: string,
  type: string,
  apiVersion: string,
  body: JsonObject,
  words: Omit<Words, 'word' | 'reversible'> & { readonly key: string },
): ArmPut {
  const { key, after = [], ...rest } = words;
  return {
    kind: 'arm.put',
    id: registry === undefined ? `${STEP}/${key}` : idOf(registry, key),
    step: STEP,
    target: { id, type, apiVersion },
    body,
    before: undefined,
    minutes: [1, 3],
    reversible: { kind: 'yes', how: 'It is deleted again.' },
    after,
    ...rest,
  };
}

/** The zone of a cloud's registries, seen by the nodes' networks: shared by all registries that a plan is about. */
function zoneChanges(facts: Facts, suffix: string, subnet: string): { readonly id: string; readonly changes: readonly ArmPut[] } {
  const name = `privatelink.${suffix}`;
  const networks = [...new Map([...nodeNetworks(facts), networkOf(subnet)].map((id) => [id.toLowerCase(), id])).values()];
  const zones = (knownValue(facts, 'registryPrivateLink')?.zones ?? []).filter(({ id }) => sameId(shortName(id), name));
  // One that some network of ours sees already goes before a second zone of the same name: a network can be linked to one only.
  const existing = zones.find((zone) => networks.some((network) => zone.networks.some((one) => sameId(one, network)))) ?? zones[0];
  const id = existing?.id ?? `${groupOf(networkOf(subnet), facts)}/providers/Microsoft.Network/privateDnsZones/${name}`;
  const nothing: Impact = { kind: 'none', scope: 'nothing, as long as no name in it is looked up' };
  const zone = existing
    ? []
    : [
        put(
          undefined,
          id,
          'Microsoft.Network/privateDnsZones',
          '2024-06-01',
          { location: 'global' },
          { key: 'zone', controls: ['6.3'], title: `Make the private DNS zone ${name}`, impact: nothing },
        ),
      ];
  const links = networks
    .filter((network) => !existing?.networks.some((one) => sameId(one, network)))
    .map((network, i) =>
      put(
        undefined,
        `${id}/virtualNetworkLinks/${shortName(network)}`,
        'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
        '2024-06-01',
        // What the zone does not know is looked up in public as before: registries with endpoints elsewhere stay reachable.
        { location: 'global', properties: { virtualNetwork: { id: network }, registrationEnabled: false, resolutionPolicy: 'NxDomainRedirect' } },
        {
          key: `zone-link-${i + 1}`,
          controls: ['6.3'],
          title: `Let network ${shortName(network)} look names up in it`,
          impact: { kind: 'none', scope: 'registries with private endpoints are looked up in this zone from now on; others as before' },
          after: zone.map((one) => one.id),
        },
      ),
    );
  return { id, changes: [...zone, ...links] };
}

/** The private way to registries: tier, zone and links, an endpoint each, and its name. What stands already is left out. */
export function privatePath(
  facts: Facts,
  registries: readonly PulledRegistry[],
  subnet: string,
): { readonly changes: readonly Change[]; readonly last: ReadonlyMap<string, readonly string[]> } {
  const open = registries.filter((registry) => privateWay(facts, registry) !== 'there');
  const { location } = clusterRef(facts);
  const zones = new Map([...new Set(open.map(suffixOf))].map((suffix) => [suffix, zoneChanges(facts, suffix, subnet)]));
  const last = new Map<string, readonly string[]>();
  const own = open.flatMap((registry): readonly Change[] => {
    const zone = zones.get(suffixOf(registry));
    const tier = premium(registry);
    const there = knownValue(facts, 'registryPrivateLink')?.endpoints.find(
      ({ id, targets, subnetId }) =>
        targets.some((one) => sameId(one, registry.id)) &&
        sameId(networkOf(subnetId), networkOf(subnet)) &&
        approvedEndpoints(registry).some((one) => sameId(one, id)),
    );
    const endpointId = there?.id ?? `${groupOf(networkOf(subnet), facts)}/providers/Microsoft.Network/privateEndpoints/${registry.name}-registry`;
    const endpoint = there
      ? []
      : [
          put(
            registry,
            endpointId,
            'Microsoft.Network/privateEndpoints',
            '2024-05-01',
            {
              location,
              properties: {
                subnet: { id: subnet },
                privateLinkServiceConnections: [
                  { name: `${registry.name}-registry`, properties: { privateLinkServiceId: registry.id, groupIds: ['registry'] } },
                ],
              },
            },
            {
              key: 'endpoint',
              controls: ['6.3'],
              title: `Make a private endpoint for ${listed([registry.name])} in ${shortName(subnet)}`,
              impact: { kind: 'billing', scope: 'an endpoint is paid by the hour and by the gigabyte' },
              after: tier.map(({ id }) => id),
            },
          ),
        ];
    const group = put(
      registry,
      `${endpointId}/privateDnsZoneGroups/default`,
      'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
      '2024-05-01',
      { properties: { privateDnsZoneConfigs: [{ name: 'registry', properties: { privateDnsZoneId: zone?.id ?? '' } }] } },
      {
        key: 'names',
        controls: ['6.3'],
        title: `Let ${listed([registry.name])} be found at its private address`,
        impact: { kind: 'workload', scope: 'the nodes pull over the private endpoint from now on' },
        after: [...endpoint, ...(zone?.changes ?? [])].map(({ id }) => id),
      },
    );
    last.set(registry.id, [group.id]);
    return [...tier, ...endpoint, group];
  });
  return { changes: [...[...zones.values()].flatMap(({ changes }) => changes), ...own], last };
}
