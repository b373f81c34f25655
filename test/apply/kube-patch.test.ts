import { describe, expect, it } from 'vitest';
import { checkPatch } from '../../src/apply/kube-patch.ts';
import type { KubePatch } from '../../src/model/change.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { local, newKit, told } from './kit.ts';

const { target: _target, edits: _edits, kind: _kind, ...rest } = local;
const patchOf = (labels: JsonObject, before: JsonObject = {}): KubePatch => ({
  ...rest,
  id: 'k',
  kind: 'kube.patch',
  object: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
  patch: { metadata: { labels } },
  before: { metadata: { labels: before } },
});
const live = (labels: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });

describe('a patch and its object', () => {
  it.each<readonly [why: string, patch: KubePatch, object: JsonObject | undefined, isInPlace: boolean, drift: readonly string[]]>([
    ['as planned from', patchOf({ a: 'x' }), live({ other: 'y' }), false, []],
    ['in place', patchOf({ a: 'x', gone: null }), live({ a: 'x' }), true, []],
    ['one of two in place', patchOf({ a: 'x', b: 'y' }), live({ a: 'x' }), false, []],
    ['planned from another value', patchOf({ a: 'x' }, { a: 'old' }), live({ a: 'old' }), false, []],
    ['changed by somebody else', patchOf({ a: 'x' }, { a: 'old' }), live({ a: 'new' }), false, ['metadata.labels.a']],
    ['taken away by somebody else', patchOf({ 'k8s.io/a': 'x' }, { 'k8s.io/a': 'old' }), live({}), false, ['metadata.labels["k8s.io/a"]']],
    ['gone', patchOf({ a: 'x' }), undefined, false, ['(the object)']],
  ])('%s', (_why, patch, object, isInPlace, drift) => {
    const found = checkPatch(patch, object);
    expect({ isInPlace: found.isInPlace, drift: found.differences.map(({ path }) => path) }).toEqual({ isInPlace, drift });
  });
});

function gateway(object: JsonObject | undefined, warnings: readonly string[] = [], via: KubernetesGateway['via'] = 'kubectl') {
  const calls: boolean[] = [];
  const kubernetes: KubernetesGateway = {
    via,
    list: async function* () {},
    get: async () => object,
    remove: async () => undefined,
    access: async () => ({ allowed: true, as: 'ada' }),
    apply: async () => [],
    patch: async (_ref, patch, { dryRun }) => {
      calls.push(dryRun);
      return { object: patch, warnings };
    },
  };
  return { kubernetes, calls };
}

describe('patches are carried out', () => {
  it('with a dry run first, and what the API server warns of is told', async () => {
    const { run, store } = newKit();
    const { kubernetes, calls } = gateway(live({}), ['existing pods violate\u001b[2J']);
    const events = await run([patchOf({ a: 'x' })], { kubernetes });
    expect(told(events).slice(0, 2)).toEqual(['checked k', 'started k']);
    expect(calls).toEqual([true, false]);
    expect(events.find(({ type }) => type === 'output')).toMatchObject({ stream: 'stderr', line: 'existing pods violate' });
    expect(store.current().operations).toMatchObject([{ status: 'succeeded' }]);
  });

  it.each([
    ['not where it is in place', live({ a: 'x' }), 'kubectl', 'noop'],
    ['not where somebody changed it', live({ a: 'z' }), 'kubectl', 'drift'],
  ] as const)('%s', async (_why, object, via, kind) => {
    const { run, store } = newKit();
    const { kubernetes, calls } = gateway(object, [], via);
    const events = await run([patchOf({ a: 'x' })], { kubernetes });
    expect(calls).toEqual([]);
    expect(store.current().operations).toEqual([]);
    const met = {
      noop: events.some((event) => event.type === 'checked' && event.noop),
      drift: events.some(({ type }) => type === 'drift'),
    };
    expect(met).toEqual({ noop: kind === 'noop', drift: kind === 'drift' });
  });
});
