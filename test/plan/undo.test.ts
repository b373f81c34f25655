import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, KubeApply, KubeDelete, KubePatch } from '../../src/model/change.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { reversedPatch, undoOf, undoPlan } from '../../src/plan/undo.ts';
import { choose, edit, facts, image, put, step, update } from './build.ts';

const door = { reversible: { kind: 'no' as const, how: 'Entra integration can not be turned off' } };

describe('undoOf', () => {
  it('puts old values back, last edit first', () => {
    const [undo] = undoOf(update('a/x', [edit('properties.a', 2, 1), edit('properties.b', 'new', 'old')]));
    expect(undo).toMatchObject({ kind: 'arm.update', id: 'a/x/undo', edits: [edit('properties.b', 'old', 'new'), edit('properties.a', 1, 2)] });
  });

  it('says aloud what absent stands for, because AKS keeps what a write leaves out', () => {
    const edits = [
      edit('properties.disableLocalAccounts', true),
      edit('properties.apiServerAccessProfile.authorizedIPRanges', ['1.2.3.4/32']),
      edit('properties.addonProfiles.azurepolicy.enabled', true),
      edit('properties.unheardOf', 1),
    ];
    const [undo] = undoOf(update('a/x', edits));
    expect(undo?.kind === 'arm.update' && undo.edits.map((one) => one.after)).toEqual([undefined, false, [], false]);
  });

  it('deletes what was made, and writes back what was replaced', () => {
    expect(undoOf(put('a/x'))).toMatchObject([{ kind: 'arm.delete', before: put('a/x').body }]);
    expect(undoOf(put('a/x', { before: { properties: { old: true } } }))).toMatchObject([{ kind: 'arm.put', body: { properties: { old: true } } }]);
  });

  it('leaves a new resource group to a person', () => {
    const target = { id: '/subscriptions/s/resourceGroups/new', type: 'Microsoft.Resources/resourceGroups', apiVersion: '2024-07-01' };
    expect(undoOf(put('a/x', { target }))).toMatchObject([{ kind: 'manual' }]);
  });

  it('is empty for one-way doors, and what the change says itself otherwise', () => {
    expect(undoOf(update('a/x', [edit('properties.a', 1)], door))).toEqual([]);
    expect(undoOf(image('a/p', 'p'))).toEqual([]);
    const own = [put('a/own')];
    expect(undoOf(update('a/x', [edit('properties.a', 1)], { ...door, undo: own }))).toBe(own);
  });

  it('deletes what an apply made, and leaves to a person what others may live in since', () => {
    const object = (kind: string, name: string): JsonObject => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'web' } });
    const { target: _target, body: _body, before: _before, ...rest } = put('a/x');
    const made: KubeApply = {
      ...rest,
      kind: 'kube.apply',
      objects: [object('Service', 'a'), object('Service', 'b'), object('Namespace', 'n')],
      before: [object('Service', 'b')],
    };
    const undo = undoOf(made);
    expect(undo.map(({ kind }) => kind)).toEqual(['kube.apply', 'kube.delete', 'manual']);
    expect(undo[1]).toMatchObject({ object: { apiVersion: 'v1', kind: 'Service', namespace: 'web', name: 'a' }, before: object('Service', 'a') });
    expect(new Set(undo.map(({ id }) => id)).size).toBe(3);
  });

  it('puts back what was deleted, as it stood', () => {
    const { target: _target, body: _body, before: _before, ...rest } = put('a/x');
    const object: JsonObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'web' } };
    const change: KubeDelete = { ...rest, kind: 'kube.delete', object: { apiVersion: 'v1', kind: 'Service', namespace: 'web', name: 'a' }, before: object };
    expect(undoOf(change)).toMatchObject([{ kind: 'kube.apply', objects: [object], before: [] }]);
  });

  it('takes a merge patch back', () => {
    const change: KubePatch = {
      ...put('a/x'),
      kind: 'kube.patch',
      object: { apiVersion: 'v1', kind: 'Namespace', name: 'web' },
      patch: { metadata: { labels: { enforce: 'restricted', warn: 'baseline' } } },
      before: { metadata: { labels: { enforce: 'privileged' } } },
    };
    expect(undoOf(change)).toMatchObject([{ kind: 'kube.patch', patch: { metadata: { labels: { enforce: 'privileged', warn: null } } } }]);
  });

  it('takes any merge patch back to the very object it found', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const tree = fc.letrec<{ object: JsonObject }>((tie) => ({
      object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(leaf, tie('object'))) as fc.Arbitrary<JsonObject>,
    }));
    fc.assert(
      fc.property(tree.object, tree.object, (before, patch) => {
        const there = mergePatch(before, patch);
        expect(emptied(mergePatch(there, reversedPatch(patch, before)))).toEqual(emptied(before));
      }),
    );
  });
});

/** RFC 7396. */
function mergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  const made: { [key: string]: Json | undefined } = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete made[key];
    else made[key] = isObject(value) ? mergePatch(made[key], value) : value;
  }
  return made;
}

/** Without empty objects: a merge patch can not take the empty parents away that it made. */
function emptied(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => [key, isObject(value) ? emptied(value) : value] as const);
  return Object.fromEntries(entries.filter(([, value]) => !isObject(value) || Object.keys(value).length > 0));
}

describe('undoPlan', () => {
  const steps = [
    step('a', [update('a/aad', [edit('properties.aadProfile.managed', true)], door), put('a/role', { after: ['a/aad'] })]),
    step('b', [update('b/os', [edit('properties.os', 'new', 'old')])]),
    step('c', [update('c/close', [edit('properties.disableLocalAccounts', true, false)], { after: ['a/role'] })]),
  ];
  const forward = makePlan(facts, steps, choose('a', 'b', 'c'));

  it('goes back last first, and names what stays', () => {
    const back = undoPlan(forward);
    expect(forward.changes.map(({ parts }) => parts)).toEqual([['a/aad', 'b/os'], ['a/role'], ['c/close']]);
    expect(back.changes.map(({ change }) => [change.kind, change.id])).toEqual([
      ['arm.update', 'c/close/undo'],
      ['arm.delete', 'a/role/undo'],
      ['manual', 'a/aad/stays'],
      ['arm.update', 'b/os/undo'],
    ]);
    expect(back.changes[2]?.change).toMatchObject({ instructions: [expect.stringContaining('can not be turned off')] });
    expect(back.changes[1]?.change.after).toEqual(['c/close/undo']);
    expect(back.changes[3]?.change.after).toEqual(['a/role/undo']);
    expect(back.totals.writes).toBe(3);
  });

  it('puts back what can be put back of a write that also held a one-way door', () => {
    const merged = forward.changes[0]?.change as Change;
    expect(merged.reversible.kind).toBe('no');
    expect(undoOf(merged)).toMatchObject([{ kind: 'arm.update', edits: [edit('properties.os', 'old', 'new')] }]);
  });

  it('takes two merged edits back in one write', () => {
    const made = makePlan(
      facts,
      [step('a', [update('a/x', [edit('properties.a', 2, 1)])]), step('b', [update('b/x', [edit('properties.b', 2, 1)])])],
      choose('a', 'b'),
    );
    const back = undoPlan(made);
    expect(back.changes).toHaveLength(1);
    expect(back.changes[0]?.change).toMatchObject({ edits: [edit('properties.b', 1, 2), edit('properties.a', 1, 2)] });
  });
});
