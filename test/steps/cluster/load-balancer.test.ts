import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { storeResource } from '../../../src/practice/world.ts';
import { loadBalancer } from '../../../steps/cluster/load-balancer.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const basic = { networkProfile: { loadBalancerSku: 'Basic' } };
const facts = (properties: JsonObject = basic, known: Parameters<typeof factsOf>[1] = {}): Facts =>
  factsOf(cluster({ properties }), { ...readable, nodeLoadBalancers: [], ...known });
const option = (of: Facts, id = 'standard') => loadBalancer.options(of).find((one) => one.id === id);
const balancer = (name: string, frontend: JsonObject): JsonObject => ({ name, properties: { frontendIPConfigurations: [{ properties: frontend }] } });

test.each([
  ['Standard', facts({ networkProfile: { loadBalancerSku: 'Standard' } }), 'pass'],
  ['lower case', facts({}), 'pass'],
  ['Basic', facts(), 'fail'],
  ['not said', facts({ networkProfile: { loadBalancerSku: undefined } }), 'unknown'],
  ['no network', facts({ networkProfile: undefined }), 'unknown'],
] as const)('10.3, %s', (_name, of, status) => expect(statusOf(loadBalancer, of, '10.3')).toBe(status));

describe('in place', () => {
  test('is one write of its own, with no way back, and says the downtime', () => {
    const { changes, guards } = decide(loadBalancer, facts(), 'standard');
    expect(changes.map(editsOf)).toEqual([['properties.networkProfile.loadBalancerSku="standard"']]);
    expect(changes[0]).toMatchObject({ alone: true, reversible: { kind: 'no' }, impact: { kind: 'reimage', pools: ['system', 'work'] } });
    expect(changes[0]?.impact.scope).toContain('downtime');
    expect(guards.find(({ id }) => id === 'new-egress-address')?.verdict).toBe('warn');
    expect(option(facts())?.recommended).toContain('2025-09-30');
  });

  test.each([
    ['Kubernetes 1.26', { currentKubernetesVersion: '1.26.9' }, {}, '1.27'],
    ['availability sets', { agentPoolProfiles: [{ name: 'old', type: 'AvailabilitySet', count: 2 }] }, {}, '--migrate-vmas-to-vms'],
    ['a private key vault', { securityProfile: { azureKeyVaultKms: { enabled: true, keyVaultNetworkAccess: 'Private' } } }, {}, 'Key Management Service'],
    ['an internal load balancer', {}, { nodeLoadBalancers: [balancer('kubernetes-internal', { subnet: { id: '/s' } })] }, 'kubernetes-internal'],
  ])('cannot be had with %s', (_name, properties, known, words) => {
    const of = facts({ ...basic, ...properties }, known);
    expect(option(of)?.unavailable).toContain(words);
    expect(option(of)?.recommended).toBeUndefined();
    expect(option(of, 'new-cluster')?.unavailable).toBeUndefined();
  });

  test('a public load balancer, and a key vault that is reached over the internet, are no obstacle', () => {
    const known = { nodeLoadBalancers: [balancer('kubernetes', { publicIPAddress: { id: '/ip' } })] };
    const of = facts({ ...basic, securityProfile: { azureKeyVaultKms: { enabled: true, keyVaultNetworkAccess: 'Public' } } }, known);
    expect(option(of)?.unavailable).toBeUndefined();
    expect(guardOf(decide(loadBalancer, of, 'standard'), 'internal-load-balancer')).toBeUndefined();
  });

  test('load balancers that could not be read ask for a word', () => {
    const { guards } = decide(loadBalancer, facts(basic, { nodeLoadBalancers: 'not allowed' }), 'standard');
    expect(guards.find(({ id }) => id === 'internal-load-balancer')).toMatchObject({ verdict: 'unknown', override: 'there is no internal load balancer' });
  });

  test.each([
    ['none that Azure knows', {}, 'unknown', 'Azure does not show them'],
    ['Azure Policy', { addonProfiles: { azurepolicy: { enabled: true } } }, 'refuse', 'Azure Policy'],
    ['workload identity', { securityProfile: { workloadIdentity: { enabled: true } } }, 'refuse', 'workload identity'],
  ])('webhooks have to be out of the way: %s', (_name, properties, verdict, words) => {
    const guard = decide(loadBalancer, facts({ ...basic, ...properties }), 'standard').guards.find(({ id }) => id === 'webhooks');
    expect(guard).toMatchObject({ verdict, detail: expect.stringContaining(words), override: 'no webhook of mine is left' });
  });

  test('Terraform would make the cluster anew, and says so first', () => {
    const plan = decide(loadBalancer, facts(basic, { ownership: [{ tool: 'terraform', sign: 'tag' }] }), 'standard');
    expect(plan.guards.find(({ id }) => id === 'iac-ownership')).toMatchObject({ verdict: 'refuse', override: 'the code is changed' });
  });
});

test('where it is Standard there is nothing to do, and nothing to recommend', () => {
  const of = facts({});
  expect(decide(loadBalancer, of, 'standard').changes).toEqual([]);
  expect(loadBalancer.options(of).filter(({ recommended }) => recommended)).toEqual([]);
});

describe('on a practice cluster', () => {
  test('legacy moves once', async () => {
    const { read, carryOut } = await bench('legacy', [loadBalancer]);
    expect(statusOf(loadBalancer, await read(), '10.3')).toBe('fail');
    const done = await carryOut(loadBalancer, 'standard');
    expect(troubles(done.events)).toEqual([]);
    expect(statusOf(loadBalancer, done.facts, '10.3')).toBe('pass');
    expect(sent((await carryOut(loadBalancer, 'standard')).events)).toEqual([]);
  });

  test('an internal load balancer is seen before the request is sent', async () => {
    const { practice, read } = await bench('legacy', [loadBalancer]);
    const group = `/subscriptions/${practice.world.state.subscriptionId}/resourceGroups/MC_shop-rg_shop-legacy_westeurope`;
    const id = `${group}/providers/Microsoft.Network/loadBalancers/kubernetes-internal`;
    storeResource(practice.world, { ...balancer('kubernetes-internal', { subnet: { id: '/s' } }), id, type: 'Microsoft.Network/loadBalancers' });
    expect(option(await read())?.unavailable).toContain('kubernetes-internal');
  });

  test.each(['typical', 'private', 'hardened'])('%s passes', async (scenario) => {
    const { read } = await bench(scenario, [loadBalancer]);
    expect(statusOf(loadBalancer, await read(), '10.3')).toBe('pass');
  });
});
