import { guardsOf } from '../../src/apply/guards.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Option, Step } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { commandsOf } from '../../src/render/index.ts';
import { steps } from '../../steps/index.ts';
import { azExtensions } from './az-program.ts';
import { grounds, type TestGround } from './grounds.ts';
import { factsOf, openSdkWorld, overridesOf } from './sdk-world.ts';
import type { Proof } from './summary.ts';
import { values } from './values.ts';

/** An option in a world: what it comes to there. */
export type Case =
  | { readonly kind: 'run'; readonly place: string; readonly option: string; readonly ground: TestGround; readonly facts: Facts; readonly plan: Plan }
  | { readonly kind: 'told'; readonly proof: Proof; readonly plan?: Plan };

/** Guards whose phrase says that another step comes first: in a plan of one step it would be a lie, and what follows cannot work. */
const untrueHere: { readonly [guard: string]: string } = {
  'managed-identity': 'Container insights signs in with an identity, and the step that gives the cluster one is not in this plan.',
};

function caseOf(ground: TestGround, facts: Facts, step: Step, option: Option): Case {
  const name = `${step.id}=${option.id}`;
  const place = `${ground.name}: ${name}`;
  const told = (verdict: Proof['verdict'], note?: string, made?: Plan): Case => ({
    kind: 'told',
    ...(made === undefined ? {} : { plan: made }),
    proof: { place, option: name, verdict, ...(note === undefined ? {} : { note }) },
  });
  if (option.unavailable !== undefined) return told('refused', option.unavailable);
  const given = Object.fromEntries(option.params.flatMap((param) => (param in values ? [[param, values[param] ?? null]] : [])));
  const completed = completeChoice(step, facts, { option: option.id, values: given });
  if ('problems' in completed) return told('refused', completed.problems.map(({ what, why }) => `${what} ${why}`).join(' '));
  const plan = makePlan(facts, steps, { [step.id]: completed.choice });
  if (plan.changes.length === 0) return told('nothing to do');
  if (plan.changes.every(({ change }) => change.kind === 'manual')) return told('by hand');
  const lie = plan.guards.find((guard) => guard.verdict === 'refuse' && guard.id in untrueHere);
  if (lie !== undefined) return told('refused', untrueHere[lie.id]);
  const { stopping } = guardsOf(plan, overridesOf(plan));
  if (stopping.length > 0) return told('refused', stopping.map(({ title, detail }) => `${title}: ${detail}`).join(' '));
  const extension = plan.changes.flatMap(({ change }) => commandsOf(change)).find((command) => command.extension !== undefined)?.extension;
  if (extension !== undefined && !azExtensions().includes(extension)) return told('extension', `its commands need the az extension ${extension}`, plan);
  return { kind: 'run', place, option: name, ground, facts, plan };
}

/** Every option of every step in every world. */
export async function allCases(): Promise<readonly Case[]> {
  const all = await Promise.all(
    grounds.map(async (ground) => {
      const facts = await factsOf(await openSdkWorld(ground));
      const tried = steps.filter(({ id }) => ground.only === undefined || ground.only.includes(id));
      return tried.flatMap((step) => step.options(facts).map((option) => caseOf(ground, facts, step, option)));
    }),
  );
  return all.flat();
}
