import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { settle } from '../../src/practice/operations.ts';
import { laterVersion } from '../../src/render/az.ts';
import { commandsOf } from '../../src/render/index.ts';
import { afterUndo, betweenWorlds, divergences, isDeclared } from './allowed-differences.ts';
import { NEEDED_AZ, whyNot } from './az-program.ts';
import { type AzGround, openAzGround } from './az-world.ts';
import { allCases, type Case } from './cases.ts';
import { compare, idsIn, snapshotOf } from './compare.ts';
import { type RefusingProxy, startRefusingProxy } from './refusing-proxy.ts';
import { applyIn, consentOf, factsOf, openSdkWorld, printed, troubles, withoutManual } from './sdk-world.ts';

const missing = whyNot();
const required = process.env['REQUIRE_AZ'] === '1';
const cases: readonly Case[] = missing === undefined ? await allCases() : [];
const runs = cases.filter((one) => one.kind === 'run');

it('has an az to prove it with', ({ task }) => {
  if (missing !== undefined) {
    task.meta.skippedAz = `${missing}: that printed commands do what applying does is not proven here`;
  }
  expect(required && missing !== undefined, `REQUIRE_AZ=1, and there is ${missing}`).toBe(false);
});

describe.runIf(missing === undefined)('with the real az', () => {
  let proxy: RefusingProxy;
  let ground: AzGround;

  beforeAll(async () => {
    proxy = await startRefusingProxy();
    ground = await openAzGround(proxy);
  });
  afterAll(async () => {
    await ground.close();
    await proxy.close();
  });

  it('tells of every option that is not run, why', ({ task }) => {
    const told = cases.flatMap((one) => (one.kind === 'told' ? [one.proof] : []));
    for (const { verdict, note, place } of told) if (verdict === 'refused') expect(note, place).toMatch(/\S{3}/);
    task.meta.proofs = told;
    expect(runs.length).toBeGreaterThan(0);
  });

  it('knows which az the printed commands need', () => {
    const versions = runs.flatMap(({ plan }) => plan.changes.flatMap(({ change }) => commandsOf(change))).map(({ azVersion }) => azVersion);
    expect([NEEDED_AZ, ...versions].reduce(laterVersion, undefined)).toBe(NEEDED_AZ);
  });

  describe('printed equals applied, undone equals untouched', () => {
    for (const one of runs) {
      it.concurrent(one.place, async ({ task, expect: expecting }) => {
        const { plan, facts, ground: where } = one;
        const [sdk, cli] = [await openSdkWorld(where), await ground.open(where)];
        try {
          const print = (shown: Plan, undo: boolean) => printed(shown, facts, { shell: 'bash', undo });
          const consent = (shown: Plan) => ({ AKS_HARDEN_OVERRIDE: consentOf(shown) });
          const start = snapshotOf(sdk.world);
          const known = idsIn(start, plan);
          const cliNow = () => {
            settle(cli.served.world);
            return snapshotOf(cli.served.world);
          };
          expecting(divergences(compare(start, cliNow(), known), betweenWorlds), 'the worlds begin alike').toEqual([]);

          expecting(troubles(await applyIn(sdk, withoutManual(plan), facts))).toEqual([]);
          const ran = await cli.run(print(plan, false), consent(plan));
          expecting(ran.code, ran.stderr).toBe(0);
          expecting(ran.stderr, 'no flag that az calls deprecated').not.toMatch(/deprecated/i);
          const applied = snapshotOf(sdk.world);
          expecting(divergences(compare(start, applied, known), betweenWorlds), 'applying changes something').not.toEqual([]);
          expecting(divergences(compare(applied, cliNow(), known), betweenWorlds), 'applied (left) and printed (right)').toEqual([]);

          const undo = undoPlan(plan);
          expecting(troubles(await applyIn(sdk, withoutManual(undo), await factsOf(sdk)))).toEqual([]);
          const undone = await cli.run(print(undo, true), consent(undo));
          expecting(undone.code, undone.stderr).toBe(0);
          const left = (end: ReturnType<typeof snapshotOf>) => divergences(compare(start, end, known), afterUndo).filter((found) => !isDeclared(plan, found));
          expecting(left(snapshotOf(sdk.world)), 'start (left) and undone by the SDK (right)').toEqual([]);
          expecting(left(cliNow()), 'start (left) and undone by the script (right)').toEqual([]);

          const oneWay = plan.changes.filter(({ change }) => change.reversible.kind !== 'yes').map(({ change }) => change.title);
          task.meta.proofs = [
            { place: one.place, option: one.option, verdict: 'proven', ...(oneWay.length > 0 ? { note: `one-way, declared: ${oneWay.join('; ')}` } : {}) },
          ];
        } finally {
          task.meta.proofs ??= [{ place: one.place, option: one.option, verdict: 'failed' }];
          await cli.close();
          await sdk.close();
        }
      });
    }
  });

  it('contacts nothing but loopback', async () => {
    expect(proxy.attempts).toEqual([]);
    expect(await ground.refused()).toEqual([]);
    // Both do see what would leave: this is what attempts look like, through the proxy and around it.
    const cli = await ground.open({ name: 'typical', scenario: 'typical', alter: () => {} });
    const attempt = 'az rest --method get --url https://management.azure.example/subscriptions --skip-authorization-header || true';
    await cli.run(attempt);
    expect(proxy.attempts).toContain('CONNECT management.azure.example:443');
    await cli.run(attempt, { NO_PROXY: '*', no_proxy: '*' });
    expect(await ground.refused()).toContain('socket.getaddrinfo management.azure.example');
    await cli.close();
  });
});
