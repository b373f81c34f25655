import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/session/events.ts';
import { reduce } from '../../src/session/reduce.ts';
import type { SessionState } from '../../src/session/state.ts';
import { choose, down, opened, play } from './play.ts';
import { sampleTools } from './sample.ts';
import { closedBy, toDecision } from './ways.ts';

const intents: fc.Arbitrary<Intent> = fc.oneof(
  fc.constantFrom<Intent>(
    { type: 'choose' },
    { type: 'back' },
    { type: 'toggle' },
    { type: 'next-field' },
    { type: 'previous-field' },
    { type: 'filter' },
    { type: 'help' },
    { type: 'view' },
    { type: 'copy' },
    { type: 'shell' },
    { type: 'skip' },
    { type: 'decline' },
    { type: 'remove' },
    { type: 'script' },
    { type: 'review' },
    { type: 'next-open' },
    { type: 'refresh' },
    { type: 'quit' },
    { type: 'interrupt' },
    { type: 'refuse' },
    { type: 'confirm' },
    { type: 'across', by: 1 },
    { type: 'across', by: -1 },
    { type: 'erase', what: 'line' },
    { type: 'pick', id: 'legacy' },
  ),
  fc.constantFrom<number | 'first' | 'last'>(-1, 1, -10, 10, 'first', 'last').map((by): Intent => ({ type: 'move', by })),
  fc.constantFrom('shop-weu', 'y', 'lock me out', '2027-01-31', '\n', 'q').map((text): Intent => ({ type: 'text', text })),
);

/** Places that a session can be in: near what is dangerous, so that random keys get there. */
const starts: readonly (readonly [string, SessionState])[] = [
  ['overview', opened()],
  ['decision', toDecision('identity.light')],
  ['decision with a guard', closedBy('198.51.100.0/24')],
  ['name', play(toDecision('cluster.heavy'), choose).state],
  ['yes or no', play(toDecision('identity.light'), choose).state],
  ['queue', play(toDecision('identity.light'), down, choose, { type: 'review' }).state],
];

describe.each(starts)('from %s', (_name, start) => {
  test('nothing but the confirmation applies anything, and only where it is asked for', () => {
    fc.assert(
      fc.property(fc.array(intents, { maxLength: 40 }), (events) => {
        let state = start;
        for (const event of events) {
          const next = reduce(state, event, sampleTools);
          if (next.effects.some(({ type }) => type === 'apply')) {
            expect(event.type).toBe('confirm');
            expect(state.overlay).toBeUndefined();
            expect(state.screen.kind).toBe('confirm');
            if (state.screen.kind !== 'confirm') return;
            const { stage } = state.screen;
            expect(stage.kind).not.toBe('phrase');
            if (stage.kind === 'name') expect(stage.field.text.trim()).toBe('shop-weu');
            expect(next.effects[0]?.type).toBe('save');
          }
          state = next.state;
        }
      }),
      { numRuns: 400 },
    );
  });

  test('without a confirmation nothing is ever applied', () => {
    fc.assert(
      fc.property(
        fc.array(
          intents.filter(({ type }) => type !== 'confirm'),
          { maxLength: 60 },
        ),
        (events) => {
          expect(play(start, ...events).effects.filter(({ type }) => type === 'apply')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a session that ended does nothing any more', () => {
    fc.assert(
      fc.property(fc.array(intents, { maxLength: 10 }), (events) => {
        const ended = play(start, { type: 'interrupt' }, { type: 'interrupt' });
        expect(ended.effects).toEqual([{ type: 'quit', code: 130 }]);
        expect(play(ended.state, ...events)).toEqual({ state: ended.state, effects: [] });
      }),
    );
  });
});
