import type { Change, GraphChange, ManualChange } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { PlannedChange } from '../model/plan.ts';
import { ProblemError, problemOf } from '../model/problem.ts';
import { runPlainCommands } from './az-backend.ts';
import { commandLines } from './check.ts';
import { isReachable, type KubeChange, type Looked, lookAtObjects } from './kube-look.ts';
import { isAnswer, sendObjects } from './kube-send.ts';
import { noteIntended, noteRunning } from './record.ts';
import type { Run } from './run.ts';

/** A change that is no ARM resource's. */
export type OtherChange = KubeChange | GraphChange;

/** Thrown for what only the printed commands can do here: a person runs them, or `--via az` does. */
function onlyByCommand(change: Change, why: string): ProblemError {
  return new ProblemError({
    code: 'needs-command',
    what: `"${change.title}" cannot be applied from here.`,
    why,
    next: ['Run it yourself:', ...commandLines(change), 'Or let this program run the printed commands: --via az'],
  });
}

/** How it ended: `noop` when it was in place already, `cancelled` when the operator ended a running command. */
export type OtherEnd = 'done' | 'noop' | 'drift' | 'cancelled';

/**
 * Carries out a change of Kubernetes objects or in Microsoft Graph. Objects are applied, patched and taken away by the Kubernetes gateway, after
 * a look at what stands there and a dry run that the API server checks; everything else needs its command.
 */
export async function* carryOutOther(run: Run, planned: PlannedChange, change: OtherChange, id: string): AsyncGenerator<ApplyEvent, OtherEnd> {
  const looked = await lookFirst(run, change);
  if (looked.kind === 'drift') {
    yield { type: 'drift', change: change.id, at: run.now(), differences: looked.differences };
    return 'drift';
  }
  yield { type: 'checked', change: change.id, at: run.now(), noop: looked.kind === 'noop' };
  if (looked.kind === 'noop') return 'noop';
  await noteIntended(run, { id, planned, via: run.via });
  if (run.via === 'az') return (yield* runPlainCommands(run, change)) ? 'done' : 'cancelled';
  const { kubernetes } = run;
  if (change.kind === 'graph' || !isReachable(kubernetes, change)) throw onlyByCommand(change, noWay(change));
  yield { type: 'started', change: change.id, at: run.now() };
  await noteRunning(run, id, undefined);
  yield* sendObjects(run, kubernetes, change);
  return 'done';
}

const noWay = ({ kind }: OtherChange): string =>
  kind === 'graph' ? 'The sign-in is for Azure Resource Manager; Microsoft Graph is only read with it.' : 'The Kubernetes API is not reached from here.';

/**
 * How a change stands before anything is noted or sent. Printed commands take a way of their own into the cluster: where this program has none,
 * they are run without a look. Throws what the API server would refuse.
 */
async function lookFirst(run: Run, change: OtherChange): Promise<Looked> {
  const { kubernetes } = run;
  const isOpen = change.kind !== 'graph' && isReachable(kubernetes, change);
  if (run.via === 'sdk') {
    if (!isOpen) throw onlyByCommand(change, noWay(change));
    return lookAtObjects(kubernetes, change);
  }
  if (!isOpen) return { kind: 'go' };
  try {
    return await lookAtObjects(kubernetes, change);
  } catch (thrown) {
    if (isAnswer(problemOf(thrown))) throw thrown;
    return { kind: 'go' };
  }
}

/** Tells what a person has to do. Nothing is sent; that it is done shows in the verdicts. */
export function tellManual(run: Run, change: ManualChange): ApplyEvent {
  return { type: 'manual', change: change.id, at: run.now(), instructions: change.instructions, doneWhen: change.doneWhen };
}
