import { guardsOf } from '../../src/apply/guards.ts';
import { isSettled } from '../../src/model/assessment.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Choice, Step } from '../../src/model/step.ts';
import { assessAll, assessStep } from '../../src/model/verdicts.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { steps } from '../../steps/index.ts';
import { applyIn, factsOf, openSdkWorld, overridesOf, withoutManual } from '../../test/az/sdk-world.ts';
import { values } from '../../test/az/values.ts';
import { beside, median, row, timed } from './measure.ts';

/** More rounds of deciding than any cluster needs: what one opens, the next takes. */
const MOST_ROUNDS = 8;

/** The same steps with every change in a request of its own: what a person does who types command after command. */
const oneByOne: readonly Step[] = steps.map((step) => ({
  ...step,
  plan: (facts, choice) => {
    const { changes, guards } = step.plan(facts, choice);
    return { changes: changes.map((change) => ({ ...change, alone: true })), guards };
  },
}));

/** What every step that is not settled recommends, and that can be carried out without a person's hands or word. */
function recommended(facts: Facts): { readonly [step: string]: Choice } {
  const found = steps.flatMap((step): readonly (readonly [string, Choice])[] => {
    if (isSettled(assessStep(step, facts).status)) return [];
    const option = step.options(facts).find((one) => one.recommended !== undefined && one.unavailable === undefined);
    if (option === undefined) return [];
    const given = Object.fromEntries(option.params.flatMap((param) => (values[param] === undefined ? [] : [[param, values[param]]])));
    const completed = completeChoice(step, facts, { option: option.id, values: given });
    if ('problems' in completed) return [];
    const plan = makePlan(facts, steps, { [step.id]: completed.choice });
    const real = plan.changes.some(({ change }) => change.kind !== 'manual');
    return real && guardsOf(plan, overridesOf(plan)).stopping.length === 0 ? [[step.id, completed.choice]] : [];
  });
  return Object.fromEntries(found);
}

/** What it took to harden a practice cluster. */
interface Hardened {
  readonly rounds: number;
  readonly writes: number;
  readonly reimages: number;
  /** Hours of the practice world's own time. */
  readonly hours: number;
  readonly open: readonly string[];
}

/** Takes what is recommended, round after round, until nothing is left that can be carried out. Throws when a change fails. */
async function harden(scenario: string, of: readonly Step[]): Promise<Hardened> {
  const world = await openSdkWorld({ name: scenario, scenario, alter: () => {} });
  const clock = () => world.world.clock.now();
  const start = clock();
  const sum = { writes: 0, reimages: 0 };
  let facts = await factsOf(world);
  let rounds = 0;
  for (; rounds < MOST_ROUNDS; rounds += 1) {
    const plan: Plan = withoutManual(makePlan(facts, of, recommended(facts)));
    if (plan.changes.length === 0) break;
    const events = await applyIn(world, plan, facts);
    const failed = events.find((event) => event.type === 'failed' || event.type === 'drift');
    if (failed !== undefined) throw new Error(`hardening ${scenario}: ${JSON.stringify(failed)}`);
    sum.writes += plan.totals.writes;
    sum.reimages += plan.totals.reimages;
    facts = await factsOf(world);
  }
  const open = assessAll(steps, facts).flatMap(({ controls }) =>
    controls.flatMap(({ control, assessment }) => (isSettled(assessment.status) ? [] : [control.id])),
  );
  const hours = (clock() - start) / 3_600_000;
  await world.close();
  return { rounds, ...sum, hours, open };
}

const told = ({ rounds, writes, reimages, hours }: Hardened): string =>
  `${writes} writes and ${reimages} reimages of pools in ${rounds} plans, ${hours.toFixed(1)} hours of the practice cluster's time`;

/** Plans everything that is recommended for the legacy cluster, and carries it out both ways on the practice cluster. */
export async function measureHardening(): Promise<void> {
  const world = await openSdkWorld({ name: 'legacy', scenario: 'legacy', alter: () => {} });
  const facts = await factsOf(world);
  await world.close();
  const choices = recommended(facts);
  const planning = median(25, () => timed(() => void makePlan(facts, steps, choices)));
  row(`planning legacy to hardened, ${Object.keys(choices).length} decisions`, `${planning.toFixed(1)} ms`, '50 ms', planning < 50);
  const [together, separately] = [await harden('legacy', steps), await harden('legacy', oneByOne)];
  const better = together.writes <= separately.writes && together.reimages <= separately.reimages && together.hours <= separately.hours;
  row('  carried out, as a share of the hours command by command', `${((together.hours / separately.hours) * 100).toFixed(0)}%`, '100%', better);
  beside(`together: ${told(together)}`);
  beside(`command by command: ${told(separately)}`);
  beside(`still open, by hand or by a person's word: ${together.open.join(', ') || 'nothing'}`);
}
