import { afterAll, describe, expect, it, vi } from 'vitest';
import { isSettled, type Status } from '../../src/model/assessment.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Choice } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { steps } from '../../steps/index.ts';
import { afterUndo, divergences, isDeclared } from '../az/allowed-differences.ts';
import { allCases, type Case, everyTool } from '../az/cases.ts';
import { compare, idsIn, snapshotOf } from '../az/compare.ts';
import { applyIn, factsOf, openSdkWorld, troubles, withoutManual } from '../az/sdk-world.ts';
import { sent } from './on-practice.ts';
import { eachTime, mendsNothing, neverOpen, type StaysOpen, staysOpen, worlds } from './practice-worlds.ts';

// Verdicts depend on the day: retirement dates, certificates.
vi.setSystemTime('2026-11-20T08:00:00Z');
afterAll(() => vi.useRealTimers());

type Run = Extract<Case, { kind: 'run' }>;
const cases = await allCases(worlds, everyTool);
const runs = cases.filter((one): one is Run => one.kind === 'run');

const statuses = (facts: Facts): { readonly [control: string]: Status } =>
  Object.fromEntries(steps.flatMap((step) => Object.entries(step.assess(facts)).map(([control, { status }]) => [control, status])));

/** Controls that a plan settles by itself; those that wait for work by hand as well are not among them. */
function claimed({ changes }: Plan): readonly string[] {
  const named = (manual: boolean) => changes.filter(({ change }) => (change.kind === 'manual') === manual).flatMap(({ change }) => change.controls);
  const byHand = new Set(named(true));
  return [...new Set(named(false))].filter((control) => !byHand.has(control));
}

const places = (run: Run) => run.place.slice(0, run.place.indexOf(': '));
const options = ({ plan }: Run) => Object.entries(plan.choices).map(([step, { option }]) => `${step}=${option}`);
const concerns = (run: Run) => (entry: StaysOpen) => options(run).includes(entry.option) && (entry.in?.includes(places(run)) ?? true);

/** The same decisions on fresh facts, as far as they can still be made. */
function planAgain(facts: Facts, choices: Plan['choices']): Plan {
  const made = steps.flatMap((step): readonly (readonly [string, Choice])[] => {
    const choice = choices[step.id];
    const completed = choice && completeChoice(step, facts, choice);
    return completed !== undefined && 'choice' in completed ? [[step.id, completed.choice]] : [];
  });
  return makePlan(facts, steps, Object.fromEntries(made));
}

describe('every option that can be carried out', () => {
  it.each(runs.map((run) => [run.place, run] as const))('%s', async (_place, run) => {
    const { plan, facts, ground } = run;
    const world = await openSdkWorld(ground);
    const start = snapshotOf(world.world);
    const before = statuses(facts);

    expect(troubles(await applyIn(world, withoutManual(plan), facts))).toEqual([]);
    const fresh = await factsOf(world);
    const after = statuses(fresh);
    const wanted = staysOpen.filter(concerns(run));
    for (const control of claimed(plan)) {
      const known = wanted.find((entry) => entry.control === control);
      if (known === undefined) expect(isSettled(after[control] ?? 'unknown'), `${control}: ${before[control]} before, ${after[control]} after`).toBe(true);
      else expect(after[control], `${control}: ${known.why}`).toBe(known.after);
    }
    // What was settled and is not named stays settled.
    const lost = Object.keys(before).filter((control) => isSettled(before[control] ?? 'unknown') && !isSettled(after[control] ?? 'unknown'));
    expect(lost.filter((control) => !wanted.some((entry) => entry.control === control))).toEqual([]);

    if (!options(run).some((option) => option in eachTime)) {
      expect(sent(await applyIn(world, withoutManual(planAgain(fresh, plan.choices)), fresh)), 'a second time').toEqual([]);
    }

    expect(troubles(await applyIn(world, withoutManual(undoPlan(plan)), fresh)), 'undone').toEqual([]);
    const left = divergences(compare(start, snapshotOf(world.world), idsIn(start, plan)), afterUndo).filter((found) => !isDeclared(plan, found));
    expect(left, 'undone: what is not as it was').toEqual([]);
    await world.close();
  });
});

describe('no option is left out', () => {
  const told = cases.flatMap((one) => (one.kind === 'told' ? [one.proof] : []));
  const ids = [...new Set(cases.map((one) => (one.kind === 'run' ? one.option : one.proof.option)).filter((id) => id.includes('=')))];

  it.each(ids)('%s is carried out somewhere, or is work by hand', (id) => {
    const tried = runs.some(({ option }) => option === id) || told.some(({ option, verdict }) => option === id && verdict === 'by hand');
    const why = told.filter(({ option }) => option === id).map(({ place, verdict, note }) => `${place}: ${verdict} ${note ?? ''}`);
    expect(tried, why.join('\n')).toBe(!(id in neverOpen));
  });

  it.each([...new Set(runs.map(({ option }) => option))].filter((id) => id.includes('=')))('%s mends something somewhere', (id) => {
    const mends = runs.some(({ option, plan, facts }) => {
      const before = statuses(facts);
      return option === id && claimed(plan).some((control) => !isSettled(before[control] ?? 'unknown'));
    });
    const withHand = runs.some(({ option, plan }) => option === id && plan.changes.some(({ change }) => change.kind === 'manual'));
    expect(mends || withHand).toBe(!(id in mendsNothing));
  });

  it('and nothing is declared that does not happen', () => {
    for (const entry of staysOpen)
      expect(
        runs.some((run) => concerns(run)(entry)),
        entry.option,
      ).toBe(true);
    for (const id of [...Object.keys(eachTime), ...Object.keys(mendsNothing), ...Object.keys(neverOpen)]) expect(ids).toContain(id);
  });
});
