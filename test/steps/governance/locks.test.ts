import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { locks } from '../../../steps/governance/locks.ts';
import { applied } from '../applied.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { CLUSTER_ID, cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const NODES = `/subscriptions/${SUBSCRIPTION}/resourceGroups/MC_rg-shop_shop_westeurope`;
const lock = (scope: string, level = 'CanNotDelete', name = 'keep'): JsonObject => ({
  id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
  name,
  properties: { level },
});
const facts = (...found: readonly JsonObject[]): Facts => factsOf(cluster(), { ...readable, locks: found });

describe('20.9', () => {
  test.each([
    ['on the cluster', facts(lock(CLUSTER_ID)), 'pass'],
    ['on the cluster, in another case', facts(lock(CLUSTER_ID.toUpperCase(), 'cannotdelete')), 'pass'],
    ['on its resource group', facts(lock(GROUP)), 'pass'],
    ['none', facts(), 'fail'],
    ['on another group whose name begins alike', facts(lock(`${GROUP}-old`)), 'fail'],
    ['read-only on the cluster', facts(lock(CLUSTER_ID, 'ReadOnly')), 'partial'],
    ['on the node resource group as well', facts(lock(CLUSTER_ID), lock(NODES)), 'partial'],
    ['on the whole subscription, nodes included', facts(lock(`/subscriptions/${SUBSCRIPTION}`)), 'partial'],
    ['not read', factsOf(cluster(), { ...readable, locks: 'no permission' }), 'unknown'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(locks, of, '20.9')).toBe(status));

  test('stands on the cluster, never on the node resource group, and is written once', () => {
    const { changes } = decide(locks, facts(), 'on-cluster');
    expect(changes).toHaveLength(1);
    const [put] = changes;
    expect(put?.kind === 'arm.put' ? put.target.id : '').toBe(`${CLUSTER_ID}/providers/Microsoft.Authorization/locks/aks-no-delete`);
    const after = applied(facts(), changes);
    expect(statusOf(locks, after, '20.9')).toBe('pass');
    expect(decide(locks, after, 'on-cluster').changes).toEqual([]);
  });

  test('needs the right to write locks, not to write the cluster', () => {
    const contributor = factsOf(cluster(), { ...readable, locks: [], permissions: [{ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }] });
    const plan = decide(locks, contributor, 'on-cluster');
    expect(guardOf(plan, 'permission:Microsoft.Authorization/locks/write')).toBe('refuse');
    expect(plan.guards.some(({ id }) => id === 'cluster-state')).toBe(false);
  });

  test.each(['', 'a b', '../x', 'a/b', "x';rm"])('refuses the name %j', (name) => {
    expect(() => decide(locks, facts(), 'on-cluster', { name })).toThrow(/letters, digits/);
  });
});
