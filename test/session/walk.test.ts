import { describe, expect, test } from 'vitest';
import type { SessionState } from '../../src/session/state.ts';
import { toNextOpen } from '../../src/session/walk.ts';
import { back, choose, down, next, opened, play, say, up, where } from './play.ts';
import { sampleTools } from './sample.ts';
import { closedBy, toDecision } from './ways.ts';

const lightDecision = toDecision('identity.light');
const heavyDecision = toDecision('cluster.heavy');

describe('the guided way', () => {
  test('from the overview through a step to its confirmation', () => {
    const way = [choose, choose, choose, choose, choose] as const;
    const places = way.map((_, index) => where(play(opened(), ...way.slice(0, index + 1)).state));
    expect(places).toEqual([
      'step identity.light/state',
      'step identity.light/options',
      'step identity.light/preview',
      'step identity.light/decision',
      'confirm ask',
    ]);
  });

  test('applying now: only Yes sends anything, and the decision is saved before', () => {
    const asked = play(lightDecision, choose);
    expect(asked.effects).toEqual([]);
    const { state, effects } = play(asked.state, { type: 'confirm' });
    expect(effects.map(({ type }) => type)).toEqual(['save', 'apply']);
    expect(where(state)).toBe('applying');
  });

  test('No is the default answer', () => {
    const { state, effects } = play(lightDecision, choose, choose);
    expect(where(state)).toBe('step identity.light/decision');
    expect(effects).toEqual([]);
  });

  test('choosing on Yes is not yet the confirmation', () => {
    const { state, effects } = play(lightDecision, choose, down, choose);
    expect(where(state)).toBe('confirm ask');
    expect(effects).toEqual([]);
  });

  test('a queued step is saved, leaves for the next open one, and waits in the queue', () => {
    const { state, effects } = play(lightDecision, down, choose);
    expect(effects).toMatchObject([{ type: 'save', note: { decisions: [{ kind: 'queued', step: 'identity.light', choice: { option: 'off', values: {} } }] } }]);
    expect(where(state)).toBe('step cluster.heavy/state');
    expect(state.checklist?.queue).toEqual(['identity.light']);
  });

  test('what is declined asks for a reason and takes a review date', () => {
    const without = play(lightDecision, { type: 'decline' }, choose);
    expect(where(without.state)).toBe('step identity.light/decline');
    const wrongDay = play(without.state, say('Old pipelines'), choose, say('2026-02-31'), choose);
    expect(wrongDay.effects).toEqual([]);
    const past = play(lightDecision, { type: 'decline' }, say('Old pipelines'), choose, say('2026-11-20'), choose);
    expect(past.effects).toEqual([]);
    const done = play(lightDecision, { type: 'decline' }, say('Old pipelines'), choose, say('2027-01-31'), choose);
    expect(done.effects).toMatchObject([{ type: 'save', note: { decisions: [{ kind: 'declined', reason: 'Old pipelines', reviewOn: '2027-01-31' }] } }]);
  });

  test('skipped and printed are noted as what they are', () => {
    expect(play(lightDecision, { type: 'skip' }).effects).toMatchObject([{ type: 'save', note: { decisions: [{ kind: 'skipped' }] } }]);
    const printed = play(lightDecision, down, down, choose, { type: 'copy' }, choose);
    expect(printed.effects.map(({ type }) => type)).toEqual(['copy', 'save']);
    expect(printed.effects[1]).toMatchObject({ note: { decisions: [{ kind: 'printed', step: 'identity.light' }] } });
  });

  test('an option that is not available is shown and refused, with the reason', () => {
    const { state } = play(opened(), choose, choose, down, choose);
    expect(where(state)).toBe('step identity.light/options');
    expect(state.notice?.text).toContain('there is no second cluster');
  });

  test('when every decision is made the queue comes up', () => {
    const { state } = play(lightDecision, down, choose, { type: 'skip' });
    expect(where(state)).toBe('review');
  });
});

describe('when nothing waits any more', () => {
  test('what was carried out and has other controls that do not hold is told', () => {
    const state = opened();
    const record = (status: 'verified' | 'declined') => ({ status, stamp: { who: 'ada', when: '2026-11-20T08:00:00Z' } });
    const decided = (first: 'verified' | 'declined'): SessionState => ({
      ...state,
      ...(state.checklist ? { checklist: { ...state.checklist, steps: { 'identity.light': record(first), 'cluster.heavy': record('declined') } } } : {}),
    });
    const notice = (from: SessionState) => toNextOpen(from, sampleTools).state.notice?.text;
    expect(notice(decided('verified'))).toBe('Every decision is made. 1 step that was carried out has other controls that do not hold: Enter opens it again.');
    expect(notice(decided('declined'))).toBe('Every decision is made.');
  });
});

describe('values', () => {
  const params = play(opened(), down, choose, choose, choose).state;

  test('fields begin with the defaults, and going back keeps what was typed', () => {
    const typed = play(params, next, say('!'), back, choose);
    expect(where(typed.state)).toBe('step cluster.heavy/params');
    expect(typed.state.drafts['cluster.heavy']?.entries['tag']).toMatchObject({ field: { text: 'office!' } });
  });

  test('a wrong value is told where it stands and goes nowhere', () => {
    const { state } = play(params, { type: 'erase', what: 'line' }, say('everything'), next);
    expect(state.screen).toMatchObject({ phase: { kind: 'params', focus: 0, errors: { ranges: expect.stringContaining('CIDR') } } });
  });

  test('a suggestion is put in on a line of its own, each once', () => {
    const suggest = { type: 'suggest' } as const;
    const { state } = play(params, suggest, suggest);
    expect(state.drafts['cluster.heavy']?.entries['ranges']).toMatchObject({ field: { text: '203.0.113.9/32\n198.51.100.0/24\n' } });
    expect(play(params, next, suggest).state.drafts['cluster.heavy']?.entries['tag']).toMatchObject({ field: { text: 'office' } });
  });

  test('Enter ends a list only on an empty line', () => {
    const line = play(params, choose);
    expect(line.state.screen).toMatchObject({ phase: { focus: 0 } });
    expect(play(line.state, choose).state.screen).toMatchObject({ phase: { focus: 1 } });
  });

  test('a pasted list is taken apart', () => {
    const { state, effects } = play(
      params,
      { type: 'erase', what: 'line' },
      say('203.0.113.9/32, 198.51.100.0/24\r\n192.0.2.0/24'),
      next,
      next,
      down,
      next,
      { type: 'toggle' },
      next,
      next,
    );
    expect(where(state)).toBe('step cluster.heavy/preview');
    expect(effects).toMatchObject([
      {
        type: 'read-to-plan',
        choice: {
          option: 'ranges',
          values: { ranges: ['203.0.113.9/32', '198.51.100.0/24', '192.0.2.0/24'], tag: 'office', scope: 'pipelines', extras: ['vpn'], probe: true },
        },
      },
    ]);
  });

  test('what planning needs is read when the options come up, and nothing is applied meanwhile', () => {
    const { state, effects } = play(opened(), down, choose, choose);
    expect(effects).toMatchObject([{ type: 'read-to-plan', step: 'cluster.heavy', keys: ['runCommand'] }]);
    expect(state.readingFor).toBe('cluster.heavy');
    const still = play(state, choose, next, next, next, next, next, choose, choose);
    expect(still.state.notice?.text).toContain('still being read');
    expect(where(still.state)).toBe('step cluster.heavy/decision');
  });
});

describe('guards and names', () => {
  test('a disruptive change asks for the name of the cluster', () => {
    const asked = play(heavyDecision, choose);
    expect(where(asked.state)).toBe('confirm name');
    const wrong = play(asked.state, say('shop'), { type: 'confirm' });
    expect(wrong.effects).toEqual([]);
    expect(wrong.state.screen).toMatchObject({ stage: { mistake: expect.stringContaining('Nothing was applied') } });
    const right = play(wrong.state, say('-weu'), { type: 'confirm' });
    expect(right.effects.map(({ type }) => type)).toEqual(['save', 'apply']);
  });

  test('a guard in the way wants its phrase first, and it is recorded', () => {
    const shutOut = closedBy('198.51.100.0/24');
    const asked = play(shutOut, choose);
    expect(where(asked.state)).toBe('confirm phrase');
    expect(where(play(asked.state, say('please'), choose).state)).toBe('confirm phrase');
    const { effects } = play(asked.state, say('lock me out'), choose, say('shop-weu'), { type: 'confirm' });
    const lifted = [{ guard: 'own-address', step: 'cluster.heavy', phrase: 'lock me out' }];
    expect(effects).toMatchObject([
      { type: 'save', note: { decisions: [{ overrides: lifted }] } },
      { type: 'apply', overrides: lifted },
    ]);
  });

  test('where nothing may be applied, neither applying nor queueing is offered', () => {
    const readOnly = toDecision('identity.light', { readOnly: 'the facts come from a file' });
    for (const way of [[choose], [down, choose]]) {
      const { state, effects } = play(readOnly, ...way);
      expect(effects).toEqual([]);
      expect(state.notice?.text).toContain('the facts come from a file');
    }
  });

  test('a plan that is another one than the one that was shown is not applied', () => {
    const asked = play(lightDecision, choose).state;
    if (asked.screen.kind !== 'confirm') throw new Error('no question');
    const { state, effects } = play({ ...asked, screen: { ...asked.screen, digest: 'of another plan' } }, { type: 'confirm' });
    expect(effects).toEqual([]);
    expect(state.notice?.text).toContain('another one');
  });
});

describe('the queue', () => {
  const queued = play(lightDecision, down, choose, { type: 'review' }).state;

  test('is applied as one plan', () => {
    const { state, effects } = play(queued, choose, { type: 'confirm' });
    expect(effects).toMatchObject([{ type: 'save' }, { type: 'apply', plan: { changes: [{ change: { id: 'identity.light/set' } }] } }]);
    expect(where(state)).toBe('applying');
  });

  test('lets a step go again', () => {
    const { state, effects } = play(queued, { type: 'remove' });
    expect(state.checklist?.queue).toEqual([]);
    expect(effects).toMatchObject([{ type: 'save', note: { decisions: [{ kind: 'open', step: 'identity.light' }] } }]);
    expect(where(play(state, choose).state)).toBe('review');
  });
});

describe('lists', () => {
  test('a filter narrows the overview, Enter opens what is left, Escape clears first', () => {
    const { state } = play(opened(), { type: 'filter' }, say('api'), choose);
    expect(where(play(state, choose).state)).toBe('step cluster.heavy/state');
    const cleared = play(state, back).state;
    expect(cleared.screen).toMatchObject({ kind: 'overview', filter: { field: { text: '' } } });
  });

  test('a cursor stops at both ends', () => {
    expect(play(opened(), up, up).state.screen).toMatchObject({ cursor: 0 });
    expect(play(opened(), { type: 'move', by: 'last' }, down).state.screen).toMatchObject({ cursor: 1 });
  });
});
