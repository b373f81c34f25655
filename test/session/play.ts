import type { Effect } from '../../src/session/effects.ts';
import type { SessionEvent } from '../../src/session/events.ts';
import { reduce } from '../../src/session/reduce.ts';
import { initialState, type SessionState } from '../../src/session/state.ts';
import { emptyChecklist, sampleFacts, sampleTools } from './sample.ts';

export interface Played {
  readonly state: SessionState;
  /** Every effect of the way, in order. */
  readonly effects: readonly Effect[];
}

/** Reduces events one after the other. */
export function play(from: SessionState, ...events: readonly SessionEvent[]): Played {
  return events.reduce<Played>(
    ({ state, effects }, event) => {
      const next = reduce(state, event, sampleTools);
      return { state: next.state, effects: [...effects, ...next.effects] };
    },
    { state: from, effects: [] },
  );
}

export const place = { kind: 'practice', label: 'legacy', scenario: 'legacy' } as const;

/** A session with the sample cluster open, on its overview. */
export function opened(options: { readonly name?: string; readonly readOnly?: string } = {}): SessionState {
  const facts = sampleFacts(options.name);
  const start = initialState({ start: { kind: 'practice', scenario: 'legacy' } });
  return play(
    start,
    { type: 'entered', attempt: 1, place, clusterId: 'id' },
    {
      type: 'opened',
      facts,
      checklist: emptyChecklist(facts),
      path: './aks-hardening/shop-weu.json',
      ...(options.readOnly ? { readOnly: options.readOnly } : {}),
    },
  ).state;
}

export const choose = { type: 'choose' } as const;
export const back = { type: 'back' } as const;
export const down = { type: 'move', by: 1 } as const;
export const up = { type: 'move', by: -1 } as const;
export const next = { type: 'next-field' } as const;
export const say = (text: string) => ({ type: 'text', text }) as const;

/** What is on the screen, in a word: `step identity.light/options`. */
export function where({ screen, overlay }: SessionState): string {
  const here = screen.kind === 'step' ? `step ${screen.step}/${screen.phase.kind}` : screen.kind === 'confirm' ? `confirm ${screen.stage.kind}` : screen.kind;
  return overlay ? `${overlay.kind} over ${here}` : here;
}
