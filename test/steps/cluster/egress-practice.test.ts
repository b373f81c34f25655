import { describe, expect, test } from 'vitest';
import { at, isObject, path, texts, withAt } from '../../../src/model/json.ts';
import { completeChoice } from '../../../src/plan/choices.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { egressAddresses, nodesAreReady } from '../../../src/practice/reachability.ts';
import { resourceOf, storeResource } from '../../../src/practice/world.ts';
import { apiServerExposure } from '../../../steps/cluster/api-server-exposure.ts';
import { egress } from '../../../steps/cluster/egress.ts';
import { statusOf } from '../decide.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const RANGES = 'properties.apiServerAccessProfile.authorizedIPRanges';
const OPERATOR = '81.2.69.160/32';
const steps = [apiServerExposure, egress];
type Bench = Awaited<ReturnType<typeof bench>>;

const clusterOf = ({ practice }: Bench) => resourceOf(practice.world, practice.clusterId) ?? {};

/** Long enough for ranges to hold, and for nodes that they cut off to show it. */
async function later({ practice }: Bench): Promise<void> {
  await practice.arm.sleep(30 * 60_000);
}

async function fence(world: Bench): Promise<void> {
  const { practice } = world;
  const ranges = [OPERATOR, ...egressAddresses(practice.world, clusterOf(world)).map((one) => `${one}/32`)];
  const fenced = withAt(clusterOf(world), path(RANGES), ranges);
  if (isObject(fenced)) storeResource(practice.world, fenced);
  practice.world.state.ranges = { [practice.clusterId.toLowerCase()]: [{ at: 0, ranges }] };
}

describe('with authorized ranges in force', () => {
  test('nobody is cut off: the address first, then the ranges, then the traffic', async () => {
    const world = await bench('typical', steps);
    await fence(world);
    const first = await world.carryOut(egress, 'static-ip');
    expect(troubles(first.events)).toEqual([]);
    expect(sent(first.events)).toEqual(['cluster.egress/address-shop-typical-egress', 'cluster.egress/role-shop-typical-egress']);
    expect(statusOf(egress, first.facts, '14.1')).toBe('fail');

    const second = await world.carryOut(egress, 'static-ip');
    expect(troubles(second.events)).toEqual([]);
    expect(sent(second.events)).toEqual(['cluster.egress/let-in', 'cluster.egress/static-ip']);
    expect(statusOf(egress, second.facts, '14.1')).toBe('pass');
    const [address] = egressAddresses(world.practice.world, clusterOf(world));
    expect(texts(at(second.facts.cluster, path(RANGES)))).toContain(`${address}/32`);
    await later(world);
    expect(nodesAreReady(world.practice.world, clusterOf(world))).toBe(true);
    expect(sent((await world.carryOut(egress, 'static-ip')).events)).toEqual([]);
  });

  test('the practice cluster would have cut the nodes off otherwise', async () => {
    const world = await bench('typical', steps);
    const { practice } = world;
    await world.carryOut(egress, 'static-ip');
    practice.world.state.ranges = { [practice.clusterId.toLowerCase()]: [{ at: 0, ranges: [OPERATOR, '20.101.20.30/32'] }] };
    expect(nodesAreReady(practice.world, clusterOf(world))).toBe(false);
  });
});

describe('together with the ranges in one plan', () => {
  const together = async (world: Bench) => {
    const facts = await world.read();
    const choice = (step: (typeof steps)[number], option: string) => {
      const done = completeChoice(step, facts, { option, values: {} });
      if ('problems' in done) throw new Error(JSON.stringify(done.problems));
      return done.choice;
    };
    return makePlan(facts, steps, { [egress.id]: choice(egress, 'static-ip'), [apiServerExposure.id]: choice(apiServerExposure, 'authorized-ranges') });
  };

  test('the ranges wait for the address, and the plan says so', async () => {
    const plan = await together(await bench('typical', steps));
    expect(plan.changes.flatMap(({ steps: of }) => of)).not.toContain(apiServerExposure.id);
    expect(Object.keys(plan.choices), 'what waits stays in the queue').toEqual([egress.id]);
    expect(plan.guards.find(({ id }) => id === 'next-plan')).toMatchObject({ step: apiServerExposure.id, verdict: 'warn' });
  });

  test('decided afterwards they hold the new address, and nodes stay', async () => {
    const world = await bench('typical', steps);
    await world.carryOut(egress, 'static-ip');
    const { facts, events } = await world.carryOut(apiServerExposure, 'authorized-ranges');
    expect(troubles(events)).toEqual([]);
    const [address] = egressAddresses(world.practice.world, clusterOf(world));
    expect(texts(at(facts.cluster, path(RANGES)))).toContain(`${address}/32`);
    await later(world);
    expect(nodesAreReady(world.practice.world, clusterOf(world))).toBe(true);
  });

  test('a private cluster’s nodes do not come over the internet: nothing waits', async () => {
    const world = await bench('private', steps);
    const { changes } = egress.plan(await world.read(), { option: 'static-ip', values: {} });
    expect(changes.flatMap(({ unsettles = [] }) => unsettles)).toEqual([]);
  });
});

test('a NAT gateway of one’s own carries the traffic of the subnet', async () => {
  const world = await bench('private', steps);
  const before = egressAddresses(world.practice.world, clusterOf(world));
  const { events, facts } = await world.carryOut(egress, 'nat-gateway');
  expect(troubles(events)).toEqual([]);
  expect(statusOf(egress, facts, '14.1')).toBe('pass');
  const after = egressAddresses(world.practice.world, clusterOf(world));
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
  expect(facts.known.outboundAddresses).toMatchObject({ state: 'known', value: [{ cidr: `${after[0]}/32` }] });
});

test('a right that is missing on the routes names itself, and leaves the other verdicts alone', async () => {
  const world = await bench('hardened', steps);
  const { settings } = world.practice.world.state;
  world.practice.world.state.settings = { ...settings, grants: [{ scope: '/', actions: ['*'], notActions: ['Microsoft.Network/routeTables/read'] }] };
  const found = egress.assess(await world.read());
  expect(found['14.2']).toMatchObject({ status: 'unknown', reason: expect.stringContaining('Microsoft.Network/routeTables/read') });
  expect(found['14.3']?.status).toBe('pass');
});
