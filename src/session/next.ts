import type { Effect } from './effects.ts';
import type { JournalLine, Notice, Screen, SessionState } from './state.ts';

/** What a reduction comes to. */
export interface Next {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

/** No other screen. */
export function stay(state: SessionState, ...effects: readonly Effect[]): Next {
  return { state, effects };
}

/** Another screen. */
export function to(state: SessionState, screen: Screen, ...effects: readonly Effect[]): Next {
  return { state: { ...state, screen }, effects };
}

/** The same screen with a word about why. */
export function tell(state: SessionState, text: string, tone: Notice['tone'] = 'warn'): Next {
  return stay({ ...state, notice: { tone, text } });
}

/** The state with one more line in the journal. */
export function journaled(state: SessionState, mark: JournalLine['mark'], text: string): SessionState {
  return { ...state, journal: [...state.journal, { id: state.journal.length, mark, text }] };
}
