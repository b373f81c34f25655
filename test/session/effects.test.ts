import { describe, expect, test } from 'vitest';
import type { ApplyControl } from '../../src/session/deps.ts';
import { createSession, type Session } from '../../src/session/session.ts';
import type { SessionState } from '../../src/session/state.ts';
import { choose, where } from './play.ts';
import { applyAll, type SampleOptions, sampleDeps } from './sample.ts';

/** Waits for a state by being told of every change: no time is passed. */
function reached(session: Session, is: (state: SessionState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!is(session.getState())) return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}
const at = (place: string) => (state: SessionState) => where(state) === place;

async function started(options: SampleOptions = {}) {
  const sample = sampleDeps(options);
  const session = createSession(sample.deps, { start: { kind: 'practice', scenario: 'legacy' } });
  session.start();
  await reached(session, at('overview'));
  return { sample, session };
}

async function applying(session: Session): Promise<void> {
  for (const _ of ['state', 'options', 'preview', 'decision', 'confirm']) session.dispatch(choose);
  expect(where(session.getState())).toBe('confirm ask');
  session.dispatch({ type: 'confirm' });
}

describe('effects', () => {
  test('a decision is applied, proved on fresh facts and written down', async () => {
    const { sample, session } = await started();
    await applying(session);
    await reached(session, (state) => state.screen.kind === 'summary' && state.screen.fresh);
    expect(sample.applied).toEqual(['identity.light/set']);
    await reached(session, () => sample.checklist().lastSeen['2.4'] === 'pass');
    expect(sample.checklist().steps['identity.light']).toMatchObject({
      choice: { option: 'off' },
      before: { '2.4': { status: 'fail' } },
      stamp: { who: 'ada@example.com' },
    });
  });

  test('nothing is applied when the decision could not be written', async () => {
    const base = sampleDeps();
    const reach = await base.deps.enter({ kind: 'given' }, () => {}, new AbortController().signal);
    const { store } = await reach.open('id');
    const full = () => Promise.reject(new Error('no space left'));
    const { sample, session } = await started({ desk: { store: { ...store, update: full } } });
    await applying(session);
    await reached(session, at('problem'));
    expect(session.getState().screen).toMatchObject({ problem: { why: 'no space left' }, retry: { type: 'save' } });
    expect(sample.applied).toEqual([]);
  });

  test('leaving a change running aborts only the watching, and closes what was opened', async () => {
    let control: ApplyControl | undefined;
    const { sample, session } = await started({
      apply: async function* (plan, _facts, _overrides, given) {
        control = given;
        const id = plan.changes[0]?.change.id ?? '';
        yield { type: 'started', change: id, at: '' };
        await new Promise((resolve) => given.leaveRunning.addEventListener('abort', resolve));
        yield { type: 'left-running', change: id, at: '' };
        yield { type: 'finished', at: '', outcome: 'interrupted' };
      },
    });
    await applying(session);
    await reached(session, (state) => state.screen.kind === 'applying' && state.screen.changes[0]?.status === 'running');
    session.dispatch({ type: 'interrupt' });
    session.dispatch(choose);
    expect(await session.finished).toBe(130);
    expect(control?.leaveRunning.aborted).toBe(true);
    expect(control?.stopAfterThis.aborted).toBe(false);
    expect(sample.closed).toEqual(['desk', 'reach']);
  });

  test('an executor that ends without a word counts as interrupted', async () => {
    const { session } = await started({
      apply: async function* (plan) {
        for await (const event of applyAll(plan)) if (event.type !== 'finished') yield event;
      },
    });
    await applying(session);
    await reached(session, (state) => state.screen.kind === 'summary' && state.screen.fresh);
    expect(session.getState().screen).toMatchObject({ outcome: 'interrupted' });
  });

  test('what planning needs is read once, and what cannot be read is said', async () => {
    const { session } = await started({ desk: { readToPlan: () => Promise.reject(new Error('no path to the cluster')) } });
    session.dispatch({ type: 'move', by: 1 });
    session.dispatch(choose);
    session.dispatch(choose);
    expect(session.getState().readingFor).toBe('cluster.heavy');
    await reached(session, ({ readingFor }) => readingFor === undefined);
    expect(session.getState().notice?.text).toContain('could be read');
    expect(where(session.getState())).toBe('step cluster.heavy/options');
  });

  test('an entrance that is left is closed when it opens after all', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sample = sampleDeps();
    const late: typeof sample.deps.enter = async (...given) => {
      await promise;
      return sample.deps.enter(...given);
    };
    const session = createSession({ ...sample.deps, enter: late }, { start: { kind: 'default' } });
    session.start();
    session.dispatch({ type: 'back' });
    resolve();
    await expect.poll(() => sample.closed).toEqual(['reach']);
    expect(where(session.getState())).toBe('welcome');
  });

  test('ending from outside closes everything once', async () => {
    const { sample, session } = await started();
    expect(await session.end(143)).toBe(143);
    expect(await session.end(1)).toBe(143);
    expect(sample.closed).toEqual(['desk', 'reach']);
    expect(session.getState().ended).toBe(143);
  });
});
