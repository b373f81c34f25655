import { describe, expect, it } from 'vitest';
import type { FactKey } from '../../src/model/facts.ts';
import { problemOf } from '../../src/model/problem.ts';
import {
  address,
  cluster,
  clusterId,
  group,
  groupId,
  nodeGroup,
  read,
  refused,
  registry,
  rule,
  subscription,
  value,
  workspace,
  world,
  zone,
} from './fake-arm.ts';

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
    ['kubernetesVersions', `${subscription}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions`],
    ['clusterUpgrades', `${clusterId}/upgradeProfiles/default`],
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
    ['natGateways', `${subscription}/providers/Microsoft.Network/natGateways`],
    ['routeTables', `${subscription}/providers/Microsoft.Network/routeTables`],
    ['firewalls', `${subscription}/providers/Microsoft.Network/azureFirewalls`],
    ['publicAddresses', `${subscription}/providers/Microsoft.Network/publicIPPrefixes`],
    ['nodeLoadBalancers', `${nodeGroup}/providers/Microsoft.Network/loadBalancers`],
  ];

  /** Facts that rest on the same request as another. */
  const shared: { readonly [K in FactKey]?: readonly FactKey[] } = { subnets: ['adminPaths'] };

  it.each(places)('%s is unknown, names the missing right, and nothing else is lost', async (key, place) => {
    const facts = await read({ ...world, [place]: refused('Some.Provider/thing/read', place) });
    expect(facts.known[key]).toEqual({ state: 'unknown', reason: expect.stringContaining('Some.Provider/thing/read'), permission: 'Some.Provider/thing/read' });
    const others = Object.entries(facts.known).filter(([other, fact]) => other !== key && fact.state === 'unknown');
    expect(others.map(([other]) => other)).toEqual(shared[key] ?? []);
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
