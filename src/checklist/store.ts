import { CHECKLIST_SCHEMA, type Checklist, type ChecklistStore } from '../model/checklist.ts';
import { clean } from '../model/foreign.ts';
import { ProblemError } from '../model/problem.ts';
import { backupPath, errorCode, makeFolder, writeWhole } from './files.ts';
import { takeLock } from './lock.ts';
import { assertSameCluster, type ChecklistCluster, readChecklist } from './read.ts';

/** What opening a checklist takes. */
export interface OpenChecklist {
  readonly path: string;
  readonly cluster: ChecklistCluster;
  /** Name and version of this program. */
  readonly tool: string;
  readonly practice?: Checklist['practice'];
  /** ISO 8601. */
  readonly now: () => string;
}

function fresh({ cluster, tool, practice, now }: OpenChecklist): Checklist {
  const at = now();
  return {
    schemaVersion: CHECKLIST_SCHEMA,
    tool,
    ...(practice === undefined ? {} : { practice }),
    cluster,
    createdAt: at,
    updatedAt: at,
    queue: [],
    steps: {},
    operations: [],
    lastSeen: {},
  };
}

const show = (checklist: Checklist): string => `${JSON.stringify(checklist, undefined, 2)}\n`;

/** What is there already, checked; undefined when there is no file. */
async function existing(options: OpenChecklist): Promise<Checklist | undefined> {
  try {
    const found = await readChecklist(options.path);
    assertSameCluster(options.path, found, options.cluster, options.practice !== undefined);
    return found;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'checklist-not-found') return undefined;
    throw error;
  }
}

function writeProblem(path: string, error: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'checklist-unwritable',
      what: `The checklist ${clean(path)} could not be written.`,
      why: `The file system answered ${errorCode(error) ?? clean(String(error))}. Nothing is changed in Azure that is not on file first.`,
      next: ['Check the free space and that you may write there.', 'Or keep it elsewhere with --checklist FILE.'],
      exitCode: 1,
    },
    { cause: error },
  );
}

/** Turns errors of the file system into Problems; ours pass. */
async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw writeProblem(path, error);
  }
}

/**
 * Opens the cluster's checklist, or begins one, and holds its lock until `close`. The file is 0600 in a folder of 0700; every
 * write keeps the version before it in `.bak`. Throws what `readChecklist` throws, `checklist-foreign`, `checklist-locked`
 * and `checklist-unwritable`; a file that is refused is left as it is.
 */
export async function openChecklist(options: OpenChecklist): Promise<ChecklistStore> {
  const { path, now } = options;
  const lock = await writing(path, async () => {
    await makeFolder(path);
    return takeLock(path);
  });
  let current: Checklist;
  /** The text on disk; undefined before the first write. */
  let written: string | undefined;
  try {
    const found = await existing(options);
    current = found ?? fresh(options);
    written = found === undefined ? undefined : show(found);
    if (found === undefined) {
      await writing(path, () => writeWhole(path, show(current)));
      written = show(current);
    }
  } catch (error) {
    await lock.release();
    throw error;
  }

  /** The tail of the queue: updates run one after the other, each on what the one before it left. */
  let last: Promise<unknown> = Promise.resolve();
  const write = async (change: (checklist: Checklist) => Checklist): Promise<Checklist> => {
    const next: Checklist = { ...change(current), tool: options.tool, updatedAt: now() };
    await writing(path, async () => {
      if (written !== undefined) await writeWhole(backupPath(path), written);
      await writeWhole(path, show(next));
    });
    written = show(next);
    current = next;
    return next;
  };

  let closed = false;
  return {
    path,
    current: () => current,
    update: (change) => {
      if (closed) return Promise.reject(writeProblem(path, new Error('it has been closed')));
      const turn = last.then(() => write(change));
      // A failed update does not hold up the next one: its caller hears of it.
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      closed = true;
      await last;
      await lock.release();
    },
  };
}
