import { describe, expect, test } from 'vitest';
import { type Change, needsName } from '../../../src/model/change.ts';
import type { FactKey, Facts, FactValues } from '../../../src/model/facts.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { apiServerExposure } from '../../../steps/cluster/api-server-exposure.ts';
import { choose, cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';

const HOME = '20.71.10.5';
const EGRESS = '52.166.1.9/32';
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-shop`;
const NODES = `${NETWORK}/subnets/snet-nodes`;
const API = `${NETWORK}/subnets/snet-apiserver`;
const NETWORK_CONTRIBUTOR = '/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7';

const operator = { ...readable.operator, address: HOME };
const outboundAddresses = [{ resourceId: '/x', cidr: EGRESS }];
const access = (profile: JsonObject): JsonObject => ({ properties: { apiServerAccessProfile: profile } });
const facts = (body: JsonObject, known: { readonly [K in FactKey]?: FactValues[K] | string } = {}): Facts =>
  factsOf(cluster(body), { ...readable, operator, outboundAddresses, apiServerReachability: { reachable: true, detail: '200' }, ...known });
const plan = (of: Facts, option: string, values: { readonly [name: string]: Json } = {}) =>
  apiServerExposure.plan(of, choose(apiServerExposure, of, option, values));
const guard = (guards: readonly Guard[], id: string): Guard | undefined => guards.find((candidate) => candidate.id === id);
const edits = (change: Change | undefined): readonly (readonly [string, unknown])[] =>
  change?.kind === 'arm.update' ? change.edits.map((edit) => [edit.path.at(-1) ?? '', edit.after]) : [];
const param = (name: string) => {
  const found = apiServerExposure.params.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no parameter ${name}`);
  return found;
};

const subnet = (id: string, prefix: string, delegated: boolean): JsonObject => ({
  id,
  properties: { addressPrefix: prefix, delegations: delegated ? [{ properties: { serviceName: 'Microsoft.ContainerService/managedClusters' } }] : [] },
});
const ownNetwork: JsonObject = {
  identity: { type: 'UserAssigned', principalId: undefined, userAssignedIdentities: { '/id': { principalId: 'p-1', clientId: 'c-1' } } },
  properties: {
    agentPoolProfiles: [
      { name: 'system', mode: 'System', osType: 'Linux', type: 'VirtualMachineScaleSets', count: 3, vnetSubnetID: NODES },
      { name: 'work', mode: 'User', osType: 'Linux', type: 'VirtualMachineScaleSets', count: 5, vnetSubnetID: NODES },
    ],
  },
};
const convertible = {
  subnets: [subnet(NODES, '10.1.0.0/22', false), subnet(API, '10.1.8.0/28', true)],
  roleAssignments: [{ properties: { principalId: 'P-1', roleDefinitionId: NETWORK_CONTRIBUTOR, scope: NETWORK } }],
  runCommand: { reachable: true, detail: 'answered' },
} satisfies { readonly [K in FactKey]?: FactValues[K] };

describe('verdicts', () => {
  const status = (profile: JsonObject | undefined, known = {}): readonly (string | undefined)[] => {
    const found = apiServerExposure.assess(facts(profile ? access(profile) : {}, known));
    return ['12.1', '11.1', '11.2', '11.3'].map((id) => found[id]?.status);
  };
  test.each([
    ['no profile at all', undefined, ['fail', 'fail', 'fail', 'not-applicable']],
    ['an empty list', { authorizedIPRanges: [] }, ['fail', 'fail', 'fail', 'not-applicable']],
    ['ranges', { authorizedIPRanges: [`${HOME}/32`] }, ['pass', 'partial', 'partial', 'not-applicable']],
    ['ranges as az spells them', { authorizedIpRanges: [HOME] }, ['pass', 'partial', 'partial', 'not-applicable']],
    ['everybody', { authorizedIPRanges: [HOME, '0.0.0.0/0'] }, ['fail', 'fail', 'fail', 'not-applicable']],
    ['everybody in two halves', { authorizedIPRanges: ['0.0.0.0/1', '128.0.0.0/1'] }, ['fail', 'fail', 'fail', 'not-applicable']],
    ['nobody but the cluster', { authorizedIPRanges: ['0.0.0.0/32'] }, ['partial', 'fail', 'fail', 'not-applicable']],
    ['a quarter of the internet', { authorizedIPRanges: ['64.0.0.0/2'] }, ['partial', 'fail', 'fail', 'not-applicable']],
    ['private over Private Link', { enablePrivateCluster: true }, ['not-applicable', 'pass', 'not-applicable', 'fail']],
    [
      'private without a public name',
      { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false },
      ['not-applicable', 'pass', 'not-applicable', 'pass'],
    ],
    ['private without a zone', { enablePrivateCluster: true, privateDNSZone: 'none' }, ['not-applicable', 'pass', 'not-applicable', 'not-applicable']],
    ['integrated and public', { enableVnetIntegration: true }, ['fail', 'fail', 'pass', 'not-applicable']],
    ['integrated and private', { enableVnetIntegration: true, enablePrivateCluster: true }, ['not-applicable', 'pass', 'pass', 'fail']],
    ['an old template with texts', { enablePrivateCluster: 'false' }, ['fail', 'fail', 'fail', 'not-applicable']],
  ] as const)('%s', (_name, profile, expected) => {
    expect(status(profile)).toEqual(expected);
  });

  test('201 ranges are too many, unless the cluster is integrated', () => {
    const many = Array.from({ length: 201 }, (_, i) => `20.72.${i}.0/32`);
    expect(status({ authorizedIPRanges: many })[0]).toBe('partial');
    expect(status({ authorizedIPRanges: many, enableVnetIntegration: true })[0]).toBe('pass');
  });

  test('egress outside of the ranges counts behind a NAT gateway, and AKS sees to it for its own load balancer', () => {
    const of = (outboundType: string): Facts =>
      facts({ properties: { networkProfile: { outboundType }, apiServerAccessProfile: { authorizedIPRanges: [HOME] } } });
    expect(apiServerExposure.assess(of('managedNATGateway'))['12.1']?.status).toBe('partial');
    expect(apiServerExposure.assess(of('loadBalancer'))['12.1']?.status).toBe('pass');
  });

  test('AKS Automatic presets the integration', () => {
    expect(apiServerExposure.assess(facts({ sku: { name: 'Automatic' } }))['11.2']?.status).toBe('preconfigured');
  });
});

describe('authorized ranges', () => {
  test('the default merges what stands, the operator and the cluster; placeholders go', () => {
    const of = facts(access({ authorizedIPRanges: ['137.117.106.88/29', '0.0.0.0/32'] }));
    expect(param('ranges').defaultValue(of)).toEqual(['137.117.106.88/29', `${HOME}/32`, EGRESS]);
  });

  test('the write keeps the rest, is probed, and its undo names the old list', () => {
    const { changes, guards } = plan(facts({}), 'authorized-ranges');
    expect(changes).toHaveLength(1);
    expect(edits(changes[0])).toEqual([['authorizedIPRanges', [`${HOME}/32`, EGRESS]]]);
    expect(changes[0]).toMatchObject({ probeAfter: true, impact: { kind: 'api-server' }, undo: [{ edits: [{ after: [] }] }] });
    expect(guards.filter(({ verdict }) => verdict === 'refuse' || verdict === 'unknown')).toEqual([]);
  });

  test('the undo puts an old list back as it was written', () => {
    const { changes } = plan(facts(access({ authorizedIPRanges: ['137.117.106.88'] })), 'authorized-ranges');
    expect(changes[0]).toMatchObject({ undo: [{ edits: [{ after: ['137.117.106.88'] }] }] });
  });

  test('in place, in any order or notation, it changes nothing', () => {
    const of = facts(access({ authorizedIPRanges: [EGRESS, HOME] }));
    expect(plan(of, 'authorized-ranges')).toEqual({ changes: [], guards: [] });
  });

  test('refuses a list without the operator, and says what to add', () => {
    const { guards, changes } = plan(facts({}), 'authorized-ranges', { ranges: ['137.117.106.88/29', EGRESS] });
    expect(guard(guards, 'operator-inside')).toMatchObject({ verdict: 'refuse', override: 'lock me out', next: [`Add ${HOME}/32 to the ranges.`] });
    expect(changes[0]?.probeAfter).toBeUndefined();
  });

  test('refuses for good a list without the egress addresses', () => {
    const { guards } = plan(facts({}), 'authorized-ranges', { ranges: [HOME] });
    expect(guard(guards, 'egress-inside')).toMatchObject({ verdict: 'refuse', override: 'never' });
  });

  test('with VNet integration nodes need no range', () => {
    const of = facts(access({ enableVnetIntegration: true }));
    expect(param('ranges').defaultValue(of)).toEqual([`${HOME}/32`]);
    expect(guard(plan(of, 'authorized-ranges').guards, 'egress-inside')?.verdict).toBe('clear');
  });

  test('behind a firewall the addresses must be named', () => {
    const of = facts({ properties: { networkProfile: { outboundType: 'userDefinedRouting' } } }, { outboundAddresses: 'the next hop is a firewall' });
    expect(param('egressAddresses').defaultValue(of)).toBeUndefined();
    expect(param('egressAddresses').validate([], of)).toContain('the next hop is a firewall');
    const { guards } = plan(of, 'authorized-ranges', { egressAddresses: ['52.10.10.10'], ranges: [HOME] });
    expect(guard(guards, 'egress-inside')).toMatchObject({ verdict: 'refuse' });
    const named = plan(of, 'authorized-ranges', { egressAddresses: ['52.10.10.10'], ranges: [HOME, '52.10.10.0/24'] });
    expect(guard(named.guards, 'egress-inside')?.verdict).toBe('clear');
  });

  test('egress that could not be read is unknown, never clear', () => {
    const { guards } = plan(facts({}, { outboundAddresses: 'no permission' }), 'authorized-ranges');
    expect(guard(guards, 'egress-inside')).toMatchObject({ verdict: 'unknown', override: 'the egress addresses are in the ranges' });
  });

  test('says who loses access', () => {
    const of = facts(access({ authorizedIPRanges: ['137.117.106.88/29', HOME] }));
    const { guards } = plan(of, 'authorized-ranges', { ranges: [HOME, EGRESS] });
    expect(guard(guards, 'ranges-removed')?.detail).toContain('137.117.106.88/29');
  });

  test('makes no probe that could only fail', () => {
    const of = facts({}, { apiServerReachability: { reachable: false, detail: 'timed out' } });
    const { changes, guards } = plan(of, 'authorized-ranges');
    expect(changes[0]?.probeAfter).toBeUndefined();
    expect(guard(guards, 'reachable-before')?.verdict).toBe('warn');
  });

  test('a sign-in from an address that cannot be one is not offered', () => {
    expect(param('operatorAddress').defaultValue(facts({}, { operator: { ...operator, address: '10.0.0.4' } }))).toBeUndefined();
  });

  test.each([
    [['0.0.0.0/0'], 'whole internet'],
    [['0.0.0.0/32'], 'locked out'],
    [[], 'whole internet'],
    [['203.0.113.7'], 'documentation'],
    [['10.0.0.0/8'], 'private'],
    [['20.71.10.5/24'], '20.71.10.0/24'],
    ['137.117.106.88, nonsense', 'nonsense'],
    [Array.from({ length: 201 }, (_, i) => `20.72.${i}.1`), '200'],
  ] as const)('the list %j is refused: %s', (value, why) => {
    expect(param('ranges').validate(value, facts({}))).toContain(why);
  });

  test('a text with commas is a list', () => {
    const { changes } = plan(facts({}), 'authorized-ranges', { ranges: `${HOME}, ${EGRESS}` });
    expect(edits(changes[0])).toEqual([['authorizedIPRanges', [`${HOME}/32`, EGRESS]]]);
  });

  test.each([
    ['private clusters', access({ enablePrivateCluster: true }), 'private'],
    ['a Basic load balancer', { properties: { networkProfile: { loadBalancerSku: 'Basic' } } }, '--load-balancer-sku=Standard'],
    ['nodes with public addresses from nowhere', { properties: { agentPoolProfiles: [{ name: 'edge', count: 1, enableNodePublicIP: true }] } }, 'edge'],
  ] as const)('cannot be had with %s', (_name, body, why) => {
    const of = facts(body);
    expect(apiServerExposure.options(of)[0]?.unavailable).toContain(why);
    expect(plan(of, 'authorized-ranges')).toMatchObject({ changes: [], guards: [{ id: 'unavailable', verdict: 'refuse' }] });
  });

  test('node public addresses from a prefix ask for the prefix', () => {
    const of = facts({ properties: { agentPoolProfiles: [{ name: 'edge', count: 1, enableNodePublicIP: true, nodePublicIPPrefixID: '/prefix' }] } });
    expect(guard(plan(of, 'authorized-ranges').guards, 'egress-inside')).toMatchObject({ verdict: 'unknown', detail: expect.stringContaining('edge') });
  });
});

describe('private', () => {
  test('an existing cluster goes: VNet integration, stop, start, private; each after the one before', () => {
    const { changes, guards } = plan(facts(ownNetwork, convertible), 'private-cluster');
    expect(changes.map(({ id }) => id.split('/')[1])).toEqual(['vnet-integration', 'stop', 'start', 'private']);
    for (const [i, change] of changes.entries()) {
      expect(change.after.filter((id) => id !== 'cluster.admin-access')).toEqual(i === 0 ? [] : [changes[i - 1]?.id]);
    }
    // A way in that is prepared in the same plan comes before the last one closes.
    expect(changes.at(-1)?.after).toContain('cluster.admin-access');
    expect(changes.every(needsName)).toBe(true);
    expect(edits(changes[0])).toEqual([
      ['enableVnetIntegration', true],
      ['subnetId', API],
    ]);
    expect(changes[0]).toMatchObject({ alone: true, impact: { kind: 'reimage', pools: ['system', 'work'] }, reversible: { kind: 'no' } });
    expect(edits(changes[3])).toEqual([['enablePrivateCluster', true]]);
    expect(guard(guards, 'subnet-roles')?.verdict).toBe('clear');
    expect(guard(guards, 'private-path')?.verdict).toBe('clear');
    expect(guard(guards, 'stop-start')).toMatchObject({ verdict: 'unknown', override: 'I can restore this cluster elsewhere' });
  });

  test('an integrated cluster needs the switch alone', () => {
    const { changes } = plan(facts(access({ enableVnetIntegration: true, subnetId: API }), convertible), 'private-cluster');
    expect(changes.map(edits)).toEqual([[['enablePrivateCluster', true]]]);
    expect(changes[0]?.impact.kind).toBe('network');
  });

  test('ranges are emptied in the same write, and come back with the undo', () => {
    const of = facts(access({ enableVnetIntegration: true, authorizedIPRanges: [HOME] }), convertible);
    const { changes } = plan(of, 'private-cluster');
    expect(edits(changes[0])).toEqual([
      ['authorizedIPRanges', []],
      ['enablePrivateCluster', true],
    ]);
    expect(edits(changes[0]?.undo?.[0])).toEqual([
      ['authorizedIPRanges', [HOME]],
      ['enablePrivateCluster', false],
    ]);
  });

  test.each([
    ['no path is named', { privatePath: 'none' }, {}, {}, 'refuse'],
    ['run-command did not answer', { privatePath: 'run-command' }, {}, { runCommand: { reachable: false, detail: 'no' } }, 'refuse'],
    ['run-command is off', { privatePath: 'run-command' }, { disableRunCommand: true }, {}, 'refuse'],
    ['run-command was not tried', { privatePath: 'run-command' }, {}, { runCommand: 'not tried' }, 'unknown'],
    ['a VPN is taken on trust', { privatePath: 'vpn' }, {}, {}, 'unknown'],
    ['run-command answered', { privatePath: 'run-command' }, {}, {}, 'clear'],
  ] as const)('path: %s', (_name, values, profile, known, verdict) => {
    const of = facts(access({ enableVnetIntegration: true, ...profile }), { ...convertible, ...known });
    expect(guard(plan(of, 'private-cluster', values).guards, 'private-path')?.verdict).toBe(verdict);
  });

  test('no path is assumed where nothing was proven', () => {
    expect(param('privatePath').defaultValue(facts({}))).toBe('none');
  });

  test('in place it changes nothing', () => {
    expect(plan(facts(access({ enablePrivateCluster: true })), 'private-cluster')).toEqual({ changes: [], guards: [] });
  });

  test('Terraform would replace the cluster: refused until the code is changed', () => {
    const of = facts(access({ enableVnetIntegration: true }), { ...convertible, ownership: [{ tool: 'terraform', sign: 'tag managed-by' }] });
    expect(guard(plan(of, 'private-cluster').guards, 'iac-ownership')).toMatchObject({ verdict: 'refuse', override: 'the code is changed' });
  });

  test('a system-assigned identity and a network of AKS are not waved through', () => {
    const { guards } = plan(facts({}, convertible), 'vnet-integration', { apiserverSubnet: API });
    expect(guard(guards, 'subnet-roles')?.verdict).toBe('refuse');
    expect(guard(guards, 'managed-network')?.verdict).toBe('unknown');
  });

  test.each([
    ['node auto-provisioning', { properties: { nodeProvisioningProfile: { mode: 'Auto' } } }, 'auto-provisioning'],
    ['availability sets', { properties: { agentPoolProfiles: [{ name: 'old', type: 'AvailabilitySet', count: 2 }] } }, 'old'],
    ['a Basic load balancer', { properties: { networkProfile: { loadBalancerSku: 'basic' } } }, '2025-09-30'],
    ['qatarcentral', { location: 'qatarcentral' }, 'qatarcentral'],
  ] as const)('VNet integration cannot be had with %s', (_name, body, why) => {
    const [, privately, integrated] = apiServerExposure.options(facts(body, convertible));
    expect(privately?.unavailable).toContain(why);
    expect(integrated?.unavailable).toContain(why);
  });

  test('without a subnet that fits the command for one is shown', () => {
    const of = facts(ownNetwork, { ...convertible, subnets: [subnet(NODES, '10.1.0.0/22', true), subnet(API, '10.1.8.0/29', true)] });
    expect(apiServerExposure.options(of)[2]?.unavailable).toContain('az network vnet subnet create -g rg-net --vnet-name vnet-shop');
  });

  test.each([
    ['snet-apiserver', undefined],
    [API, undefined],
    [API.toLowerCase(), undefined],
    [NODES, 'holds the nodes'],
    [`${NETWORK}/subnets/other`, 'no subnet other'],
    ['nonsense', 'ARM id'],
    [`${NETWORK}/subnets/small`, 'smaller than /28'],
    [`${NETWORK}/subnets/plain`, 'not delegated'],
  ])('subnet %s: %s', (said, why) => {
    const subnets = [
      ...convertible.subnets,
      subnet(`${NETWORK}/subnets/small`, '10.1.9.0/29', true),
      subnet(`${NETWORK}/subnets/plain`, '10.1.10.0/28', false),
    ];
    const fault = param('apiserverSubnet').validate(said, facts(ownNetwork, { ...convertible, subnets }));
    if (why === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(why);
  });
});

describe('the public name of a private cluster', () => {
  test('is taken away with one edit and comes back as true', () => {
    const { changes } = plan(facts(access({ enablePrivateCluster: true })), 'hide-public-fqdn');
    expect(edits(changes[0])).toEqual([['enablePrivateClusterPublicFQDN', false]]);
    expect(edits(changes[0]?.undo?.[0])).toEqual([['enablePrivateClusterPublicFQDN', true]]);
  });

  test.each([
    ['a public cluster', {}],
    ['a cluster without a private zone', access({ enablePrivateCluster: true, privateDNSZone: 'None' })],
  ])('cannot be had on %s', (_name, body) => {
    expect(apiServerExposure.options(facts(body))[3]?.unavailable).toBeTruthy();
    expect(plan(facts(body), 'hide-public-fqdn').changes).toEqual([]);
  });
});

describe('words', () => {
  const recommended = (of: Facts): readonly string[] => apiServerExposure.options(of).flatMap(({ id, recommended: why }) => (why ? [id] : []));
  test('one recommendation, from the facts', () => {
    expect(recommended(facts({}))).toEqual(['authorized-ranges']);
    expect(recommended(facts(access({ enablePrivateCluster: true })))).toEqual(['private-cluster']);
    expect(recommended(facts({ properties: { networkProfile: { loadBalancerSku: 'basic' } } }))).toEqual([]);
  });

  test('trade-offs name this cluster', () => {
    const [ranges, privately] = apiServerExposure.options(facts(ownNetwork, convertible));
    expect(ranges?.tradeOff).toContain(HOME);
    expect(ranges?.tradeOff).toContain(EGRESS);
    expect(privately?.tradeOff).toContain('2 pools with 8 nodes');
  });

  test('the way that others leave out is said', () => {
    expect(apiServerExposure.explain(facts({})).today).toMatch(/VNet Integration.*one-way.*stop and a start/s);
  });
});
