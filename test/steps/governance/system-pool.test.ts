import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { systemPool } from '../../../steps/governance/system-pool.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, statusOf } from '../decide.ts';
import { CLUSTER_ID, cluster, factsOf, readable } from '../fixture.ts';

const TAINT = 'CriticalAddonsOnly=true:NoSchedule';
const pool = (name: string, mode: string, rest: JsonObject = {}): JsonObject => ({ name, mode, osType: 'Linux', count: 2, ...rest });
const facts = (agentPoolProfiles: readonly JsonObject[], properties: JsonObject = {}): Facts =>
  factsOf(cluster({ properties: { agentPoolProfiles, ...properties } }), readable);
const clean = pool('sys', 'System', { nodeTaints: [TAINT] });

describe('20.10', () => {
  test.each([
    ['tainted, with a user pool', facts([clean, pool('apps', 'User')]), 'pass'],
    ['not tainted', facts([pool('sys', 'System'), pool('apps', 'User')]), 'fail'],
    ['one of two system pools tainted', facts([clean, pool('sys2', 'System'), pool('apps', 'User')]), 'fail'],
    ['another taint', facts([pool('sys', 'System', { nodeTaints: ['CriticalAddonsOnly=true:PreferNoSchedule'] }), pool('apps', 'User')]), 'fail'],
    ['tainted, without a user pool', facts([clean]), 'fail'],
    ['tainted, with auto-provisioned nodes', facts([clean], { nodeProvisioningProfile: { mode: 'Auto' } }), 'pass'],
    ['no pool at all', facts([]), 'fail'],
    ['no list of pools', factsOf(cluster({ properties: { agentPoolProfiles: undefined } }), readable), 'unknown'],
    ['AKS Automatic', factsOf(cluster({ sku: { name: 'Automatic' } }), readable), 'preconfigured'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(systemPool, of, '20.10')).toBe(status));
});

describe('plan', () => {
  test('adds the taint to what is there, on each system pool’s own resource', () => {
    const of = facts(
      [pool('sys', 'System', { nodeTaints: ['batch=true:PreferNoSchedule'] }), pool('sys2', 'System'), clean, pool('apps', 'User')].map((one, i) => ({
        ...one,
        name: `${String(one['name'])}${i}`,
      })),
    );
    const { changes } = decide(systemPool, of, 'taint');
    expect(changes.map((change) => [change.kind === 'arm.update' ? change.target.id : '', editsOf(change)])).toEqual([
      [`${CLUSTER_ID}/agentPools/sys0`, [`properties.nodeTaints=["batch=true:PreferNoSchedule","${TAINT}"]`]],
      [`${CLUSTER_ID}/agentPools/sys21`, [`properties.nodeTaints=["${TAINT}"]`]],
    ]);
    const after = applied(of, changes);
    expect(statusOf(systemPool, after, '20.10')).toBe('pass');
    expect(decide(systemPool, after, 'taint').changes).toEqual([]);
  });

  test.each([
    ['only Windows', pool('win', 'User', { osType: 'Windows' })],
    ['only spot', pool('spot', 'User', { scaleSetPriority: 'Spot' })],
    ['no node and no autoscaler', pool('empty', 'User', { count: 0 })],
    ['a taint of its own', pool('gpu', 'User', { nodeTaints: ['sku=gpu:NoSchedule'] })],
  ])('is refused while the user pools have no room for ordinary pods: %s', (_name, other) => {
    const of = facts([pool('sys', 'System'), other]);
    expect(() => decide(systemPool, of, 'taint')).toThrow(/No user pool has room/);
    const { changes } = decide(systemPool, of, 'add-user-pool');
    expect(changes.map(({ kind }) => kind)).toEqual(['manual', 'arm.update']);
    expect(changes[1]?.after).toEqual([changes[0]?.id]);
  });

  test('an empty pool that scales by itself is room', () => {
    expect(decide(systemPool, facts([pool('sys', 'System'), pool('apps', 'User', { count: 0, enableAutoScaling: true })]), 'taint').changes).toHaveLength(1);
  });
});
