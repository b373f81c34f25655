import type { SessionDeps, Tools } from './deps.ts';
import { noTools } from './deps.ts';
import type { SessionEvent } from './events.ts';
import { reduce } from './reduce.ts';
import { createEffects, type Host } from './run-effect.ts';
import { initialState, type SessionSettings, type SessionState } from './state.ts';

/** A running wizard, for a view to subscribe to. The view dispatches intents; the session starts the effects. */
export interface Session {
  readonly getState: () => SessionState;
  readonly tools: () => Tools;
  readonly dispatch: (event: SessionEvent) => void;
  /** Calls back after each change; returns how to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Goes through the entrance of the settings. Call it after the first frame is out: what it loads is heavy. */
  readonly start: () => void;
  /** What only a view can do. */
  readonly attach: (host: Host) => void;
  /** Settles with the exit code when the session is over and everything it opened is closed. */
  readonly finished: Promise<number>;
  /** Ends it from outside (a signal): what runs in Azure goes on, the checklist is closed. */
  readonly end: (code: number) => Promise<number>;
}

/**
 * A session over injected doors. It holds the one state, passes every event through the reducer, and is the only place
 * that starts effects.
 */
export function createSession(deps: SessionDeps, settings: SessionSettings): Session {
  let state = initialState(settings);
  let tools: Tools = noTools;
  let host: Host = { copy: () => undefined };
  const listeners = new Set<() => void>();
  const { promise: finished, resolve: finish } = Promise.withResolvers<number>();

  const become = (next: SessionState): void => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };
  const dispatch = (event: SessionEvent): void => {
    const next = reduce(state, event, tools);
    become(next.state);
    for (const effect of next.effects) effects.run(effect);
  };
  const effects = createEffects({
    deps,
    dispatch,
    host: () => host,
    learn: (loaded) => {
      tools = loaded;
    },
    finish,
  });

  return {
    getState: () => state,
    tools: () => tools,
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: () => effects.run({ type: 'enter', entrance: settings.start, attempt: state.attempt }),
    attach: (given) => {
      host = given;
    },
    finished,
    end: (code) => {
      become({ ...state, ended: state.ended ?? code });
      effects.run({ type: 'quit', code });
      return finished;
    },
  };
}
