import { describe, expect, it } from 'vitest';
import type { Fact, Facts } from '../../../src/model/facts.ts';
import { undoOf } from '../../../src/plan/undo.ts';
import { commandsOf } from '../../../src/render/index.ts';
import { SWITCH } from '../../../steps/identity/cluster-identity/state.ts';
import { clusterIdentity } from '../../../steps/identity/cluster-identity.ts';
import { choose, cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const APP = '51515151-2222-4333-8444-555555555555';
const servicePrincipal = cluster({ identity: undefined, properties: { servicePrincipalProfile: { clientId: APP } } });
const status = (facts: Facts, control: string) => clusterIdentity.assess(facts)[control]?.status;
const ending = (...days: readonly number[]) => ({
  appId: APP,
  exists: true,
  credentials: days.map((day) => ({ kind: 'secret' as const, endsAt: new Date(Date.parse('2026-09-01T08:00:00Z') + day * 86_400_000).toISOString() })),
});

describe('1.1 managed identity', () => {
  it.each([
    ['system-assigned', cluster(), 'pass'],
    ['user-assigned', cluster({ identity: { type: 'UserAssigned', userAssignedIdentities: { '/x': {} } } }), 'pass'],
    ['MSI in capitals', cluster({ properties: { servicePrincipalProfile: { clientId: 'MSI' } } }), 'pass'],
    ['no service principal profile', cluster({ properties: { servicePrincipalProfile: undefined } }), 'pass'],
    ['a service principal', servicePrincipal, 'fail'],
    ['both: half switched', cluster({ properties: { servicePrincipalProfile: { clientId: APP } } }), 'fail'],
    ['neither', cluster({ identity: undefined, properties: { servicePrincipalProfile: undefined } }), 'unknown'],
  ])('%s', (_name, body, wanted) => {
    expect(status(factsOf(body), '1.1')).toBe(wanted);
  });
});

describe('1.2 the secret', () => {
  it.each([
    [[400], 'pass'],
    [[31], 'pass'],
    [[29], 'fail'],
    [[400, 5], 'fail'],
    [[-1], 'fail'],
    [[], 'unknown'],
  ])('ends in %j days: %s', (days, wanted) => {
    expect(status(factsOf(servicePrincipal, { servicePrincipal: ending(...days) }), '1.2')).toBe(wanted);
  });
  it('warns below 90 days, and has no object with a managed identity', () => {
    expect(clusterIdentity.assess(factsOf(servicePrincipal, { servicePrincipal: ending(60) }))['1.2']).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('60'),
    });
    expect(status(factsOf(cluster()), '1.2')).toBe('not-applicable');
  });
  it('is unknown where Graph refuses, with what is missing', () => {
    const found = clusterIdentity.assess(factsOf(servicePrincipal, { servicePrincipal: 'Application.Read.All is needed' }))['1.2'];
    expect(found).toEqual({ status: 'unknown', reason: 'Application.Read.All is needed' });
  });
});

describe('1.3 leftovers', () => {
  const named = (displayName: string, appId = APP) => ({ objectId: appId, appId, displayName });
  it.each([
    ['what the portal made', [named('shopSP-20200312101500')], 'fail'],
    ['a pipeline of that name', [named('shop-deploy')], 'pass'],
    ['another cluster whose name begins alike', [named('shop2SP-20200312101500')], 'pass'],
    ['nothing', [], 'pass'],
  ])('%s', (_name, namesakePrincipals, wanted) => {
    expect(status(factsOf(cluster(), { namesakePrincipals, siblingClusters: [] }), '1.3')).toBe(wanted);
  });
  it('leaves alone what another cluster acts as, and never calls the workstation clean', () => {
    const found = clusterIdentity.assess(
      factsOf(cluster(), { namesakePrincipals: [named('shopSP-20200312101500')], siblingClusters: [{ id: '/c', servicePrincipal: APP }] }),
    )['1.3'];
    expect(found).toMatchObject({ status: 'pass', note: expect.stringContaining('aksServicePrincipal.json') });
  });
});

describe('1.4 broad roles', () => {
  const role = (id: string, scope: string) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/x`,
    properties: { roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${id}`, scope, principalId: APP },
  });
  const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
  const subscription = `/subscriptions/${SUBSCRIPTION}`;
  it.each([
    ['Contributor on the subscription', contributor, subscription, 'fail'],
    ["Owner on the cluster's group, other case", '8E3AF657-A8FF-443C-A75C-2FE8C4BCB635', `${subscription}/resourcegroups/RG-SHOP`, 'fail'],
    ['Contributor above the subscription', contributor, '/providers/Microsoft.Management/managementGroups/all', 'fail'],
    ['Contributor on the node resource group, as AKS gives it', contributor, `${subscription}/resourceGroups/MC_rg-shop_shop_westeurope`, 'pass'],
    ['Contributor on a group whose name begins alike', contributor, `${subscription}/resourceGroups/rg-shop-2`, 'pass'],
    ['AcrPull on the subscription', '7f951dda-4ed3-4680-a7ca-43fe172d538d', subscription, 'pass'],
  ])('%s', (_name, id, scope, wanted) => {
    const identityRoleAssignments = [{ identity: 'kubelet' as const, principalId: APP, assignments: [role(id, scope)] }];
    expect(status(factsOf(cluster(), { identityRoleAssignments }), '1.4')).toBe(wanted);
  });
});

describe('on the legacy practice cluster', () => {
  it('user-assigned: roles first, one write, everything passes, a second time nothing', async () => {
    const { read, carryOut } = await bench('legacy', [clusterIdentity]);
    const before = await read();
    for (const control of ['1.1', '1.2', '1.3', '1.4']) expect(status(before, control), control).toBe('fail');
    expect(clusterIdentity.options(before).find(({ recommended }) => recommended)?.id).toBe('user-assigned');
    const { plan, events, facts } = await carryOut(clusterIdentity, 'user-assigned');
    expect(troubles(events)).toEqual([]);
    const order = plan.changes.map(({ change }) => change.id);
    expect(order.filter((id) => id.includes('/grant-'))).toHaveLength(3);
    expect(order.indexOf(SWITCH)).toBe(3);
    expect(plan.changes[3]?.change).toMatchObject({ reversible: { kind: 'no' }, impact: { kind: 'reimage', pools: ['nodepool1', 'apps', 'batch'] } });
    expect(sent(events)).toEqual(order.slice(0, 4));
    expect([status(facts, '1.1'), status(facts, '1.2'), status(facts, '1.4')]).toEqual(['pass', 'not-applicable', 'pass']);
    const again = await carryOut(clusterIdentity, 'user-assigned');
    expect(sent(again.events)).toEqual([]);
    expect(again.plan.changes).toEqual([]);
  });

  it('the way back takes no role from a cluster that cannot go back', async () => {
    const { read } = await bench('legacy', [clusterIdentity]);
    const facts = await read();
    const { changes } = clusterIdentity.plan(facts, choose(clusterIdentity, facts, 'user-assigned'));
    expect(changes.filter(({ kind }) => kind === 'arm.put').flatMap((change) => undoOf(change))).toEqual([]);
  });

  it('prints the switch as az takes it', async () => {
    const { read } = await bench('legacy', [clusterIdentity]);
    const facts = await read();
    const { changes } = clusterIdentity.plan(facts, choose(clusterIdentity, facts, 'user-assigned'));
    const change = changes.find(({ id }) => id === SWITCH);
    expect(change).toBeDefined();
    const [command, ...more] = change ? commandsOf(change) : [];
    expect(more).toEqual([]);
    expect(command?.argv.slice(0, 3)).toEqual(['az', 'aks', 'update']);
    for (const flag of ['--enable-managed-identity', '--assign-identity', '--assign-kubelet-identity', '--yes']) expect(command?.argv).toContain(flag);
    const grants = changes.filter(({ kind }) => kind === 'arm.put').map((grant) => commandsOf(grant)[0]?.argv.slice(0, 4));
    expect(grants).toEqual(Array.from({ length: 3 }, () => ['az', 'role', 'assignment', 'create']));
  });

  it('system-assigned: what cannot be granted before is told, not hidden', async () => {
    const { carryOut } = await bench('legacy', [clusterIdentity]);
    const { plan, events, facts } = await carryOut(clusterIdentity, 'system-assigned');
    expect(troubles(events)).toEqual([]);
    expect(sent(events)).toEqual([SWITCH]);
    expect(status(facts, '1.1')).toBe('pass');
    const byHand = plan.changes.find(({ change }) => change.id.endsWith('/grant-by-hand'))?.change;
    expect(byHand?.after).toContain(SWITCH);
    expect(byHand?.kind === 'manual' && byHand.instructions.join('\n')).toMatch(/--attach-acr[\s\S]*nodepool upgrade/);
  });

  it('no secret stands in any plan', async () => {
    const { read } = await bench('legacy', [clusterIdentity]);
    const facts = await read();
    const { changes } = clusterIdentity.plan(facts, choose(clusterIdentity, facts, 'rotate-secret'));
    const [change] = changes;
    expect(change?.kind === 'manual' && change.instructions.some((line) => line.includes('--client-secret "$SP_SECRET"'))).toBe(true);
    expect(change?.impact.kind).toBe('reimage');
  });
});

describe('options and guards', () => {
  const known = { ...readable, managedIdentities: [], servicePrincipal: ending(200), siblingClusters: [], identityRoleAssignments: [], registries: [] };
  const facts = (over: object = {}, body = servicePrincipal): Facts => factsOf(body, { ...known, ...over });
  const option = (found: Facts, id: string) => clusterIdentity.options(found).find((one) => one.id === id);
  it('says what is missing', () => {
    expect(option(facts(), 'user-assigned')?.unavailable).toMatch(/az identity create/);
    expect(option(facts({}, cluster()), 'system-assigned')?.unavailable).toMatch(/already/);
    expect(option(facts({}, cluster()), 'rotate-secret')?.unavailable).toBeDefined();
    const zone = cluster({
      identity: undefined,
      properties: { servicePrincipalProfile: { clientId: APP }, apiServerAccessProfile: { privateDNSZone: '/subscriptions/x/zone' } },
    });
    expect(option(facts({}, zone), 'system-assigned')?.unavailable).toMatch(/zone/);
  });
  const guard = (found: Facts, id: string, wanted = 'system-assigned') =>
    clusterIdentity.plan(found, choose(clusterIdentity, found, wanted)).guards.find((one) => one.id === id);
  it('stands in the way where the secret has expired, and names who shares it', () => {
    expect(guard(facts({ servicePrincipal: ending(-3) }), 'secret-good')?.verdict).toBe('refuse');
    expect(guard(facts({ servicePrincipal: 'refused' }), 'secret-good')?.verdict).toBe('unknown');
    expect(guard(facts({ siblingClusters: [{ id: '/subscriptions/x/managedClusters/other', servicePrincipal: APP }] }), 'shared-principal')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringContaining('other'),
    });
  });
  it('refuses one identity for both', () => {
    const identity = (name: string) => ({
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
      principalId: APP,
      clientId: APP,
    });
    const found = facts({ managedIdentities: [identity('a'), identity('b')] });
    const planned = clusterIdentity.plan(
      found,
      choose(clusterIdentity, found, 'user-assigned', { controlPlaneIdentity: identity('a').id, kubeletIdentity: identity('a').id, registries: [] }),
    );
    expect(planned.changes).toEqual([]);
    expect(planned.guards.find(({ id }) => id === 'two-identities')?.override).toBe('never');
  });
  it('passes on the hardened cluster', async () => {
    const { read } = await bench('hardened', [clusterIdentity]);
    const verdicts = clusterIdentity.assess(await read());
    expect(Object.values(verdicts).map((one) => one.status)).toEqual(['pass', 'not-applicable', 'pass', 'pass']);
  });
  const reason: Fact<never> = { state: 'unknown', reason: 'x' };
  it('without facts nothing outside of the body is called good', () => {
    const verdicts = clusterIdentity.assess({ ...factsOf(servicePrincipal), known: { servicePrincipal: reason } });
    for (const id of ['1.2', '1.3', '1.4']) expect(verdicts[id]?.status, id).toBe('unknown');
  });
});
