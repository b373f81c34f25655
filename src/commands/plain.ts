import { needsName } from '../model/change.ts';
import type { ApplyEvent, Outcome } from '../model/events.ts';
import { clusterRef, type Facts } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { Plan } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import type { Step } from '../model/step.ts';
import { assessAll } from '../model/verdicts.ts';
import { eventText, exitCodeOf } from '../report/apply-text.ts';
import { checkText } from '../report/check-text.ts';
import { planText } from '../report/plan-text.ts';
import { soFarLines } from '../report/so-far-text.ts';
import type { Desk, Override } from '../session/deps.ts';
import { type Decisions, decide } from './decide.ts';
import { type EntranceSettings, enter, startOf } from './entrances.ts';
import type { Io } from './io.ts';
import { type Invocation, usageProblem } from './parse.ts';
import { connectPractice, loadFacts, namedGroups, planKeys, readConnected } from './source.ts';
import { stepsOf } from './wizard.ts';

/** Tells the executor's events as lines, and gives the exit code of how it ended. */
export async function tellEvents(events: AsyncIterable<ApplyEvent>, title: (change: string) => string, io: Pick<Io, 'err'>): Promise<number> {
  let outcome: Outcome = 'interrupted';
  for await (const event of events) {
    io.err(eventText(event, title));
    if (event.type === 'finished') outcome = event.outcome;
  }
  return exitCodeOf(outcome);
}

/** A change's title by its id. */
export function titles(plan: Plan): (change: string) => string {
  return (id) => plan.changes.find(({ change }) => change.id === id)?.change.title ?? id;
}

/** The guards that --override lifts, for the steps of this plan. */
function overridesOf(invocation: Invocation, plan: Plan): readonly Override[] {
  return invocation.texts('override').map((given) => {
    const cut = given.indexOf('=');
    const guard = plan.guards.find(({ id }) => cut > 0 && id === given.slice(0, cut));
    if (!guard) {
      throw usageProblem(`--override does not take "${clean(given)}".`, 'It takes GUARD=PHRASE for a guard of this plan.', [
        'The plan lists its guards and their phrases.',
      ]);
    }
    return { guard: guard.id, step: guard.step, phrase: given.slice(cut + 1) };
  });
}

/** Refuses what --yes alone must not do: a one-way door, nodes taken away, traffic cut. */
function requireName(invocation: Invocation, plan: Plan, facts: Facts): void {
  const grave = plan.changes.filter(({ change }) => needsName(change));
  const { name } = clusterRef(facts);
  if (grave.length === 0 || invocation.text('confirm') === name) return;
  throw new ProblemError({
    code: 'name-needed',
    what: `${grave.length} of the changes cannot be undone, take nodes away or cut traffic: --yes is not enough for them.`,
    why: grave.map(({ change }) => clean(change.title)).join('; '),
    next: [`Name the cluster: --confirm ${clean(name)}`, 'Or leave these steps out with --step or --choose.'],
    exitCode: 2,
  });
}

/** The facts to look at. Where nobody is signed in and nothing is named, the practice cluster shows what this program does. */
async function factsToShow(invocation: Invocation, io: Io, steps: readonly Step[]): Promise<Facts> {
  if (startOf(invocation).kind === 'given') {
    const [facts] = (await loadFacts(invocation, io, steps, true)).clusters;
    if (facts) return facts;
  }
  const { trySilent } = await import('../azure/sign-in.ts');
  const found = await trySilent({ env: io.env, signal: io.signal });
  if (found.signedIn) {
    throw usageProblem('No cluster is named.', 'You are signed in, and nobody can be asked here which cluster is meant.', [
      'Name it: -g RESOURCE-GROUP -n NAME [-s SUBSCRIPTION].',
      'Or run this in a terminal to pick one.',
      'Or try it on the practice cluster: --practice.',
    ]);
  }
  io.err('No Azure sign-in was found: this is the practice cluster "legacy". Nothing here is real.\n');
  const practice = await connectPractice('legacy', undefined);
  try {
    return await readConnected(practice, steps, true, io);
  } finally {
    await practice.close();
  }
}

/** Assessment and plan as text. Nothing is written, in Azure or here. */
async function show(invocation: Invocation, io: Io, steps: readonly Step[]): Promise<number> {
  const facts = await factsToShow(invocation, io, steps);
  io.out(checkText(facts, assessAll(steps, facts), { ascii: invocation.flag('ascii') }));
  const { plan, left } = await planOf(invocation, facts, steps);
  io.out(`\nPLAN\n${planText(plan)}`);
  for (const { step, reason } of left) io.out(`Left out: ${step.id}: ${clean(reason)}\n`);
  if (plan.changes.length > 0) io.err('Nothing was changed. Print the commands with `aks-harden plan`, or run this in a terminal to be guided.\n');
  return 0;
}

async function planOf(invocation: Invocation, facts: Facts, steps: readonly Step[]): Promise<{ readonly plan: Plan; readonly left: Decisions['left'] }> {
  const { makePlan } = await import('../plan/plan.ts');
  const { choices, left } = decide(steps, facts, { choose: invocation.texts('choose'), set: invocation.texts('set') });
  return { plan: makePlan(facts, steps, choices), left };
}

/** Applies what the flags name. */
async function applyNamed(desk: Desk, invocation: Invocation, io: Io, steps: readonly Step[]): Promise<number> {
  if (desk.readOnly !== undefined) throw usageProblem('Nothing is applied here.', desk.readOnly, ['Leave out --yes.']);
  const facts = await desk.readToPlan(await desk.read(soFarLines(io.err)), planKeys(steps), { option: '', values: { adminGroups: namedGroups(invocation) } });
  const { plan, left } = await planOf(invocation, facts, steps);
  io.err(planText(plan));
  for (const { step, reason } of left) io.err(`Left out: ${step.id}: ${clean(reason)}\n`);
  requireName(invocation, plan, facts);
  const control = { leaveRunning: io.signal, stopAfterThis: new AbortController().signal };
  return tellEvents(desk.apply(plan, facts, overridesOf(invocation, plan), control), titles(plan), io);
}

/** The wizard without a terminal: it never asks. Prints assessment and plan; applies what the flags name when --yes is given. */
export async function runPlain(invocation: Invocation, io: Io): Promise<number> {
  const settings: EntranceSettings = { invocation, io, steps: stepsOf(invocation) };
  const steps = await settings.steps();
  if (!invocation.flag('yes')) return show(invocation, io, steps);
  if (invocation.texts('choose').length === 0 && invocation.texts('step').length === 0) {
    throw usageProblem('--yes wants to know which steps.', 'Without a terminal nothing is applied that was not named.', [
      'Name them with --choose STEP=OPTION, or --step ID for its recommended option.',
    ]);
  }
  const reach = await enter({ kind: 'given' }, (line) => io.err(`${line}\n`), io.signal, settings);
  let desk: Desk | undefined;
  try {
    desk = await reach.open(reach.clusterId ?? '', soFarLines(io.err));
    return await applyNamed(desk, invocation, io, steps);
  } finally {
    await desk?.close();
    await reach.close();
  }
}
