import { describe, expect, it } from 'vitest';
import {
  changesSince,
  decline,
  dropOperation,
  finishOperation,
  openSteps,
  progressOf,
  queue,
  recordApplying,
  recordChoice,
  recordOverride,
  recordVerdicts,
  see,
  setOperation,
  setStatus,
  skip,
  statusOf,
  unfinished,
  unqueue,
} from '../../src/checklist/records.ts';
import { fail, pass, unknown } from '../../src/model/assessment.ts';
import type { Checklist } from '../../src/model/checklist.ts';
import { change, cluster, operation, stamp, when } from './sample.ts';

const empty: Checklist = {
  schemaVersion: 1,
  tool: 't',
  cluster,
  createdAt: when,
  updatedAt: when,
  queue: [],
  steps: {},
  operations: [],
  lastSeen: {},
};
const choice = { option: 'on', values: {} };
const evidence = { path: 'p', actual: true, wanted: 'true' };

describe('decisions', () => {
  it('a choice is kept when its step is queued, taken out, and declined', () => {
    const chosen = recordChoice(empty, 's', { choice, planDigest: 'd', before: { '1': fail(evidence) } }, stamp);
    const queued = queue(queue(chosen, 's', stamp), 't', stamp);
    expect(queued.queue).toEqual(['s', 't']);
    expect(queue(queued, 's', stamp).queue).toEqual(['s', 't']);
    const out = unqueue(queued, 's', stamp);
    expect([out.queue, out.steps['s']?.status, out.steps['s']?.choice]).toEqual([['t'], 'open', choice]);
    const declined = decline(out, 's', { reason: 'r', reviewOn: '2027-01-01' }, stamp);
    expect(declined.steps['s']).toMatchObject({ status: 'declined', choice, declined: { reason: 'r', reviewOn: '2027-01-01' } });
    const again = recordChoice(declined, 's', { choice }, stamp);
    expect(again.steps['s']).toMatchObject({ status: 'open' });
    expect(again.steps['s']?.declined).toBeUndefined();
  });

  it('declining and skipping take a step out of the queue', () => {
    const queued = queue(queue(empty, 's', stamp), 't', stamp);
    expect(skip(decline(queued, 's', { reason: 'r' }, stamp), 't', stamp).queue).toEqual([]);
  });

  it('open steps are those without a decision, and those that did not come through', () => {
    const order = ['a', 'b', 'c', 'd', 'e', 'f'];
    let list = queue(empty, 'b', stamp);
    list = skip(list, 'c', stamp);
    list = setStatus(list, 'd', 'failed', stamp);
    list = setStatus(list, 'e', 'verified', stamp);
    list = setStatus(list, 'f', 'half-done', stamp);
    expect(openSteps(list, order)).toEqual(['a', 'd', 'f']);
    expect(progressOf(list)).toEqual({ verified: 1, queued: 1, declined: 0, unsettled: 2, running: 0 });
  });

  it('never changes the checklist it was given', () => {
    const frozen = Object.freeze({ ...empty, steps: Object.freeze({}), queue: Object.freeze([]) });
    expect(() => setStatus(recordOverride(queue(frozen, 's', stamp), 's', { guard: 'g', phrase: 'p' }, stamp), 's', 'verified', stamp)).not.toThrow();
    expect(frozen.queue).toEqual([]);
  });
});

describe('operations', () => {
  it('are replaced by id, finished, and dropped', () => {
    const running = setOperation(setOperation(empty, operation), { ...operation, status: 'running', poller: 'p' });
    expect(running.operations).toHaveLength(1);
    expect(unfinished(running)).toHaveLength(1);
    const ended = finishOperation(running, operation.id, { status: 'succeeded', endedAt: when });
    expect(ended.operations[0]).toMatchObject({ status: 'succeeded', endedAt: when, poller: 'p' });
    expect(unfinished(ended)).toEqual([]);
    expect(dropOperation(running, operation.id).operations).toEqual([]);
  });

  it('keep the way back of every change of a step, the last one first', () => {
    const second = { ...change, id: 'second' };
    const list = recordApplying(recordApplying(empty, 's', [change], stamp), 's', [second], stamp);
    expect(list.steps['s']?.undo?.map(({ id }) => id)).toEqual(['second', change.id]);
    expect(recordApplying(list, 's', [second], stamp).steps['s']?.undo).toHaveLength(2);
  });
});

describe('verdicts', () => {
  it('are added, control by control', () => {
    const list = recordVerdicts(recordVerdicts(empty, 's', { '1': fail(evidence) }, stamp), 's', { '2': pass(evidence), '1': pass(evidence) }, stamp);
    expect(Object.keys(list.steps['s']?.after ?? {})).toEqual(['1', '2']);
    expect(list.steps['s']?.after?.['1']?.status).toBe('pass');
  });

  it('unknown is never verified, and neither is nothing', () => {
    expect(statusOf([pass(evidence)])).toBe('verified');
    expect(statusOf([pass(evidence), unknown('r')])).toBe('half-done');
    expect(statusOf([])).toBe('half-done');
  });

  it('say what changed since they were last seen', () => {
    const list = see(empty, { a: 'pass', b: 'fail', c: 'unknown' });
    expect(changesSince(list.lastSeen, { a: 'fail', b: 'fail', d: 'pass' })).toEqual([
      { control: 'a', before: 'pass', now: 'fail' },
      { control: 'c', before: 'unknown', now: undefined },
      { control: 'd', before: undefined, now: 'pass' },
    ]);
    expect(changesSince({}, { a: 'pass' })).toEqual([]);
  });
});
