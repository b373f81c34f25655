import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { nodeTrust } from '../../../steps/governance/node-trust.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const trusted = { securityProfile: { enableVTPM: true, enableSecureBoot: true } };
const pool = (name: string, rest: JsonObject = {}): JsonObject => ({
  name,
  mode: 'User',
  osType: 'Linux',
  osSKU: 'Ubuntu',
  count: 2,
  vmSize: 'Standard_D4s_v5',
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202608.01.0',
  ...rest,
});
const facts = (agentPoolProfiles: readonly JsonObject[], apiVersion = '2026-05-01'): Facts => ({
  ...factsOf(cluster({ properties: { agentPoolProfiles } }), readable),
  apiVersion,
});
const windows = pool('win', { osType: 'Windows', osSKU: 'Windows2022' });

describe('20.6', () => {
  test.each([
    ['all Linux pools, Windows aside', facts([pool('a', trusted), windows]), 'pass'],
    ['the second pool not', facts([pool('a', trusted), pool('b')]), 'partial'],
    ['half of it', facts([pool('a', { securityProfile: { enableVTPM: true, enableSecureBoot: false } })]), 'fail'],
    ['none', facts([pool('a'), pool('b')]), 'fail'],
    ['Windows only', facts([windows]), 'not-applicable'],
    ['not shown', facts([pool('a')], '2023-10-01'), 'unknown'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(nodeTrust, of, '20.6')).toBe(status));
});

describe('20.7', () => {
  test.each([
    ['all', facts([pool('a', { enableFIPS: true }), windows]), 'pass'],
    ['some', facts([pool('a', { enableFIPS: true }), pool('b', { enableFIPS: false })]), 'partial'],
    ['none: no duty is no failure', facts([pool('a', { enableFIPS: false })]), 'not-applicable'],
    ['not shown', facts([pool('a')], '2020-11-01'), 'unknown'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(nodeTrust, of, '20.7')).toBe(status));
});

describe('which pools can start with Trusted Launch', () => {
  test.each([
    ['Ubuntu', {}, true],
    ['spot', { scaleSetPriority: 'Spot' }, true],
    ['no nodes', { count: 0 }, true],
    ['SGX, which is not a confidential machine', { vmSize: 'Standard_DC4s_v3' }, true],
    ['local disks', { vmSize: 'Standard_D4pls_v5'.replace('p', '') }, true],
    ['Arm64', { vmSize: 'Standard_D4ps_v5' }, false],
    ['Arm64 with local disks', { vmSize: 'Standard_E8pds_v5' }, false],
    ['confidential', { vmSize: 'Standard_DC4as_v5' }, false],
    ['confidential, TDX', { vmSize: 'Standard_EC8eds_v5' }, false],
    ['GPU with the driver of AKS', { vmSize: 'Standard_NC24ads_A100_v4' }, false],
    ['GPU without a driver', { vmSize: 'Standard_NC24ads_A100_v4', gpuProfile: { driver: 'None' } }, true],
    ['GPU on Azure Linux', { vmSize: 'Standard_NC24ads_A100_v4', osSKU: 'AzureLinux' }, true],
    ['Pod Sandboxing', { workloadRuntime: 'KataMshvVmIsolation', osSKU: 'AzureLinux' }, false],
    ['Flatcar', { osSKU: 'Flatcar' }, false],
    ['availability set', { type: 'AvailabilitySet' }, false],
    ['Kubernetes 1.24', { currentOrchestratorVersion: '1.24.9' }, false],
    ['FIPS on Azure Linux', { enableFIPS: true, osSKU: 'AzureLinux' }, false],
    ['FIPS on Ubuntu 22.04', { enableFIPS: true, osSKU: 'Ubuntu2204' }, true],
  ] as const)('%s', (_name, rest, can) => {
    const option = nodeTrust.options(facts([pool('a', rest)])).find(({ id }) => id === 'trusted-launch');
    expect(option?.unavailable === undefined).toBe(can);
  });
});

describe('plan', () => {
  const of = facts([pool('a'), pool('b', trusted), windows, pool('arm', { vmSize: 'Standard_D4ps_v5' })]);

  test('sets both halves on each chosen pool, which replaces its nodes', () => {
    const plan = decide(nodeTrust, of, 'trusted-launch');
    expect(plan.changes.map((change) => [change.id, editsOf(change), change.impact.kind, change.impact.pools])).toEqual([
      [
        'governance.node-trust/trusted-launch-a',
        ['properties.securityProfile.enableVTPM=true', 'properties.securityProfile.enableSecureBoot=true'],
        'reimage',
        ['a'],
      ],
    ]);
    expect(guardOf(plan, 'drain')).toBe('warn');
    const after = applied(of, plan.changes);
    expect(statusOf(nodeTrust, after, '20.6')).toBe('partial');
    expect(decide(nodeTrust, after, 'trusted-launch', { 'trusted-launch-pools': 'a' }).changes).toEqual([]);
  });

  test('a pool that cannot have it is refused by name', () => {
    expect(() => decide(nodeTrust, of, 'trusted-launch', { 'trusted-launch-pools': 'win' })).toThrow();
    expect(() => decide(nodeTrust, of, 'trusted-launch', { 'trusted-launch-pools': '' })).toThrow(/at least one pool/);
  });

  test('an image that does not say generation 2 is pointed out', () => {
    const old = facts([pool('a', { nodeImageVersion: 'AKSUbuntu-2204containerd-202608.01.0' })]);
    expect(guardOf(decide(nodeTrust, old, 'trusted-launch'), 'generation-2')).toBe('warn');
    expect(guardOf(decide(nodeTrust, of, 'trusted-launch'), 'generation-2')).toBe('clear');
  });

  test('FIPS is set pool by pool, and Windows is left alone', () => {
    const { changes } = decide(nodeTrust, of, 'fips');
    expect(changes.map(editsOf)).toEqual([['properties.enableFIPS=true'], ['properties.enableFIPS=true']]);
    expect(statusOf(nodeTrust, applied(of, changes), '20.7')).toBe('partial');
  });
});
