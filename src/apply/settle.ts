import type { ApplyEvent } from '../model/events.ts';
import type { ArmResource } from '../model/facts.ts';
import type { PlannedChange } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { watchApiServer } from './dead-man.ts';
import { noteEnd, noteLeft, noteVerified } from './record.ts';
import { restore } from './restore.ts';
import type { Result, Run } from './run.ts';
import { type ArmChange, clusterIdOf, isArm, readResource } from './state.ts';
import { verify } from './verify.ts';
import type { Watch } from './wait.ts';

/** What is known of a change that Azure has carried out. */
export interface Carriage {
  /** What it is noted under; undefined where nothing had to be sent. */
  readonly id: string | undefined;
  /** The resource as it was before, where this process saw it. */
  readonly before?: ArmResource | undefined;
  readonly reachableBefore?: boolean | undefined;
}

/**
 * After Azure has carried out a change: proves that the API server still answers where that was asked for (and puts the old state back when it
 * does not), then verifies on fresh facts and notes the verdicts.
 */
export async function* settle(
  run: Run,
  planned: PlannedChange,
  carriage: Carriage,
  watch: Watch,
): AsyncGenerator<ApplyEvent, { readonly result: Result; readonly problem?: Problem }> {
  const { change } = planned;
  const { id, before, reachableBefore } = carriage;
  if (id !== undefined && change.probeAfter && reachableBefore === true && isArm(change)) {
    const answer = yield* watchApiServer(run, change.id, await clusterNow(run, change, before), watch);
    if (answer === 'aborted') return yield* leave(run, planned, id);
    if (answer === 'cut') {
      const problem = yield* restore(run, planned, id, watch);
      if (problem === undefined) return yield* leave(run, planned, id);
      await noteEnd(run, id, problem.code === 'api-server-cut' ? 'restored' : 'failed', problem);
      return { result: 'failed', problem };
    }
  }
  const { byStep, byControl, besides } = await verify(run, planned, before);
  await noteVerified(run, id, byStep);
  yield { type: 'done', change: change.id, at: run.now(), verified: byControl, besides };
  return { result: id === undefined ? 'noop' : 'done' };
}

/** The cluster after a change of it; as it was before where it cannot be read, so that its API server is tried all the same. */
async function clusterNow(run: Run, { target }: ArmChange, before: ArmResource | undefined): Promise<ArmResource> {
  const read = readResource(run.arm, { id: clusterIdOf(target) ?? target.id, apiVersion: target.apiVersion });
  const found = before === undefined ? await read : await read.catch(() => before);
  return found ?? before ?? {};
}

/** Stops watching: the note says that it may still run, and resume goes on from there. */
export async function* leave(run: Run, planned: PlannedChange, id: string, operationUrl?: string): AsyncGenerator<ApplyEvent, { readonly result: Result }> {
  await noteLeft(run, id);
  yield { type: 'left-running', change: planned.change.id, at: run.now(), ...(operationUrl === undefined ? {} : { operationUrl }) };
  return { result: 'left-running' };
}
