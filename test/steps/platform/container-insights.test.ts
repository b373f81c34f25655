import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { at, path } from '../../../src/model/json.ts';
import { commandsOf } from '../../../src/render/index.ts';
import { clusterIdentity } from '../../../steps/identity/cluster-identity.ts';
import { containerInsights } from '../../../steps/platform/container-insights.ts';
import { choose, cluster, factsOf, readable, WORKSPACE } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const status = (facts: Facts, control: string) => containerInsights.assess(facts)[control]?.status;
const addon = (config: object, enabled: boolean | string = true, name = 'omsagent') =>
  cluster({ properties: { addonProfiles: { [name]: { enabled, config: { ...config } } } } });
const rule = (settings: object, more: object = {}) => ({
  association: 'ContainerInsightsExtension',
  ruleId: '/subscriptions/x/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/r',
  rule: {
    location: 'westeurope',
    kind: 'Linux',
    tags: { owner: 'platform' },
    properties: {
      provisioningState: 'Succeeded',
      immutableId: 'dcr-1',
      dataSources: {
        extensions: [
          {
            name: 'c',
            extensionName: 'ContainerInsights',
            streams: ['Microsoft-ContainerInsights-Group-Default'],
            extensionSettings: { dataCollectionSettings: { ...settings } },
          },
        ],
        syslog: [{ name: 's', streams: ['Microsoft-Syslog'] }],
      },
      dataFlows: [
        { streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['w'] },
        { streams: ['Microsoft-Syslog'], destinations: ['w'] },
      ],
      destinations: { logAnalytics: [{ name: 'w', workspaceResourceId: WORKSPACE }] },
      ...more,
    },
  },
});
const standard = { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true };

describe('4.1', () => {
  const on = { useAADAuth: 'true', logAnalyticsWorkspaceResourceID: WORKSPACE };
  it.each([
    ['on with managed identity', addon(on), 'pass'],
    ['the key in another case', addon(on, true, 'omsAgent'), 'pass'],
    ['texts instead of booleans', addon({ ...on, useAADAuth: 'True' }, 'true'), 'pass'],
    ['the old sign-in, which others call good', addon({ ...on, useAADAuth: 'false' }), 'fail'],
    ['the old sign-in, from before the setting', addon({ logAnalyticsWorkspaceResourceID: WORKSPACE }), 'fail'],
    ['off', addon(on, false), 'fail'],
    ['absent', cluster(), 'fail'],
    ['the newer profile', cluster({ properties: { azureMonitorProfile: { containerInsights: { enabled: true } } } }), 'pass'],
  ])('%s', (_name, body, wanted) => {
    expect(status(factsOf(body, { dataCollectionRules: [rule(standard)] }), '4.1')).toBe(wanted);
  });
  it('without a rule it is only partly there, and without the facts it says so', () => {
    expect(status(factsOf(addon(on), { dataCollectionRules: [] }), '4.1')).toBe('partial');
    expect(containerInsights.assess(factsOf(addon(on), { dataCollectionRules: 'refused' }))['4.1']).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('refused'),
    });
    expect(
      status(
        factsOf(addon(on), { dataCollectionRules: [rule(standard)], workspaces: [{ id: WORKSPACE.toUpperCase(), exists: false, usedBy: 'omsagent' }] }),
        '4.1',
      ),
    ).toBe('partial');
    expect(status(factsOf({}), '4.1')).toBe('unknown');
  });
  it('tells the day on which the old sign-in ends, by the day of the facts', () => {
    const body = addon({ useAADAuth: 'false' });
    expect(containerInsights.assess(factsOf(body))['4.1']).toMatchObject({ note: expect.stringContaining('stops taking') });
    const later = factsOf(body, {}, { source: { kind: 'azure', label: 't', readAt: '2026-11-20T08:00:00Z' } });
    expect(containerInsights.assess(later)['4.1']).toMatchObject({ note: expect.stringContaining('nothing arrives') });
  });
});

describe('4.2', () => {
  it.each([
    [{ azureMonitorProfile: { metrics: { enabled: true } } }, 'pass'],
    [{ azureMonitorProfile: { metrics: { enabled: false } } }, 'fail'],
    [{}, 'fail'],
  ])('%j', (properties, wanted) => {
    expect(status(factsOf(cluster({ properties })), '4.2')).toBe(wanted);
  });
});

describe('plans', () => {
  const known = { ...readable, availableWorkspaces: [{ id: WORKSPACE, location: 'North Europe' }], workspaces: [], dataCollectionRules: [] };
  it('the rule stands where its workspace does, under the name az would give it, and the bill is an edit of it', () => {
    const facts = factsOf(cluster(), known);
    const { changes } = containerInsights.plan(facts, choose(containerInsights, facts, 'insights'));
    expect(changes.map(({ id }) => id.split('/')[1])).toEqual(['enable', 'rule', 'association']);
    const put = changes[1];
    expect(put?.kind === 'arm.put' && put.target.id).toMatch(/dataCollectionRules\/MSCI-northeurope-shop$/);
    expect(put?.kind === 'arm.put' && at(put.body, ['location'])).toBe('northeurope');
    expect(JSON.stringify(put)).toContain('"interval":"5m"');
  });
  it('another preset edits the rule and nothing else in it', () => {
    const facts = factsOf(addon({ useAADAuth: 'true', logAnalyticsWorkspaceResourceID: WORKSPACE }), { ...known, dataCollectionRules: [rule(standard)] });
    expect(containerInsights.plan(facts, choose(containerInsights, facts, 'insights')).changes).toEqual([]);
    const { changes } = containerInsights.plan(facts, choose(containerInsights, facts, 'insights', { preset: 'logs-and-events' }));
    expect(changes).toHaveLength(1);
    const [put] = changes;
    if (put?.kind !== 'arm.put') throw new Error('a put was expected');
    expect(put.before).toBeDefined();
    expect(at(put.body, ['tags'])).toEqual({ owner: 'platform' });
    expect(at(put.body, path('properties.immutableId'))).toBeUndefined();
    expect(at(put.body, path('properties.dataSources.syslog'))).toHaveLength(1);
    expect(at(put.body, path('properties.dataFlows'))).toMatchObject([
      { streams: ['Microsoft-ContainerLogV2', 'Microsoft-KubeEvents', 'Microsoft-KubePodInventory'] },
      { streams: ['Microsoft-Syslog'] },
    ]);
  });
  it('settings of one’s own stay unless something else is chosen', () => {
    const facts = factsOf(addon({ useAADAuth: 'true', logAnalyticsWorkspaceResourceID: WORKSPACE }), {
      ...known,
      dataCollectionRules: [rule({ interval: '10m' })],
    });
    expect(choose(containerInsights, facts, 'insights').values['preset']).toBe('as-it-is');
    expect(containerInsights.plan(facts, choose(containerInsights, facts, 'insights')).changes).toEqual([]);
  });
  it('Prometheus is told by the command that makes all of it', () => {
    const facts = factsOf(cluster(), known);
    const { changes } = containerInsights.plan(facts, choose(containerInsights, facts, 'insights-and-prometheus'));
    const last = changes.at(-1);
    expect(last?.kind === 'manual' && last.instructions[0]).toBe('az aks update --resource-group rg-shop --name shop --enable-azure-monitor-metrics');
  });
  it('waits for the identity where the cluster is a service principal', () => {
    const facts = factsOf(cluster({ properties: { servicePrincipalProfile: { clientId: WORKSPACE } } }), known);
    const { guards, changes } = containerInsights.plan(facts, choose(containerInsights, facts, 'insights'));
    expect(guards.find(({ id }) => id === 'managed-identity')).toMatchObject({ verdict: 'refuse', override: expect.any(String) });
    expect(changes[0]?.after).toContain('identity.cluster-identity/switch');
  });
});

describe('on the practice cluster', () => {
  it('legacy: the old agent off, the new one on, a rule and its association; then nothing', async () => {
    const { read, carryOut } = await bench('legacy', [clusterIdentity, containerInsights]);
    expect([status(await read(), '4.1'), status(await read(), '4.2')]).toEqual(['fail', 'fail']);
    expect(troubles((await carryOut(clusterIdentity, 'user-assigned')).events)).toEqual([]);
    const { events, facts, plan } = await carryOut(containerInsights, 'insights');
    expect(troubles(events)).toEqual([]);
    expect(sent(events).map((id) => id.split('/')[1])).toEqual(['legacy-off', 'enable', 'rule', 'association']);
    expect(status(facts, '4.1')).toBe('pass');
    expect(plan.changes.flatMap(({ change }) => commandsOf(change)).map(({ argv }) => argv.slice(0, 3).join(' '))).toEqual([
      'az aks disable-addons',
      'az aks enable-addons',
      'az rest --method',
      'az rest --method',
    ]);
    const again = await carryOut(containerInsights, 'insights');
    expect(again.plan.changes).toEqual([]);
    expect(sent(again.events)).toEqual([]);
  });
  it('typical: from nothing to everything', async () => {
    const { carryOut } = await bench('typical', [containerInsights]);
    const { events, facts } = await carryOut(containerInsights, 'insights');
    expect(troubles(events)).toEqual([]);
    expect(status(facts, '4.1')).toBe('pass');
    expect((await carryOut(containerInsights, 'insights')).plan.changes).toEqual([]);
  });
  it('hardened passes', async () => {
    const { read } = await bench('hardened', [containerInsights]);
    expect(Object.values(containerInsights.assess(await read())).map((one) => one.status)).toEqual(['pass', 'pass']);
  });
});
