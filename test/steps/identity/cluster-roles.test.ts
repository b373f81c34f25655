import { describe, expect, test } from 'vitest';
import type { KubeDelete } from '../../../src/model/change.ts';
import type { FactKey, Facts, FactValues, RoleBindingFacts, RoleFacts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { undoOf } from '../../../src/plan/undo.ts';
import { clusterRoles as step } from '../../../steps/identity/cluster-roles.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, GROUP, readable, TENANT } from '../fixture.ts';

type Subject = RoleBindingFacts['subjects'][number];
const group = (name: string): Subject => ({ kind: 'Group', name });
const user = (name: string): Subject => ({ kind: 'User', name });
const account = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', namespace, name });
const binding = (name: string, subjects: readonly Subject[], rest: Partial<RoleBindingFacts> = {}): RoleBindingFacts => ({
  kind: 'ClusterRoleBinding',
  name,
  role: { kind: 'ClusterRole', name: 'cluster-admin' },
  subjects,
  labels: {},
  ...rest,
});
const role = (name: string, rest: Partial<RoleFacts> = {}): RoleFacts => ({
  kind: 'ClusterRole',
  name,
  labels: {},
  rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  ...rest,
});

const own = [
  binding('cluster-admin', [group('system:masters')]),
  binding('aks-cluster-admin-binding', [user('clusterAdmin')], { keeper: { tool: 'aks', sign: 'addonmanager.kubernetes.io/mode' } }),
  binding('aks-cluster-admin-binding-aad', [group(GROUP.toUpperCase())]),
  binding('run-command', [account('aks-command', 'admin')]),
];
const entra: JsonObject = { aadProfile: { managed: true, adminGroupObjectIDs: [GROUP], tenantID: TENANT } };
type Known = { readonly [K in FactKey]?: FactValues[K] | string };
const facts = (bindings: readonly RoleBindingFacts[], roles: readonly RoleFacts[] = [], more: Known = {}, properties: JsonObject = entra): Facts =>
  factsOf(cluster({ properties }), {
    ...readable,
    namespaces: [{ name: 'gatekeeper-system', labels: {}, system: true }],
    roleBindings: [...own, ...bindings],
    roles,
    workloads: [],
    operatorGroups: [],
    adminGroups: [],
    kubernetesAccess: { allowed: true, as: 'ada' },
    ...more,
  });

describe('2.5', () => {
  test.each([
    ['break-glass, AKS, the admin group and run-command only', facts([]), 'pass'],
    ['a group that nobody named', facts([binding('ops', [group('11111111-2222-4333-8444-555555555555')])]), 'fail'],
    ['everybody who signs in', facts([binding('all', [group('system:authenticated')])]), 'fail'],
    ['a service account', facts([binding('ci', [account('ci', 'deployer')])]), 'fail'],
    ['a service account said as a user', facts([binding('ci', [user('system:serviceaccount:ci:deployer')])]), 'fail'],
    ['the default account of kube-system, as for Tiller', facts([binding('tiller', [account('kube-system', 'tiller')])]), 'fail'],
    ['somebody added to the default binding', facts([binding('cluster-admin', [group('system:masters'), user('bob@example.com')])]), 'fail'],
    ['a name of AKS alone proves nothing', facts([binding('aks-cluster-admin-binding-aad', [group('22222222-2222-4333-8444-555555555555')])]), 'fail'],
    ['the nodes', facts([binding('nodes', [group('system:nodes')])]), 'fail'],
    ['one node', facts([binding('node', [user('system:node:aks-a-1')])]), 'fail'],
    ['Kubernetes’ own controllers', facts([binding('kcm', [user('system:kube-controller-manager')])]), 'pass'],
    ['the backup extension', facts([binding('backup', [account('dataprotection-microsoft', 'backup')])]), 'pass'],
    ['an add-on of AKS', facts([binding('addon', [account('kube-system', 'addon')], { keeper: { tool: 'aks', sign: 'x' } })]), 'pass'],
    ['a person under the label of AKS', facts([binding('addon', [user('bob@example.com')], { keeper: { tool: 'aks', sign: 'x' } })]), 'fail'],
    ['a person in a system namespace', facts([binding('x', [user('bob')], { kind: 'RoleBinding', namespace: 'kube-system' })]), 'partial'],
    ['admin of one namespace', facts([binding('ops', [user('bob')], { kind: 'RoleBinding', namespace: 'shop' })]), 'partial'],
    ['in a system namespace', facts([binding('x', [account('gatekeeper-system', 'a')], { kind: 'RoleBinding', namespace: 'gatekeeper-system' })]), 'pass'],
    ['a wide role that nobody has', facts([], [role('super')]), 'partial'],
    ['a wide role that somebody has', facts([binding('s', [user('bob')], { role: { kind: 'ClusterRole', name: 'super' } })], [role('super')]), 'fail'],
    [
      'every right on one group of custom resources',
      facts([], [role('operator', { rules: [{ verbs: ['*'], apiGroups: ['acme.io'], resources: ['*'] }] })]),
      'pass',
    ],
    ['every verb on some resources', facts([], [role('r', { rules: [{ verbs: ['*'], apiGroups: [''], resources: ['secrets'] }] })]), 'pass'],
    ['Kubernetes’ own wide role', facts([], [role('system:controller:x'), role('x', { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } })]), 'pass'],
    ['an empty binding', facts([binding('nobody', [])]), 'pass'],
    ['RBAC off', facts([], [], {}, { enableRBAC: false }), 'fail'],
    ['unreadable roles', facts([], [], { roles: 'forbidden' }), 'unknown'],
    ['unreadable bindings', facts([], [], { roleBindings: 'forbidden' }), 'unknown'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(step, of, '2.5')).toBe(status));

  test('a Role of the same name in another namespace is another role', () => {
    const wide = role('all', { kind: 'Role', namespace: 'shop' });
    const there = binding('b', [user('bob')], { kind: 'RoleBinding', namespace: 'web', role: { kind: 'Role', name: 'all' } });
    const found = step.assess(facts([there], [wide]))['2.5'];
    expect(found !== undefined && 'evidence' in found ? found.evidence.map(({ path }) => path) : []).toEqual(['Role/shop/all']);
  });
});

describe('taking bindings away', () => {
  const ops = binding('ops', [user('bob@example.com')], { labels: { team: 'ops' } });
  const ci = binding('ci', [account('ci', 'deployer')]);

  test('nothing goes that was not chosen, and break-glass is not on the list', () => {
    const of = facts([ops, ci, binding('cluster-admin', [group('system:masters'), user('bob')])]);
    expect(decide(step, of, 'remove').changes).toEqual([]);
    expect(step.params[0]?.choices?.(of).map(({ value }) => value)).toEqual(['ClusterRoleBinding/ops', 'ClusterRoleBinding/ci']);
    expect(() => decide(step, of, 'remove', { bindings: ['ClusterRoleBinding/cluster-admin'] })).toThrow(/can not be/);
    expect(() => decide(step, of, 'remove', { bindings: ['ClusterRoleBinding/aks-cluster-admin-binding'] })).toThrow(/can not be/);
  });

  test('a chosen one goes whole, and comes back as it stood', () => {
    const { changes } = decide(step, facts([ops]), 'remove', { bindings: ['ClusterRoleBinding/ops'] });
    expect(changes.map(({ kind }) => kind)).toEqual(['kube.delete']);
    expect(undoOf(changes[0] as KubeDelete)).toMatchObject([
      {
        kind: 'kube.apply',
        objects: [
          {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'ClusterRoleBinding',
            metadata: { name: 'ops', labels: { team: 'ops' } },
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
            subjects: [{ kind: 'User', name: 'bob@example.com', apiGroup: 'rbac.authorization.k8s.io' }],
          },
        ],
      },
    ]);
  });

  test('what Flux keeps is told, not touched', () => {
    const kept = { ...ops, keeper: { tool: 'flux', sign: 'label' } } as const;
    const plan = decide(step, facts([kept]), 'remove', { bindings: ['ClusterRoleBinding/ops'] });
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(guardOf(plan, 'kept-elsewhere')).toBe('warn');
    expect(JSON.stringify([plan, step.assess(facts([kept]))])).toContain('kept by Flux');
    expect(JSON.stringify(plan.guards)).not.toContain('--out');
  });

  const off: JsonObject = { ...entra, disableLocalAccounts: true };
  const azure: JsonObject = { aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [] }, disableLocalAccounts: true };
  const holds = (principalId: string) => [
    { properties: { principalId, scope: '/subscriptions/11111111-2222-4333-8444-555555555555', roleDefinitionId: '/x/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b' } },
  ];
  const mine = binding('ada', [user('ada@example.com')]);
  const team = binding('team', [group('33333333-2222-4333-8444-555555555555')]);
  const path = (of: Facts, chosen: readonly string[]) =>
    guardOf(decide(step, of, 'remove', { bindings: chosen.map((name) => `ClusterRoleBinding/${name}`) }), 'own-path');
  test.each([
    ['somebody else’s', facts([ops], [], {}, off), ['ops'], 'clear'],
    ['mine, and nothing else', facts([mine], [], {}, off), ['ada'], 'refuse'],
    ['mine, with local accounts as the last way', facts([mine]), ['ada'], 'warn'],
    ['mine, and I am in the admin group', facts([mine], [], { adminGroups: [{ id: GROUP, exists: true, containsOperator: true }] }, off), ['ada'], 'clear'],
    [
      'mine, and I am not in the admin group',
      facts([mine], [], { adminGroups: [{ id: GROUP, exists: true, containsOperator: false }] }, off),
      ['ada'],
      'refuse',
    ],
    ['mine, and I hold the Azure role', facts([mine], [], { roleAssignments: holds(readable.operator.objectId) }, azure), ['ada'], 'clear'],
    ['mine, and another holds the Azure role', facts([mine], [], { roleAssignments: holds('x') }, azure), ['ada'], 'refuse'],
    ['a group whose members are not known', facts([team], [], { operatorGroups: 'Graph refused' }, off), ['team'], 'unknown'],
    ['my group', facts([team], [], { operatorGroups: [{ id: '33333333-2222-4333-8444-555555555555', displayName: 't' }] }, off), ['team'], 'refuse'],
    ['one of two that name me', facts([mine, { ...mine, name: 'ada2' }], [], {}, off), ['ada'], 'clear'],
    ['both that name me', facts([mine, { ...mine, name: 'ada2' }], [], {}, off), ['ada', 'ada2'], 'refuse'],
  ] as const)('the operator’s own path: %s', (_name, of, chosen, verdict) => expect(path(of, chosen)).toBe(verdict));

  const everybody = binding('everybody', [group('system:authenticated')]);
  const asAda = { kubernetesAccess: { allowed: true, as: 'ada#guest' } };
  test.each([
    ['everybody is me too', facts([everybody], [], {}, off), ['everybody'], 'refuse'],
    ['the name that Kubernetes has for me', facts([binding('guest', [user('ada#guest')])], [], asAda, off), ['guest'], 'refuse'],
    ['a service account, and I am known', facts([ci], [], asAda, off), ['ci'], 'clear'],
    ['a service account, and nobody could say who I am', facts([ci], [], { kubernetesAccess: 'no way in' }, off), ['ci'], 'unknown'],
  ] as const)('the operator’s own path: %s', (_name, of, chosen, verdict) => expect(path(of, chosen)).toBe(verdict));

  test('where only the certificate is left, the same plan does not take the certificate', () => {
    const chosen = { bindings: ['ClusterRoleBinding/ada'] };
    const [change] = decide(step, facts([mine]), 'remove', chosen).changes;
    expect(change?.unsettles).toEqual(['properties.disableLocalAccounts']);
    const member = facts([mine], [], { adminGroups: [{ id: GROUP, exists: true, containsOperator: true }] });
    expect(decide(step, member, 'remove', chosen).changes[0]?.unsettles).toBeUndefined();
  });

  const nobody: JsonObject = { aadProfile: { managed: true, adminGroupObjectIDs: [] }, disableLocalAccounts: true };
  // Without admin groups AKS makes no binding for them.
  const only = (...bindings: readonly RoleBindingFacts[]) => ({ roleBindings: [...own.filter(({ name }) => !name.endsWith('-aad')), ...bindings] });
  const missing = { adminGroups: [{ id: GROUP, exists: false }] };
  test.each([
    ['an admin group', facts([ops], [], {}, off), 'clear'],
    ['an admin group that is gone from Entra', facts([ops], [], missing, off), 'refuse'],
    ['the certificate', facts([ops]), 'clear'],
    ['a holder of the Azure role', facts([], [], { ...only(ops), roleAssignments: holds('x') }, azure), 'clear'],
    ['roles that could not be read', facts([], [], { ...only(ops), roleAssignments: 'not allowed' }, azure), 'unknown'],
    ['another binding of a person', facts([], [], only(ops, binding('more', [user('eve')])), nobody), 'clear'],
    ['a pipeline only', facts([], [], only(ops, ci), nobody), 'refuse'],
    ['nothing', facts([], [], only(ops), nobody), 'refuse'],
  ] as const)('somebody stays admin: %s', (_name, of, verdict) =>
    expect(guardOf(decide(step, of, 'remove', { bindings: ['ClusterRoleBinding/ops'] }), 'somebody-stays')).toBe(verdict),
  );

  test('what runs with it now is named, and must have a narrower role first', () => {
    const runner = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'ci',
      name: 'runner',
      pods: 2,
      podLabels: {},
      podAnnotations: {},
      spec: { serviceAccountName: 'deployer' },
    };
    const of = (workloads: FactValues['workloads'] | string) => decide(step, facts([ci], [], { workloads }), 'remove', { bindings: ['ClusterRoleBinding/ci'] });
    const plan = of([runner]);
    expect(guardOf(plan, 'who-uses-it')).toBe('refuse');
    expect(plan.guards.find(({ id }) => id === 'who-uses-it')?.detail).toContain('Deployment ci/runner');
    expect(guardOf(of([{ ...runner, namespace: 'web' }]), 'who-uses-it')).toBe('warn');
    expect(guardOf(of('forbidden'), 'who-uses-it')).toBe('unknown');
  });
});

describe('the other ways', () => {
  test('the report has a command for each, none for a hostile name', () => {
    const bad = binding('x; rm -rf /\u001b[2J', [user('bob')]);
    const { changes } = decide(step, facts([binding('ops', [user('b\u202eob')]), bad], [role('super')]), 'report');
    const lines = changes.flatMap((change) => (change.kind === 'manual' ? change.instructions : []));
    expect(lines.filter((line) => line.includes('kubectl delete')).map((line) => line.split(': ').at(-1))).toEqual(['kubectl delete clusterrolebinding ops']);
    expect(lines.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.stringify([step.options(facts([bad])), step.assess(facts([bad]))])).not.toContain('\\u001b');
  });

  test('nothing found: nothing to do; without Entra nobody can be eligible', () => {
    expect(decide(step, facts([]), 'report').changes).toEqual([]);
    expect(step.options(facts([], [], {}, {})).find(({ id }) => id === 'just-in-time')?.unavailable).toContain('Entra');
    expect(decide(step, facts([]), 'just-in-time').changes.map(({ kind }) => kind)).toEqual(['manual']);
  });
});
