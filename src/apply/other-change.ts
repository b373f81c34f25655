import type { Change, GraphChange, KubeApply, KubeDelete, KubePatch, ManualChange } from '../model/change.ts';
import type { ApplyEvent } from '../model/events.ts';
import { clean } from '../model/foreign.ts';
import { kubeKindOf } from '../model/kube-kinds.ts';
import type { PlannedChange } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { runPlainCommands } from './az-backend.ts';
import { commandLines } from './check.ts';
import { checkPatch } from './kube-patch.ts';
import { noteIntended, noteRunning } from './record.ts';
import type { Run } from './run.ts';

/** A change that is no ARM resource's. */
export type OtherChange = KubeApply | KubePatch | KubeDelete | GraphChange;

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
 * Carries out a change of Kubernetes objects or in Microsoft Graph. Objects are applied and patched by the Kubernetes gateway, after a dry run
 * that the API server checks; everything else needs its command.
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
    case 'kube.patch': {
      const { kubernetes } = run;
      const kind = kubeKindOf(change.object);
      if (kubernetes === undefined || kubernetes.via === 'files' || kind === undefined)
        throw onlyByCommand(change, 'The Kubernetes API is not reached from here.');
      const { namespace, name } = change.object;
      const ref = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
      const { isInPlace, differences } = checkPatch(change, await kubernetes.get(ref));
      if (isInPlace) {
        yield { type: 'checked', change: change.id, at: run.now(), noop: true };
        return 'noop';
      }
      if (differences.length > 0) {
        yield { type: 'drift', change: change.id, at: run.now(), differences };
        return 'drift';
      }
      await kubernetes.patch(ref, change.patch, { dryRun: true });
      yield { type: 'checked', change: change.id, at: run.now(), noop: false };
      await noteIntended(run, { id, planned, via: 'sdk' });
      yield { type: 'started', change: change.id, at: run.now() };
      await noteRunning(run, id, undefined);
      const { warnings } = await kubernetes.patch(ref, change.patch, { dryRun: false });
      for (const line of warnings) yield { type: 'output', change: change.id, at: run.now(), stream: 'stderr', line: clean(line) };
      return 'done';
    }
    case 'kube.delete':
      throw onlyByCommand(change, 'An object is taken away with kubectl.');
    case 'kube.apply': {
      const { kubernetes } = run;
      if (kubernetes === undefined || kubernetes.via === 'files') throw onlyByCommand(change, 'The Kubernetes API is not reached from here.');
      await kubernetes.apply(change.objects, { dryRun: true });
      yield { type: 'checked', change: change.id, at: run.now(), noop: false };
      await noteIntended(run, { id, planned, via: 'sdk' });
      yield { type: 'started', change: change.id, at: run.now() };
      await noteRunning(run, id, undefined);
      await kubernetes.apply(change.objects, { dryRun: false });
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
