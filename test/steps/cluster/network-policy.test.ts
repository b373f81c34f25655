import { describe, expect, test } from 'vitest';
import { type Change, needsName } from '../../../src/model/change.ts';
import type { FactKey, Facts, FactValues, NetworkPolicyObject } from '../../../src/model/facts.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import type { Guard } from '../../../src/model/step.ts';
import { networkPolicy } from '../../../steps/cluster/network-policy.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';

const facts = (network: JsonObject, known: { readonly [K in FactKey]?: FactValues[K] | string } = {}, rest: JsonObject = {}): Facts => {
  const { properties, ...top } = rest;
  return factsOf(cluster({ ...top, properties: { networkProfile: network, ...(properties as JsonObject | undefined) } }), {
    ...readable,
    networkPolicies: [],
    ...known,
  });
};
const kubenet: JsonObject = { networkPlugin: 'kubenet', networkPluginMode: undefined, networkPolicy: undefined, networkDataplane: undefined };
const windows: JsonObject = { properties: { agentPoolProfiles: [{ name: 'win1', osType: 'Windows', count: 2 }] } };
const plan = (of: Facts, option: string, values: { readonly [name: string]: Json } = {}) => networkPolicy.plan(of, choose(networkPolicy, of, option, values));
const words = (changes: readonly Change[]): readonly string[] => changes.map(({ id }) => id.split('/')[1] ?? '');
const edits = (change: Change | undefined) =>
  change?.kind === 'arm.update' ? Object.fromEntries(change.edits.map((edit) => [edit.path.at(-1), [edit.before, edit.after]])) : undefined;
const guard = (guards: readonly Guard[], id: string): Guard | undefined => guards.find((candidate) => candidate.id === id);
const option = (of: Facts, id: string) => networkPolicy.options(of).find((candidate) => candidate.id === id);
const policy = (name: string, rest: Partial<NetworkPolicyObject> = {}): NetworkPolicyObject => ({
  namespace: 'shop',
  name,
  selectsAll: false,
  policyTypes: ['Ingress'],
  usesIpBlock: false,
  ...rest,
});

describe('15.1', () => {
  test.each([
    ['none', 'fail'],
    ['', 'fail'],
    [null, 'fail'],
    [undefined, 'fail'],
    ['None', 'fail'],
    ['cilium', 'pass'],
    ['calico', 'pass'],
    ['azure', 'partial'],
    ['weave', 'unknown'],
  ] as const)('engine %j gives %s', (engine, status) => {
    expect(networkPolicy.assess(facts({ networkPolicy: engine }))['15.1']?.status).toBe(status);
  });

  test('Azure NPM is told with its ends', () => {
    expect(networkPolicy.assess(facts({ networkPolicy: 'azure' }))['15.1']).toMatchObject({ reason: expect.stringContaining('2028-09-30') });
    expect(networkPolicy.assess(facts({ networkPolicy: 'azure' }, {}, windows))['15.1']).toMatchObject({ reason: expect.stringMatching(/win1.*2026-09-30/) });
  });

  test('what cannot be seen is unknown', () => {
    expect(networkPolicy.assess(facts({ networkPlugin: 'none' }))['15.1']?.status).toBe('unknown');
    expect(networkPolicy.assess(factsOf(cluster({ properties: { networkProfile: undefined } })))['15.1']?.status).toBe('unknown');
    expect(networkPolicy.assess(facts({}, {}, { sku: { name: 'Automatic' } }))['15.1']?.status).toBe('preconfigured');
  });
});

test.each([
  ['kubenet', 'fail'],
  ['Kubenet', 'fail'],
  ['azure', 'pass'],
  ['none', 'pass'],
] as const)('15.3: plugin %s gives %s', (plugin, status) => {
  expect(networkPolicy.assess(facts({ networkPlugin: plugin }))['15.3']?.status).toBe(status);
});

describe('changes', () => {
  test('Cilium is one write of dataplane and engine, of its own, for all pools, with no way back', () => {
    const { changes } = plan(facts({}), 'cilium');
    expect(changes).toHaveLength(1);
    expect(edits(changes[0])).toEqual({ networkDataplane: ['azure', 'cilium'], networkPolicy: ['none', 'cilium'] });
    expect(changes[0]).toMatchObject({ alone: true, impact: { kind: 'reimage', pools: ['system', 'work'] }, reversible: { kind: 'no' } });
  });

  test('kubenet goes to overlay and then to Cilium, never in one write', () => {
    const { changes } = plan(facts(kubenet), 'overlay-then-cilium');
    expect(words(changes)).toEqual(['overlay', 'cilium']);
    expect(edits(changes[0])).toEqual({ networkPlugin: ['kubenet', 'azure'], networkPluginMode: [undefined, 'overlay'] });
    expect(changes[1]).toMatchObject({ after: [changes[0]?.id], alone: true });
    expect(changes.every(needsName)).toBe(true);
  });

  test('an engine on kubenet is taken off first, and every change starts from where the one before ends', () => {
    const { changes, guards } = plan(facts({ ...kubenet, networkPolicy: 'calico' }), 'overlay-then-cilium', { podCidr: '192.168.0.0/16' });
    expect(words(changes)).toEqual(['policy-off', 'overlay', 'cilium']);
    expect(changes.map(edits)).toEqual([
      { networkPolicy: ['calico', 'none'] },
      { networkPlugin: ['kubenet', 'azure'], networkPluginMode: [undefined, 'overlay'], podCidr: ['10.244.0.0/16', '192.168.0.0/16'] },
      { networkDataplane: [undefined, 'cilium'], networkPolicy: ['none', 'cilium'] },
    ]);
    expect(changes.map(({ after }) => after)).toEqual([
      expect.arrayContaining(['cluster.control-plane-version/whole-cluster']),
      [changes[0]?.id],
      [changes[1]?.id],
    ]);
    expect(guard(guards, 'enforcement-gap')?.verdict).toBe('warn');
  });

  test('from Azure NPM to Calico over none, to Cilium at once', () => {
    const of = facts({ networkPolicy: 'azure' });
    expect(plan(of, 'calico').changes.map(edits)).toEqual([{ networkPolicy: ['azure', 'none'] }, { networkPolicy: ['none', 'calico'] }]);
    expect(words(plan(of, 'cilium').changes)).toEqual(['cilium']);
  });

  test.each([
    ['cilium', { networkPolicy: 'cilium', networkDataplane: 'cilium' }],
    ['calico', { networkPolicy: 'calico' }],
    ['azure', { networkPolicy: 'azure' }],
  ] as const)('%s in place changes nothing', (id, network) => {
    const of = facts(network);
    expect(plan(of, id)).toEqual({ changes: [], guards: [] });
    expect(option(of, id)?.impact.kind).toBe('none');
  });
});

describe('guards', () => {
  test('sleeping policies are named, whole-namespace ones first of all', () => {
    const of = facts({}, { networkPolicies: [policy('deny', { selectsAll: true }), policy('db')] });
    expect(guard(plan(of, 'calico').guards, 'dormant-policies')).toMatchObject({
      verdict: 'refuse',
      override: 'sleeping policies may bite',
      detail: expect.stringMatching(/shop\/deny and shop\/db\. shop\/deny selects/),
    });
  });

  test('policies that could not be read are unknown and ask for the phrase', () => {
    expect(guard(plan(facts({}, { networkPolicies: 'no way in' }), 'cilium').guards, 'dormant-policies')).toMatchObject({
      verdict: 'unknown',
      override: 'sleeping policies may bite',
    });
  });

  test('where an engine enforces already nothing wakes up', () => {
    expect(guard(plan(facts({ networkPolicy: 'azure' }, { networkPolicies: [policy('db')] }), 'cilium').guards, 'dormant-policies')).toBeUndefined();
  });

  test('an ipBlock warns for Cilium only', () => {
    const of = facts({ networkPolicy: 'azure' }, { networkPolicies: [policy('db', { usesIpBlock: true })] });
    expect(guard(plan(of, 'cilium').guards, 'ip-block')).toMatchObject({ verdict: 'warn', detail: expect.stringContaining('shop/db') });
    expect(guard(plan(of, 'calico').guards, 'ip-block')).toBeUndefined();
  });

  test('a hostile policy name stays on its line', () => {
    const of = facts({}, { networkPolicies: [policy('a\u001b[2J\nb')] });
    expect(guard(plan(of, 'calico').guards, 'dormant-policies')?.detail).not.toMatch(/[\u001b\n]/);
  });

  test('Terraform would replace the cluster after a move to Cilium, and not after adding Calico', () => {
    const of = facts({}, { ownership: [{ tool: 'terraform', sign: 'tag' }] });
    expect(guard(plan(of, 'cilium').guards, 'iac-ownership')).toMatchObject({
      verdict: 'refuse',
      next: expect.arrayContaining([expect.stringContaining('network_data_plane')]),
    });
    expect(guard(plan(of, 'calico').guards, 'iac-ownership')?.verdict).toBe('warn');
  });

  test.each([
    ['its own network, system-assigned', { agentPoolProfiles: [{ name: 'a', count: 1, vnetSubnetID: '/s' }] }, undefined, 'refuse'],
    ['its own network, user-assigned', { agentPoolProfiles: [{ name: 'a', count: 1, vnetSubnetID: '/s' }] }, 'UserAssigned', 'warn'],
    ['a network of AKS, system-assigned', {}, undefined, 'unknown'],
    ['a network of AKS, user-assigned', {}, 'UserAssigned', 'clear'],
  ] as const)('the route table with %s: %s', (_name, properties, type, verdict) => {
    const of = facts(kubenet, {}, { properties: { ...properties }, ...(type ? { identity: { type } } : {}) });
    expect(guard(plan(of, 'overlay-then-cilium').guards, 'route-table')?.verdict).toBe(verdict);
  });
});

describe('options', () => {
  const old: JsonObject = { properties: { currentKubernetesVersion: '1.28.9' } };
  test.each([
    ['cilium', 'Windows', {}, windows, 'win1'],
    ['cilium', 'auto-provisioning', {}, { properties: { nodeProvisioningProfile: { mode: 'Auto' } } }, 'auto-provisioning'],
    ['cilium', 'kubenet', kubenet, {}, 'overlay-then-cilium'],
    ['cilium', 'a plugin of its own', { networkPlugin: 'none' }, {}, 'bring your own'],
    ['cilium', 'AKS Automatic', {}, { sku: { name: 'Automatic' } }, 'Automatic'],
    ['overlay-then-cilium', 'Azure CNI', {}, {}, 'not on kubenet'],
    ['overlay-then-cilium', 'Calico on an old version', { ...kubenet, networkPolicy: 'calico' }, old, '1.28.9'],
    ['overlay-then-cilium', 'a very old version', kubenet, { properties: { currentKubernetesVersion: '1.26.3' } }, '1.27'],
    ['calico', 'an old version', {}, old, '1.30'],
    ['calico', 'Cilium', { networkPolicy: 'cilium', networkDataplane: 'cilium' }, {}, 'no way back'],
    ['azure', 'Windows', {}, windows, '2026-09-30'],
    ['azure', 'kubenet', kubenet, {}, 'Azure CNI'],
    ['azure', 'an old version', {}, old, '1.30'],
  ] as const)('%s cannot be had with %s', (id, _name, network, rest, why) => {
    const of = facts(network, {}, rest);
    expect(option(of, id)?.unavailable).toContain(why);
    expect(plan(of, id)).toMatchObject({ changes: [], guards: [{ id: 'unavailable' }] });
  });

  test.each([
    ['Azure CNI', {}, {}, ['cilium']],
    ['Azure NPM', { networkPolicy: 'azure' }, {}, ['cilium']],
    ['Calico', { networkPolicy: 'calico' }, {}, ['calico']],
    ['Windows', {}, windows, ['calico']],
    ['kubenet', kubenet, {}, ['overlay-then-cilium']],
    ['kubenet with Calico', { ...kubenet, networkPolicy: 'calico' }, {}, ['overlay-then-cilium']],
    ['a plugin of its own', { networkPlugin: 'none' }, {}, []],
  ] as const)('%s: recommends %j', (_name, network, rest, expected) => {
    expect(networkPolicy.options(facts(network, {}, rest)).flatMap(({ id, recommended }) => (recommended ? [id] : []))).toEqual(expected);
  });

  test('the time is that of pools side by side, with this cluster named', () => {
    const found = option(facts({}), 'cilium');
    // 5 nodes of the larger pool, one at a time: 2 + 5 × 4 to 4 + 5 × 10 minutes.
    expect(found?.minutes).toEqual([22, 54]);
    expect(found?.tradeOff).toContain('2 pools with 8 nodes: about 22 to 54 minutes');
  });
});

describe('the pod network', () => {
  const subnets = [{ id: '/x/subnets/nodes', properties: { addressPrefix: '10.224.0.0/16' } }];
  const fault = (said: string): string | undefined => networkPolicy.params[0]?.validate(said, facts(kubenet, { subnets }));
  test.each(['10.244.0.0/16', '192.168.0.0/16', '100.64.0.0/16', '10.244.0.0/20'])('%s is fine', (said) => {
    expect(fault(said)).toBeUndefined();
  });
  test.each([
    ['10.0.0.0/8', 'overlaps'],
    ['10.224.0.0/17', 'subnet nodes'],
    ['10.0.128.0/17', 'service network'],
    ['172.16.0.0/12', 'AKS keeps'],
    ['20.0.0.0/16', 'not a private'],
    ['192.168.0.0/23', '/20 or larger'],
    ['192.168.1.0/16', '192.168.0.0/16'],
    ['', 'empty'],
  ])('%s is refused: %s', (said, why) => {
    expect(fault(said)).toContain(why);
  });
});
