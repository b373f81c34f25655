import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, canonical, entrySegment, isFalse, isTrue, type Json, same, showPath, withAt } from '../../src/model/json.ts';

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const path = fc.array(fc.constantFrom('a', 'B', 'c.d', '/e/f'), { minLength: 1, maxLength: 4 });

describe('JSON documents', () => {
  it('are read without regard to the case of keys, an exact match first', () => {
    expect(at({ Properties: { OmsAgent: 1 } }, ['properties', 'omsagent'])).toBe(1);
    expect(at({ a: 1, A: 2 }, ['A'])).toBe(2);
  });

  it('give back what was put in', () => {
    fc.assert(fc.property(json, path, json, (document, where, value) => same(at(withAt(document, where, value), where), value)));
  });

  it('keep everything else, in the case it had', () => {
    const before = { Properties: { keep: [1, { x: null }], aadProfile: { managed: false, unknown: 'kept' } } };
    expect(withAt(before, ['properties', 'AADProfile', 'managed'], true)).toEqual({
      Properties: { keep: [1, { x: null }], aadProfile: { managed: true, unknown: 'kept' } },
    });
  });

  it('lose a key that is set to undefined and nothing else', () => {
    expect(withAt({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } });
  });

  it('have lists whose entries are found by name, in any case, and never made', () => {
    const pools = { pools: [{ name: 'a', version: '1' }, { name: 'B', version: '1' }, 'odd'] };
    const place = ['pools', entrySegment('b'), 'version'];
    expect(at(pools, place)).toBe('1');
    expect(showPath(['properties', ...place])).toBe('properties.pools[b].version');
    expect(withAt(pools, place, '2')).toEqual({ pools: [{ name: 'a', version: '1' }, { name: 'B', version: '2' }, 'odd'] });
    expect(withAt(pools, ['pools', '[c]', 'version'], '2')).toEqual(pools);
    expect(at(pools, ['pools', '[c]'])).toBeUndefined();
  });

  it('are equal when only the order of keys differs', () => {
    expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(canonical({ b: 1, a: { d: 1, c: 2 } })).toBe(canonical({ a: { c: 2, d: 1 }, b: 1 }));
  });

  it('know booleans that are strings', () => {
    expect([isTrue(true), isTrue('True'), isTrue('yes'), isTrue(undefined)]).toEqual([true, true, false, false]);
    expect([isFalse(false), isFalse('FALSE'), isFalse(undefined)]).toEqual([true, true, false]);
  });
});
