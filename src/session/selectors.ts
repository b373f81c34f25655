import { unfinished } from '../checklist/records.ts';
import type { Assessment, Status } from '../model/assessment.ts';
import { isSettled } from '../model/assessment.ts';
import type { OperationRecord, StepRecord } from '../model/checklist.ts';
import type { Facts } from '../model/facts.ts';
import { canonical } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import { type Problem, problemOf } from '../model/problem.ts';
import type { Choice, Option, Step } from '../model/step.ts';
import { assessAll, type StepVerdict } from '../model/verdicts.ts';
import type { Tools } from './deps.ts';
import { draftValues } from './draft.ts';
import type { SessionState } from './state.ts';

export type Choices = { readonly [step: string]: Choice };
/** A plan, or why there can be none. */
export type Planned = { readonly plan: Plan } | { readonly problem: Problem };

interface Remembered {
  readonly verdicts: readonly StepVerdict[];
  readonly plans: Map<string, Planned>;
  readonly options: Map<string, readonly Option[]>;
}
/** Facts never change, so that what follows from them is worked out once: a key press must not plan the cluster again. */
const remembered = new WeakMap<Tools, WeakMap<Facts, Remembered>>();

function rememberedFor(tools: Tools, facts: Facts): Remembered {
  const byFacts = remembered.get(tools) ?? new WeakMap<Facts, Remembered>();
  remembered.set(tools, byFacts);
  const found = byFacts.get(facts) ?? { verdicts: assessAll(tools.steps, facts), plans: new Map(), options: new Map() };
  byFacts.set(facts, found);
  return found;
}

/** A step by its id. */
export function stepOf(tools: Tools, id: string): Step | undefined {
  return tools.steps.find((step) => step.id === id);
}

/** The verdicts of every step, in walking order; none before facts are read. */
export function verdictsOf(state: SessionState, tools: Tools): readonly StepVerdict[] {
  return state.facts ? rememberedFor(tools, state.facts).verdicts : [];
}

/** One step's verdict. */
export function verdictOf(state: SessionState, tools: Tools, step: string): StepVerdict | undefined {
  return verdictsOf(state, tools).find((verdict) => verdict.step.id === step);
}

/** The ways to decide a step, from the facts that are read. */
export function optionsOf(state: SessionState, tools: Tools, step: Step): readonly Option[] {
  if (!state.facts) return [];
  const { options } = rememberedFor(tools, state.facts);
  const found = options.get(step.id) ?? step.options(state.facts);
  options.set(step.id, found);
  return found;
}

/** What the checklist remembers of a step. */
export function recordOf(state: SessionState, step: string): StepRecord | undefined {
  return state.checklist?.steps[step];
}

/**
 * True when a step waits for a decision: something is left to do, and nobody has said what. A step that was being applied
 * when the program ended waits again; what still runs in Azure is followed before anybody walks on.
 */
export function isOpen(verdict: StepVerdict, record: StepRecord | undefined): boolean {
  if (isSettled(verdict.status)) return false;
  const status = record?.status ?? 'open';
  return status === 'open' || status === 'failed' || status === 'half-done' || status === 'applying';
}

/** The first open step after `after` in walking order, going round once; undefined when all is decided. */
export function nextOpen(state: SessionState, tools: Tools, after?: string): string | undefined {
  const verdicts = verdictsOf(state, tools);
  const from = verdicts.findIndex(({ step }) => step.id === after) + 1;
  const round = [...verdicts.slice(from), ...verdicts.slice(0, from)];
  return round.find((verdict) => verdict.step.id !== after && isOpen(verdict, recordOf(state, verdict.step.id)))?.step.id;
}

/** The plan of these choices on the facts of now. */
export function planOf(state: SessionState, tools: Tools, choices: Choices): Planned | undefined {
  const { facts } = state;
  if (!facts) return undefined;
  const { plans } = rememberedFor(tools, facts);
  const key = canonical(choices as { readonly [step: string]: { readonly option: string; readonly values: Choice['values'] } });
  const known = plans.get(key);
  if (known) return known;
  const made = plan(tools, facts, choices);
  plans.set(key, made);
  return made;
}

function plan(tools: Tools, facts: Facts, choices: Choices): Planned {
  try {
    return { plan: tools.makePlan(facts, tools.steps, choices) };
  } catch (thrown) {
    return { problem: problemOf(thrown) };
  }
}

/** The choice that a step's draft comes to, or what is wrong with it. */
export function choiceOf(state: SessionState, tools: Tools, step: Step): { readonly choice: Choice } | { readonly problems: readonly Problem[] } {
  const draft = state.drafts[step.id];
  const option = draft?.option;
  if (!state.facts || option === undefined) return { problems: [] };
  const params = optionsOf(state, tools, step).find(({ id }) => id === option)?.params ?? [];
  return tools.completeChoice(step, state.facts, { option, values: draftValues(draft, params) });
}

/** The plan of one step's draft alone. */
export function draftPlan(state: SessionState, tools: Tools, step: Step): Planned | undefined {
  const made = choiceOf(state, tools, step);
  return 'choice' in made ? planOf(state, tools, { [step.id]: made.choice }) : undefined;
}

/** The queued choices in queue order, and those that no longer fit the cluster. */
export function queueOf(
  state: SessionState,
  tools: Tools,
): { readonly steps: readonly Step[]; readonly choices: Choices; readonly stale: readonly { readonly step: Step; readonly problem: Problem }[] } {
  const { facts, checklist } = state;
  const choices: { [step: string]: Choice } = {};
  const stale: { step: Step; problem: Problem }[] = [];
  const steps = (checklist?.queue ?? []).flatMap((id) => {
    const record = recordOf(state, id);
    const step = stepOf(tools, id);
    if (!facts || !step || record?.status !== 'queued' || !record.choice) return [];
    const made = tools.completeChoice(step, facts, record.choice);
    if ('choice' in made) choices[id] = made.choice;
    else stale.push({ step, problem: made.problems[0] ?? problemOf('the choice does not fit the cluster any more') });
    return [step];
  });
  return { steps, choices, stale };
}

/** True while something is waited for that the operator did not ask for with the last key: the spinner turns. */
export function isWaiting({ ended, readingFor, screen }: SessionState): boolean {
  if (ended !== undefined) return false;
  const { kind } = screen;
  return readingFor !== undefined || kind === 'connecting' || kind === 'reading' || kind === 'applying' || (kind === 'summary' && !screen.fresh);
}

/** Operations that may still run in Azure, or of which nobody knows whether they started. */
export function unfinishedOperations(state: SessionState): readonly OperationRecord[] {
  return state.checklist ? unfinished(state.checklist) : [];
}

/** Every control's status now: what the checklist keeps as last seen. */
export function statusesOf(state: SessionState, tools: Tools): { readonly [control: string]: Status } {
  return Object.fromEntries(verdictsOf(state, tools).flatMap(({ controls }) => controls.map(({ control, assessment }) => [control.id, assessment.status])));
}

/** The verdicts of one step by control, as the checklist keeps them. */
export function assessmentsOf(state: SessionState, tools: Tools, step: string): { readonly [control: string]: Assessment } {
  const controls = verdictOf(state, tools, step)?.controls ?? [];
  return Object.fromEntries(controls.map(({ control, assessment }) => [control.id, assessment]));
}
