import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike, holds, isInPlace, settled } from '../../src/apply/compare.ts';
import { assertLossless, losslessWrite } from '../../src/apply/lossless.ts';
import { besidesOf } from '../../src/apply/verify.ts';
import type { ArmResource } from '../../src/model/facts.ts';
import { isObject, type Json } from '../../src/model/json.ts';
import { clusterBody, edit, local } from './kit.ts';

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);

describe('holds', () => {
  it.each<[Json | undefined, Json | undefined, boolean]>([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [undefined, [], true],
    [null, undefined, true],
    [['x'], [], false],
    [['b', 'a'], ['a', 'b'], true],
    [['a', 'b', 'c'], ['a', 'b'], false],
    [['a'], ['a', 'a'], false],
    [
      [
        { c: 'x', enabled: true },
        { c: 'y', enabled: false },
      ],
      [{ c: 'x' }],
      true,
    ],
    [
      [
        { c: 'x', enabled: true },
        { c: 'y', enabled: true },
      ],
      [{ c: 'x' }],
      false,
    ],
    ['/subscriptions/A', '/Subscriptions/a', true],
    ['Azure', 'azure', false],
    [false, undefined, false],
    [undefined, false, false],
    [{ OmsAgent: { enabled: true } }, { omsagent: { enabled: true } }, true],
  ])('%j holds %j: %s', (found, wanted, expected) => {
    expect(holds(found, wanted)).toBe(expected);
  });

  it('every value holds itself, and is alike itself', () => {
    fc.assert(fc.property(json, (value) => holds(value, value) && alike(value, value)));
  });

  it('more keys do not matter', () => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json), json, (object, more) => holds({ ...object, EXTRA9: more }, object as Json)));
  });
});

describe('isInPlace', () => {
  const change = (before: Json | undefined, after: Json | undefined) => ({ path: ['a'], before, after });
  it('takes a profile for gone when only what the service shows anyway is left of it', () => {
    const path = ['properties', 'networkProfile', 'loadBalancerProfile'];
    const gone = { path, before: { managedOutboundIPs: { count: 1 } }, after: undefined };
    const left = (loadBalancerProfile: Json) => ({ properties: { networkProfile: { loadBalancerProfile } } });
    expect(isInPlace(left({ backendPoolType: 'NodeIPConfiguration' }), gone)).toBe(true);
    expect(isInPlace(left({ backendPoolType: 'NodeIPConfiguration', managedOutboundIPs: { count: 1 } }), gone)).toBe(false);
    expect(isInPlace({ properties: { other: { backendPoolType: 'x' } } }, { ...gone, path: ['properties', 'other'] })).toBe(false);
  });

  it('a key taken out of a map is in place when it is gone', () => {
    expect(isInPlace({ a: { x: {}, y: {} } }, change({ x: { p: 1 }, y: { p: 2 } }, { x: {} }))).toBe(true);
    expect(isInPlace({ a: { x: { p: 1 }, y: { p: 2 } } }, change({ x: { p: 1 }, y: { p: 2 } }, { x: {} }))).toBe(false);
    expect(isInPlace({ a: { x: { p: 1 } } }, change({ x: { p: 1 }, y: { p: 2 } }, { x: {} }))).toBe(true);
  });

  it('identities with what ARM adds to them are in place', () => {
    expect(isInPlace({ a: { '/ID/1': { principalId: 'p' } } }, change(undefined, { '/id/1': {} }))).toBe(true);
  });
});

describe('settled', () => {
  it('leaves what somebody decides and takes away what moves', () => {
    const body = settled(clusterBody);
    expect(body['eTag']).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain('"count"');
    expect(JSON.stringify(body)).toContain('nodeImageVersion');
    const own = settled({ ...clusterBody, properties: { agentPoolProfiles: [{ name: 'one', count: 3 }] } });
    expect(JSON.stringify(own)).toContain('"count":3');
  });
});

describe('losslessWrite', () => {
  it('holds the edit and nothing else', () => {
    const { body } = losslessWrite(local, clusterBody);
    expect(isObject(body) && isObject(body['properties']) ? body['properties']['futureThing'] : undefined).toEqual({ unknownToUs: ['kept'] });
  });

  it.each<[string, object]>([
    ['a property more', { properties: { ...(clusterBody['properties'] as object), disableLocalAccounts: true, supportPlan: 'x' } }],
    ['a property less', { properties: { disableLocalAccounts: true } }],
    ['without the edit', {}],
  ])('%s is refused', (_name, more) => {
    const { body } = losslessWrite(local, clusterBody);
    expect(() => assertLossless(local, clusterBody, body as ArmResource)).not.toThrow();
    expect(() => assertLossless(local, clusterBody, { ...clusterBody, ...more })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'write-not-lossless' }) }),
    );
  });

  it('an edit that another one takes back is not sent', () => {
    const twice = { ...local, edits: [...local.edits, { path: ['properties', 'disableLocalAccounts'], before: true, after: false }] };
    expect(() => losslessWrite(twice, clusterBody)).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'write-not-lossless' }) }));
  });
});

describe('besidesOf', () => {
  const changed = (properties: object) => ({ ...clusterBody, properties: { ...(clusterBody['properties'] as object), ...properties } });
  const aad = edit('s', '2.1', 'properties.aadProfile.managed', undefined, true);

  it.each<[string, Parameters<typeof besidesOf>, readonly string[]]>([
    ['nothing', [local, clusterBody, changed({ disableLocalAccounts: true })], []],
    ['something', [local, clusterBody, changed({ disableLocalAccounts: true, supportPlan: 'x' })], ['properties.supportPlan']],
    ['defaults filled into a new block', [aad, clusterBody, changed({ aadProfile: { managed: true, enableAzureRBAC: false } })], []],
    ['another new block', [aad, clusterBody, changed({ aadProfile: { managed: true }, sshAccess: { mode: 'x' } })], ['properties.sshAccess.mode']],
    ['spellings of nothing', [local, clusterBody, changed({ disableLocalAccounts: true, tags: null })], []],
  ])('%s', (_name, given, wanted) => {
    expect(besidesOf(...given)).toEqual(wanted);
  });
});
