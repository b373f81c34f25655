import { isSettled } from '../model/assessment.ts';
import type { Checklist } from '../model/checklist.ts';
import { clean } from '../model/foreign.ts';
import { ProblemError } from '../model/problem.ts';
import { assessAll } from '../model/verdicts.ts';
import { soFarLines } from '../report/so-far-text.ts';
import { type EntranceSettings, enter } from './entrances.ts';
import type { Io } from './io.ts';
import type { Invocation } from './parse.ts';
import { tellEvents } from './plain.ts';
import { runWizard, stepsOf } from './wizard.ts';

/** The checklist to carry on with: the named one, or the newest below the working folder. */
async function findChecklist(invocation: Invocation, io: Io): Promise<{ readonly path: string; readonly checklist: Checklist }> {
  if (invocation.positional !== undefined) {
    const { readChecklist } = await import('../checklist/read.ts');
    return { path: invocation.positional, checklist: await readChecklist(invocation.positional) };
  }
  const { findChecklists } = await import('../checklist/find.ts');
  const found = await findChecklists(io.cwd);
  const [newest] = found;
  if (newest?.state === 'refused') throw new ProblemError(newest.problem);
  if (!newest) {
    throw new ProblemError({
      code: 'no-checklist',
      what: 'There is no checklist to resume.',
      why: 'None lies in ./aks-hardening.',
      next: ['Go to the folder that you started in, or name the file: aks-harden resume FILE.', 'Or start: aks-harden.'],
      exitCode: 2,
    });
  }
  const others = found.slice(1);
  if (others.length > 0) io.err(`Resuming ${clean(newest.path)}, the newest of ${found.length}. Others: ${others.map(({ path }) => clean(path)).join(', ')}\n`);
  return newest;
}

/** `aks-harden resume`: the wizard at the first open decision; without a terminal it follows what runs and says what is open. */
export async function resume(invocation: Invocation, io: Io): Promise<number> {
  const found = await findChecklist(invocation, io);
  if (io.interactive) return runWizard(invocation, io, found);
  const settings: EntranceSettings = { invocation, io, steps: stepsOf(invocation), resume: found };
  const steps = await settings.steps();
  const reach = await enter({ kind: 'given' }, (line) => io.err(`${line}\n`), io.signal, settings);
  const desk = await reach.open(found.checklist.cluster.id, soFarLines(io.err));
  try {
    const { changesSince, openSteps, unfinished } = await import('../checklist/records.ts');
    const control = { leaveRunning: io.signal, stopAfterThis: new AbortController().signal };
    let code = 0;
    const running = unfinished(desk.store.current());
    const titleOf = (id: string) => running.find(({ change }) => change.id === id)?.change.title ?? id;
    if (running.length > 0) code = await tellEvents(desk.resume(control), titleOf, io);
    const verdicts = assessAll(steps, await desk.read(soFarLines(io.err)));
    const now = Object.fromEntries(verdicts.flatMap(({ controls }) => controls.map(({ control, assessment }) => [control.id, assessment.status] as const)));
    for (const { control, before, now: status } of changesSince(found.checklist.lastSeen, now))
      io.out(`Since then: ${control} was ${before ?? 'not there'}, is ${status ?? 'not there'}\n`);
    const open = openSteps(
      desk.store.current(),
      verdicts.filter(({ status }) => !isSettled(status)).map(({ step }) => step.id),
    );
    io.out(open.length === 0 ? 'No decision is open.\n' : `Open decisions: ${open.join(', ')}\n`);
    const queued = desk.store.current().queue;
    if (queued.length > 0) io.out(`Queued, not yet applied: ${queued.join(', ')}\n`);
    return code;
  } finally {
    await desk.close();
    await reach.close();
  }
}
