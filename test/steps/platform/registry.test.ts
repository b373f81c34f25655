import { describe, expect, it } from 'vitest';
import type { ArmResource, Facts } from '../../../src/model/facts.ts';
import { commandsOf } from '../../../src/render/index.ts';
import { clusterIdentity } from '../../../steps/identity/cluster-identity.ts';
import { registry } from '../../../steps/platform/registry.ts';
import { choose, cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/shop`;
const PRINCIPAL = '00000000-0000-0000-0000-00000000000b';
const roleIds = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  RepositoryReader: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
} as const;

const image = (properties: object = {}, sku = 'Premium', name = 'shop'): ArmResource => ({
  id: ID.replace(/shop$/, name),
  name,
  type: 'Microsoft.ContainerRegistry/registries',
  location: 'westeurope',
  sku: { name: sku },
  properties: {
    loginServer: `${name}.azurecr.io`,
    adminUserEnabled: false,
    publicNetworkAccess: 'Enabled',
    networkRuleSet: { defaultAction: 'Allow', ipRules: [] },
    ...properties,
  },
});
const pulls = (role: keyof typeof roleIds = 'AcrPull', scope = ID) => ({
  identity: 'kubelet' as const,
  principalId: PRINCIPAL,
  assignments: [
    {
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/x`,
      properties: { roleDefinitionId: `/x/${roleIds[role]}`, scope, principalId: PRINCIPAL },
    },
  ],
});
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/net`;
const own = cluster({ properties: { agentPoolProfiles: [{ name: 'one', count: 2, vnetSubnetID: `${NETWORK}/subnets/nodes` }] } });
const known = {
  ...readable,
  registries: [image()],
  identityRoleAssignments: [pulls()],
  registryScanners: [{ registryId: ID, webhooks: [], quarantineWriters: [] }],
  registryAssessments: [{ registryId: ID, codes: [] }],
  registryPrivateLink: { endpoints: [], zones: [] },
  defenderPlan: { name: 'Containers', properties: { pricingTier: 'Free' } },
  subnets: [{ id: `${NETWORK}/subnets/nodes`, properties: { addressPrefix: '10.0.0.0/24' } }],
  outboundAddresses: [{ resourceId: '/x', cidr: '20.50.60.70/32' }],
};
const facts = (over: object = {}, body = own): Facts => factsOf(body, { ...known, ...over });
const status = (found: Facts, control: string) => registry.assess(found)[control]?.status;
const controls = ['6.1', '6.2', '6.3', '6.4', '6.5', '6.6'];

describe('verdicts', () => {
  it.each([
    ['public', {}, 'fail'],
    ['closed', { publicNetworkAccess: 'disabled' }, 'pass'],
    ['named networks', { networkRuleSet: { defaultAction: 'Deny', ipRules: [] } }, 'pass'],
    ['rules that allow all', { networkRuleSet: { defaultAction: 'Allow', ipRules: [{ value: '1.2.3.4' }] } }, 'fail'],
  ])('6.3 %s', (_name, properties, wanted) => {
    expect(status(facts({ registries: [image(properties)] }), '6.3')).toBe(wanted);
  });
  it('6.3 a hole in one registry is a hole, and Premium alone is no fence', () => {
    const second = image({ publicNetworkAccess: 'Disabled' }, 'Premium', 'other');
    const both = facts({ registries: [image(), second], identityRoleAssignments: [pulls('AcrPull', `/subscriptions/${SUBSCRIPTION}`)] });
    expect(status(both, '6.3')).toBe('fail');
  });
  it.each([
    [{ adminUserEnabled: false }, 'pass'],
    [{}, 'pass'],
    [{ adminUserEnabled: true }, 'fail'],
    [{ adminUserEnabled: 'true' }, 'fail'],
    [{ anonymousPullEnabled: true }, 'fail'],
  ])('6.4 %j', (properties, wanted) => {
    expect(status(facts({ registries: [image(properties)] }), '6.4')).toBe(wanted);
  });
  it.each([
    ['AcrPull on it', {}, pulls(), 'pass'],
    ['AcrPull above it', {}, pulls('AcrPull', `/subscriptions/${SUBSCRIPTION}`), 'pass'],
    ['AcrPush', {}, pulls('AcrPush'), 'fail'],
    ['Reader, which pulls too', {}, pulls('Reader'), 'partial'],
    ['AcrPull where it is not honoured any more', { roleAssignmentMode: 'AbacRepositoryPermissions' }, pulls(), 'not-applicable'],
    ['the role that is', { roleAssignmentMode: 'AbacRepositoryPermissions' }, pulls('RepositoryReader'), 'pass'],
    ['a role on a registry whose name begins alike', {}, pulls('AcrPull', `${ID}2`), 'not-applicable'],
  ])('6.5 %s', (_name, properties, grants, wanted) => {
    expect(status(facts({ registries: [image(properties)], identityRoleAssignments: [grants] }), '6.5')).toBe(wanted);
  });
  it('6.1 is never a plain failure: off is a choice, on without a scanner is a trap', () => {
    const on = image({ policies: { quarantinePolicy: { status: 'enabled' } } });
    expect(status(facts(), '6.1')).toBe('partial');
    expect(status(facts({ registries: [on] }), '6.1')).toBe('partial');
    expect(status(facts({ registries: [on], registryScanners: [{ registryId: ID.toUpperCase(), webhooks: ['scan'], quarantineWriters: [] }] }), '6.1')).toBe(
      'pass',
    );
    expect(status(facts({ registries: [on], registryScanners: 'refused' }), '6.1')).toBe('unknown');
  });
  it('6.2 does not ask for Docker Content Trust, as others do', () => {
    const trusting = image({ policies: { trustPolicy: { status: 'enabled' } } });
    expect(registry.assess(facts({ registries: [trusting] }))['6.2']).toMatchObject({ status: 'partial', reason: expect.stringContaining('2028-03-31') });
    expect(status(facts(), '6.2')).toBe('fail');
    const assignment = {
      name: 'signed',
      properties: { policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/AF28BF8B-c669-4dd3-9137-1e68fdc61bd6' },
    };
    expect(status(facts({ policyAssignments: [assignment] }), '6.2')).toBe('pass');
  });
  it('6.6 asks for a scan, not for a tier', () => {
    const plan = {
      name: 'Containers',
      properties: { pricingTier: 'Standard', extensions: [{ name: 'ContainerRegistriesVulnerabilityAssessments', isEnabled: 'True' }] },
    };
    expect(status(facts(), '6.6')).toBe('fail');
    expect(status(facts({ defenderPlan: plan }), '6.6')).toBe('partial');
    expect(status(facts({ registryAssessments: [{ registryId: ID, codes: ['Healthy'] }] }), '6.6')).toBe('pass');
    expect(status(facts({ registryAssessments: [{ registryId: ID, codes: ['Healthy', 'Unhealthy'] }], defenderPlan: plan }), '6.6')).toBe('fail');
    expect(status(facts({ defenderPlan: 'refused' }), '6.6')).toBe('unknown');
  });
  it('nothing is good where nothing is known, and a cluster without a registry has nothing to judge', () => {
    for (const id of controls) {
      expect(status(facts({ registries: 'refused' }), id), id).toBe('unknown');
      expect(status(facts({ identityRoleAssignments: 'refused' }), id), id).toBe('unknown');
      expect(status(facts({ registries: [] }), id), id).toBe('not-applicable');
    }
  });
});

describe('plans', () => {
  const planned = (found: Facts, option: string, values = {}) => registry.plan(found, choose(registry, found, option, values));
  it('tier, zone, link, endpoint, name, and only then the door', () => {
    const { changes } = planned(facts({ registries: [image({}, 'Standard')] }), 'private');
    const words = changes.map(({ id }) => id.split('/')[1]);
    for (const [earlier, later] of [
      ['shop-premium', 'shop-endpoint'],
      ['zone', 'zone-link-1'],
      ['zone-link-1', 'shop-names'],
      ['shop-endpoint', 'shop-names'],
      ['shop-names', 'shop-close'],
    ] as const) {
      expect(words).toContain(earlier);
      expect(changes.find(({ id }) => id.endsWith(`/${later}`))?.after, `${earlier} before ${later}`).toContain(`platform.registry/${earlier}`);
    }
  });
  it('does not close before a pull was proven: a phrase is asked for', () => {
    expect(planned(facts(), 'private').guards.find(({ id }) => id === 'private-pull')).toMatchObject({ verdict: 'unknown', override: expect.any(String) });
    expect(planned(facts(), 'private-path').changes.some(({ id }) => id.endsWith('-close'))).toBe(false);
  });
  it('names its networks first, then shuts the rest out, never the nodes', () => {
    const { changes, guards } = planned(facts(), 'selected-networks');
    expect(changes.map(({ id }) => id.split('-').at(-1))).toEqual(['rules', 'deny']);
    expect(JSON.stringify(changes[0])).toContain('"value":"20.50.60.70"');
    expect(guards.find(({ id }) => id === 'nodes-inside')?.verdict).toBe('clear');
    expect(planned(facts(), 'selected-networks', { ranges: ['20.1.1.0/24'] }).guards.find(({ id }) => id === 'nodes-inside')).toMatchObject({
      verdict: 'refuse',
      override: 'never',
    });
  });
  it('quarantine stands behind a scanner', () => {
    const guard = (found: Facts) => planned(found, 'credentials', { quarantine: true }).guards.find(({ id }) => id === 'scanner')?.verdict;
    expect(planned(facts(), 'credentials').changes).toEqual([]);
    expect(guard(facts())).toBe('refuse');
    expect(guard(facts({ registryScanners: 'refused' }))).toBe('unknown');
    expect(guard(facts({ registryScanners: [{ registryId: ID, webhooks: [], quarantineWriters: [PRINCIPAL] }] }))).toBe('clear');
  });
  it('says whose passwords it cannot see', () => {
    const found = facts({ registries: [image({ adminUserEnabled: true, anonymousPullEnabled: true })] });
    expect(
      planned(found, 'credentials')
        .guards.filter(({ verdict }) => verdict === 'unknown')
        .map(({ id }) => id),
    ).toEqual(['admin-password', 'anonymous-users']);
  });
  it('gives the repository role where the registry decides by repository', () => {
    const found = facts({ registries: [image({ roleAssignmentMode: 'AbacRepositoryPermissions' })], identityRoleAssignments: [pulls('RepositoryReader')] });
    expect(planned(found, 'credentials').changes).toEqual([]);
  });
  it('refuses where service endpoints stand', () => {
    const ruled = image({ networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules: [{ id: '/s' }] } });
    expect(planned(facts({ registries: [ruled] }), 'private-path').guards.find(({ id }) => id === 'service-endpoints')?.override).toBe('never');
  });
  it('is honest about AKS’s own network', () => {
    const found = facts({}, cluster());
    expect(registry.options(found).find(({ id }) => id === 'private')?.unavailable).toMatch(/network that AKS made/);
  });
  it('never turns content trust on, and signs by the book', () => {
    for (const option of registry.options(facts())) {
      if (option.unavailable) continue;
      expect(JSON.stringify(planned(facts(), option.id).changes)).not.toMatch(/trustPolicy/);
    }
    const [change] = planned(facts({ registries: [image({ policies: { trustPolicy: { status: 'enabled' } } })] }), 'signing').changes;
    expect(change?.kind === 'manual' && change.instructions.join('\n')).toMatch(/notation sign[\s\S]*--status disabled/);
  });
});

describe('on the practice cluster', () => {
  const steps = [clusterIdentity, registry];
  it('legacy: the private way, then the door, passwords and rights; then nothing', async () => {
    const { read, carryOut } = await bench('legacy', steps);
    const before = await read();
    expect(controls.map((id) => status(before, id))).toEqual(['partial', 'partial', 'fail', 'fail', 'fail', 'fail']);
    expect(registry.options(before).find(({ recommended }) => recommended)?.id).toBe('private-path');
    expect(troubles((await carryOut(clusterIdentity, 'user-assigned')).events)).toEqual([]);
    const way = await carryOut(registry, 'private-path');
    expect(troubles(way.events)).toEqual([]);
    expect([status(way.facts, '6.3'), status(way.facts, '6.4'), status(way.facts, '6.5')]).toEqual(['fail', 'pass', 'pass']);
    expect(registry.options(way.facts).find(({ recommended }) => recommended)?.id).toBe('private');
    expect((await carryOut(registry, 'private-path')).plan.changes).toEqual([]);
    const closed = await carryOut(registry, 'private');
    expect(troubles(closed.events)).toEqual([]);
    expect(sent(closed.events)).toEqual(['platform.registry/shoplegacy-close']);
    expect(status(closed.facts, '6.3')).toBe('pass');
    const again = await carryOut(registry, 'private');
    expect(again.plan.changes).toEqual([]);
    expect(sent(again.events)).toEqual([]);
  });
  it('legacy: all of the private way in one plan', async () => {
    const { carryOut } = await bench('legacy', steps);
    const { events, facts: after } = await carryOut(registry, 'private', { quarantine: true });
    expect(troubles(events)).toEqual([]);
    expect(status(after, '6.3')).toBe('pass');
  });
  it('a service principal keeps the role that the control plane lives on', async () => {
    const { read } = await bench('legacy', steps);
    const found = await read();
    const { changes, guards } = registry.plan(found, choose(registry, found, 'credentials'));
    expect(changes.map(({ id }) => id)).toEqual(['platform.registry/shoplegacy-credentials']);
    expect(guards.some(({ id }) => id === 'nodes-identity')).toBe(true);
  });
  it('typical: named networks and the Premium tier', async () => {
    const { carryOut } = await bench('typical', steps);
    const { events, facts: after } = await carryOut(registry, 'selected-networks');
    expect(troubles(events)).toEqual([]);
    expect(sent(events)).toEqual(['platform.registry/shoptypical-premium', 'platform.registry/shoptypical-rules', 'platform.registry/shoptypical-deny']);
    expect(status(after, '6.3')).toBe('pass');
    expect((await carryOut(registry, 'selected-networks')).plan.changes).toEqual([]);
  });
  it('hardened passes all six', async () => {
    const { read } = await bench('hardened', steps);
    const found = await read();
    expect(controls.map((id) => status(found, id))).toEqual(controls.map(() => 'pass'));
  });
  it('every change has its commands, and JSON never travels in an argument', async () => {
    const { read } = await bench('legacy', steps);
    const found = await read();
    const { changes } = registry.plan(found, choose(registry, found, 'private', { quarantine: true }));
    const commands = changes.flatMap((change) => commandsOf(change));
    expect(commands.map(({ argv }) => argv.slice(0, 3).join(' ')).filter((words, i, all) => all.indexOf(words) === i)).toEqual([
      'az acr update',
      'az network private-dns',
      'az network private-endpoint',
      'az resource patch',
    ]);
    for (const { argv } of commands) expect(argv.some((word) => word.includes('{"'))).toBe(false);
  });
});
