import { describe, expect, it } from 'vitest';
import type { FactValues } from '../../../src/model/facts.ts';
import type { Guard } from '../../../src/model/step.ts';
import { RBAC_CLUSTER_ADMIN } from '../../../steps/identity/entra.ts';
import { entraSignIn } from '../../../steps/identity/entra-sign-in.ts';
import { CLUSTER_ID, choose, cluster, factsOf, GROUP, readable, SUBSCRIPTION, TENANT } from '../fixture.ts';

const OTHER = '12345678-1234-4123-8123-123456789012';
const managed = { managed: true, adminGroupObjectIDs: [GROUP], enableAzureRBAC: true, tenantID: TENANT };
const legacy = { adminGroupObjectIDs: null, clientAppID: OTHER, serverAppID: GROUP, tenantID: TENANT };
const group = (over: Partial<FactValues['adminGroups'][number]> = {}) => ({
  id: GROUP,
  exists: true,
  displayName: 'AKS admins',
  securityEnabled: true,
  memberCount: 3,
  containsOperator: true,
  ...over,
});
const body = (aadProfile: object | null | undefined, over: object = {}) => cluster({ properties: { ...over, aadProfile: aadProfile as never } });
const statuses = (aadProfile: object | null | undefined, over: object = {}) =>
  Object.fromEntries(Object.entries(entraSignIn.assess(factsOf(body(aadProfile, over)))).map(([id, { status }]) => [id, status]));
const plan = (facts: ReturnType<typeof factsOf>, option = 'entra-azure-rbac', values = {}) =>
  entraSignIn.plan(facts, choose(entraSignIn, facts, option, values));
const guard = (guards: readonly Guard[], id: string) => guards.find((one) => one.id === id);
const validate = (name: string, value: never, facts = factsOf(body(undefined), readable)) =>
  entraSignIn.params.find((param) => param.name === name)?.validate(value, facts);

describe('2.1 to 2.3', () => {
  it.each([
    ['no Entra', undefined, { '2.1': 'pass', '2.2': 'fail', '2.3': 'fail' }],
    ['a null profile', null, { '2.1': 'pass', '2.2': 'fail', '2.3': 'fail' }],
    ['all of it', managed, { '2.1': 'pass', '2.2': 'pass', '2.3': 'pass' }],
    ['a group but no Azure RBAC', { ...managed, enableAzureRBAC: false }, { '2.1': 'pass', '2.2': 'pass', '2.3': 'fail' }],
    ['Azure RBAC but no group', { ...managed, adminGroupObjectIDs: [] }, { '2.1': 'pass', '2.2': 'pass', '2.3': 'pass' }],
    ['neither group nor Azure RBAC', { managed: true }, { '2.1': 'pass', '2.2': 'partial', '2.3': 'fail' }],
    ['the classic profile', legacy, { '2.1': 'pass', '2.2': 'fail', '2.3': 'fail' }],
    ['a managed profile that still names a server application', { ...managed, serverAppID: OTHER }, { '2.1': 'pass', '2.2': 'fail', '2.3': 'pass' }],
    ['booleans as texts', { ...managed, managed: 'True', enableAzureRBAC: 'true' }, { '2.1': 'pass', '2.2': 'pass', '2.3': 'pass' }],
  ])('with %s', (_name, profile, expected) => {
    expect(statuses(profile)).toEqual(expected);
  });

  it('fail without Kubernetes RBAC, and do not guess where it is not told', () => {
    expect(statuses(managed, { enableRBAC: false })['2.1']).toBe('fail');
    expect(statuses(managed, { enableRBAC: undefined })['2.1']).toBe('unknown');
  });

  it('are preconfigured on AKS Automatic', () => {
    const facts = factsOf(cluster({ sku: { name: 'Automatic' }, properties: { aadProfile: managed } }));
    expect(Object.values(entraSignIn.assess(facts)).map(({ status }) => status)).toEqual(['preconfigured', 'preconfigured', 'preconfigured']);
  });

  it('notice an admin group that Entra no longer has', () => {
    const known = { ...readable, adminGroups: [group({ exists: false })] };
    expect(entraSignIn.assess(factsOf(body({ ...managed, enableAzureRBAC: false }), known))['2.2']?.status).toBe('partial');
  });
});

describe('options', () => {
  it('recommend Azure RBAC, and Kubernetes RBAC where the account may not assign roles', () => {
    const recommended = (known: object) => entraSignIn.options(factsOf(body(undefined), { ...readable, ...known })).find((option) => option.recommended)?.id;
    expect(recommended({})).toBe('entra-azure-rbac');
    expect(recommended({ permissions: [{ actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] }] })).toBe('entra-kubernetes-rbac');
  });

  it('offer only a new cluster where Kubernetes RBAC is off', () => {
    const options = entraSignIn.options(factsOf(body(undefined, { enableRBAC: false }), readable));
    expect(options.filter((option) => !option.unavailable).map(({ id }) => id)).toEqual(['recreate']);
    const facts = factsOf(body(undefined, { enableRBAC: false }), readable);
    expect(entraSignIn.plan(facts, { option: 'recreate', values: {} }).changes).toMatchObject([{ kind: 'manual' }]);
  });

  it('do not offer Azure RBAC with another tenant', () => {
    const facts = factsOf(body({ ...managed, tenantID: OTHER, enableAzureRBAC: false }), readable);
    expect(entraSignIn.options(facts).find(({ id }) => id === 'entra-azure-rbac')?.unavailable).toContain('another tenant');
  });
});

describe('parameters', () => {
  it('say how to mend what is wrong', () => {
    expect(validate('adminGroups', [GROUP] as never)).toBeUndefined();
    expect(validate('adminGroups', ['AKS admins'] as never)).toContain('not an object id');
    expect(validate('adminGroups', [] as never)).toContain('at least one group');
    expect(validate('tenant', OTHER as never)).toContain(TENANT);
    expect(validate('tenant', 'example.com' as never)).toContain('az account show');
    expect(validate('tenant', TENANT.toUpperCase() as never)).toBeUndefined();
  });

  it('propose the groups and the tenant of today', () => {
    const facts = factsOf(body({ managed: true, adminGroupObjectIDs: [OTHER] }), readable);
    expect(choose(entraSignIn, facts, 'entra-azure-rbac').values).toEqual({ adminGroups: [OTHER], tenant: TENANT, grant: true });
    expect(choose(entraSignIn, factsOf(body(undefined), readable), 'entra-azure-rbac').values).toEqual({ tenant: TENANT, grant: true });
  });
});

describe('the tenant', () => {
  it('of a classic profile does not outlive it', () => {
    const facts = factsOf(body({ ...legacy, tenantID: OTHER }), readable);
    expect(choose(entraSignIn, facts, 'entra-kubernetes-rbac').values['tenant']).toBe(TENANT);
    expect(validate('tenant', OTHER as never, facts)).toContain(TENANT);
    const managedElsewhere = factsOf(body({ ...managed, tenantID: OTHER }), readable);
    expect(validate('tenant', OTHER as never, managedElsewhere)).toBeUndefined();
  });
});

describe('plan', () => {
  const fresh = factsOf(body(undefined), { ...readable, adminGroups: [group()] });

  it('assigns the role first, then turns Entra and Azure RBAC on in one write', () => {
    const { changes } = plan(fresh, 'entra-azure-rbac', { adminGroups: [GROUP.toUpperCase()] });
    const [grant, enable] = changes;
    expect(changes).toHaveLength(2);
    expect(grant).toMatchObject({
      kind: 'arm.put',
      body: {
        properties: {
          principalId: GROUP,
          principalType: 'Group',
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${RBAC_CLUSTER_ADMIN}`,
        },
      },
    });
    expect(grant?.kind === 'arm.put' && grant.target.id).toMatch(new RegExp(`^${CLUSTER_ID}/providers/Microsoft.Authorization/roleAssignments/[0-9a-f-]{36}$`));
    expect(enable).toMatchObject({ id: 'identity.entra-sign-in/enable', after: [grant?.id], reversible: { kind: 'no' } });
    expect(enable?.kind === 'arm.update' && Object.fromEntries(enable.edits.map(({ path, after }) => [path.join('.'), after]))).toEqual({
      'properties.aadProfile.managed': true,
      'properties.aadProfile.adminGroupObjectIDs': [GROUP],
      'properties.aadProfile.tenantID': TENANT,
      'properties.aadProfile.enableAzureRBAC': true,
    });
  });

  it('is the same plan twice: the assignment has the same name', () => {
    expect(plan(fresh, 'entra-azure-rbac', { adminGroups: [GROUP] })).toEqual(plan(fresh, 'entra-azure-rbac', { adminGroups: [GROUP] }));
  });

  it('changes nothing where everything stands, and the role is held already', () => {
    const roleAssignments = [
      {
        properties: {
          principalId: GROUP.toUpperCase(),
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${RBAC_CLUSTER_ADMIN}`,
          scope: `/subscriptions/${SUBSCRIPTION}`,
        },
      },
    ];
    const facts = factsOf(body(managed), { ...readable, roleAssignments });
    expect(plan(facts)).toEqual({ changes: [], guards: [] });
    // A role on one namespace is not the role on the cluster.
    const below = roleAssignments.map(({ properties }) => ({ properties: { ...properties, scope: `${CLUSTER_ID}/namespaces/shop` } }));
    expect(plan(factsOf(body(managed), { ...readable, roleAssignments: below })).changes).toHaveLength(1);
  });

  it('adds groups and never takes one away', () => {
    const facts = factsOf(body({ ...managed, enableAzureRBAC: false }), readable);
    const [change] = plan(facts, 'entra-kubernetes-rbac', { adminGroups: [OTHER] }).changes;
    expect(change).toMatchObject({ reversible: { kind: 'yes' }, edits: [{ after: [GROUP, OTHER] }] });
  });

  it('drops the applications of the classic profile, as az does', () => {
    const facts = factsOf(body(legacy), readable);
    const [change] = plan(facts, 'entra-kubernetes-rbac', { adminGroups: [GROUP] }).changes;
    const edits = change?.kind === 'arm.update' ? change.edits : [];
    expect(edits.filter(({ after }) => after === undefined).map(({ path }) => path.at(-1))).toEqual(['clientAppID', 'serverAppID']);
  });

  it.each([
    ['does not exist', { exists: false }, `admin-group:${GROUP}`],
    ['is no security group', { securityEnabled: false }, `admin-group:${GROUP}`],
    ['is empty', { memberCount: 0 }, `admin-group:${GROUP}`],
    ['does not contain the operator', { containsOperator: false }, 'operator-is-admin'],
  ])('refuses a group that %s', (_name, over, id) => {
    const facts = factsOf(body(undefined), { ...readable, adminGroups: [group(over)] });
    expect(guard(plan(facts, 'entra-azure-rbac', { adminGroups: [GROUP] }).guards, id)).toMatchObject({
      verdict: 'refuse',
      override: 'the admin group is right',
    });
  });

  it('warns of a group of one, and says what it could not look up', () => {
    const one = factsOf(body(undefined), { ...readable, adminGroups: [group({ memberCount: 1 })] });
    expect(guard(plan(one, 'entra-azure-rbac', { adminGroups: [GROUP] }).guards, `admin-group:${GROUP}`)?.verdict).toBe('warn');
    const unread = factsOf(body(undefined), readable);
    const { guards } = plan(unread, 'entra-azure-rbac', { adminGroups: [GROUP] });
    expect(guard(guards, `admin-group:${GROUP}`)).toMatchObject({ verdict: 'unknown' });
    expect(guard(guards, `admin-group:${GROUP}`)?.override).toBeUndefined();
    // With local accounts off, the groups are the only way in: then somebody has to say so.
    const only = factsOf(body(undefined, { disableLocalAccounts: true }), readable);
    expect(guard(plan(only, 'entra-azure-rbac', { adminGroups: [GROUP] }).guards, `admin-group:${GROUP}`)?.override).toBe('the admin group is right');
  });

  it('says that there is no way back, once', () => {
    expect(guard(plan(fresh, 'entra-azure-rbac', { adminGroups: [GROUP] }).guards, 'one-way-door')?.verdict).toBe('warn');
    const on = factsOf(body({ ...managed, enableAzureRBAC: false }), readable);
    expect(guard(plan(on).guards, 'one-way-door')).toBeUndefined();
  });
});
