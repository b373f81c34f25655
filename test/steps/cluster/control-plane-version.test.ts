import { describe, expect, test } from 'vitest';
import type { Facts, FactValues, KubernetesMinor } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { controlPlaneVersionStep as step } from '../../../steps/cluster/control-plane-version.ts';
import { nodeOsUpdates } from '../../../steps/cluster/node-os-updates.ts';
import { nodePoolVersions } from '../../../steps/cluster/node-pool-versions.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const minor = (
  name: string,
  plans: 'both' | 'long' | 'none',
  patches: { readonly [version: string]: readonly string[] },
  rest: Partial<KubernetesMinor> = {},
): KubernetesMinor => ({
  minor: name,
  plans: plans === 'both' ? ['KubernetesOfficial', 'AKSLongTermSupport'] : plans === 'long' ? ['AKSLongTermSupport'] : [],
  preview: false,
  isDefault: false,
  patches: Object.entries(patches).map(([version, upgrades]) => ({ version, upgrades })),
  ...rest,
});
const region = [
  minor('1.33', 'long', { '1.33.5': ['1.34.2'] }),
  minor('1.34', 'both', { '1.34.2': ['1.34.4', '1.35.1'], '1.34.4': ['1.35.1'] }),
  minor('1.35', 'both', { '1.35.1': ['1.36.0'] }, { isDefault: true }),
  minor('1.36', 'both', { '1.36.0': ['1.37.0'] }),
  minor('1.37', 'both', { '1.37.0': [] }, { preview: true }),
];

const body = (version: string, properties: JsonObject = {}): JsonObject => ({
  properties: {
    kubernetesVersion: version,
    currentKubernetesVersion: version,
    agentPoolProfiles: [
      { name: 'system', mode: 'System', count: 3, osSKU: 'Ubuntu', orchestratorVersion: version, currentOrchestratorVersion: version },
      { name: 'work', mode: 'User', count: 5, osSKU: 'Ubuntu', orchestratorVersion: version, currentOrchestratorVersion: version },
    ],
    ...properties,
  },
});

/** Facts of a cluster at a version, with what AKS offers it. */
function facts(
  version: string,
  upgrades: readonly string[],
  over: JsonObject = {},
  known: { readonly [K in keyof FactValues]?: FactValues[K] | string } = {},
): Facts {
  const clusterUpgrades = { controlPlane: { version, upgrades }, pools: [] };
  return factsOf(cluster(body(version, over)), {
    ...readable,
    maintenanceConfigurations: [],
    disruptionBudgets: [],
    kubernetesVersions: region,
    clusterUpgrades,
    ...known,
  });
}
const option = (of: Facts, id: string) => step.options(of).find((one) => one.id === id);
const recommended = (of: Facts) => step.options(of).flatMap(({ id, recommended: why }) => (why ? [id] : []));

describe('7.1', () => {
  test.each([
    ['supported', '1.34.2', {}, 'pass'],
    ['out of support', '1.30.9', {}, 'fail'],
    ['supported for money only', '1.33.5', {}, 'fail'],
    ['with that plan', '1.33.5', { supportPlan: 'AKSLongTermSupport' }, 'pass'],
    ['a patch that was taken out', '1.34.1', {}, 'partial'],
    ['a preview', '1.37.0', {}, 'partial'],
    ['a minor without a patch', '1.35', {}, 'pass'],
  ] as const)('%s: %s', (_what, version, over, status) => {
    expect(statusOf(step, facts(version, [], over), '7.1')).toBe(status);
  });

  test('without the region’s list a date that has passed is certain, one to come is not', () => {
    const unread = { kubernetesVersions: 'no permission' };
    expect(step.assess(facts('1.30.9', [], {}, unread))['7.1']).toMatchObject({ status: 'fail', note: expect.stringContaining('2025-08-22') });
    expect(statusOf(step, facts('1.35.1', [], {}, unread), '7.1')).toBe('unknown');
    const file = { ...factsOf(cluster(body('1.35.1'))), source: { kind: 'file' as const, label: 'f', readAt: '2026-09-01T00:00:00Z' } };
    expect(step.assess(file)['7.1']).toMatchObject({ status: 'pass', note: expect.stringContaining('2027-03-31') });
    const later = { ...file, source: { ...file.source, readAt: '2027-04-01T00:00:00Z' } };
    expect(statusOf(step, later, '7.1')).toBe('fail');
    expect(statusOf(step, { ...file, cluster: cluster(body('1.41.0')) }, '7.1')).toBe('unknown');
  });

  test('AKS Automatic presets both', () => {
    const of = factsOf(cluster({ sku: { name: 'Automatic' } }), readable);
    expect([statusOf(step, of, '7.1'), statusOf(step, of, '7.2')]).toEqual(['preconfigured', 'preconfigured']);
    expect(step.options(of).every(({ unavailable }) => unavailable !== undefined)).toBe(true);
  });
});

test.each([
  ['patch', 'pass'],
  ['Stable', 'pass'],
  ['rapid', 'pass'],
  ['node-image', 'partial'],
  ['none', 'fail'],
  [undefined, 'fail'],
] as const)('7.2: channel %s gives %s', (upgradeChannel, status) => {
  expect(statusOf(step, facts('1.34.2', [], { autoUpgradeProfile: { upgradeChannel } }), '7.2')).toBe(status);
});

describe('options', () => {
  test('out of support everything goes together, to the oldest version that is offered', () => {
    const of = facts('1.30.9', ['1.34.2', '1.34.4']);
    expect(recommended(of)).toEqual(['whole-cluster']);
    expect(option(of, 'control-plane')?.unavailable).toContain('together');
    expect(option(of, 'channel')?.unavailable).toContain('supported versions only');
    expect(option(of, 'whole-cluster')?.tradeOff).toContain('recovery path');
    const plan = decide(step, of, 'whole-cluster');
    expect(editsOf(plan.changes[0])).toEqual([
      'properties.kubernetesVersion="1.34.4"',
      'properties.agentPoolProfiles.[system].orchestratorVersion="1.34.4"',
      'properties.agentPoolProfiles.[work].orchestratorVersion="1.34.4"',
    ]);
    expect(plan.changes[0]).toMatchObject({ alone: true, impact: { kind: 'reimage', pools: ['system', 'work'] }, reversible: { kind: 'no' } });
    expect(plan.changes[1]).toMatchObject({
      id: `${step.id}/channel`,
      after: expect.arrayContaining([`${step.id}/whole-cluster`, 'cluster.node-os-updates/window-cluster']),
    });
    expect(guardOf(plan, 'recovery-path')).toBe('warn');
    expect(plan.guards.find(({ id }) => id === 'recovery-path')?.detail).toContain('4 minors behind');
  });

  test('nothing offered: a new cluster is what is left', () => {
    expect(option(facts('1.28.5', []), 'whole-cluster')?.unavailable).toContain('new cluster');
    expect(option(facts('1.36.0', []), 'whole-cluster')?.unavailable).toContain('newest version');
  });

  test('with a channel the control plane does not go alone', () => {
    const of = facts('1.34.2', ['1.34.4', '1.35.1'], { autoUpgradeProfile: { upgradeChannel: 'patch' } });
    expect(option(of, 'control-plane')?.unavailable).toContain('patch');
    expect(recommended(of)).toEqual([]);
    expect(decide(step, of, 'whole-cluster').changes).toHaveLength(1);
  });

  test('a supported version wants a channel first; one that ends soon wants the next minor', () => {
    expect(recommended(facts('1.35.1', ['1.36.0']))).toEqual(['channel']);
    const ending = facts('1.34.2', ['1.34.4', '1.35.1']);
    const november = { ...ending, source: { ...ending.source, readAt: '2026-11-20T00:00:00Z' } };
    expect(recommended(november)).toEqual(['whole-cluster']);
    expect(decide(step, november, 'control-plane').changes.map(({ title }) => title)).toEqual(['Upgrade the control plane to 1.35.1']);
  });

  test('several minors are taken one by one, each on what the one before leaves', () => {
    const { changes } = decide(step, facts('1.34.2', ['1.34.4', '1.35.1']), 'control-plane', { version: '1.36.0' });
    expect(changes.map(({ id, after }) => [id, after])).toEqual([
      [`${step.id}/control-plane-1.35`, []],
      [`${step.id}/control-plane`, [`${step.id}/control-plane-1.35`]],
    ]);
    expect(changes.map((change) => (change.kind === 'arm.update' ? change.edits : []))).toMatchObject([
      [{ before: '1.34.2', after: '1.35.1' }],
      [{ before: '1.35.1', after: '1.36.0' }],
    ]);
  });

  test('no further than three minors ahead of the slowest pool, and never to a preview', () => {
    const profiles = [{ name: 'old', mode: 'System', count: 1, currentOrchestratorVersion: '1.32.9', orchestratorVersion: '1.32.9' }];
    const of = facts('1.34.2', ['1.34.4', '1.35.1'], { agentPoolProfiles: profiles });
    expect(() => decide(step, of, 'control-plane', { version: '1.36.0' })).toThrow(/1\.35\.1/);
    expect(() => decide(step, facts('1.36.0', ['1.37.0']), 'whole-cluster', { wholeVersion: '1.37.0' })).toThrow();
  });

  test('long-term support where the region has it, with the one-way door told', () => {
    expect(option(facts('1.30.9', []), 'long-term-support')?.unavailable).toContain('1.30');
    expect(option(facts('1.34.1', []), 'long-term-support')?.unavailable).toContain('1.34.1');
    const of = facts('1.33.5', []);
    expect(option(of, 'long-term-support')).toMatchObject({ reversible: { kind: 'no' } });
    expect(editsOf(decide(step, of, 'long-term-support').changes[0])).toEqual(['sku.tier="Premium"', 'properties.supportPlan="AKSLongTermSupport"']);
  });

  test('what was not read cannot be chosen, with the missing right', () => {
    const of = facts('1.34.2', [], {}, { clusterUpgrades: 'not allowed' });
    expect(option(of, 'whole-cluster')?.unavailable).toContain('not allowed');
    expect(option(of, 'channel')?.unavailable).toBeUndefined();
  });
});

describe('guards', () => {
  const upgrade = (over: JsonObject = {}, known = {}) =>
    decide(step, facts('1.34.2', ['1.34.4', '1.35.1'], over, known), 'whole-cluster', { wholeVersion: '1.35.1' });

  test('budgets without room refuse, unread ones say so', () => {
    const budget = { namespace: 'shop', name: 'cart', disruptionsAllowed: 0, expectedPods: 2 };
    expect(upgrade({}, { disruptionBudgets: [budget] }).guards).toContainEqual(
      expect.objectContaining({
        id: 'disruption-budgets',
        verdict: 'refuse',
        detail: expect.stringContaining('shop/cart'),
        override: 'drain against the budgets',
      }),
    );
    expect(guardOf(upgrade({}, { disruptionBudgets: [{ ...budget, expectedPods: 0 }] }), 'disruption-budgets')).toBe('clear');
    expect(guardOf(upgrade({}, { disruptionBudgets: 'no way in' }), 'disruption-budgets')).toBe('unknown');
  });

  test('a forced upgrade left on refuses until it is over, and none is ever switched on', () => {
    const forced = (until: string) => ({ upgradeSettings: { overrideSettings: { forceUpgrade: true, until } } });
    expect(guardOf(upgrade(forced('2026-09-02T00:00:00Z')), 'forced-upgrade')).toBe('refuse');
    expect(guardOf(upgrade(forced('2026-08-31T00:00:00Z')), 'forced-upgrade')).toBe('clear');
    expect(JSON.stringify(upgrade().changes)).not.toContain('forceUpgrade');
  });

  test('removed APIs for a minor only; a system that ends stands in the way; an expired secret as well', () => {
    expect(guardOf(upgrade(), 'removed-apis')).toBe('warn');
    const patch = decide(step, facts('1.34.2', ['1.34.4']), 'whole-cluster', { wholeVersion: '1.34.4' });
    expect(guardOf(patch, 'removed-apis')).toBeUndefined();
    const windows = [
      { name: 'win', mode: 'System', count: 1, osType: 'Windows', osSKU: 'Windows2019', orchestratorVersion: '1.32.9', currentOrchestratorVersion: '1.32.9' },
    ];
    expect(guardOf(upgrade({ agentPoolProfiles: windows }), 'os-sku')).toBe('refuse');
    const servicePrincipal = { appId: 'a', exists: true, credentials: [{ kind: 'secret' as const, endsAt: '2026-01-01T00:00:00Z' }] };
    expect(guardOf(upgrade({}, { servicePrincipal }), 'expired-secret')).toBe('refuse');
  });

  test('a channel without a window is told', () => {
    const of = facts('1.34.2', []);
    expect(guardOf(decide(step, of, 'channel'), 'upgrade-window')).toBe('warn');
    const windowed = facts('1.34.2', [], {}, { maintenanceConfigurations: [{ name: 'aksManagedAutoUpgradeSchedule' }] });
    expect(guardOf(decide(step, windowed, 'channel', { channel: 'stable' }), 'upgrade-window')).toBe('clear');
  });
});

describe('on the practice cluster', () => {
  const steps = [step, nodePoolVersions, nodeOsUpdates];
  test.each([
    ['legacy', 'whole-cluster', {}, ['7.1', '7.2']],
    ['private', 'whole-cluster', {}, ['7.1']],
    ['private', 'long-term-support', {}, ['7.1']],
    ['typical', 'channel', { channel: 'stable' }, ['7.2']],
    ['typical', 'control-plane', { version: '1.36.1' }, []],
  ] as const)('%s: %s', async (scenario, id, values, mends) => {
    const { read, carryOut } = await bench(scenario, steps);
    const before = step.assess(await read());
    for (const control of mends) expect(before[control]?.status, control).toBe('fail');
    const first = await carryOut(step, id, values);
    expect(troubles(first.events)).toEqual([]);
    const after = step.assess(first.facts);
    for (const control of ['7.1', ...mends]) expect(after[control]?.status, control).toBe('pass');
    expect(sent(first.events).length).toBeGreaterThan(0);
    const again = step.options(first.facts).find((one) => one.id === id);
    if (again?.unavailable === undefined && id === 'channel') expect(sent((await carryOut(step, id, values)).events)).toEqual([]);
  });
});
