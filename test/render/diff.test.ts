import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { diffOf, requestOf } from '../../src/render/index.ts';
import { planDocument } from '../../src/render/plan-json.ts';
import { choose, clusterId, edit, facts, image, put, step, update } from '../plan/build.ts';

const rows = (change: Change) => diffOf(change).map(({ sign, path, before, after }) => [sign, path, before, after]);

describe('diffOf', () => {
  it('shows entries of lists, leaves of objects, and values', () => {
    expect(
      rows(
        update('a/x', [
          edit('properties.api.ranges', ['a', 'c'], ['a', 'b']),
          edit('properties.tier', 'new', 'old'),
          edit('properties.aadProfile', { managed: true, groups: ['g'] }),
          edit('properties.gone', undefined, { deep: 1 }),
        ]),
      ),
    ).toEqual([
      ['-', 'properties.api.ranges', 'b', undefined],
      ['+', 'properties.api.ranges', undefined, 'c'],
      ['~', 'properties.tier', 'old', 'new'],
      ['+', 'properties.aadProfile.managed', undefined, true],
      ['+', 'properties.aadProfile.groups', undefined, 'g'],
      ['-', 'properties.gone.deep', 1, undefined],
    ]);
  });

  it('shows a list that only changes its order, or becomes empty', () => {
    expect(rows(update('a/x', [edit('properties.l', ['b', 'a'], ['a', 'b'])]))).toEqual([['~', 'properties.l', ['a', 'b'], ['b', 'a']]]);
    expect(rows(update('a/x', [edit('properties.l', [], ['a'])]))).toEqual([['-', 'properties.l', 'a', undefined]]);
    expect(rows(update('a/x', [edit('properties.l', [], undefined)]))).toEqual([['+', 'properties.l', undefined, []]]);
  });

  it('shows new, replaced and deleted resources', () => {
    const made = put('a/x', { body: { properties: { a: 1, b: 2 } } });
    expect(rows(made)).toEqual([
      ['+', 'properties.a', undefined, 1],
      ['+', 'properties.b', undefined, 2],
    ]);
    expect(rows({ ...made, before: { properties: { a: 1, b: 3 } } })).toEqual([['~', 'properties.b', 3, 2]]);
    const { body, before: _before, ...rest } = made;
    expect(rows({ ...rest, kind: 'arm.delete', before: body })).toEqual([
      ['-', 'properties.a', 1, undefined],
      ['-', 'properties.b', 2, undefined],
    ]);
  });

  it('shows actions and Kubernetes objects', () => {
    expect(rows(image('a/x', 'np1'))).toEqual([['~', 'np1', undefined, 'upgradeNodeImageVersion']]);
    const object = (value: string): JsonObject => ({ kind: 'Namespace', metadata: { name: 'web', labels: { level: value } } });
    const { edits: _edits, target: _target, ...rest } = update('a/x', []);
    expect(rows({ ...rest, kind: 'kube.apply', objects: [object('new')], before: [object('old')] })).toEqual([
      ['~', 'Namespace/web.metadata.labels.level', 'old', 'new'],
    ]);
    const patch: Change = {
      ...rest,
      kind: 'kube.patch',
      object: { apiVersion: 'v1', kind: 'Namespace', name: 'web' },
      patch: { metadata: { labels: { level: 'new', old: null } } },
      before: object('x'),
    };
    expect(rows(patch)).toEqual([['~', 'Namespace/web.metadata.labels.level', 'x', 'new']]);
    expect(
      rows({ ...rest, kind: 'kube.delete', object: patch.object, before: { ...object('x'), apiVersion: 'v1' } }).map(([sign, path]) => [sign, path]),
    ).toEqual([
      ['-', 'Namespace/web.kind'],
      ['-', 'Namespace/web.metadata.name'],
      ['-', 'Namespace/web.metadata.labels.level'],
      ['-', 'Namespace/web.apiVersion'],
    ]);
  });
});

describe('requestOf', () => {
  it('is the whole resource back, with the edits and nothing else', () => {
    const current = {
      id: clusterId,
      eTag: 'x',
      location: 'l',
      'x-new': 1,
      properties: { provisioningState: 'Succeeded', dnsPrefix: 'd', unknown: { deep: true } },
    };
    const change = update('a/x', [edit('properties.disableLocalAccounts', true)]);
    expect(requestOf(change, current)).toEqual({
      method: 'PUT',
      url: `${clusterId}?api-version=2026-05-01`,
      body: { location: 'l', 'x-new': 1, properties: { dnsPrefix: 'd', unknown: { deep: true }, disableLocalAccounts: true } },
    });
    expect(requestOf(change)).toEqual({ method: 'PUT', url: `${clusterId}?api-version=2026-05-01` });
  });

  it('posts, patches, puts and deletes', () => {
    expect(requestOf(image('a/x', 'np1'))).toEqual({ method: 'POST', url: `${clusterId}/agentPools/np1/upgradeNodeImageVersion?api-version=2026-05-01` });
    const patch: Change = {
      ...update('a/x', [edit('properties.adminUserEnabled', false, true), edit('sku.name', 'Premium', 'Basic'), edit('tags.old', undefined, 'x')]),
      kind: 'arm.patch',
    };
    expect(requestOf(patch)).toMatchObject({
      method: 'PATCH',
      body: { properties: { adminUserEnabled: false }, sku: { name: 'Premium' }, tags: { old: null } },
    });
    const made = put('a/x');
    expect(requestOf(made)).toEqual({ method: 'PUT', url: `${made.target.id}?api-version=2021-05-01-preview`, body: made.body });
    const { body, ...rest } = made;
    expect(requestOf({ ...rest, kind: 'arm.delete', before: body })).toEqual({ method: 'DELETE', url: `${made.target.id}?api-version=2021-05-01-preview` });
  });
});

describe('planDocument', () => {
  const steps = [
    step('a', [update('a/x', [edit('properties.disableLocalAccounts', true)])]),
    step('b', [update('b/x', [edit('properties.autoUpgradeProfile.nodeOSUpgradeChannel', 'NodeImage')], { after: ['a/x'] }), put('b/logs')]),
  ];
  const plan = makePlan(facts, steps, choose('a', 'b'));

  it('tells each change with request, commands, way back and order', () => {
    const document = planDocument(plan, facts);
    expect(Object.keys(document)).toEqual(['schemaVersion', 'cluster', 'choices', 'changes', 'order', 'guards', 'totals', 'separately', 'digest']);
    expect(document['order']).toEqual(['a/x', 'b/x', 'b/logs']);
    expect(document['changes']).toMatchObject([
      {
        id: 'a/x',
        step: 'a',
        controls: [],
        kind: 'arm.update',
        target: { id: clusterId },
        edits: [{ path: ['properties', 'disableLocalAccounts'], after: true }],
        request: { method: 'PUT', body: { properties: { disableLocalAccounts: true } } },
        commands: [{ argv: expect.arrayContaining(['--disable-local-accounts']) }],
        minutes: [2, 4],
        reversible: { kind: 'yes' },
        undo: [{ kind: 'arm.update' }],
        after: [],
      },
      // The second write stands on what the first one leaves.
      {
        id: 'b/x',
        after: ['a/x'],
        request: { body: { properties: { disableLocalAccounts: true, autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } } } },
      },
      { id: 'b/logs', kind: 'arm.put' },
    ]);
  });

  it('holds no body that must not be sent: facts of another api-version', () => {
    const [first] = planDocument(plan, { ...facts, apiVersion: '2024-01-01' })['changes'] as JsonObject[];
    expect(first?.['request']).toEqual({ method: 'PUT', url: `${clusterId}?api-version=2026-05-01` });
  });
});
