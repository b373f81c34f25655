import type { Checklist, Stamp, StepRecord } from '../model/checklist.ts';
import type { Decision, Note } from './effects.ts';

/** A step's record after a decision. What the executor wrote (undo, verdicts afterwards) stays unless the step is decided anew. */
function recordAfter(decision: Decision, before: StepRecord['before'], stamp: Stamp): StepRecord {
  const common = { stamp, ...(before === undefined ? {} : { before }) };
  switch (decision.kind) {
    case 'queued':
    case 'printed':
    case 'applying':
      return {
        ...common,
        status: decision.kind,
        choice: decision.choice,
        planDigest: decision.digest,
        ...(decision.overrides?.length ? { overrides: decision.overrides.map(({ guard, phrase }) => ({ guard, phrase, stamp })) } : {}),
      };
    case 'declined':
      return {
        ...common,
        status: 'declined',
        declined: { reason: decision.reason, ...(decision.reviewOn === undefined ? {} : { reviewOn: decision.reviewOn }) },
      };
    case 'skipped':
    case 'open':
      return { ...common, status: decision.kind };
    default:
      return decision satisfies never;
  }
}

/** The checklist with a note in it. Queued steps go to the end of the queue; a step that is decided otherwise leaves it. */
export function withNote(checklist: Checklist, note: Note, stamp: Stamp): Checklist {
  const steps: { [step: string]: StepRecord } = { ...checklist.steps };
  let queue = checklist.queue;
  for (const decision of note.decisions) {
    const { undo } = steps[decision.step] ?? {};
    steps[decision.step] = { ...recordAfter(decision, note.before[decision.step], stamp), ...(undo === undefined ? {} : { undo }) };
    queue = queue.filter((step) => step !== decision.step);
    if (decision.kind === 'queued') queue = [...queue, decision.step];
  }
  return { ...checklist, steps, queue, updatedAt: stamp.when, lastSeen: { ...checklist.lastSeen, ...note.seen } };
}
