import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { link, open, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { clean } from '../model/foreign.ts';
import { isObject } from '../model/json.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { errorCode } from './files.ts';

/** Who holds a checklist: one process on one host. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** A lock that is held. `release` may be called more than once. */
export interface Lock {
  readonly path: string;
  readonly release: () => Promise<void>;
}

/** Whether a process of this host lives. EPERM means that it does, and belongs to somebody else. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** A holder is gone when it ran on this host and its process is dead. Of another host nothing can be told. */
function isGone(holder: LockHolder): boolean {
  return holder.host === hostname() && !lives(holder.pid);
}

function holderIn(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { pid, host, startedAt } = value;
    return typeof pid === 'number' && typeof host === 'string' && typeof startedAt === 'string' ? { pid, host, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function lockedProblem(path: string, lockPath: string, holder: LockHolder | undefined): Problem {
  const by = holder === undefined ? 'a lock file that cannot be read' : `process ${holder.pid} on ${clean(holder.host)} since ${clean(holder.startedAt)}`;
  return {
    code: 'checklist-locked',
    what: `The checklist ${clean(path)} is in use.`,
    why: `It is held by ${by}. Two runs at a time would undo each other's notes.`,
    next: ['Go on in the other window, or end that run.', `If it no longer runs, delete ${clean(lockPath)} and try again.`],
    exitCode: 1,
  };
}

async function readLock(lockPath: string): Promise<string | undefined> {
  try {
    return await readFile(lockPath, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A takeover is over in milliseconds: its mark that is older than this was left by a process that died in it. */
const TAKEOVER_MS = 10_000;

/** Whether this process may take a stale lock away: one at a time may, so that nobody takes away the living lock of who was faster. */
async function beginTakeover(mark: string): Promise<boolean> {
  try {
    await (await open(mark, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const begun = await stat(mark).catch(() => undefined);
    if (begun !== undefined && Date.now() - begun.mtimeMs > TAKEOVER_MS) await unlink(mark).catch(() => undefined);
    return false;
  }
}

/** Takes a stale lock out of the way, if it is still the one that was looked at. Where another process is at it, waits a moment for the outcome. */
async function removeStale(lockPath: string, stale: string): Promise<void> {
  const mark = `${lockPath}.takeover`;
  if (!(await beginTakeover(mark))) {
    await setTimeout(20);
    return;
  }
  try {
    if ((await readLock(lockPath)) === stale) await unlink(lockPath);
  } finally {
    await unlink(mark);
  }
}

/** A hard link appears with its text in it. Where a file system has none (exFAT, some shares), a new file has to do. */
async function linkOrWrite(temporary: string, lockPath: string, text: string): Promise<void> {
  try {
    await link(temporary, lockPath);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(errorCode(error) ?? '')) throw error;
    await writeFile(lockPath, text, { flag: 'wx', mode: 0o600 });
  }
}

/** Makes the lock file in one step, with its text in it; false when there is one already. */
async function create(lockPath: string, text: string): Promise<boolean> {
  const temporary = `${lockPath}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.close();
    await linkOrWrite(temporary, lockPath, text);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/**
 * Takes the lock beside a checklist (`FILE.lock`). It goes on `release` and when the process ends; one that a dead
 * process of this host left behind is taken over. Throws `checklist-locked` while another process holds it.
 */
export async function takeLock(path: string): Promise<Lock> {
  const lockPath = `${path}.lock`;
  const holder: LockHolder = { pid: process.pid, host: hostname(), startedAt: new Date().toISOString() };
  // The nonce tells two locks of one process apart.
  const text = `${JSON.stringify({ ...holder, nonce: randomBytes(8).toString('hex') })}\n`;
  for (let attempt = 0; !(await create(lockPath, text)); attempt += 1) {
    const found = await readLock(lockPath);
    if (found === undefined) continue;
    const other = holderIn(found);
    if (other === undefined || !isGone(other) || attempt > 5) throw new ProblemError(lockedProblem(path, lockPath, other));
    await removeStale(lockPath, found);
  }

  const onExit = (): void => {
    try {
      unlinkSync(lockPath);
    } catch {
      // The process is ending and the next one finds the lock stale: nothing is left to do about it here.
    }
  };
  process.once('exit', onExit);
  let held = true;
  return {
    path: lockPath,
    release: async () => {
      if (!held) return;
      held = false;
      process.removeListener('exit', onExit);
      if ((await readLock(lockPath)) === text) await unlink(lockPath);
    },
  };
}
