import { describe, expect, it } from 'vitest';
import type { FactKey, Facts } from '../../src/model/facts.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { problemOf } from '../../src/model/problem.ts';
import { planOnlyKeys, readAdminGroup, readFacts, readKeys, readMore } from '../../src/snapshot/live.ts';
import {
  address,
  cluster,
  clusterId,
  endpoint,
  fakeArm,
  group,
  groupId,
  nodeGroup,
  operator,
  principalId,
  refused,
  registry,
  rule,
  subscription,
  type World,
  workspace,
  world,
  zone,
} from './fake-arm.ts';

const now = new Date('2026-09-01T10:00:00Z');
const read = (state: World = world, options: Partial<Parameters<typeof readFacts>[0]> = {}) =>
  readFacts({ arm: fakeArm(state).arm, clusterId, now, ...options });
const withProperties = (properties: JsonObject): World => ({
  ...world,
  [clusterId]: { ...cluster, properties: { ...(cluster['properties'] as JsonObject), ...properties } },
});
const value = <K extends FactKey>(facts: Facts, key: K) => {
  const fact = facts.known[key];
  return fact?.state === 'known' ? fact.value : fact;
};

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

describe('facts that cannot be read', () => {
  const places: readonly (readonly [FactKey, string])[] = [
    ['agentPools', `${clusterId}/agentPools`],
    ['diagnosticSettings', `${clusterId}/providers/Microsoft.Insights/diagnosticSettings`],
    ['maintenanceConfigurations', `${clusterId}/maintenanceConfigurations`],
    ['defenderPlan', `${subscription}/providers/Microsoft.Security/pricings/Containers`],
    ['permissions', `${clusterId}/providers/Microsoft.Authorization/permissions`],
    ['subscriptionPermissions', `${subscription}/providers/Microsoft.Authorization/permissions`],
    ['locks', `${nodeGroup}/providers/Microsoft.Authorization/locks`],
    ['policyAssignments', `${clusterId}/providers/Microsoft.Authorization/policyAssignments`],
    ['roleAssignments', `${clusterId}/providers/Microsoft.Authorization/roleAssignments`],
    ['outboundAddresses', address],
    ['poolImages', `${clusterId}/agentPools/p1/upgradeProfiles/default`],
    ['workspaces', workspace],
    ['adminGroups', `/groups/${groupId}`],
    ['subscriptionTenant', subscription],
    ['availableWorkspaces', `${subscription}/providers/Microsoft.OperationalInsights/workspaces`],
    ['subnets', `${nodeGroup}/providers/Microsoft.Network/virtualNetworks`],
    ['siblingClusters', `${subscription}/providers/Microsoft.ContainerService/managedClusters`],
    ['managedIdentities', `${subscription}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`],
    ['identityRoleAssignments', `${subscription}/providers/Microsoft.Authorization/roleAssignments`],
    ['dataCollectionRules', rule],
    ['registryScanners', `${registry}/webhooks`],
    ['registryAssessments', `${registry}/providers/Microsoft.Security/assessments`],
    ['registryPrivateLink', `${zone}/virtualNetworkLinks`],
  ];

  it.each(places)('%s is unknown, names the missing right, and nothing else is lost', async (key, place) => {
    const facts = await read({ ...world, [place]: refused('Some.Provider/thing/read', place) });
    expect(facts.known[key]).toEqual({ state: 'unknown', reason: expect.stringContaining('Some.Provider/thing/read'), permission: 'Some.Provider/thing/read' });
    const others = Object.entries(facts.known).filter(([other, fact]) => other !== key && fact.state === 'unknown');
    expect(others).toEqual([]);
  });

  it('ownership counts the signs that it could read, and is unknown without any', async () => {
    const broken = { [`${group}/providers/Microsoft.Resources/deployments`]: refused('Microsoft.Resources/deployments/read', group) };
    expect(value(await read({ ...world, ...broken }), 'ownership')).toHaveLength(2);
    const bare = { ...world, ...broken, [group]: { id: group }, [clusterId]: { ...cluster, tags: {} } };
    expect(value(await read(bare), 'ownership')).toMatchObject({ state: 'unknown', permission: 'Microsoft.Resources/deployments/read' });
  });

  it('a workspace that is gone and a group that is gone are answers', async () => {
    const { [workspace]: _w, [`/groups/${groupId}`]: _g, ...without } = world;
    const facts = await read(without);
    expect(value(facts, 'workspaces')).toEqual([{ id: workspace, usedBy: 'omsagent', exists: false }]);
    expect(value(facts, 'adminGroups')).toEqual([{ id: groupId, exists: false }]);
  });

  it('the cluster itself failing is an error', async () => {
    const { [clusterId]: _c, ...without } = world;
    expect(problemOf(await read(without).catch((thrown: unknown) => thrown))).toMatchObject({ code: 'cluster-not-found', exitCode: 2 });
    const forbidden = { ...world, [clusterId]: refused('Microsoft.ContainerService/managedClusters/read', clusterId) };
    const problem = problemOf(await read(forbidden).catch((thrown: unknown) => thrown));
    expect(problem.code).toBe('not-authorized');
    expect(problem.what).toContain('Microsoft.ContainerService/managedClusters/read');
  });

  it('an abort is an abort', async () => {
    await expect(read(world, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

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

describe('facts for planning', () => {
  const kubernetes: KubernetesGateway = {
    via: 'files',
    networkPolicies: async () => [],
    access: async () => ({ allowed: true, as: 'ada' }),
    apply: async () => [],
  };

  it('come from Kubernetes, the probe and run-command', async () => {
    const facts = await read(world, { keys: [], planKeys: planOnlyKeys, kubernetes, runCommand: async () => ({ reachable: false, detail: 'off' }) });
    expect(facts.known).toEqual({
      networkPolicies: { state: 'known', value: [] },
      kubernetesAccess: { state: 'known', value: { allowed: true, as: 'ada' } },
      apiServerReachability: { state: 'known', value: { reachable: true, detail: 'legacy.hcp.westeurope.azmk8s.io' } },
      runCommand: { state: 'known', value: { reachable: false, detail: 'off' } },
    });
  });

  it('are unknown where there is no way in', async () => {
    const facts = await read(world, { keys: [], planKeys: ['networkPolicies', 'runCommand'] });
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
