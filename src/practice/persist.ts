import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { isObject } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import type { ClockMark } from './clock.ts';
import type { WorldState } from './world.ts';

/** The world as it lies in a file: its state, and where its clock stood. */
export interface SavedWorld {
  readonly clock: ClockMark;
  readonly state: WorldState;
}

/** Reads a saved world; undefined when there is none yet. A file that is something else is a Problem. */
export async function readWorld(path: string): Promise<SavedWorld | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw damaged(path, thrown);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    throw damaged(path, thrown);
  }
  const state = isObject(parsed) ? parsed['state'] : undefined;
  if (!isObject(parsed) || !isObject(parsed['clock']) || !isObject(state) || state['schemaVersion'] !== 1 || !isObject(state['resources'])) {
    throw damaged(path, new Error('it does not hold a practice world of this version'));
  }
  return parsed as unknown as SavedWorld;
}

function damaged(path: string, cause: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'practice-world-unreadable',
      what: `The practice world in ${path} cannot be read.`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: ['Move the file away to start a new practice world.'],
      exitCode: 2,
    },
    { cause },
  );
}

/** Writes the world whole: a temporary file, then a rename. Readable by its owner only. */
export async function writeWorld(path: string, world: SavedWorld): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(world)}\n`, { mode: 0o600 });
}

/** The same, before the call returns: a killed process loses nothing that was answered. */
export function writeWorldNow(path: string, world: SavedWorld): void {
  writeFileAtomic.sync(path, `${JSON.stringify(world)}\n`, { mode: 0o600 });
}
