import { describe, expect, it } from 'vitest';
import { planOnlyKeys, readFacts, readKeys, readMore } from '../../src/snapshot/live.ts';
import {
  address,
  cluster,
  clusterId,
  emptyKubernetes,
  endpoint,
  fakeArm,
  group,
  groupId,
  now,
  operator,
  principalId,
  read,
  registry,
  rule,
  value,
  withProperties,
  workspace,
  world,
  zone,
} from './fake-arm.ts';

describe('reading a live cluster', () => {
  it('takes two rounds of requests in a row, whatever is asked for', async () => {
    const { arm, rounds } = fakeArm();
    await readFacts({ arm, clusterId, now });
    expect(rounds).toHaveLength(2);
    expect(rounds[0]).toBeGreaterThan(10);
  });

  it.each([
    [
      'its own network',
      { agentPoolProfiles: [{ name: 'p1', nodeImageVersion: 'a', vnetSubnetID: `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s` }] },
    ],
    [
      'a NAT gateway of its own',
      {
        networkProfile: { outboundType: 'userAssignedNATGateway' },
        agentPoolProfiles: [{ name: 'p1', vnetSubnetID: `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s` }],
      },
    ],
    ['user-defined routes', { networkProfile: { outboundType: 'userDefinedRouting' } }],
    ['many admin groups', { aadProfile: { managed: true, adminGroupObjectIDs: [groupId, groupId.replace('a', 'b'), groupId.replace('a', 'c')] } }],
  ])('two rounds with %s', async (_name, properties) => {
    const { arm, rounds } = fakeArm(withProperties(properties));
    await readFacts({ arm, clusterId, now });
    expect(rounds.length).toBeLessThanOrEqual(2);
  });

  it('knows everything that is there', async () => {
    const facts = await read();
    expect(facts).toMatchObject({
      schemaVersion: 1,
      source: { kind: 'practice', label: 'fake', readAt: '2026-09-01T10:00:00.000Z' },
      apiVersion: '2026-05-01',
      cluster,
      previewProperties: [],
    });
    expect(Object.keys(facts.known).sort()).toEqual([...readKeys].sort());
    for (const [key, fact] of Object.entries(facts.known)) expect([key, fact]).toEqual([key, expect.objectContaining({ state: 'known' })]);
    expect(value(facts, 'permissions')).toEqual([{ actions: ['*'], notActions: ['x/delete'] }]);
    expect(value(facts, 'outboundAddresses')).toEqual([{ resourceId: address, cidr: '20.1.1.1/32' }]);
    expect(value(facts, 'poolImages')).toEqual([{ pool: 'p1', current: 'AKSUbuntu-2204-1', latest: 'AKSUbuntu-2204-2' }]);
    expect(value(facts, 'workspaces')).toEqual([{ id: workspace, usedBy: 'omsagent', exists: true }]);
    expect(value(facts, 'adminGroups')).toEqual([
      { id: groupId, exists: true, displayName: 'Admins', securityEnabled: true, memberCount: 2, containsOperator: true },
    ]);
    expect(value(facts, 'subnets')).toEqual([{ id: '/vnet/subnets/a' }]);
    expect(value(facts, 'subscriptionTenant')).toBe('tenant');
    expect(value(facts, 'availableWorkspaces')).toEqual([{ id: workspace, location: 'westeurope' }]);
    expect(value(facts, 'operator')).toEqual(operator);
    expect(value(facts, 'servicePrincipal')).toMatchObject({
      exists: true,
      objectId: principalId,
      credentials: [{ kind: 'secret', endsAt: '2026-12-01T00:00:00Z' }],
    });
    expect(value(facts, 'identityRoleAssignments')).toMatchObject([{ identity: 'service-principal', principalId, assignments: [{ id: 'ours' }] }]);
    expect(value(facts, 'dataCollectionRules')).toEqual([{ association: 'ci', ruleId: rule, rule: { id: rule } }]);
    expect(value(facts, 'registryPrivateLink')).toEqual({
      endpoints: [{ id: endpoint, subnetId: '/s', targets: [registry], zones: [zone] }],
      zones: [{ id: zone, networks: ['/vnet'] }],
    });
  });

  it('asks for nothing twice', async () => {
    const { arm, asked } = fakeArm();
    await readFacts({ arm, clusterId, now });
    const reads = asked.filter(({ method }) => method === 'GET').map(({ url }) => url);
    expect(reads.filter((url, i) => reads.indexOf(url) !== i)).toEqual([]);
  });

  it('finds who else owns the cluster: its tags, those of its group, deployments but not the portal', async () => {
    expect(value(await read(), 'ownership')).toEqual([
      { tool: 'azd', sign: 'tag azd-env-name=dev on the cluster' },
      { tool: 'terraform', sign: 'tag ManagedBy=Terraform on the resource group' },
      { tool: 'bicep', sign: 'deployment main of the resource group' },
    ]);
  });

  it('knows which security groups the operator is in, their names cleaned, and no other memberships', async () => {
    expect(value(await read(), 'operatorGroups')).toEqual([{ id: groupId, displayName: expect.stringMatching(/^Admins[^\u001b]*$/) }]);
  });

  it('lists a lock that stands above both groups once', async () => {
    expect(value(await read(), 'locks')).toHaveLength(2);
  });

  it('reads only the facts that are named', async () => {
    const { arm, asked } = fakeArm();
    const facts = await readFacts({ arm, clusterId, now, keys: ['diagnosticSettings'] });
    expect(Object.keys(facts.known)).toEqual(['diagnosticSettings']);
    expect(asked).toHaveLength(3);
  });

  it('starts nothing in the cluster unless it is asked to', async () => {
    const kubernetes = () => Promise.reject(new Error('looked for'));
    const facts = await read(world, { kubernetes });
    for (const key of planOnlyKeys) expect(facts.known[key]).toBeUndefined();
  });
});

describe('facts for planning', () => {
  const kubernetes = emptyKubernetes;

  it('come from Kubernetes, the probe and run-command', async () => {
    const facts = await read(world, { keys: [], planKeys: planOnlyKeys, kubernetes, runCommand: async () => ({ reachable: false, detail: 'off' }) });
    expect(facts.known).toEqual({
      podSecurityAnswers: { state: 'known', value: [] },
      nodes: { state: 'known', value: [] },
      kubernetesAccess: { state: 'known', value: { allowed: true, as: 'ada' } },
      apiServerReachability: { state: 'known', value: { reachable: true, detail: 'legacy.hcp.westeurope.azmk8s.io' } },
      runCommand: { state: 'known', value: { reachable: false, detail: 'off' } },
      certificateHistory: { state: 'known', value: { since: '2026-06-04T10:00:00.000Z' } },
    });
  });

  it('are unknown where there is no way in', async () => {
    const facts = await readFacts({ arm: fakeArm().arm, clusterId, now, keys: ['networkPolicies'], planKeys: ['runCommand'] });
    expect(facts.known.networkPolicies).toMatchObject({ state: 'unknown', reason: expect.stringContaining('no way into the cluster') });
    expect(facts.known.runCommand).toMatchObject({ state: 'unknown' });
  });

  it('can be read later, beside what is known', async () => {
    const facts = await read();
    const more = await readMore(facts, { arm: fakeArm().arm, clusterId, keys: ['networkPolicies'], kubernetes: async () => kubernetes });
    expect(more.known).toEqual({ ...facts.known, networkPolicies: { state: 'known', value: [] } });
    expect(more.cluster).toBe(facts.cluster);
  });

  it('look for a way in once', async () => {
    let looked = 0;
    const find = async () => {
      looked += 1;
      return kubernetes;
    };
    await read(world, { keys: [], planKeys: ['networkPolicies', 'kubernetesAccess'], kubernetes: find });
    expect(looked).toBe(1);
  });
});
