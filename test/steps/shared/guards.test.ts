import { describe, expect, it } from 'vitest';
import type { Guard } from '../../../src/model/step.ts';
import { commonGuards } from '../../../steps/shared/guards.ts';
import { WRITE_CLUSTER } from '../../../steps/shared/permissions.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const byId = (guards: readonly Guard[]) => Object.fromEntries(guards.map((guard) => [guard.id, guard]));
const code = [{ terraform: { line: 'local_account_disabled = true', effect: 'reverts' as const }, bicep: 'disableLocalAccounts: true' }];
const lifeboat = `permission:${WRITE_CLUSTER}`;

describe('guards that every step shares', () => {
  it('are clear for an owner of an idle cluster that nobody else manages', () => {
    const guards = commonGuards(factsOf(cluster(), readable), { impact: 'reimage', code });
    expect(guards.map(({ verdict }) => verdict)).toEqual(guards.map(() => 'clear'));
  });

  it('refuse without write permission, and ask for a phrase where it is not known and the change can lock out', () => {
    const reader = factsOf(cluster(), { ...readable, permissions: [{ actions: ['*/read'], notActions: [] }] });
    expect(byId(commonGuards(reader, { impact: 'none' }))[lifeboat]).toMatchObject({ verdict: 'refuse', override: 'never' });
    const unread = factsOf(cluster(), { ...readable, permissions: 'not allowed to list permissions' });
    expect(byId(commonGuards(unread, { impact: 'none' }))[lifeboat]?.override).toBeUndefined();
    const careful = byId(commonGuards(unread, { impact: 'none', canLockOut: true }))[lifeboat];
    expect(careful).toMatchObject({ verdict: 'unknown', override: 'I have another way back' });
    expect(careful?.detail).toContain('not allowed to list permissions');
  });

  it.each([
    ['busy', { properties: { provisioningState: 'Upgrading' } }, 'never'],
    ['stopped', { properties: { powerState: { code: 'Stopped' } } }, 'never'],
    ['failed', { properties: { provisioningState: 'Failed' } }, 'write to a failed cluster'],
    ['canceled', { properties: { provisioningState: 'Canceled' } }, 'write to a canceled cluster'],
  ])('refuse a cluster that is %s', (_state, body, override) => {
    const facts = factsOf(cluster(body), readable);
    expect(byId(commonGuards(facts, { impact: 'none' }))['cluster-state']).toMatchObject({ verdict: 'refuse', override });
  });

  it('refuse while a pool is busy, and warn when one stopped half way', () => {
    const pool = (state: string, version: string) => ({
      name: 'work',
      properties: { provisioningState: state, orchestratorVersion: '1.33.5', currentOrchestratorVersion: version },
    });
    const guards = (state: string, version = '1.33.5') =>
      byId(commonGuards(factsOf(cluster(), { ...readable, agentPools: [pool(state, version)] }), { impact: 'none' }));
    expect(guards('Upgrading')['cluster-state']?.detail).toContain('work');
    expect(guards('Succeeded')['pending-reimage']?.verdict).toBe('clear');
    expect(guards('Failed')['pending-reimage']?.verdict).toBe('warn');
    expect(guards('Succeeded', '1.32.9')['pending-reimage']?.verdict).toBe('warn');
  });

  it('do not take an alias version for a stopped upgrade', () => {
    // The pools of the builder want 1.33 and run 1.33.5.
    expect(byId(commonGuards(factsOf(cluster(), readable), { impact: 'none' }))['pending-reimage']?.verdict).toBe('clear');
  });

  it('refuse a stable write over preview properties, but not of what stands beside the cluster', () => {
    const facts = factsOf(cluster(), readable, { previewProperties: ['properties.nodeProvisioningProfile.x'] });
    expect(byId(commonGuards(facts, { impact: 'none' }))['preview-properties']).toMatchObject({ verdict: 'refuse', override: 'never' });
    expect(byId(commonGuards(facts, { impact: 'none', writesCluster: false }))['preview-properties']).toBeUndefined();
  });

  it('know what locks mean', () => {
    const lock = (level: string) => [{ id: '/subscriptions/s/providers/Microsoft.Authorization/locks/keep', name: 'keep', properties: { level } }];
    const guard = (level: string, impact: 'none' | 'reimage') =>
      byId(commonGuards(factsOf(cluster(), { ...readable, locks: lock(level) }), { impact }))['locks'];
    expect(guard('ReadOnly', 'none')).toMatchObject({ verdict: 'refuse', override: 'never' });
    expect(guard('CanNotDelete', 'none')?.verdict).toBe('clear');
    expect(guard('CanNotDelete', 'reimage')?.verdict).toBe('warn');
    expect(byId(commonGuards(factsOf(cluster(), {}), { impact: 'none' }))['locks']?.verdict).toBe('unknown');
  });

  it('name the tool that owns the cluster and the line that keeps the change', () => {
    const owned = (tool: 'terraform' | 'bicep' | 'crossplane') => factsOf(cluster(), { ...readable, ownership: [{ tool, sign: 'tag managed-by' }] });
    const terraform = byId(commonGuards(owned('terraform'), { impact: 'none', code }))['iac-ownership'];
    expect(terraform).toMatchObject({ verdict: 'warn' });
    expect(terraform?.next?.join()).toContain('local_account_disabled = true  (without it the next terraform apply sets it back)');
    expect(byId(commonGuards(owned('bicep'), { impact: 'none', code }))['iac-ownership']?.next?.join()).toContain('disableLocalAccounts: true');
    expect(byId(commonGuards(owned('crossplane'), { impact: 'none', code }))['iac-ownership']?.next?.join()).toContain('controller');
    const replaces = [{ terraform: { line: 'network_data_plane = "cilium"', effect: 'replaces' as const } }];
    expect(byId(commonGuards(owned('terraform'), { impact: 'none', code: replaces }))['iac-ownership']).toMatchObject({
      verdict: 'refuse',
      override: 'the code is changed',
    });
    expect(byId(commonGuards(owned('bicep'), { impact: 'none', code: replaces }))['iac-ownership']?.verdict).toBe('warn');
  });
});
