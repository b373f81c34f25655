import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idShape, isArmId } from '../../../steps/shared/arm-ids.ts';
import { clusterEdits } from '../../../steps/shared/edits.ts';
import { guidOf } from '../../../steps/shared/guid.ts';
import { reimageMinutes, surge } from '../../../steps/shared/minutes.ts';
import { allows, covers, WRITE_CLUSTER } from '../../../steps/shared/permissions.ts';
import { isGuid, listed, plural } from '../../../steps/shared/texts.ts';
import { cluster, factsOf, WORKSPACE } from '../fixture.ts';

describe('permissions', () => {
  it.each([
    ['*', true],
    ['Microsoft.ContainerService/*', true],
    ['microsoft.containerservice/managedclusters/WRITE', true],
    ['Microsoft.ContainerService/managedClusters/*', true],
    ['Microsoft.ContainerService/*/write', true],
    ['*/write', true],
    ['*/read', false],
    ['Microsoft.ContainerService/managedClusters/read', false],
    ['Microsoft.ContainerService/managedClusters', false],
    ['Microsoft.ContainerService/managedClusters/writeX', false],
    ['', false],
  ])('%s covers the cluster write: %s', (pattern, covered) => {
    expect(covers(pattern, WRITE_CLUSTER)).toBe(covered);
  });

  it('lets notActions take away only from their own entry', () => {
    const contributor = { actions: ['*'], notActions: ['Microsoft.Authorization/*/write'] };
    expect(allows([contributor], WRITE_CLUSTER)).toBe(true);
    expect(allows([contributor], 'Microsoft.Authorization/roleAssignments/write')).toBe(false);
    const administrator = { actions: ['Microsoft.Authorization/roleAssignments/*'], notActions: [] };
    expect(allows([contributor, administrator], 'Microsoft.Authorization/roleAssignments/write')).toBe(true);
    expect(allows([], WRITE_CLUSTER)).toBe(false);
  });

  it('covers itself, and every action by a star at any cut', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z/]{1,20}$/), fc.nat(), (action, cut) => {
        const at = cut % (action.length + 1);
        expect(covers(action, action)).toBe(true);
        expect(covers(`${action.slice(0, at)}*`, action)).toBe(true);
        expect(covers(`*${action.slice(at)}`, action)).toBe(true);
        expect(covers(`${action}/more`, action)).toBe(false);
      }),
    );
  });
});

describe('guidOf', () => {
  it('is a GUID, the same for the same words in any case, another for other words', () => {
    expect(guidOf('A', 'b')).toBe(guidOf('a', 'B'));
    expect(guidOf('a', 'b')).not.toBe(guidOf('ab', ''));
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(isGuid(guidOf(a, b))).toBe(true);
        expect(guidOf(a, b)).toMatch(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
      }),
    );
    const many = new Set(Array.from({ length: 5000 }, (_, i) => guidOf('scope', 'role', `group-${i}`)));
    expect(many.size).toBe(5000);
  });
});

describe('ARM ids', () => {
  it('takes ids of the right kind in any case and nothing else', () => {
    expect(isArmId('workspace', WORKSPACE)).toBe(true);
    expect(isArmId('workspace', WORKSPACE.toLowerCase())).toBe(true);
    expect(isArmId('storageAccount', WORKSPACE)).toBe(false);
    expect(isArmId('workspace', `${WORKSPACE}/tables/AKSAudit`)).toBe(false);
    expect(isArmId('workspace', 'logs')).toBe(false);
    expect(isArmId('workspace', WORKSPACE.replace('logs', 'lo;gs'))).toBe(false);
    const rule = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/r/providers/Microsoft.EventHub/namespaces/n/authorizationRules/send';
    expect(isArmId('eventHubRule', rule)).toBe(true);
    expect(isArmId('eventHubRule', rule.replace('/authorizationRules/send', ''))).toBe(false);
    expect(idShape('eventHubRule')).toContain('namespaces/NAME/authorizationRules/NAME');
  });
});

describe('minutes', () => {
  it('counts rounds of surge nodes over the pools', () => {
    const facts = factsOf(cluster());
    // 3 and 5 nodes, one at a time: 8 rounds.
    expect(reimageMinutes(facts)).toEqual([2 + 8 * 4, 4 + 8 * 10]);
    expect(reimageMinutes(facts, ['work'])).toEqual([2 + 5 * 4, 4 + 5 * 10]);
  });

  it.each([
    [{ count: 10 }, 1],
    [{ count: 30, upgradeSettings: { maxSurge: '33%' } }, 10],
    [{ count: 30, upgradeSettings: { maxSurge: '5' } }, 5],
    [{ count: 30, upgradeSettings: { maxSurge: 'many' } }, 1],
    [{ count: 30, upgradeSettings: { maxSurge: '0' } }, 1],
  ])('surge of %j is %i', (pool, expected) => {
    expect(surge(pool)).toBe(expected);
  });
});

describe('texts and edits', () => {
  it('lists names so that a person can read them, and cleans them', () => {
    expect(listed([])).toBe('none');
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
    expect(listed(['\u001b[2Jred\u202e'])).toBe('red');
    expect(plural(1, 'node')).toBe('1 node');
    expect(plural(0, 'policy', 'policies')).toBe('0 policies');
  });

  it('leaves out edits of what already stands', () => {
    const facts = factsOf(cluster());
    expect(clusterEdits(facts, [['properties.enableRBAC', true]])).toEqual([]);
    expect(clusterEdits(facts, [['properties.disableLocalAccounts', true]])).toEqual([
      { path: ['properties', 'disableLocalAccounts'], before: false, after: true },
    ]);
    expect(clusterEdits(facts, [['properties.neverThere', undefined]])).toEqual([]);
  });
});
