/** The world's time. All times are milliseconds since 1970; `speed` is virtual seconds per real second. */
export interface Clock {
  readonly speed: number;
  readonly now: () => number;
  /** Passes virtual time. Ends early, with the signal's reason thrown, when the signal fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What is kept of a clock: where it stood, and when that was in real time. */
export interface ClockMark {
  readonly virtual: number;
  readonly real: number;
}

const HOUR = 3_600_000;

/**
 * How far the world's time has come while nobody ran it: as far as it would have come, but no more than an hour (or the real time, when that
 * is longer), so that an operation in flight completes and a world left over night is not months away.
 */
export function timeAfterPause(mark: ClockMark, realNow: number, speed: number): number {
  const away = Math.max(0, realNow - mark.real);
  return mark.virtual + Math.min(away * speed, Math.max(away, HOUR));
}

/** A clock that runs `speed` times as fast as real time, from `start` on. */
export function runningClock(options: { readonly start: number; readonly speed: number }): Clock {
  const { start, speed } = options;
  if (!(speed > 0)) throw new RangeError(`speed must be above zero, not ${speed}`);
  const origin = performance.now();
  return {
    speed,
    now: () => start + (performance.now() - origin) * speed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const aborted = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(
          () => {
            signal?.removeEventListener('abort', aborted);
            resolve();
          },
          Math.max(0, ms / speed),
        );
        signal?.addEventListener('abort', aborted, { once: true });
      }),
  };
}

/** A clock that stands still until somebody sleeps: for tests, exact and without waiting. */
export function steppedClock(start: number): Clock {
  let now = start;
  return {
    speed: 1,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += Math.max(0, ms);
    },
  };
}
