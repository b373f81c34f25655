import { describe, expect, test } from 'vitest';
import type { Facts, Keeper, Workload } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { kuredWindow } from '../../../steps/cluster/node-os-updates/kured-changes.ts';
import { nodeOsUpdates } from '../../../steps/cluster/node-os-updates.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

function daemonSet(name: string, more: Partial<Workload> = {}, image = 'ghcr.io/kubereboot/kured:1.21.0'): Workload {
  const own = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kured', name, pods: 8 };
  return { ...own, podLabels: {}, podAnnotations: {}, spec: { containers: [{ name: 'main', image }] }, ...more };
}
const kured = daemonSet('kured', { options: ['--reboot-days=mon'] });
const windows = ['aksManagedNodeOSUpgradeSchedule', 'aksManagedAutoUpgradeSchedule'].map((name, i) => ({
  name,
  properties: {
    maintenanceWindow: {
      schedule: { weekly: { intervalWeeks: 1, dayOfWeek: i === 0 ? 'Sunday' : 'Saturday' } },
      durationHours: 8,
      utcOffset: '+00:00',
      startTime: '01:00',
    },
  },
}));
const facts = (channel: string | undefined, workloads: readonly Workload[] | string, rest: JsonObject = {}): Facts =>
  factsOf(cluster({ properties: { autoUpgradeProfile: { nodeOSUpgradeChannel: channel } }, ...rest }), {
    ...readable,
    workloads,
    maintenanceConfigurations: windows,
  });

describe('9.3', () => {
  test.each([
    ['Unmanaged', [kured], 'pass'],
    ['Unmanaged', [], 'fail'],
    ['unmanaged', [daemonSet('node-reboots')], 'pass'],
    ['Unmanaged', [daemonSet('kured', {}, 'shop.azurecr.io/tools/reboot:1')], 'pass'],
    ['Unmanaged', [daemonSet('kured', { pods: 0 })], 'fail'],
    ['Unmanaged', [daemonSet('kured', { kind: 'Deployment' })], 'fail'],
    ['Unmanaged', [daemonSet('notkured', {}, 'x/y:1')], 'fail'],
    ['Unmanaged', 'pods may not be listed', 'unknown'],
    ['None', [], 'fail'],
    ['None', [kured], 'pass'],
    [undefined, [], 'fail'],
    ['NodeImage', [], 'pass'],
    ['NodeImage', [kured], 'fail'],
    ['NodeImage', [daemonSet('kured', { pods: 0 })], 'fail'],
    ['SecurityPatch', [kured], 'fail'],
    ['NodeImage', 'pods may not be listed', 'unknown'],
  ] as const)('channel %s with %j is %s', (channel, workloads, status) => expect(statusOf(nodeOsUpdates, facts(channel, workloads), '9.3')).toBe(status));

  test('is not guessed where the channel is not shown', () => {
    const old = { ...facts(undefined, [kured]), apiVersion: '2022-09-01' };
    expect(statusOf(nodeOsUpdates, old, '9.3')).toBe('unknown');
  });

  test('AKS Automatic replaces its nodes: kured has no place there', () => {
    expect(statusOf(nodeOsUpdates, facts('NodeImage', [kured], { sku: { name: 'Automatic' } }), '9.3')).toBe('fail');
    expect(statusOf(nodeOsUpdates, facts(undefined, [], { sku: { name: 'Automatic' } }), '9.3')).toBe('pass');
  });

  test('tells its hours', () => {
    const found = nodeOsUpdates.assess(facts('Unmanaged', [kured]))['9.3'];
    expect(found && 'evidence' in found && found.evidence[0]).toMatchObject({ path: 'DaemonSet/kured/kured', actual: '8 pods, --reboot-days=mon' });
  });
});

const idsOf = (of: Facts, option: string, values = {}) => decide(nodeOsUpdates, of, option, values).changes.map(({ id }) => id.split('/')[1]);

describe('a managed channel', () => {
  test('takes kured away, after the channel is set', () => {
    const plan = decide(nodeOsUpdates, facts('Unmanaged', [kured]), 'node-image');
    expect(plan.changes.map(({ id, controls, after }) => [id.split('/')[1], controls, after.length])).toEqual([
      ['channel', ['9.1'], 0],
      ['remove-kured', ['9.3'], 1],
    ]);
    expect(guardOf(plan, 'kured')).toBe('warn');
  });

  test('settles 9.3 by itself where kured is not there', () => {
    const plan = decide(nodeOsUpdates, facts('Unmanaged', []), 'node-image');
    expect(plan.changes.map(({ controls }) => controls)).toEqual([['9.1', '9.3']]);
    expect(guardOf(plan, 'kured')).toBe('clear');
  });

  test('does not claim what was not read', () => {
    const plan = decide(nodeOsUpdates, facts('Unmanaged', 'no'), 'node-image');
    expect(plan.changes.map(({ controls }) => controls)).toEqual([['9.1']]);
    expect(guardOf(plan, 'kured')).toBe('warn');
  });

  test('in place already, only kured is left to go', () => {
    const of = facts('NodeImage', [kured]);
    expect(idsOf(of, 'node-image')).toEqual(['remove-kured']);
    expect(nodeOsUpdates.options(of).flatMap(({ id, recommended }) => (recommended === undefined ? [] : [id]))).toEqual(['node-image']);
    expect(idsOf(facts('NodeImage', []), 'node-image')).toEqual([]);
  });

  test.each<[string, Keeper | undefined, RegExp]>([
    ['a chart', { tool: 'helm', sign: 'meta.helm.sh/release-name=reboots' }, /^helm uninstall reboots --namespace kured$/],
    ['Flux', { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=infra' }, /take it out in the source of Flux’s Kustomization infra/],
    ['nobody', undefined, /^kubectl delete daemonset kured --namespace kured,/],
    ['an odd release', { tool: 'helm', sign: 'meta.helm.sh/release-name=x; rm -rf /' }, /^DaemonSet kured\/kured: take it out in the chart/],
  ])('kept by %s it goes that way', (_name, keeper, line) => {
    const [change] = decide(nodeOsUpdates, facts('NodeImage', [daemonSet('kured', keeper === undefined ? {} : { keeper })]), 'node-image').changes;
    expect(change?.kind === 'manual' && change.instructions[0]).toMatch(line);
  });
});

describe('kured', () => {
  test('is installed by its chart, for the hours that are chosen', () => {
    const values = { day: 'Sunday', startTime: '00:30', utcOffset: '+01:00', hours: '4' };
    const [change] = decide(nodeOsUpdates, facts('Unmanaged', []), 'kured', values).changes;
    const words = change?.kind === 'manual' ? change.instructions.join('\n') : '';
    expect(words).toContain(
      String.raw`helm upgrade --install kured kubereboot/kured --namespace kured --create-namespace --set 'nodeSelector."kubernetes\.io/os"=linux' --set 'configuration.rebootDays={saturday}' --set 'configuration.startTime=23:30' --set 'configuration.endTime=23:59' --set 'configuration.timeZone=UTC'`,
    );
  });

  test('is not offered where AKS replaces nodes, and comes once', () => {
    expect(() => decide(nodeOsUpdates, facts('NodeImage', []), 'kured')).toThrow(/nothing is left for kured/);
    expect(idsOf(facts('Unmanaged', [kured]), 'kured')).toEqual([]);
  });

  test.each([
    ['Sunday', '01:00', '+00:00', 4, ['sunday', '01:00', '05:00']],
    ['Sunday', '01:00', '+02:00', 4, ['saturday', '23:00', '23:59']],
    ['Sunday', '20:00', '-08:00', 4, ['monday', '04:00', '08:00']],
    ['Monday', '01:30', '+05:30', 4, ['sunday', '20:00', '23:59']],
    ['Saturday', '23:00', '-01:00', 4, ['sunday', '00:00', '04:00']],
  ] as const)('%s %s %s for %i hours in UTC', (day, start, offset, hours, wanted) => {
    const found = kuredWindow({ day, start, offset, hours });
    expect([found.day, found.start, found.end]).toEqual(wanted);
  });
});
