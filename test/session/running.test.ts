import { describe, expect, test } from 'vitest';
import { pass } from '../../src/model/assessment.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { choose, down, opened, play, where } from './play.ts';
import { sampleFacts } from './sample.ts';
import { toDecision } from './ways.ts';

const at = '2026-11-20T10:05:00Z';
const told = (event: ApplyEvent) => ({ type: 'apply-event', event, seenAt: 1000 }) as const;
const change = 'identity.light/set';
const applying = play(toDecision('identity.light'), choose, { type: 'confirm' }).state;
const started = play(applying, told({ type: 'started', change, at, operationUrl: 'https://management.azure.com/op' })).state;

describe('while a change is applied', () => {
  test('each event is shown on its change', () => {
    const after = play(started, told({ type: 'waiting', change, at, elapsedMs: 20_000, detail: 'Updating' })).state;
    expect(after.screen).toMatchObject({
      kind: 'applying',
      changes: [{ id: change, status: 'running', elapsedMs: 20_000, detail: 'Updating', url: 'https://management.azure.com/op' }],
    });
  });

  test('the first Ctrl-C asks; leaving it running is the default and ends with 130', () => {
    const asked = play(started, { type: 'interrupt' });
    expect(asked.state.screen).toMatchObject({ question: 0 });
    expect(play(asked.state, { type: 'interrupt' }).effects).toEqual([]);
    const left = play(asked.state, choose);
    expect(left.effects).toEqual([{ type: 'leave-running' }]);
    const over = play(left.state, told({ type: 'left-running', change, at }), told({ type: 'finished', at, outcome: 'interrupted' }));
    expect(over.effects).toEqual([{ type: 'quit', code: 130 }]);
    expect(over.state.ended).toBe(130);
  });

  test('an executor that does not answer cannot hold anybody who asked to leave', () => {
    expect(play(started, { type: 'interrupt' }, choose, { type: 'interrupt' }).effects).toEqual([{ type: 'leave-running' }, { type: 'quit', code: 130 }]);
  });

  test('waiting on does nothing; stopping after this ends with a summary', () => {
    expect(play(started, { type: 'interrupt' }, down, choose).effects).toEqual([]);
    const stopped = play(started, { type: 'quit' }, down, down, choose, told({ type: 'finished', at, outcome: 'interrupted' }));
    expect(stopped.effects).toEqual([{ type: 'stop-after-this' }, { type: 'read' }]);
    expect(where(stopped.state)).toBe('summary');
  });

  test('no key does anything else', () => {
    for (const type of ['back', 'choose', 'skip', 'review', 'next-open', 'refresh', 'toggle', 'confirm'] as const) {
      expect(play(started, { type }).effects).toEqual([]);
      expect(where(play(started, { type }).state)).toBe('applying');
    }
  });

  test('changes that only the executor knows of are shown as well', () => {
    const after = play(started, told({ type: 'started', change: 'other/set', at })).state;
    expect(after.screen).toMatchObject({ changes: [{ id: change }, { id: 'other/set' }] });
  });
});

describe('afterwards', () => {
  const finished = play(
    started,
    told({ type: 'done', change, at, verified: { '2.4': pass() }, besides: [] }),
    told({ type: 'finished', at, outcome: 'applied' }),
  );

  test('the cluster is read again before anybody goes on', () => {
    expect(finished.effects).toEqual([{ type: 'read' }]);
    expect(where(play(finished.state, choose).state)).toBe('summary');
    const fresh = play(finished.state, { type: 'facts', facts: sampleFacts('shop-weu', [['properties.disableLocalAccounts', true]]) });
    expect(fresh.effects).toMatchObject([{ type: 'save', note: { decisions: [], seen: { '2.4': 'pass', '11.1': 'fail' } } }]);
    expect(where(play(fresh.state, choose).state)).toBe('step cluster.heavy/state');
  });

  test.each([
    ['applied', 0],
    ['partly', 5],
    ['failed', 1],
    ['drift', 4],
  ] as const)('a run that ended %s leaves exit code %d', (outcome, code) => {
    const over = play(started, told({ type: 'finished', at, outcome }), { type: 'facts', facts: sampleFacts() }, { type: 'quit' }, { type: 'confirm' });
    expect(over.state.ended).toBe(code);
  });

  test('an apply that throws is told, and never offered for a blind second try', () => {
    const problem = { code: 'x', what: 'It broke.', why: '', next: [] };
    const effect = { type: 'apply', overrides: [] } as never;
    const { state } = play(applying, { type: 'failed', effect, problem });
    expect(state.screen).toMatchObject({ kind: 'problem', problem });
    expect(state.screen).not.toHaveProperty('retry');
  });
});

describe('leaving', () => {
  test('q asks, and staying is the default', () => {
    const asked = play(opened(), { type: 'quit' });
    expect(where(asked.state)).toBe('quit over overview');
    expect(where(play(asked.state, choose).state)).toBe('overview');
    expect(play(asked.state, down, choose).effects).toEqual([{ type: 'quit', code: 0 }]);
  });

  test('Ctrl-C twice leaves with 130, and any other key between takes the first back', () => {
    expect(play(opened(), { type: 'interrupt' }).effects).toEqual([]);
    expect(play(opened(), { type: 'interrupt' }, { type: 'interrupt' }).effects).toEqual([{ type: 'quit', code: 130 }]);
    expect(play(opened(), { type: 'interrupt' }, down, { type: 'interrupt' }).effects).toEqual([]);
  });
});
