import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { nodeAccess } from '../../../steps/cluster/node-access.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const pool = (name: string, rest: JsonObject = {}): JsonObject => ({ name, mode: 'User', osType: 'Linux', count: 2, vmSize: 'Standard_D4s_v5', ...rest });
const ssh = (sshAccess: string): JsonObject => ({ securityProfile: { sshAccess } });
const facts = (properties: JsonObject = {}, known: Parameters<typeof factsOf>[1] = {}, apiVersion = '2026-05-01'): Facts => ({
  ...factsOf(cluster({ properties }), { ...readable, ...known }),
  apiVersion,
});
const withPools = (...agentPoolProfiles: readonly JsonObject[]): Facts => facts({ agentPoolProfiles });
const answers = { apiServerReachability: { reachable: true, detail: 'ok' } };
const silent = { apiServerReachability: { reachable: false, detail: 'timed out' } };
const closed = { apiServerAccessProfile: { enablePrivateCluster: true } };

describe('verdicts', () => {
  test.each([
    ['11.4 no pool', withPools(pool('a'), pool('b', { enableNodePublicIP: false })), '11.4', 'pass'],
    ['11.4 the first pool', withPools(pool('a', { enableNodePublicIP: true }), pool('b')), '11.4', 'fail'],
    ['11.4 only the last pool', withPools(pool('a'), pool('b', { enableNodePublicIP: true })), '11.4', 'fail'],
    ['11.4 as a text', withPools(pool('a', { enableNodePublicIP: 'true' })), '11.4', 'fail'],
    ['11.4 no list', facts({ agentPoolProfiles: undefined }), '11.4', 'unknown'],
    ['12.3 off', facts({ apiServerAccessProfile: { disableRunCommand: true } }), '12.3', 'pass'],
    ['12.3 on', facts({ apiServerAccessProfile: { disableRunCommand: false } }), '12.3', 'fail'],
    ['12.3 no profile', facts(), '12.3', 'fail'],
    ['12.3 not shown', facts({}, {}, '2020-11-01'), '12.3', 'unknown'],
    ['12.4 off everywhere, Windows aside', withPools(pool('a', ssh('Disabled')), pool('w', { osType: 'Windows' })), '12.4', 'pass'],
    ['12.4 by sign-in', withPools(pool('a', ssh('EntraId'))), '12.4', 'pass'],
    ['12.4 on one of two', withPools(pool('a', ssh('Disabled')), pool('b', ssh('LocalUser'))), '12.4', 'partial'],
    ['12.4 on', withPools(pool('a', ssh('LocalUser'))), '12.4', 'fail'],
    ['12.4 not shown', facts({ agentPoolProfiles: [pool('a')] }, {}, '2024-01-01'), '12.4', 'unknown'],
  ] as const)('%s', (_name, of, control, status) => expect(statusOf(nodeAccess, of, control)).toBe(status));
});

describe('run command', () => {
  test('is one write, once', () => {
    const { changes } = decide(nodeAccess, facts({}, answers), 'run-command');
    expect(changes.map(editsOf)).toEqual([['properties.apiServerAccessProfile.disableRunCommand=true']]);
    const after = applied(facts(), changes);
    expect(statusOf(nodeAccess, after, '12.3')).toBe('pass');
    expect(decide(nodeAccess, after, 'run-command').changes).toEqual([]);
  });

  test.each([
    ['public, answers', {}, answers, 'clear'],
    ['public, silent', {}, silent, 'warn'],
    ['public, not tried', {}, {}, 'unknown'],
    ['private, answers', closed, answers, 'clear'],
    ['private, silent', closed, silent, 'refuse'],
    ['private, not tried', closed, {}, 'unknown'],
  ] as const)('as the only way in it does not go unasked: %s', (_name, properties, known, verdict) => {
    const guard = decide(nodeAccess, facts(properties, known), 'run-command').guards.find(({ id }) => id === 'another-way-in');
    expect(guard?.verdict).toBe(verdict);
    if (properties === closed && verdict !== 'clear') expect(guard?.override).toBe('another private path works');
  });

  test('is recommended where another way is proven, not before', () => {
    const recommended = (of: Facts) => nodeAccess.options(of).find((option) => option.recommended)?.id;
    expect(recommended(facts(closed, silent))).toBeUndefined();
    expect(recommended(facts(closed, answers))).toBe('run-command');
    expect(recommended(facts())).toBe('run-command');
    expect(recommended(withPools(pool('a', { enableNodePublicIP: true })))).toBe('public-ips');
  });
});

describe('SSH', () => {
  const two = withPools(pool('a', ssh('LocalUser')), pool('b'), pool('w', { osType: 'Windows' }), pool('c', ssh('Disabled')));

  test('each open Linux pool gets the setting, then new nodes', () => {
    const { changes } = decide(nodeAccess, two, 'ssh');
    expect(
      changes.map(({ id, kind, after }) => [id.replace('cluster.node-access/', ''), kind, after.map((one) => one.replace('cluster.node-access/', ''))]),
    ).toEqual([
      ['ssh-feature', 'manual', []],
      ['ssh-a', 'arm.update', ['ssh-feature']],
      ['ssh-image-a', 'arm.action', ['ssh-a']],
      ['ssh-b', 'arm.update', ['ssh-feature']],
      ['ssh-image-b', 'arm.action', ['ssh-b']],
    ]);
    expect(editsOf(changes[1])).toEqual(['properties.securityProfile.sshAccess="Disabled"']);
    const after = applied(two, changes);
    expect(statusOf(nodeAccess, after, '12.4')).toBe('pass');
    expect(decide(nodeAccess, after, 'ssh').changes).toEqual([]);
  });

  test('from 1.37 on AKS replaces the nodes by itself', () => {
    const young = facts({ agentPoolProfiles: [pool('a')], currentKubernetesVersion: '1.37.1' });
    const { changes } = decide(nodeAccess, young, 'ssh');
    expect(changes.map(({ kind, impact }) => [kind, impact.kind])).toEqual([
      ['manual', 'none'],
      ['arm.update', 'reimage'],
    ]);
  });

  test('the right to write pools is asked for, not the right to write the cluster', () => {
    const of = facts(
      { agentPoolProfiles: [pool('a')] },
      { permissions: [{ actions: ['Microsoft.ContainerService/managedClusters/agentPools/*'], notActions: [] }] },
    );
    const plan = decide(nodeAccess, of, 'ssh');
    expect(plan.guards.filter(({ verdict }) => verdict === 'refuse')).toEqual([]);
    expect(guardOf(plan, 'permission:Microsoft.ContainerService/managedClusters/agentPools/write')).toBe('clear');
  });
});

describe('everything', () => {
  test('run command goes last, and nodes that go anyway get no new image', () => {
    const of = withPools(pool('pub', { enableNodePublicIP: true }), pool('b'));
    const { changes } = decide(nodeAccess, of, 'all');
    const ids = changes.map(({ id }) => id.replace('cluster.node-access/', ''));
    expect(ids).toEqual(['replace-pub', 'ssh-feature', 'ssh-b', 'ssh-image-b', 'run-command']);
    expect(changes.at(-1)?.after).toEqual([...changes.slice(0, -1).map(({ id }) => id), 'cluster.admin-access']);
  });

  test('names that a shell would act on never stand in written instructions', () => {
    const evil = {
      ...factsOf(
        { ...cluster({ properties: { agentPoolProfiles: [pool('pub', { enableNodePublicIP: true, vmSize: '$(reboot)' })] } }), name: '`id`' },
        readable,
      ),
    };
    const text = JSON.stringify(decide(nodeAccess, evil, 'public-ips').changes);
    expect(text).not.toMatch(/--cluster-name `|\$\(reboot\)/);
  });
});
