import { guardsOf } from '../../src/apply/guards.ts';
import { isSettled } from '../../src/model/assessment.ts';
import { type Facts, knownValue } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Option, Step } from '../../src/model/step.ts';
import { assessStep } from '../../src/model/verdicts.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { commandsOf } from '../../src/render/index.ts';
import { steps } from '../../steps/index.ts';
import { azExtensions, findKubectl } from './az-program.ts';
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

/** What printed commands may need beside az itself. */
export interface Tools {
  readonly hasExtension: (name: string) => boolean;
  readonly hasKubectl: boolean;
  /** Whether kubectl on this machine has a way to a cluster's API server: a private one is only reached through Azure. */
  readonly kubectlReaches: (facts: Facts) => boolean;
}

/** Everything is there: for those who ask what cases there are and run none of the commands. */
export const everyTool: Tools = { hasExtension: () => true, hasKubectl: true, kubectlReaches: () => true };

/** kubectl reaches an API server where this machine does: what a proof on loopback can have of networks. */
const reaches = (facts: Facts): boolean => knownValue(facts, 'apiServerReachability')?.reachable !== false;

const toolsHere = (): Tools => ({
  hasExtension: (name) => azExtensions().includes(name),
  hasKubectl: findKubectl() !== undefined,
  kubectlReaches: reaches,
});

/** What CI has: a kubectl, and no extension of az, because those that commands need are previews. */
export const toolsInCi: Tools = { hasExtension: () => false, hasKubectl: true, kubectlReaches: reaches };

/** A world with what is known of it, and the tools that printed commands may use. */
interface Trial {
  readonly ground: TestGround;
  readonly facts: Facts;
  readonly tools: Tools;
}

/** What a plan comes to in a world: run it, or the reason why not. */
function caseOfPlan({ ground, facts, tools }: Trial, name: string, plan: Plan): Case {
  const place = `${ground.name}: ${name}`;
  const told = (verdict: Proof['verdict'], note?: string): Case => ({
    kind: 'told',
    plan,
    proof: { place, option: name, verdict, ...(note === undefined ? {} : { note }) },
  });
  if (plan.changes.length === 0) return told('nothing to do');
  if (plan.changes.every(({ change }) => change.kind === 'manual')) return told('by hand');
  const lie = Object.keys(plan.choices).length > 1 ? undefined : plan.guards.find((guard) => guard.verdict === 'refuse' && guard.id in untrueHere);
  if (lie !== undefined) return told('refused', untrueHere[lie.id]);
  const { stopping } = guardsOf(plan, overridesOf(plan));
  if (stopping.length > 0) return told('refused', stopping.map(({ title, detail }) => `${title}: ${detail}`).join(' '));
  const commands = plan.changes.flatMap(({ change }) => commandsOf(change));
  const extension = commands.find((command) => command.extension !== undefined)?.extension;
  if (extension !== undefined && !tools.hasExtension(extension)) return told('not here', `its commands need the az extension ${extension}`);
  const usesKubectl = commands.some(({ argv }) => argv[0] === 'kubectl');
  if (usesKubectl && !tools.hasKubectl) return told('not here', 'its commands need kubectl');
  if (usesKubectl && !tools.kubectlReaches(facts)) return told('not here', 'its commands need kubectl on the network of the cluster');
  return { kind: 'run', place, option: name, ground, facts, plan };
}

const choiceOf = (step: Step, facts: Facts, option: Option) =>
  completeChoice(step, facts, {
    option: option.id,
    values: Object.fromEntries(option.params.flatMap((param) => (param in values ? [[param, values[param] ?? null]] : []))),
  });

function caseOf(trial: Trial, step: Step, option: Option): Case {
  const { ground, facts } = trial;
  const name = `${step.id}=${option.id}`;
  const refused = (note: string): Case => ({ kind: 'told', proof: { place: `${ground.name}: ${name}`, option: name, verdict: 'refused', note } });
  if (option.unavailable !== undefined) return refused(option.unavailable);
  const completed = choiceOf(step, facts, option);
  if ('problems' in completed) return refused(completed.problems.map(({ what, why }) => `${what} ${why}`).join(' '));
  return caseOfPlan(trial, name, makePlan(facts, steps, { [step.id]: completed.choice }));
}

/** What every step recommends, in one plan: writes that several steps share, and the order between them. */
function everythingRecommended(trial: Trial): Case {
  const { facts } = trial;
  const choices = steps.flatMap((step) => {
    if (isSettled(assessStep(step, facts).status)) return [];
    const option = step.options(facts).find(({ recommended, unavailable }) => recommended !== undefined && unavailable === undefined);
    const completed = option && choiceOf(step, facts, option);
    if (completed === undefined || 'problems' in completed) return [];
    const alone = caseOfPlan(trial, step.id, makePlan(facts, steps, { [step.id]: completed.choice }));
    return alone.kind === 'run' || alone.proof.note === untrueHere['managed-identity'] ? [[step.id, completed.choice] as const] : [];
  });
  return caseOfPlan(trial, 'everything recommended, in one plan', makePlan(facts, steps, Object.fromEntries(choices)));
}

/**
 * Every option of every step in every world, and in each scenario everything that is recommended at once.
 * `tools` tells what printed commands may use: what is here, when it is not given. `now` is the day they are asked on: some options depend on it.
 */
export async function allCases(worlds: readonly TestGround[] = grounds, tools: Tools = toolsHere(), now?: Date): Promise<readonly Case[]> {
  const all = await Promise.all(
    worlds.map(async (ground) => {
      const trial = { ground, facts: await factsOf(await openSdkWorld(ground, now), undefined, now), tools };
      const tried = steps.filter(({ id }) => ground.only === undefined || ground.only.includes(id));
      const single = tried.flatMap((step) => step.options(trial.facts).map((option) => caseOf(trial, step, option)));
      return ground.only === undefined ? [...single, everythingRecommended(trial)] : single;
    }),
  );
  return all.flat();
}
