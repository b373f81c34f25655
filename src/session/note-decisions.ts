import { decline, printed, queue, recordChoice, recordOverride, see, skip, unqueue } from '../checklist/records.ts';
import type { Checklist, Stamp } from '../model/checklist.ts';
import type { Decision, Note } from './effects.ts';

/** The checklist after one decision. */
function withDecision(checklist: Checklist, decision: Decision, note: Note, stamp: Stamp): Checklist {
  switch (decision.kind) {
    case 'queued':
    case 'printed':
    case 'applying': {
      const { step, choice, digest } = decision;
      const before = note.before[step];
      const chosen = recordChoice(checklist, step, { choice, planDigest: digest, ...(before === undefined ? {} : { before }) }, stamp);
      if (decision.kind === 'queued') return queue(chosen, step, stamp);
      if (decision.kind === 'printed') return printed(chosen, step, stamp);
      // The executor sets the status when it starts: until then nothing has been done about the step.
      return (decision.overrides ?? []).reduce((list, { guard, phrase }) => recordOverride(list, step, { guard, phrase }, stamp), chosen);
    }
    case 'declined':
      return decline(checklist, decision.step, { reason: decision.reason, ...(decision.reviewOn === undefined ? {} : { reviewOn: decision.reviewOn }) }, stamp);
    case 'skipped':
      return skip(checklist, decision.step, stamp);
    case 'open':
      return unqueue(checklist, decision.step, stamp);
    default:
      return decision satisfies never;
  }
}

/** The checklist with everything that a note says, and the verdicts it was made on as last seen. */
export function withNote(checklist: Checklist, note: Note, stamp: Stamp): Checklist {
  const decided = note.decisions.reduce((list, decision) => withDecision(list, decision, note, stamp), checklist);
  return see({ ...decided, updatedAt: stamp.when }, note.seen);
}
