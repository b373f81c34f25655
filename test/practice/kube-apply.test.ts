import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, type JsonObject, list } from '../../src/model/json.ts';
import { serverSideApply } from '../../src/practice/kube-apply.ts';
import { ownableFields, ownersOf, pathsOf, recordUpdate, stillIn, together, withoutThese } from '../../src/practice/kube-managers.ts';

const time = '2026-07-01T08:00:00Z';
const settings = (data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  data,
});
const deployment = (containers: readonly JsonObject[], spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { ...spec, template: { spec: { containers } } },
});

/** The object after an apply that must go through. */
function applied(before: JsonObject | undefined, sent: JsonObject, manager: string, force = false): JsonObject {
  const made = serverSideApply(before, sent, { manager, force, time });
  if ('object' in made) return made.object;
  throw new Error(JSON.stringify(made));
}
const conflict = (before: JsonObject, sent: JsonObject, manager: string): string => {
  const made = serverSideApply(before, sent, { manager, force: false, time });
  return 'conflict' in made ? made.conflict : '';
};
const owned = (object: JsonObject): { readonly [manager: string]: readonly string[] } =>
  Object.fromEntries(ownersOf(object).map(({ manager, operation, fields }) => [`${manager} ${operation}`, pathsOf(fields)]));

describe('server-side apply', () => {
  it('takes away what its manager applied before and leaves out now, and nothing else', () => {
    const first = applied(undefined, settings({ a: '1', b: '1' }), 'me');
    const beside = applied(first, settings({ c: '1' }), 'other');
    expect(applied(beside, settings({ a: '1' }), 'me')['data']).toEqual({ a: '1', c: '1' });
  });

  it('keeps what another manager applies too', () => {
    const both = applied(applied(undefined, settings({ a: '1' }), 'me'), settings({ a: '1' }), 'other');
    expect(owned(both)).toEqual({ 'me Apply': ['.data.a'], 'other Apply': ['.data.a'] });
    expect(applied(both, settings({}), 'me')['data']).toEqual({ a: '1' });
  });

  it('names who owns a field, one or many', () => {
    const object = applied(undefined, settings({ a: '1', b: '1' }), 'flux');
    expect(conflict(object, settings({ a: '2' }), 'me')).toBe('Apply failed with 1 conflict: conflict with "flux": .data.a');
    expect(conflict(object, settings({ a: '2', b: '2', c: '2' }), 'me')).toBe('Apply failed with 2 conflicts: conflicts with "flux":\n- .data.a\n- .data.b');
    expect(conflict(object, settings({ a: '1' }), 'me')).toBe('');
  });

  it('names containers by their name', () => {
    const object = applied(undefined, deployment([{ name: 'web', image: 'a' }]), 'flux');
    expect(conflict(object, deployment([{ name: 'web', image: 'b' }]), 'me')).toContain('.spec.template.spec.containers[name="web"].image');
    expect(at(applied(object, deployment([{ name: 'side', image: 'c' }]), 'me'), ['spec', 'template', 'spec', 'containers'])).toEqual([
      { name: 'web', image: 'a' },
      { name: 'side', image: 'c' },
    ]);
  });

  it('by force makes fields change hands', () => {
    const object = applied(applied(undefined, settings({ a: '1', b: '1' }), 'flux'), settings({ a: '2' }), 'me', true);
    expect(owned(object)).toEqual({ 'flux Apply': ['.data.b'], 'me Apply': ['.data.a'] });
    expect(object['data']).toEqual({ a: '2', b: '1' });
  });

  it('an object without a record belongs to whoever was before the first apply', () => {
    expect(conflict(deployment([], { replicas: 2 }), deployment([], { replicas: 3 }), 'me')).toBe(
      `Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1 at ${time}: .spec.replicas`,
    );
    expect(owned(applied(deployment([], { replicas: 2 }), settings({}, { labels: { a: 'b' } }), 'me'))).toMatchObject({
      'me Apply': ['.data', '.metadata.labels.a'],
    });
  });

  it('does not take the server’s own record from a client', () => {
    expect(serverSideApply(undefined, settings({}, { managedFields: [] }), { manager: 'me', force: false, time })).toEqual({
      invalid: 'metadata.managedFields must be nil',
    });
  });
});

describe('the record of any other write', () => {
  const update = (before: JsonObject | undefined, after: JsonObject, manager = 'kubectl-edit') => recordUpdate(before, after, { manager, time });

  it('gives what was changed to who changed it, and what is gone to nobody', () => {
    const object = applied(undefined, settings({ a: '1', b: '1', c: '1' }), 'flux');
    const { data: _data, ...rest } = object;
    const after = update(object, { ...rest, data: { a: '1', b: '2' } });
    expect(owned(after)).toEqual({ 'flux Apply': ['.data.a'], 'kubectl-edit Update': ['.data.b'] });
    expect(conflict(after, settings({ b: '1' }), 'flux')).toContain(`conflict with "kubectl-edit" using v1 at ${time}: .data.b`);
  });

  it('begins with an object that it makes, and not with one that had none', () => {
    expect(owned(update(undefined, settings({ a: '1' })))).toEqual({ 'kubectl-edit Update': ['.data.a'] });
    expect(owned(update(settings({ a: '1' }), settings({ a: '2' })))).toEqual({});
  });

  it('is not what a client sends', () => {
    const forged = settings({ a: '1' }, { managedFields: [{ manager: 'flux', operation: 'Apply', fieldsV1: { 'f:data': {} } }] });
    expect(owned(update(settings({ a: '1' }), forged))).toEqual({});
  });
});

describe('sets of fields', () => {
  const value = fc.letrec<{ readonly node: JsonObject }>((tie) => ({
    node: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ depthSize: 'small' }, fc.constantFrom('1', '2'), tie('node')), { maxKeys: 3 }),
  })).node;
  const object = value.map((data): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data }));

  it('without the others, and with them again, are the same', () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        const [a, b] = [ownableFields(one), ownableFields(other)];
        expect(pathsOf(withoutThese(a, a))).toEqual([]);
        const rest = pathsOf(withoutThese(a, b));
        expect(rest.every((path) => pathsOf(a).includes(path) && !pathsOf(b).includes(path))).toBe(true);
        expect(pathsOf(a).every((path) => pathsOf(together(a, b)).some((known) => known === path || known.startsWith(`${path}.`)))).toBe(true);
        expect(stillIn(a, one)).toEqual(a);
      }),
    );
  });

  it('an apply by force leaves what was sent, owned by who sent it, whoever was before', () => {
    fc.assert(
      fc.property(object, object, object, (first, second, third) => {
        const start = applied(applied(undefined, first, 'a'), second, 'b', true);
        const end = applied(start, third, 'a', true);
        const again = applied(end, third, 'a');
        expect(again).toEqual(end);
        const mine = ownersOf(end).find(({ manager }) => manager === 'a');
        expect(mine?.fields ?? {}).toEqual(ownableFields(third));
        expect(list(at(end, ['metadata', 'managedFields'])).length).toBeLessThan(3);
      }),
    );
  });
});
