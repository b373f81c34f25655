import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { storage } from '../../../steps/pod/storage.ts';
import { decide, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const pool = (name: string, rest: JsonObject = {}): JsonObject => ({ name, mode: 'User', osType: 'Linux', count: 2, vmSize: 'Standard_D4s_v5', ...rest });
const done = { enableEncryptionAtHost: true };
const facts = (properties: JsonObject, apiVersion = '2026-05-01'): Facts => ({ ...factsOf(cluster({ properties }), readable), apiVersion });
const withPools = (...agentPoolProfiles: readonly JsonObject[]): Facts => facts({ agentPoolProfiles });

describe('verdicts', () => {
  test.each([
    ['17.1 all', withPools(pool('a', done), pool('b', done)), '17.1', 'pass'],
    ['17.1 only the first', withPools(pool('a', done), pool('b')), '17.1', 'partial'],
    ['17.1 none', withPools(pool('a'), pool('b', { enableEncryptionAtHost: false })), '17.1', 'fail'],
    ['17.1 not shown', facts({ agentPoolProfiles: [pool('a')] }, '2020-11-01'), '17.1', 'unknown'],
    ['17.1 hosted pools only', withPools(), '17.1', 'not-applicable'],
    ['17.2 own key', facts({ diskEncryptionSetID: '/subscriptions/s/x' }), '17.2', 'pass'],
    ['17.2 platform key', facts({}), '17.2', 'fail'],
    ['17.2 an empty text', facts({ diskEncryptionSetID: '' }), '17.2', 'fail'],
  ] as const)('%s', (_name, of, control, status) => expect(statusOf(storage, of, control)).toBe(status));
});

describe('plan', () => {
  test('each open pool is made anew by hand, one after the other, with its own size', () => {
    const { changes } = decide(
      storage,
      withPools(pool('sys', { mode: 'System' }), pool('b', done), pool('c', { vmSize: 'Standard_E8s_v5', osType: 'Windows' })),
      'replace-pools',
    );
    expect(changes.map(({ id, kind, after }) => [id.split('/')[1], kind, after.map((one) => one.split('/')[1])])).toEqual([
      ['prepare', 'manual', []],
      ['replace-sys', 'manual', ['prepare']],
      ['replace-c', 'manual', ['replace-sys']],
    ]);
    const words = JSON.stringify(changes);
    expect(words).toContain('--mode System --os-type Linux --node-vm-size Standard_D4s_v5');
    expect(words).toContain('--os-type Windows --node-vm-size Standard_E8s_v5');
    expect(words).toContain('another System pool at every moment');
  });

  test('nothing is to do where every pool has it, and an availability set is refused', () => {
    expect(decide(storage, withPools(pool('a', done)), 'replace-pools').changes).toEqual([]);
    expect(() => decide(storage, withPools(pool('a', { type: 'AvailabilitySet' })), 'replace-pools')).toThrow(/availability set/);
  });

  test('none weighs much: Microsoft’s own baseline has none of them', () => {
    expect(storage.controls.map(({ severity }) => severity)).toEqual(['low', 'advice', 'low', 'low']);
  });
});
