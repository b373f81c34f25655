import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { nodeOsUpdates } from '../../../steps/cluster/node-os-updates.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';

const window = (name: string, day: string, rest: JsonObject = {}): JsonObject => ({
  name,
  properties: {
    maintenanceWindow: { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: day } }, durationHours: 4, startTime: '02:00', utcOffset: '+01:00', ...rest },
  },
});
const nodeOs = window('aksManagedNodeOSUpgradeSchedule', 'Tuesday');
const upgrades = window('aksManagedAutoUpgradeSchedule', 'Wednesday', { startTime: '20:00', durationHours: 8 });
const channel = (value: string | undefined, rest: JsonObject = {}): JsonObject => ({
  properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: value, ...rest } },
});
const facts = (body: JsonObject, windows: readonly JsonObject[] | string = []): Facts =>
  factsOf(cluster(body), { ...readable, maintenanceConfigurations: windows });
const plan = (of: Facts, option: string, values: JsonObject = {}) => nodeOsUpdates.plan(of, choose(nodeOsUpdates, of, option, values as never));

describe('9.1', () => {
  test.each([
    ['NodeImage', 'pass'],
    ['nodeimage', 'pass'],
    ['SecurityPatch', 'pass'],
    ['Unmanaged', 'fail'],
    ['None', 'fail'],
    ['', 'fail'],
    [undefined, 'fail'],
  ] as const)('channel %s gives %s', (value, status) => {
    expect(nodeOsUpdates.assess(facts(channel(value)))['9.1']?.status).toBe(status);
  });

  test('is unknown where the api-version does not show the channel, never a failure', () => {
    const old = { ...facts(channel(undefined)), apiVersion: '2022-09-01' };
    expect(nodeOsUpdates.assess(old)['9.1']?.status).toBe('unknown');
  });

  test('the node-image upgrade channel sets it, AKS Automatic presets it', () => {
    expect(nodeOsUpdates.assess(facts(channel(undefined, { upgradeChannel: 'node-image' })))['9.1']?.status).toBe('pass');
    expect(nodeOsUpdates.assess(facts({ sku: { name: 'Automatic' } }))['9.1']?.status).toBe('preconfigured');
  });
});

describe('9.4', () => {
  test.each([
    ['both', [nodeOs, upgrades], 'pass'],
    ['one', [nodeOs], 'partial'],
    ['none', [], 'fail'],
    ['only the window for AKS releases', [window('default', 'Monday')], 'fail'],
    ['one too short', [nodeOs, window('aksManagedAutoUpgradeSchedule', 'Friday', { durationHours: 2 })], 'partial'],
    ['not read', 'no permission', 'unknown'],
  ] as const)('%s gives %s', (_name, windows, status) => {
    expect(nodeOsUpdates.assess(facts({}, windows))['9.4']?.status).toBe(status);
  });
});

describe('plan', () => {
  test('writes the windows before the channel, in the shape that ARM takes', () => {
    const of = facts(channel('None'));
    const { changes } = plan(of, 'node-image', { startTime: '03:30', utcOffset: '-08:00', hours: '6' });
    expect(changes.map(({ id }) => id)).toEqual([
      'cluster.node-os-updates/window-node-os',
      'cluster.node-os-updates/window-cluster',
      'cluster.node-os-updates/channel',
    ]);
    expect(changes[2]).toMatchObject({ after: [changes[0]?.id, changes[1]?.id], impact: { kind: 'none' }, edits: [{ before: 'None', after: 'NodeImage' }] });
    expect(changes[0]).toMatchObject({
      kind: 'arm.put',
      before: undefined,
      body: {
        properties: {
          maintenanceWindow: { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Sunday' } }, durationHours: 6, utcOffset: '-08:00', startTime: '03:30' },
        },
      },
    });
  });

  test('in place gives no changes and no guards', () => {
    expect(plan(facts(channel('NodeImage'), [nodeOs, upgrades]), 'node-image')).toEqual({ changes: [], guards: [] });
  });

  test('keeps what is not asked about in a window that exists', () => {
    const dates = [{ start: '2026-12-20', end: '2027-01-06' }];
    const held = window('aksManagedNodeOSUpgradeSchedule', 'Tuesday', { notAllowedDates: dates });
    const { changes } = plan(facts(channel('NodeImage'), [held, upgrades]), 'node-image', { day: 'Thursday' });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      body: { properties: { maintenanceWindow: { notAllowedDates: dates, schedule: { weekly: { dayOfWeek: 'Thursday' } } } } },
    });
  });

  test('leaves a daily window alone', () => {
    const daily = window('aksManagedNodeOSUpgradeSchedule', 'x', { schedule: { daily: { intervalDays: 1 } } });
    expect(plan(facts(channel('NodeImage'), [daily, upgrades]), 'node-image').changes).toEqual([]);
  });

  test('leaving Unmanaged says that every node is replaced now', () => {
    const { changes } = plan(facts(channel('Unmanaged'), [nodeOs, upgrades]), 'node-image');
    expect(changes[0]?.impact).toMatchObject({ kind: 'reimage', pools: ['system', 'work'] });
    expect(changes[0]?.impact.scope).toContain('2 pools with 8 nodes');
  });

  test('windows that were not read are not overwritten without a phrase', () => {
    const { guards } = plan(facts(channel('None'), 'no permission'), 'node-image');
    expect(guards).toContainEqual(expect.objectContaining({ id: 'windows-unknown', verdict: 'unknown', override: 'replace the windows' }));
  });

  test('AKS Automatic gets windows and no channel', () => {
    const { changes } = plan(facts({ sku: { name: 'Automatic' }, ...channel(undefined) }), 'node-image');
    expect(changes.map(({ kind }) => kind)).toEqual(['arm.put', 'arm.put']);
  });

  test('a deny policy on disks without customer-managed keys refuses SecurityPatch', () => {
    const assignment = {
      name: 'cmk',
      properties: {
        policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/7d7be79c-23ba-4033-84dd-45e2a5ccdd67',
        parameters: { effect: { value: 'Deny' } },
      },
    };
    const of = factsOf(cluster(channel('None')), { ...readable, maintenanceConfigurations: [], policyAssignments: [assignment] });
    expect(plan(of, 'security-patch').guards).toContainEqual(expect.objectContaining({ id: 'cmk-deny-policy', verdict: 'refuse' }));
    expect(plan(of, 'node-image').guards.map(({ id }) => id)).not.toContain('cmk-deny-policy');
  });
});

describe('options', () => {
  const refused = (of: Facts): string | undefined => nodeOsUpdates.options(of).find(({ id }) => id === 'security-patch')?.unavailable;
  test('SecurityPatch is refused for Windows, for the node-image channel and on AKS Automatic', () => {
    expect(refused(facts({}))).toBeUndefined();
    expect(refused(facts({ properties: { agentPoolProfiles: [{ name: 'win1', osType: 'Windows', count: 2 }] } }))).toContain('win1');
    expect(refused(facts(channel('NodeImage', { upgradeChannel: 'node-image' })))).toContain('auto-upgrade-channel');
    expect(refused(facts({ sku: { name: 'Automatic' } }))).toContain('Automatic');
  });

  test('recommends what is in place when it is managed', () => {
    const recommended = (of: Facts): readonly string[] => nodeOsUpdates.options(of).flatMap(({ id, recommended: why }) => (why ? [id] : []));
    expect(recommended(facts(channel('SecurityPatch')))).toEqual(['security-patch']);
    expect(recommended(facts(channel('Unmanaged')))).toEqual(['node-image']);
  });
});

describe('parameters', () => {
  const fault = (name: string, value: string | number): string | undefined =>
    nodeOsUpdates.params.find((param) => param.name === name)?.validate(value, facts({}));
  test.each([
    ['day', 'Sunday', true],
    ['day', 'Sonntag', false],
    ['startTime', '01:00', true],
    ['startTime', '1:00', false],
    ['startTime', '24:00', false],
    ['utcOffset', '+05:30', true],
    ['utcOffset', '-08:00', true],
    ['utcOffset', 'UTC', false],
    ['hours', '4', true],
    ['hours', 24, true],
    ['hours', '3', false],
    ['hours', '4.5', false],
    ['hours', '', false],
  ] as const)('%s %s fine: %s', (name, value, fine) => {
    expect(fault(name, value) === undefined).toBe(fine);
  });

  test('defaults are valid, and choices hold them', () => {
    const of = facts(channel('None'), [nodeOs]);
    for (const param of nodeOsUpdates.params) {
      const value = param.defaultValue(of);
      expect(param.validate(value ?? null, of)).toBeUndefined();
      expect(param.choices?.(of).map((choice) => choice.value) ?? [value]).toContain(value);
    }
  });
});
