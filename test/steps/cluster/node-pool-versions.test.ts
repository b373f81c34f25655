import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { controlPlaneVersionStep } from '../../../steps/cluster/control-plane-version.ts';
import { nodeOsUpdates } from '../../../steps/cluster/node-os-updates.ts';
import { nodePoolVersions as step } from '../../../steps/cluster/node-pool-versions.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const pool = (name: string, version: string, more: JsonObject = {}): JsonObject => ({
  name,
  mode: 'System',
  count: 3,
  type: 'VirtualMachineScaleSets',
  orchestratorVersion: version,
  currentOrchestratorVersion: version,
  ...more,
});
const facts = (plane: string, pools: readonly JsonObject[]): Facts =>
  factsOf(cluster({ properties: { kubernetesVersion: plane, currentKubernetesVersion: plane, agentPoolProfiles: pools } }), {
    ...readable,
    disruptionBudgets: [],
  });

describe('8.1', () => {
  test.each([
    ['level', '1.34.2', ['1.34.2'], 'pass'],
    ['another patch', '1.34.2', ['1.34.0'], 'pass'],
    ['one behind', '1.34.2', ['1.34.2', '1.33.5'], 'partial'],
    ['three behind', '1.34.2', ['1.31.9'], 'partial'],
    ['four behind', '1.34.2', ['1.30.9', '1.34.2'], 'fail'],
    ['three behind an old control plane', '1.27.9', ['1.24.0'], 'fail'],
    ['ahead', '1.34.2', ['1.35.1'], 'fail'],
    ['no version', '1.34.2', [''], 'unknown'],
    ['no pools', '1.34.2', [], 'not-applicable'],
  ] as const)('%s: %s', (_what, plane, versions, status) => {
    const pools = versions.map((version, i) => pool(`p${i}`, version));
    expect(statusOf(step, facts(plane, pools), '8.1')).toBe(status);
  });
});

test.each([
  ['a share', { maxSurge: '33%' }, 'pass'],
  ['a number', { maxSurge: '1' }, 'pass'],
  ['a number that is one', { maxSurge: 1 }, 'pass'],
  ['in place', { maxSurge: '0', maxUnavailable: '1' }, 'pass'],
  ['neither', { maxSurge: '0', maxUnavailable: '0' }, 'fail'],
  ['nothing', {}, 'fail'],
] as const)('8.2: %s', (_what, upgradeSettings, status) => {
  expect(statusOf(step, facts('1.34.2', [pool('p', '1.34.2', { upgradeSettings })]), '8.2')).toBe(status);
});

test.each([
  ['VirtualMachineScaleSets', 'pass'],
  ['virtualmachines', 'pass'],
  ['AvailabilitySet', 'fail'],
  [undefined, 'fail'],
] as const)('8.3: %s gives %s', (type, status) => {
  expect(statusOf(step, facts('1.34.2', [pool('p', '1.34.2', { type })]), '8.3')).toBe(status);
});

describe('plan', () => {
  const late = facts('1.35.1', [pool('a', '1.34.2', { upgradeSettings: { maxSurge: '1' } }), pool('b', '1.33.5'), pool('c', '1.35.1')]);

  test('surge settings first, then one pool after the other, behind the control plane', () => {
    const { changes, guards } = decide(step, late, 'upgrade');
    expect(changes.map(({ id }) => id.split('/')[1])).toEqual(['settings-b', 'upgrade-a', 'upgrade-b']);
    expect(editsOf(changes[1])).toEqual(['properties.orchestratorVersion="1.35.1"']);
    expect(changes[2]).toMatchObject({
      alone: true,
      impact: { kind: 'reimage', pools: ['b'] },
      after: expect.arrayContaining(['cluster.control-plane-version/control-plane', `${step.id}/settings-b`, `${step.id}/upgrade-a`]),
    });
    expect(guards.map(({ id }) => id)).toEqual(expect.arrayContaining(['disruption-budgets', 'forced-upgrade', 'surge-room']));
    expect(step.options(late).find(({ recommended }) => recommended)?.id).toBe('upgrade');
  });

  test('a version ahead of the control plane is only for a plan that takes it there', () => {
    const ahead = {
      ...late,
      known: { ...late.known, clusterUpgrades: { state: 'known' as const, value: { controlPlane: { version: '1.35.1', upgrades: ['1.36.0'] }, pools: [] } } },
    };
    const plan = decide(step, ahead, 'upgrade', { version: '1.36.0' });
    expect(guardOf(plan, 'control-plane-first')).toBe('warn');
    expect(plan.changes.filter(({ id }) => id.includes('/upgrade-'))).toHaveLength(3);
    expect(guardOf(decide(step, late, 'upgrade'), 'control-plane-first')).toBeUndefined();
  });

  test('a version that AKS does not list for a pool is told', () => {
    const clusterUpgrades = { controlPlane: { version: '1.35.1', upgrades: [] }, pools: [{ pool: 'b', version: '1.33.5', upgrades: ['1.34.2'] }] };
    const of = { ...late, known: { ...late.known, clusterUpgrades: { state: 'known' as const, value: clusterUpgrades } } };
    expect(decide(step, of, 'upgrade').guards.find(({ id }) => id === 'offered')?.detail).toContain('pool b');
  });

  test('availability sets go by one command, and nothing else is offered', () => {
    const of = facts('1.27.9', [pool('p', '1.26.0', { type: 'AvailabilitySet' })]);
    expect(step.options(of).find(({ id }) => id === 'upgrade')?.unavailable).toContain('Availability sets');
    expect(decide(step, of, 'leave-availability-sets').changes).toMatchObject([{ kind: 'manual', reversible: { kind: 'no' } }]);
    expect(
      step
        .options(of)
        .filter(({ recommended }) => recommended)
        .map(({ id }) => id),
    ).toEqual(['leave-availability-sets']);
  });

  test.each([
    ['33%', true],
    ['100%', true],
    ['2', true],
    ['0', false],
    ['0%', false],
    ['101%', false],
    ['a third', false],
  ] as const)('surge %s', (value, good) => {
    const fault = step.params.find(({ name }) => name === 'maxSurge')?.validate(value, late);
    expect(fault === undefined).toBe(good);
  });
});

describe('on the practice cluster', () => {
  const steps = [controlPlaneVersionStep, step, nodeOsUpdates];

  test('the pools of a control plane that has gone first are brought along, once', async () => {
    const { carryOut } = await bench('typical', steps);
    const behind = (await carryOut(controlPlaneVersionStep, 'control-plane', { version: '1.35.3' })).facts;
    expect(statusOf(step, behind, '8.1')).toBe('partial');
    const { facts: after, events } = await carryOut(step, 'upgrade');
    expect(troubles(events)).toEqual([]);
    expect(statusOf(step, after, '8.1')).toBe('pass');
    expect(statusOf(nodeOsUpdates, after, '9.2')).toBe('pass');
    expect(step.options(after).find(({ id }) => id === 'upgrade')?.tradeOff).toContain('No pool is behind');
  });

  test('settings for pools that say nothing', async () => {
    const { read, carryOut } = await bench('legacy', steps);
    expect(statusOf(step, await read(), '8.2')).toBe('partial');
    const { facts: after, events } = await carryOut(step, 'settings');
    expect(troubles(events)).toEqual([]);
    expect(statusOf(step, after, '8.2')).toBe('pass');
    expect(sent((await carryOut(step, 'settings', { maxSurge: '50%' })).events)).toEqual([]);
  });

  test('control plane, pools, channel and images in one plan: each node is replaced once', async () => {
    const { read } = await bench('typical', steps);
    const facts = await read();
    const plan = makePlan(facts, steps, {
      [controlPlaneVersionStep.id]: choose(controlPlaneVersionStep, facts, 'control-plane', { version: '1.36.1' }),
      [step.id]: choose(step, facts, 'upgrade', { version: '1.36.1' }),
      [nodeOsUpdates.id]: choose(nodeOsUpdates, facts, 'images-now'),
    });
    expect(plan.changes.map(({ change }) => change.id.split('.')[1])).toEqual([
      'control-plane-version/control-plane-1',
      'control-plane-version/control-plane',
      'node-pool-versions/upgrade-nodepool1',
    ]);
    expect([plan.totals.reimages, plan.separately.reimages]).toEqual([1, 2]);
    expect(plan.changes.at(-1)?.steps).toEqual([step.id, nodeOsUpdates.id]);
  });
});
