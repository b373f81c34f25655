import { describe, expect, test } from 'vitest';
import { needsName } from '../../../src/model/change.ts';
import type { Facts, Reachability } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { certificates } from '../../../steps/cluster/certificates.ts';
import { applied } from '../applied.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';

// The fixture's facts are read on 2026-09-01.
const shown = (notAfter: string, notBefore = '2026-01-01T00:00:00Z'): Reachability => ({
  reachable: true,
  detail: '200',
  certificate: { notBefore, notAfter },
});
const facts = (body: JsonObject = {}, probe: Reachability | string = shown('2028-01-01T00:00:00Z'), known: Parameters<typeof factsOf>[1] = {}): Facts =>
  factsOf(cluster(body), { ...readable, apiServerReachability: probe, ...known });
const verdict = (of: Facts) => certificates.assess(of)['13.1'];
const plan = (of: Facts) => certificates.plan(of, choose(certificates, of, 'rotate-now'));

describe('13.1', () => {
  test.each([
    ['far from its end', {}, '2028-01-01T00:00:00Z', 'pass'],
    ['91 days left', {}, '2026-12-01T08:00:00Z', 'pass'],
    ['90 days left', {}, '2026-11-30T08:00:00Z', 'fail'],
    ['ended', {}, '2026-08-01T00:00:00Z', 'fail'],
    ['not a date', {}, 'soon', 'unknown'],
    ['without Kubernetes RBAC', { properties: { enableRBAC: false } }, '2028-01-01T00:00:00Z', 'partial'],
    ['on an old version', { properties: { currentKubernetesVersion: '1.22.6' } }, '2028-01-01T00:00:00Z', 'unknown'],
    ['with local accounts off', { properties: { disableLocalAccounts: true } }, '2028-01-01T00:00:00Z', 'partial'],
  ] as const)('%s', (_name, body, notAfter, status) => {
    expect(verdict(facts(body, shown(notAfter)))?.status).toBe(status);
  });

  test('what was not seen is unknown, with the reason and what follows anyway', () => {
    expect(verdict(facts({}, 'it was not probed'))).toMatchObject({ status: 'unknown', reason: expect.stringMatching(/it was not probed.*30 years/) });
    expect(verdict(facts({}, { reachable: false, detail: 'timed out' }))).toMatchObject({ status: 'unknown', reason: expect.stringContaining('timed out') });
    expect(verdict(facts({ systemData: { createdAt: '2021-03-04T05:06:07Z' } }, 'x'))).toMatchObject({ reason: expect.stringContaining('2021-03-04') });
  });
});

describe('13.1 with local accounts off', () => {
  const off = { properties: { disableLocalAccounts: true } };
  const since = '2026-06-04T08:00:00Z';
  test.each([
    ['a rotation that the log shows', { since, rotatedAt: '2026-08-01T08:00:00Z' }, 'pass'],
    ['nobody was given a credential since', { since, rotatedAt: '2026-08-01T08:00:00Z', handedOutAt: '2026-07-31T08:00:00Z' }, 'pass'],
    ['somebody was given one since', { since, rotatedAt: '2026-08-01T08:00:00Z', handedOutAt: '2026-08-02T08:00:00Z' }, 'partial'],
    ['at the same time: not certain', { since, rotatedAt: '2026-08-01T08:00:00Z', handedOutAt: '2026-08-01T08:00:00Z' }, 'partial'],
    ['no rotation in the log', { since }, 'partial'],
    ['a log that may not be read', 'no right', 'partial'],
  ] as const)('%s', (_name, certificateHistory, status) => {
    expect(verdict(facts(off, undefined, { certificateHistory }))?.status).toBe(status);
  });

  test('says what the log told, and why it was not read', () => {
    expect(verdict(facts(off, undefined, { certificateHistory: 'no right' }))).toMatchObject({ reason: expect.stringContaining('no right') });
    expect(verdict(facts(off, undefined, { certificateHistory: { since } }))).toMatchObject({ reason: expect.stringContaining('2026-06-04') });
  });

  test('a log that shows a rotation does not help a certificate that ends', () => {
    const history = { certificateHistory: { since, rotatedAt: '2026-08-01T08:00:00Z' } };
    expect(verdict(facts(off, shown('2026-10-01T00:00:00Z'), history))?.status).toBe('fail');
  });
});

describe('13.2', () => {
  const tag = 'aks-disable-kubelet-serving-certificate-rotation';
  const pool = (name: string, minor: number, rest: JsonObject = {}): JsonObject => ({
    name,
    mode: 'User',
    osType: 'Linux',
    count: 2,
    currentOrchestratorVersion: `1.${minor}.1`,
    ...rest,
  });
  const of = (agentPoolProfiles: readonly JsonObject[], known: Parameters<typeof factsOf>[1] = {}, properties: JsonObject = {}): Facts =>
    facts({ properties: { agentPoolProfiles, ...properties } }, undefined, known);
  const node = (poolName: string, name: string, servingAuthority?: string) => ({
    name,
    pool: poolName,
    ...(servingAuthority === undefined ? {} : { servingAuthority }),
  });
  const signed = { nodes: [node('a', 'a-1', 'cluster'), node('a', 'a-2', 'cluster')] };

  test.each([
    ['on 1.34 and later nobody is without', of([pool('a', 34), pool('b', 36)]), 'pass'],
    ['before, only the nodes tell', of([pool('a', 33)]), 'unknown'],
    ['and nodes that may not be read do not', of([pool('a', 33)], { nodes: 'no way in' }), 'unknown'],
    ['they do', of([pool('a', 30)], signed), 'pass'],
    ['one node without', of([pool('a', 33)], { nodes: [...signed.nodes, node('a', 'a-3')] }), 'fail'],
    ['on one pool of two', of([pool('a', 33), pool('b', 34)], { nodes: [node('a', 'a-1'), node('b', 'b-1', 'cluster')] }), 'partial'],
    ['nodes count for more than the version', of([pool('a', 35)], { nodes: [node('a', 'a-1')] }), 'fail'],
    ['opted out', of([pool('a', 35, { tags: { [tag]: 'true' } })]), 'fail'],
    ['opted out in another case', of([pool('a', 35, { tags: { [tag.toUpperCase()]: 'True' } })]), 'fail'],
    ['one pool opted out', of([pool('a', 35, { tags: { [tag]: 'true' } }), pool('b', 35)]), 'partial'],
    ['a tag that says false', of([pool('a', 35, { tags: { [tag]: 'false' } })]), 'pass'],
    ['too old', of([pool('a', 26)]), 'fail'],
    ['nodes of a pool that is empty', of([pool('a', 33, { count: 0 })]), 'pass'],
    ['without RBAC', of([pool('a', 35)], signed, { enableRBAC: false }), 'fail'],
    ['no pool', of([]), 'not-applicable'],
    ['no list', of([], {}, { agentPoolProfiles: undefined }), 'unknown'],
  ] as const)('%s', (_name, found, status) => {
    expect(certificates.assess(found)['13.2']?.status).toBe(status);
  });

  const opted = of([pool('a', 35, { tags: { [tag]: 'true', owner: 'shop' } }), pool('b', 35)]);
  const renew = (found: Facts) => certificates.plan(found, choose(certificates, found, 'renew-serving'));

  test('the tag goes and the others stay, then the nodes roll', () => {
    const { changes, guards } = renew(opted);
    expect(changes.map(({ id, kind, after }) => [id.split('/')[1], kind, after.length])).toEqual([
      ['serving-a', 'arm.update', 0],
      ['serving-image-a', 'arm.action', 1],
    ]);
    expect(changes[0]).toMatchObject({ edits: [{ path: ['properties', 'tags'], after: { owner: 'shop' } }] });
    expect(guards.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['certificate-readers', 'drain', 'permission:Microsoft.ContainerService/managedClusters/agentPools/write']),
    );
    expect(certificates.options(opted).find(({ id }) => id === 'renew-serving')?.recommended).toContain('2027-04-01');
  });

  test('done once it is done', () => {
    const { changes } = renew(opted);
    const after = applied(opted, changes);
    expect(certificates.assess(after)['13.2']?.status).toBe('pass');
    expect(renew(after).changes).toEqual([]);
    expect(certificates.options(after).find(({ id }) => id === 'renew-serving')?.unavailable).toBeDefined();
  });
});

describe('rotation', () => {
  const recommended = (of: Facts): string | undefined => certificates.options(of)[0]?.recommended;
  test('is recommended near an end, and not as a matter of course', () => {
    expect(recommended(facts({}, shown('2026-09-11T08:00:00Z')))).toContain('10 days');
    expect(recommended(facts())).toBeUndefined();
    expect(recommended(facts({ properties: { disableLocalAccounts: true } }))).toBeUndefined();
    expect(recommended(facts({}, 'unknown'))).toBeUndefined();
  });

  test('is one action that recreates every pool, with no way back', () => {
    const { changes, guards } = plan(facts());
    expect(changes).toMatchObject([
      {
        kind: 'arm.action',
        action: 'rotateClusterCertificates',
        impact: { kind: 'recreate', pools: ['system', 'work'] },
        reversible: { kind: 'no' },
        alone: true,
      },
    ]);
    expect(changes.every(needsName)).toBe(true);
    expect(guards.map(({ id }) => id)).toContain('permission:Microsoft.ContainerService/managedClusters/rotateClusterCertificates/action');
  });

  test('comes after local accounts are off, and says so while they are on', () => {
    expect(certificates.after).toContain('identity.local-accounts');
    const guard = (of: Facts) => plan(of).guards.find(({ id }) => id === 'local-accounts-first')?.verdict;
    expect(guard(facts())).toBe('warn');
    expect(guard(facts({ properties: { disableLocalAccounts: true } }))).toBe('clear');
  });

  test('says what it costs', () => {
    expect(certificates.options(facts())[0]?.tradeOff).toMatch(/2 pools with 8 nodes.*30 minutes/);
  });
});
