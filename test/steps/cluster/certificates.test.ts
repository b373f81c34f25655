import { describe, expect, test } from 'vitest';
import { needsName } from '../../../src/model/change.ts';
import type { Facts, Reachability } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { certificates } from '../../../steps/cluster/certificates.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';

// The fixture's facts are read on 2026-09-01.
const shown = (notAfter: string, notBefore = '2026-01-01T00:00:00Z'): Reachability => ({
  reachable: true,
  detail: '200',
  certificate: { notBefore, notAfter },
});
const facts = (body: JsonObject = {}, probe: Reachability | string = shown('2028-01-01T00:00:00Z')): Facts =>
  factsOf(cluster(body), { ...readable, apiServerReachability: probe });
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
