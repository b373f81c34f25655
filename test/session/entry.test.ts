import { describe, expect, test } from 'vitest';
import type { Checklist } from '../../src/model/checklist.ts';
import { initialState } from '../../src/session/state.ts';
import { back, choose, down, place, play, say, where } from './play.ts';
import { emptyChecklist, light, sampleFacts } from './sample.ts';

const problem = { code: 'no-sign-in', what: 'No Azure sign-in was found.', why: '', next: ['az login'] };
const start = initialState({ start: { kind: 'default' } });
const azure = { kind: 'azure', label: 'ada@example.com' } as const;
const welcome = play(start, { type: 'not-entered', attempt: 1, problem }).state;

describe('coming in', () => {
  test('where no sign-in is found, practice is offered', () => {
    expect(welcome.screen).toEqual({ kind: 'welcome', reason: problem });
    expect(play(welcome, { type: 'pick', id: 'legacy' }).effects).toEqual([{ type: 'enter', attempt: 2, entrance: { kind: 'practice', scenario: 'legacy' } }]);
    expect(play(welcome, { type: 'pick', id: 'device-code' }).effects).toEqual([{ type: 'enter', attempt: 2, entrance: { kind: 'device-code' } }]);
    expect(play(welcome, { type: 'pick', id: 'nothing like that' }).effects).toEqual([]);
  });

  test('a sign-in that was left does not open a door later', () => {
    const left = play(welcome, { type: 'pick', id: 'browser' }, back);
    expect(left.effects.at(-1)).toEqual({ type: 'leave-entrance' });
    const late = play(left.state, { type: 'entered', attempt: 2, place: azure });
    expect(where(late.state)).toBe('welcome');
    expect(late.effects).toEqual([]);
  });

  test('the device code is shown while it is waited for', () => {
    const { state } = play(
      welcome,
      { type: 'pick', id: 'device-code' },
      { type: 'told', attempt: 2, line: 'Enter ABCD' },
      { type: 'told', attempt: 1, line: 'old' },
    );
    expect(state.screen).toMatchObject({ kind: 'connecting', told: ['Enter ABCD'] });
  });

  test('a long list tells how far it has come, only while it is waited for', () => {
    const progress = { kind: 'pods', objects: 4500 };
    const reading = play(start, { type: 'entered', attempt: 1, place: azure, clusterId: 'id' }, { type: 'read-so-far', progress });
    expect(reading.state.screen).toEqual({ kind: 'reading', what: 'the cluster', progress });
    expect(play(welcome, { type: 'read-so-far', progress }).state).toEqual(welcome);
  });

  test('one subscription and one cluster are not asked about; several are', () => {
    const cluster = { id: 'c1', name: 'shop', resourceGroup: 'rg', location: 'westeurope', version: '1.33', state: 'Succeeded' };
    const inside = play(start, { type: 'entered', attempt: 1, place: azure });
    expect(inside.effects).toEqual([{ type: 'list-subscriptions' }]);
    const one = play(inside.state, { type: 'subscriptions', items: [{ id: 's1', name: 'Prod' }] }, { type: 'clusters', items: [cluster] });
    expect(one.effects).toEqual([
      { type: 'list-clusters', subscription: 's1' },
      { type: 'open', clusterId: 'c1' },
    ]);
    const several = play(inside.state, {
      type: 'subscriptions',
      items: [
        { id: 's1', name: 'Prod' },
        { id: 's2', name: 'Test' },
      ],
    });
    expect(where(several.state)).toBe('pick-subscription');
    const picked = play(several.state, { type: 'filter' }, say('test'), choose, choose);
    expect(picked.effects).toEqual([{ type: 'list-clusters', subscription: 's2' }]);
    const clusters = play(picked.state, { type: 'clusters', items: [cluster, { ...cluster, id: 'c2', name: 'other' }] }, down, choose);
    expect(clusters.effects).toEqual([{ type: 'open', clusterId: 'c2' }]);
  });

  test('no subscription and no cluster are problems with a way out', () => {
    const inside = play(start, { type: 'entered', attempt: 1, place: azure }).state;
    const none = play(inside, { type: 'subscriptions', items: [] }).state;
    expect(none.screen).toMatchObject({ kind: 'problem', problem: { code: 'no-subscription' } });
    const empty = play(inside, { type: 'subscriptions', items: [{ id: 's1', name: 'Prod' }] }, { type: 'clusters', items: [] }).state;
    expect(empty.screen).toMatchObject({ kind: 'problem', problem: { code: 'no-cluster' } });
    expect(where(play(empty, choose).state)).toBe('welcome');
  });

  test('what could not be read is offered again', () => {
    const reading = play(start, { type: 'entered', attempt: 1, place, clusterId: 'id' });
    const failed = play(reading.state, { type: 'failed', effect: { type: 'open', clusterId: 'id' }, problem });
    expect(play(failed.state, choose).effects).toEqual([{ type: 'open', clusterId: 'id' }]);
  });
});

describe('coming back', () => {
  const facts = sampleFacts();
  const operation = {
    id: 'op',
    change: light.plan(facts, { option: 'off', values: {} }).changes[0],
    steps: ['identity.light'],
    status: 'running',
    startedAt: '',
    via: 'sdk',
  } as Checklist['operations'][number];
  const stamp = { who: 'ada', when: '2026-11-01T00:00:00Z' };
  const before: Checklist = {
    ...emptyChecklist(facts),
    steps: { 'identity.light': { status: 'skipped', stamp } },
    lastSeen: { '2.4': 'pass', '11.1': 'fail' },
  };
  const open = (checklist: Checklist) =>
    play(start, { type: 'entered', attempt: 1, place, clusterId: 'id' }, { type: 'opened', facts, checklist, path: 'x.json' });

  test('what changed since is told first, then the first open decision comes up', () => {
    const { state } = open(before);
    expect(where(state)).toBe('since');
    expect(state.since).toMatchObject({ decided: 1, running: 0, changes: [{ control: '2.4', before: 'pass', now: 'fail' }] });
    expect(where(play(state, choose).state)).toBe('step cluster.heavy/state');
  });

  test('what still runs is followed, and nothing is sent anew', () => {
    const { state, effects } = play(open({ ...before, operations: [operation] }).state, choose);
    expect(effects).toEqual([{ type: 'resume' }]);
    expect(state.screen).toMatchObject({ kind: 'applying', mode: 'resume', changes: [{ id: 'identity.light/set' }] });
  });

  test('a new checklist goes straight to the overview', () => {
    expect(where(open(emptyChecklist(facts)).state)).toBe('overview');
  });

  test('a queued choice that no longer fits is left out of the plan and told', async () => {
    const { queueOf } = await import('../../src/session/selectors.ts');
    const { sampleTools } = await import('./sample.ts');
    const queued: Checklist = {
      ...before,
      queue: ['identity.light'],
      steps: { 'identity.light': { status: 'queued', stamp, choice: { option: 'gone', values: {} } } },
    };
    const found = queueOf(open(queued).state, sampleTools);
    expect(found.choices).toEqual({});
    expect(found.stale).toMatchObject([{ step: { id: 'identity.light' }, problem: { code: 'unknown-option' } }]);
  });
});
