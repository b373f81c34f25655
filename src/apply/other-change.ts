import type { Change, GraphChange, ManualChange } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { PlannedChange } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { runPlainCommands } from './az-backend.ts';
import { commandLines } from './check.ts';
import { isReachable, type KubeChange, lookAtObjects } from './kube-look.ts';
import { sendObjects } from './kube-send.ts';
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
  if (run.via === 'az') {
    yield { type: 'checked', change: change.id, at: run.now(), noop: false };
    await noteIntended(run, { id, planned, via: 'az' });
    return (yield* runPlainCommands(run, change)) ? 'done' : 'cancelled';
  }
  switch (change.kind) {
    case 'graph':
      throw onlyByCommand(change, 'The sign-in is for Azure Resource Manager; Microsoft Graph is only read with it.');
    case 'kube.apply':
    case 'kube.patch':
    case 'kube.delete': {
      const { kubernetes } = run;
      if (!isReachable(kubernetes, change)) throw onlyByCommand(change, 'The Kubernetes API is not reached from here.');
      const looked = await lookAtObjects(kubernetes, change);
      if (looked.kind === 'drift') {
        yield { type: 'drift', change: change.id, at: run.now(), differences: looked.differences };
        return 'drift';
      }
      yield { type: 'checked', change: change.id, at: run.now(), noop: looked.kind === 'noop' };
      if (looked.kind === 'noop') return 'noop';
      await noteIntended(run, { id, planned, via: 'sdk' });
      yield { type: 'started', change: change.id, at: run.now() };
      await noteRunning(run, id, undefined);
      yield* sendObjects(run, kubernetes, change);
      return 'done';
    }
    default:
      return change satisfies never;
  }
}

/** Tells what a person has to do. Nothing is sent; that it is done shows in the verdicts. */
export function tellManual(run: Run, change: ManualChange): ApplyEvent {
  return { type: 'manual', change: change.id, at: run.now(), instructions: change.instructions, doneWhen: change.doneWhen };
}
