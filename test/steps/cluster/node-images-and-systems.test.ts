import { describe, expect, test } from 'vitest';
import type { Facts, PoolImage } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { at, isObject, withAt } from '../../../src/model/json.ts';
import { storeResource } from '../../../src/practice/world.ts';
import { nodeOsUpdates as step } from '../../../steps/cluster/node-os-updates.ts';
import { decide, editsOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const image = (pool: string, current: string, latest = 'AKSUbuntu-2404gen2containerd-202608.01.0'): PoolImage => ({ pool, current, latest });
const fresh = 'AKSUbuntu-2404gen2containerd-202608.01.0';
const stale = 'AKSUbuntu-2404gen2containerd-202605.01.0';
const pool = (name: string, version: string, osSKU: string, nodeImageVersion: string, more: JsonObject = {}): JsonObject => ({
  name,
  mode: 'System',
  count: 3,
  osSKU,
  nodeImageVersion,
  orchestratorVersion: version,
  currentOrchestratorVersion: version,
  ...more,
});
const windows = ['aksManagedNodeOSUpgradeSchedule', 'aksManagedAutoUpgradeSchedule'].map((name) => ({
  name,
  properties: { maintenanceWindow: { durationHours: 8 } },
}));
const facts = (pools: readonly JsonObject[], images: readonly PoolImage[] | string = [], readAt = '2026-09-01T08:00:00Z'): Facts => {
  const known = { ...readable, maintenanceConfigurations: windows, disruptionBudgets: [], poolImages: images };
  return { ...factsOf(cluster({ properties: { agentPoolProfiles: pools } }), known), source: { kind: 'azure', label: 'test', readAt } };
};
const two = [pool('a', '1.35.1', 'Ubuntu', stale), pool('b', '1.35.1', 'Ubuntu', fresh)];

describe('9.2', () => {
  test.each([
    ['all new', [image('a', fresh)], 'pass'],
    ['one old', [image('a', stale), image('b', fresh)], 'partial'],
    ['all old', [image('a', stale)], 'fail'],
    ['none', [], 'not-applicable'],
    ['not read', 'no permission', 'unknown'],
  ] as const)('%s: %s', (_what, images, status) => {
    expect(statusOf(step, facts(two, images), '9.2')).toBe(status);
  });

  test('new images for the old ones, behind whatever brings a version', () => {
    const of = facts(two, [image('a', stale), image('b', fresh)]);
    const { changes, guards } = decide(step, of, 'images-now');
    expect(changes).toMatchObject([
      { kind: 'arm.action', action: 'upgradeNodeImageVersion', after: expect.arrayContaining(['cluster.node-pool-versions/upgrade-a']) },
    ]);
    expect(guards.map(({ id }) => id)).toContain('disruption-budgets');
    expect(step.options(of).find(({ recommended }) => recommended)?.id).toBe('images-now');
    expect(step.options(facts(two, [image('a', fresh)])).find(({ id }) => id === 'images-now')?.unavailable).toContain('newest');
  });
});

describe('9.5', () => {
  test.each([
    ['Ubuntu 24.04', 'Ubuntu', fresh, '2026-09-01', 'pass'],
    ['Ubuntu 22.04 with months to go', 'Ubuntu', 'AKSUbuntu-2204gen2containerd-202605.12.0', '2026-09-01', 'pass'],
    ['Ubuntu 22.04 near its end', 'Ubuntu', 'AKSUbuntu-2204gen2containerd-202605.12.0', '2027-03-01', 'partial'],
    ['Ubuntu 22.04 after it', 'Ubuntu', 'AKSUbuntu-2204gen2containerd-202605.12.0', '2027-07-01', 'fail'],
    ['Ubuntu 20.04 for FIPS', 'Ubuntu', 'AKSUbuntu-2004fipscontainerd-202605.12.0', '2027-03-18', 'fail'],
    ['Ubuntu 18.04', 'Ubuntu', 'AKSUbuntu-1804gen2containerd-202305.24.0', '2026-09-01', 'fail'],
    ['Azure Linux 2', 'AzureLinux', 'AKSAzureLinux-V2gen2-202512.06.0', '2026-09-01', 'fail'],
    ['Azure Linux 3', 'AzureLinux', 'AKSAzureLinux-V3gen2-202607.20.0', '2026-09-01', 'pass'],
    ['Windows 2019', 'Windows2019', 'AKSWindows-2019-containerd-17763.8027.251112', '2026-09-01', 'fail'],
    ['Windows 2022 by its SKU', 'Windows2022', '', '2026-09-01', 'pass'],
    ['Flatcar', 'Flatcar', '', '2026-09-01', 'fail'],
    ['something else', 'Haiku', '', '2026-09-01', 'unknown'],
  ] as const)('%s', (_what, sku, name, day, status) => {
    expect(statusOf(step, facts([pool('a', '1.34.2', sku, name)], [], `${day}T08:00:00Z`), '9.5')).toBe(status);
  });

  const successorOf = (one: JsonObject): readonly string[] =>
    decide(step, facts([one], [], '2027-06-01T08:00:00Z'), 'os-version').changes.flatMap((change) =>
      change.kind === 'manual' ? ['by hand'] : editsOf(change),
    );
  const old = 'AKSUbuntu-2204gen2containerd-202605.12.0';
  test.each([
    ['Ubuntu before 1.35', pool('a', '1.34.2', 'Ubuntu', old), 'properties.osSKU="Ubuntu2404"'],
    ['a pinned Ubuntu on 1.35', pool('a', '1.35.1', 'Ubuntu2204', old), 'properties.osSKU="Ubuntu"'],
    ['Ubuntu that is too old', pool('a', '1.30.9', 'Ubuntu', old), 'by hand'],
    ['Ubuntu with FIPS', pool('a', '1.34.2', 'Ubuntu', old, { enableFIPS: true }), 'by hand'],
    ['Mariner', pool('a', '1.34.2', 'CBLMariner', 'AKSCBLMariner-V2gen2-202511.01.0'), 'properties.osSKU="AzureLinux"'],
    ['Azure Linux 2 on 1.30', pool('a', '1.30.9', 'AzureLinux', 'AKSAzureLinux-V2gen2-202512.06.0'), 'properties.osSKU="AzureLinux3"'],
    ['Windows', pool('a', '1.32.9', 'Windows2019', '', { osType: 'Windows' }), 'by hand'],
  ] as const)('%s goes to another system, or by hand', (_what, one, wanted) => {
    expect(successorOf(one)).toEqual([wanted]);
  });
});

describe('on the practice cluster', () => {
  test('new images', async () => {
    const { read, carryOut } = await bench('typical', [step]);
    expect(statusOf(step, await read(), '9.2')).toBe('fail');
    const { facts: after, events } = await carryOut(step, 'images-now');
    expect(troubles(events)).toEqual([]);
    expect(statusOf(step, after, '9.2')).toBe('pass');
    await expect(carryOut(step, 'images-now')).rejects.toThrow(/newest image/);
  });

  test('another system', async () => {
    const { practice, read, carryOut } = await bench('typical', [step]);
    const { resources, clusterId } = practice.world.state;
    const body = resources[clusterId.toLowerCase()];
    const place = ['properties', 'agentPoolProfiles', '[nodepool1]'];
    const aged = { osSKU: 'CBLMariner', nodeImageVersion: 'AKSCBLMariner-V2gen2-202511.01.0' };
    const standing = at(body, place);
    const next = withAt(body, place, { ...(isObject(standing) ? standing : {}), ...aged });
    if (isObject(next)) storeResource(practice.world, next);
    expect(statusOf(step, await read(), '9.5')).toBe('fail');
    const { facts: after, events } = await carryOut(step, 'os-version');
    expect(troubles(events)).toEqual([]);
    expect(sent(events)).toEqual(['cluster.node-os-updates/system-nodepool1']);
    expect([statusOf(step, after, '9.5'), statusOf(step, after, '9.2')]).toEqual(['pass', 'pass']);
  });
});
