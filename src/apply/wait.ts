import type { ApplyEvent } from '../model/events.ts';
import { isAborted, type Tools } from './run.ts';

/** How long one change has been waited for, in the gateway's milliseconds, and since when nothing was said. */
export interface Watch {
  elapsedMs: number;
  silentMs: number;
}

/** A watch that has just started. */
export const newWatch = (): Watch => ({ elapsedMs: 0, silentMs: 0 });

/** A sign of life is given this often. */
export const HEARTBEAT_MS = 10_000;

/**
 * Passes time on the gateway's clock (real for Azure, the world's own for practice) and tells `waiting` each ten seconds of it.
 * Returns false when the operator asked to stop watching.
 */
export async function* pass(
  run: Pick<Tools, 'arm' | 'signal' | 'now'>,
  change: string,
  watch: Watch,
  ms: number,
  detail: string,
): AsyncGenerator<ApplyEvent, boolean> {
  let left = ms;
  while (left > 0) {
    if (isAborted(run)) return false;
    const part = Math.min(left, HEARTBEAT_MS - watch.silentMs);
    try {
      await run.arm.sleep(part, run.signal);
    } catch (error) {
      if (isAborted(run)) return false;
      throw error;
    }
    left -= part;
    watch.elapsedMs += part;
    watch.silentMs += part;
    if (watch.silentMs >= HEARTBEAT_MS) {
      watch.silentMs = 0;
      yield { type: 'waiting', change, at: run.now(), elapsedMs: watch.elapsedMs, detail };
    }
  }
  return !isAborted(run);
}
