import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { Command } from '../model/plan.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { credentialCommands, KUBECONFIG_FILE, usesKubectl } from '../render/credentials.ts';
import { commandsOf } from '../render/index.ts';
import type { Attempt, Written } from './arm-write.ts';
import { commandProblem } from './az-error.ts';
import { createCommandRunner, type Environment } from './az-run.ts';
import { standing } from './effect.ts';
import { followState } from './poll.ts';
import { look, type Seen } from './quiet.ts';
import { noteIntended, noteRunning } from './record.ts';
import { isAborted, type Tools } from './run.ts';
import { eTagOf } from './state.ts';
import type { Watch } from './wait.ts';

/** How running the commands of a change ended. */
type Ran = { readonly kind: 'done' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly problem: Problem };

/** Runs commands one after the other, with what they write as events; the first that fails ends it. */
async function* runEach(run: Tools, change: Change, commands: readonly Command[], env: Environment): AsyncGenerator<ApplyEvent, Ran> {
  const runner = run.commands ?? createCommandRunner();
  for (const command of commands) {
    if (isAborted(run)) return { kind: 'cancelled' };
    const process = runner.run(command, run.signal, env);
    let step = await process.next();
    while (!step.done) {
      yield { type: 'output', change: change.id, at: run.now(), ...step.value };
      step = await process.next();
    }
    const end = step.value;
    if (end.cancelled) return { kind: 'cancelled' };
    if (end.exitCode !== 0) return { kind: 'failed', problem: commandProblem(command, end) };
  }
  return { kind: 'done' };
}

/**
 * Runs the printed commands of a change. kubectl gets a kubeconfig of this cluster, made for this change and gone after it: the operator's own context
 * may be another cluster's.
 */
async function* runCommands(run: Tools, change: Change): AsyncGenerator<ApplyEvent, Ran> {
  const commands = commandsOf(change);
  if (!usesKubectl(commands)) return yield* runEach(run, change, commands, {});
  const folder = await mkdtemp(join(tmpdir(), 'aks-harden-'));
  try {
    const file = join(folder, KUBECONFIG_FILE);
    return yield* runEach(run, change, [...credentialCommands(run.store.current().cluster, file), ...commands], { KUBECONFIG: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Carries a checked change of an ARM resource out with its printed commands. az waits for the operation itself; what it leaves running
 * is followed by the resource's own state. A command that failed may have been carried out all the same: the state is read before that is said.
 */
export async function* runArmCommands(run: Tools, attempt: Attempt, seen: Seen, watch: Watch): AsyncGenerator<ApplyEvent, Written> {
  const { change, planned, id, reachableBefore, undo } = attempt;
  const before = seen.resource;
  await noteIntended(run, { id, planned, via: 'az', etag: eTagOf(before), reachableBefore, undo });
  yield { type: 'started', change: change.id, at: run.now() };
  await noteRunning(run, id, undefined);
  const ran = yield* runCommands(run, change);
  if (ran.kind === 'cancelled') return { kind: 'aborted', sent: true };
  if (ran.kind === 'failed') {
    const shown = await look(run, change).catch(() => undefined);
    if (shown === undefined || (shown.activity.kind !== 'busy' && standing(change, shown.resource) !== 'yes')) throw new ProblemError(ran.problem);
  }
  const ended = yield* followState(run, change, watch, ran.kind === 'failed' ? ran.problem : undefined);
  return ended === 'done' ? { kind: 'done', before } : { kind: 'aborted', sent: true };
}

/** The same for what is no ARM resource (Kubernetes objects, Graph): there is no state to follow. Throws when a command failed; false when it was cancelled. */
export async function* runPlainCommands(run: Tools, change: Change): AsyncGenerator<ApplyEvent, boolean> {
  yield { type: 'started', change: change.id, at: run.now() };
  const ran = yield* runCommands(run, change);
  if (ran.kind === 'failed') throw new ProblemError(ran.problem);
  return ran.kind === 'done';
}
