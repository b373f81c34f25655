import { describe, expect, it } from 'vitest';
import type { Guard } from '../../../src/model/step.ts';
import { RBAC_CLUSTER_ADMIN } from '../../../steps/identity/entra.ts';
import { localAccounts } from '../../../steps/identity/local-accounts.ts';
import { choose, cluster, factsOf, GROUP, readable, TENANT } from '../fixture.ts';

const aadProfile = { managed: true, adminGroupObjectIDs: [GROUP], enableAzureRBAC: true, tenantID: TENANT };
const proven = {
  ...readable,
  kubernetesAccess: { allowed: true, as: 'ada@example.com' },
  adminGroups: [{ id: GROUP, exists: true, displayName: 'AKS admins', securityEnabled: true, memberCount: 2, containsOperator: true }],
};
const guardsOf = (known: object, over: object = {}) => {
  const facts = factsOf(cluster({ properties: { aadProfile, ...over } as never }), { ...proven, ...known });
  return localAccounts.plan(facts, choose(localAccounts, facts, 'disable')).guards;
};
const guard = (guards: readonly Guard[], id: string) => guards.find((one) => one.id === id);

describe('2.4', () => {
  const status = (value: boolean | string | undefined, rest = {}) =>
    localAccounts.assess(factsOf(cluster({ properties: { disableLocalAccounts: value } }), {}, rest))['2.4']?.status;

  it('passes only where they are off', () => {
    expect(status(true)).toBe('pass');
    expect(status('True')).toBe('pass');
    expect(status(false)).toBe('fail');
    expect(status(undefined)).toBe('fail');
  });

  it('does not judge by an api-version that cannot show it', () => {
    expect(status(undefined, { apiVersion: '2020-11-01' })).toBe('unknown');
  });

  it('says with a pass that old certificates live on', () => {
    const found = localAccounts.assess(factsOf(cluster({ properties: { disableLocalAccounts: true } })))['2.4'];
    expect(found?.status === 'pass' && found.note).toContain('cluster.certificates');
  });
});

describe('options', () => {
  it('recommend what does not lock out: narrowing without Entra, off with it', () => {
    const recommended = (body: ReturnType<typeof cluster>) => localAccounts.options(factsOf(body, readable)).find((option) => option.recommended)?.id;
    expect(recommended(cluster())).toBe('restrict');
    expect(recommended(cluster({ properties: { aadProfile } }))).toBe('disable');
  });
});

describe('plan', () => {
  it('turns them off with one edit, after Entra, and can be taken back', () => {
    const facts = factsOf(cluster({ properties: { aadProfile } }), proven);
    expect(localAccounts.plan(facts, { option: 'disable', values: {} }).changes).toMatchObject([
      {
        edits: [{ path: ['properties', 'disableLocalAccounts'], before: false, after: true }],
        after: ['identity.entra-sign-in/enable'],
        reversible: { kind: 'yes' },
      },
    ]);
    expect(localAccounts.after).toContain('identity.entra-sign-in');
  });

  it('changes nothing where they are off', () => {
    const facts = factsOf(cluster({ properties: { aadProfile, disableLocalAccounts: true } }), proven);
    for (const option of ['disable', 'restrict']) expect(localAccounts.plan(facts, { option, values: {} }).changes).toEqual([]);
  });

  it.each([
    ['no Entra', undefined],
    ['the classic integration', { serverAppID: GROUP, clientAppID: GROUP }],
  ])('is refused for good with %s', (_name, profile) => {
    expect(guard(guardsOf({}, { aadProfile: profile }), 'entra-first')).toMatchObject({ verdict: 'refuse', override: 'never' });
  });

  it('is clear where Entra is proven', () => {
    const guards = guardsOf({});
    expect(guard(guards, 'entra-first')?.verdict).toBe('clear');
    expect(guard(guards, 'entra-proven')?.verdict).toBe('clear');
    expect(guards.filter(({ verdict }) => verdict === 'refuse')).toEqual([]);
  });

  it('wants the operator’s own token proven, or a phrase', () => {
    expect(guard(guardsOf({ kubernetesAccess: 'no way to the API server' }), 'entra-proven')).toMatchObject({
      verdict: 'unknown',
      override: 'Entra sign-in works for me',
    });
    expect(guard(guardsOf({ kubernetesAccess: { allowed: false, as: 'ada' } }), 'entra-proven')).toMatchObject({ verdict: 'refuse' });
  });

  it('wants somebody to be admin through Entra', () => {
    const nobody = { aadProfile: { ...aadProfile, adminGroupObjectIDs: [] } };
    expect(guard(guardsOf({}, nobody), 'entra-admins')?.verdict).toBe('refuse');
    expect(guard(guardsOf({ roleAssignments: 'not allowed' }, nobody), 'entra-admins')).toMatchObject({
      verdict: 'unknown',
      override: 'somebody else is cluster admin',
    });
    const roleAssignments = [{ properties: { principalId: TENANT, roleDefinitionId: `/x/${RBAC_CLUSTER_ADMIN}` } }];
    expect(guard(guardsOf({ roleAssignments }, nobody), 'entra-admins')?.verdict).toBe('clear');
    // The role counts for nothing while Azure RBAC does not decide.
    const off = { aadProfile: { ...aadProfile, adminGroupObjectIDs: [], enableAzureRBAC: false } };
    expect(guard(guardsOf({ roleAssignments }, off), 'entra-admins')?.verdict).toBe('refuse');
  });

  it('refuses when the write permission, the way back, is not there', () => {
    const guards = guardsOf({ permissions: 'forbidden' });
    expect(guards[0]).toMatchObject({ verdict: 'unknown', override: 'I have another way back' });
  });

  it('finds a policy that would deny the way back, and no other', () => {
    const assignment = (definition: string, effect?: string) => [
      {
        name: 'no-local',
        properties: {
          policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
          ...(effect ? { parameters: { effect: { value: effect } } } : {}),
        },
      },
    ];
    const verdict = (policyAssignments: object) => guard(guardsOf({ policyAssignments }), 'break-glass-policy')?.verdict;
    expect(verdict(assignment('993c2fcd-2b29-49d2-9eb0-df2c3a730c32', 'Deny'))).toBe('warn');
    // Audit is its default.
    expect(verdict(assignment('993c2fcd-2b29-49d2-9eb0-df2c3a730c32'))).toBe('clear');
    expect(verdict(assignment('245fc9df-fa96-4414-9a0b-3738c2f7341c', 'Deny'))).toBe('clear');
    expect(guard(guardsOf({ policyAssignments: 'forbidden' }), 'break-glass-policy')?.verdict).toBe('unknown');
  });
});
