import { describe, expect, it } from 'vitest';
import type { ArmPut } from '../../../src/model/change.ts';
import type { ArmResource } from '../../../src/model/facts.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { controlPlaneLogs } from '../../../steps/platform/control-plane-logs.ts';
import { CLUSTER_ID, choose, cluster, factsOf, readable, SUBSCRIPTION, WORKSPACE } from '../fixture.ts';

const STORAGE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.Storage/storageAccounts/shoplogs`;
const RULE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.EventHub/namespaces/siem/authorizationRules/send`;
const platform = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'cluster-autoscaler'];
const standard = ['kube-audit-admin', 'guard', ...platform];

/** A setting as ARM sends it: every category listed, most of them off, with the retired retention beside it. */
function setting(name: string, categories: readonly string[], properties: JsonObject = {}): ArmResource {
  const all = ['kube-audit', 'kube-audit-admin', 'guard', ...platform, 'cloud-controller-manager'];
  const logs: readonly Json[] = [...new Set([...all, ...categories])].map((category) => ({
    category,
    categoryGroup: null,
    enabled: categories.includes(category),
    retentionPolicy: { enabled: false, days: 0 },
  }));
  return {
    id: `${CLUSTER_ID}/providers/microsoft.insights/diagnosticSettings/${name}`,
    name,
    type: 'Microsoft.Insights/diagnosticSettings',
    properties: { workspaceId: WORKSPACE, logAnalyticsDestinationType: 'Dedicated', logs, metrics: [], ...properties },
  };
}
const grouped = (group: string, properties: JsonObject = {}) => setting('by-group', [], { logs: [{ categoryGroup: group, enabled: true }], ...properties });
const metricsOnly = setting('metrics', [], { logs: [], metrics: [{ category: 'AllMetrics', enabled: true }] });
const toStorage = { workspaceId: null, storageAccountId: STORAGE, logAnalyticsDestinationType: null };

const factsWith = (settings: readonly ArmResource[] | string, known: object = {}) =>
  factsOf(cluster(), { ...readable, availableWorkspaces: [{ id: WORKSPACE, location: 'westeurope' }], diagnosticSettings: settings, ...known });
const statuses = (...settings: readonly ArmResource[]) =>
  Object.fromEntries(Object.entries(controlPlaneLogs.assess(factsWith(settings))).map(([id, { status }]) => [id, status]));
function planned(settings: readonly ArmResource[], option: string, values: { readonly [name: string]: Json } = {}, known: object = {}) {
  const facts = factsWith(settings, known);
  const { changes, guards } = controlPlaneLogs.plan(facts, choose(controlPlaneLogs, facts, option, values));
  const puts = changes.filter((change): change is ArmPut => change.kind === 'arm.put');
  return { puts, guards, changes, guard: (id: string) => guards.find((one) => one.id === id) };
}
const propertiesOf = (put: ArmPut | undefined) => (put?.body['properties'] ?? {}) as { readonly [key: string]: Json };
const categoriesOf = (put: ArmPut | undefined) =>
  ((propertiesOf(put)['logs'] ?? []) as readonly { readonly category: string }[]).map(({ category }) => category);

describe('3.1 to 3.4', () => {
  it('are unknown when the settings were not read', () => {
    const found = controlPlaneLogs.assess(factsWith('a file of the cluster does not tell'));
    expect(Object.values(found).map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it.each([
    ['nothing', [], { '3.1': 'fail', '3.2': 'fail', '3.3': 'not-applicable', '3.4': 'fail' }],
    ['the recommended setting', [setting('a', standard)], { '3.1': 'pass', '3.2': 'pass', '3.3': 'pass', '3.4': 'pass' }],
    ['full audit alone', [setting('a', ['kube-audit', 'guard'])], { '3.1': 'pass', '3.2': 'fail', '3.3': 'pass', '3.4': 'pass' }],
    ['audit without guard', [setting('a', ['kube-audit-admin'])], { '3.1': 'partial', '3.2': 'fail', '3.3': 'pass', '3.4': 'pass' }],
    ['some platform logs', [setting('a', ['kube-apiserver'])], { '3.1': 'fail', '3.2': 'partial', '3.3': 'pass', '3.4': 'pass' }],
    ['the group audit', [grouped('audit')], { '3.1': 'pass', '3.2': 'fail', '3.3': 'fail', '3.4': 'pass' }],
    ['the group allLogs', [grouped('allLogs')], { '3.1': 'pass', '3.2': 'pass', '3.3': 'fail', '3.4': 'pass' }],
    ['the group allLogs to storage', [grouped('allLogs', toStorage)], { '3.1': 'pass', '3.2': 'pass', '3.3': 'not-applicable', '3.4': 'unknown' }],
    ['metrics only', [metricsOnly], { '3.1': 'fail', '3.2': 'fail', '3.3': 'not-applicable', '3.4': 'fail' }],
    ['both audit logs to one workspace', [setting('a', ['kube-audit', ...standard])], { '3.1': 'pass', '3.2': 'pass', '3.3': 'fail', '3.4': 'pass' }],
    ['AzureDiagnostics', [setting('a', standard, { logAnalyticsDestinationType: null })], { '3.1': 'pass', '3.2': 'pass', '3.3': 'fail', '3.4': 'pass' }],
    ['no destination', [setting('a', standard, { workspaceId: null })], { '3.1': 'fail', '3.2': 'fail', '3.3': 'not-applicable', '3.4': 'fail' }],
  ])('with %s', (_name, settings, expected) => {
    expect(statuses(...settings)).toEqual(expected);
  });

  it('do not fail because of a second setting that only sends metrics', () => {
    expect(statuses(setting('a', standard), metricsOnly)).toEqual({ '3.1': 'pass', '3.2': 'pass', '3.3': 'pass', '3.4': 'pass' });
  });

  it('see the same event paid twice across two settings, but not across two workspaces', () => {
    const full = setting('b', ['kube-audit']);
    expect(statuses(setting('a', standard), full)['3.3']).toBe('fail');
    const elsewhere = setting('b', ['kube-audit'], { workspaceId: WORKSPACE.replace('workspaces/logs', 'workspaces/other') });
    expect(statuses(setting('a', standard), elsewhere)['3.3']).toBe('pass');
  });

  it('do not rely on the retired retention', () => {
    const logs = [{ category: 'kube-audit', enabled: true, retentionPolicy: { enabled: true, days: 90 } }];
    expect(statuses(setting('a', [], { ...toStorage, logs }))['3.4']).toBe('partial');
    // With a workspace the field has never meant anything.
    expect(statuses(setting('a', [], { logs }))['3.4']).toBe('pass');
  });
});

describe('plan', () => {
  it('makes one setting with resource-specific tables and the smaller audit log', () => {
    const { puts, guards } = planned([], 'workspace');
    expect(puts).toHaveLength(1);
    expect(puts[0]?.target).toEqual({
      id: `${CLUSTER_ID}/providers/Microsoft.Insights/diagnosticSettings/aks-hardening`,
      type: 'Microsoft.Insights/diagnosticSettings',
      apiVersion: '2021-05-01-preview',
    });
    expect(propertiesOf(puts[0])).toMatchObject({ workspaceId: WORKSPACE, logAnalyticsDestinationType: 'Dedicated' });
    expect(categoriesOf(puts[0])).toEqual(standard);
    expect(JSON.stringify(puts[0]?.body)).not.toContain('retention');
    expect(puts[0]?.before).toBeUndefined();
    expect(guards.filter(({ verdict }) => verdict !== 'clear')).toEqual([]);
  });

  it('ends where it began: what it made, it leaves alone', () => {
    for (const [option, values] of [
      ['workspace', {}],
      ['storage', { storageAccount: STORAGE }],
      ['event-hub', { eventHubRule: RULE, eventHubName: 'aks' }],
      ['workspace-and-storage', { storageAccount: STORAGE }],
    ] as const) {
      const { puts } = planned([], option, values);
      expect(puts.length).toBe(option === 'workspace-and-storage' ? 2 : 1);
      const made = puts.map((put) => ({ ...put.body, id: put.target.id, name: put.target.id.split('/').at(-1) ?? '' }));
      expect(planned(made, option, values)).toMatchObject({ changes: [], guards: [] });
    }
  });

  it('keeps the two audit logs apart: reads go to storage only', () => {
    const { puts } = planned([], 'workspace-and-storage', { storageAccount: STORAGE });
    const [workspace, storage] = puts;
    expect(categoriesOf(workspace)).toContain('kube-audit-admin');
    expect(categoriesOf(workspace)).not.toContain('kube-audit');
    expect(categoriesOf(storage)).toContain('kube-audit');
    expect(categoriesOf(storage)).not.toContain('kube-audit-admin');
    expect(propertiesOf(storage)['logAnalyticsDestinationType']).toBeUndefined();
  });

  it('reads its setting and merges: the write replaces everything', () => {
    const old = setting('aks-hardening', ['guard', 'csi-azuredisk-controller', 'fleet-member-agent'], {
      metrics: [{ category: 'AllMetrics', enabled: true, retentionPolicy: { enabled: false, days: 0 } }],
      marketplacePartnerId: '/subscriptions/s/partner',
    });
    const { puts } = planned([old], 'workspace');
    expect(puts[0]?.before).toEqual({ properties: old['properties'] });
    expect(propertiesOf(puts[0])).toMatchObject({
      marketplacePartnerId: '/subscriptions/s/partner',
      metrics: [{ category: 'AllMetrics', enabled: true }],
    });
    expect(categoriesOf(puts[0])).toEqual(expect.arrayContaining([...standard, 'csi-azuredisk-controller', 'fleet-member-agent']));
  });

  it('improves a setting that somebody made by hand instead of paying twice', () => {
    const byHand = setting('logs', ['kube-audit', 'guard'], { logAnalyticsDestinationType: null });
    const { puts, guard } = planned([byHand], 'workspace', { audit: 'admin' });
    expect(puts).toHaveLength(1);
    expect(puts[0]?.target.id).toMatch(/diagnosticSettings\/logs$/);
    expect(categoriesOf(puts[0])).not.toContain('kube-audit');
    expect(guard('audit-reads-end')?.verdict).toBe('warn');
  });

  it.each([
    ['a policy', 'setByPolicy', {}],
    ['Terraform', 'logs', { ownership: [{ tool: 'terraform', sign: 'tag' }] }],
    ['nobody knows who', 'logs', { ownership: 'not read' }],
  ])('leaves the setting of %s alone and adds only what is missing', (_who, name, known) => {
    const theirs = setting(name, ['kube-audit-admin', 'guard'], { logAnalyticsDestinationType: null });
    const { puts, guard } = planned([theirs], 'workspace', {}, known);
    expect(puts[0]?.target.id).toMatch(/diagnosticSettings\/aks-hardening$/);
    expect(categoriesOf(puts[0])).toEqual(platform);
    expect(guard('duplicates:workspace')).toMatchObject({ verdict: 'warn' });
    expect(guard('duplicates:workspace')?.detail).toContain(`${name} sends kube-audit-admin and guard`);
  });

  it('does not send the smaller audit log to where a policy sends the full one', () => {
    const { puts } = planned([setting('setByPolicy', ['kube-audit', 'guard'])], 'workspace', { audit: 'admin' });
    expect(categoriesOf(puts[0])).toEqual(platform);
  });

  it('has nothing to add where a policy sends all of it', () => {
    expect(planned([setting('setByPolicy', standard)], 'workspace').changes).toEqual([]);
  });

  it('does not exceed five settings', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => setting(name, [], { logs: [], metrics: [{ category: 'AllMetrics', enabled: true }] }));
    expect(planned(five, 'workspace').guard('setting-limit')).toMatchObject({ verdict: 'refuse', override: 'never' });
    expect(planned(five.slice(1), 'workspace').guard('setting-limit')?.verdict).toBe('clear');
    expect(planned(five.slice(1), 'workspace-and-storage', { storageAccount: STORAGE }).guard('setting-limit')?.verdict).toBe('refuse');
  });

  it('looks for the destination and tells what it cannot see', () => {
    const gone = WORKSPACE.replace('workspaces/logs', 'workspaces/gone');
    expect(planned([], 'workspace', { workspace: gone }).guard('workspace-exists')).toMatchObject({ verdict: 'refuse' });
    const central = gone.replace(SUBSCRIPTION, '99999999-9999-4999-8999-999999999999');
    expect(planned([], 'workspace', { workspace: central }).guard('workspace-exists')?.verdict).toBe('unknown');
    expect(planned([], 'storage', { storageAccount: STORAGE }).guard('destination:storage')).toMatchObject({ verdict: 'unknown' });
  });

  it('warns of the price of the full log in a workspace and says how to measure it', () => {
    const { guard } = planned([], 'workspace', { audit: 'full' });
    expect(guard('audit-volume')?.next?.join()).toContain('--plan Basic');
    expect(planned([], 'storage', { storageAccount: STORAGE }).guard('audit-volume')).toBeUndefined();
  });

  it('needs the right to write diagnostic settings, not to write the cluster', () => {
    const known = { permissions: [{ actions: ['Microsoft.Insights/diagnosticSettings/*'], notActions: [] }] };
    expect(planned([], 'workspace', {}, known).guards.filter(({ verdict }) => verdict === 'refuse')).toEqual([]);
  });
});

describe('defaults', () => {
  const value = (name: string, facts: ReturnType<typeof factsOf>) => controlPlaneLogs.params.find((param) => param.name === name)?.defaultValue(facts);

  it('come from what is there', () => {
    const facts = factsWith([setting('a', ['kube-audit', 'guard', 'csi-snapshot-controller'])]);
    expect(value('audit', facts)).toBe('full');
    expect(value('categories', facts)).toContain('csi-snapshot-controller');
    expect(value('workspace', factsWith([]))).toBe(WORKSPACE);
    expect(value('workspace', factsWith([], { availableWorkspaces: [] }))).toBeUndefined();
    expect(value('storageAccount', factsWith([]))).toBeUndefined();
  });

  it('prefer a workspace of the region, and never one that is gone', () => {
    const far = WORKSPACE.replace('workspaces/logs', 'workspaces/far');
    const both = [
      { id: far, location: 'eastus' },
      { id: WORKSPACE, location: 'WestEurope' },
    ];
    expect(value('workspace', factsWith([], { availableWorkspaces: both }))).toBe(WORKSPACE);
    const gone = [{ id: WORKSPACE, exists: false, usedBy: 'defender' }];
    expect(value('workspace', factsWith([], { availableWorkspaces: both, workspaces: gone }))).toBe(far);
  });

  it('are refused with a sentence when they are wrong', () => {
    const validate = (name: string, given: Json) => controlPlaneLogs.params.find((param) => param.name === name)?.validate(given, factsWith([]));
    expect(validate('categories', ['kube-audit'])).toContain('parameter of its own');
    expect(validate('categories', ['guard'])).toBeUndefined();
    expect(validate('storageAccount', WORKSPACE)).toContain('Microsoft.Storage/storageAccounts/NAME');
    expect(validate('eventHubName', 'a b')).toContain('leave it empty');
    expect(validate('audit', 'all')).toContain('admin, full or none');
  });
});
