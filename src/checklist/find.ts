import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checklist } from '../model/checklist.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { CHECKLIST_FOLDER, errorCode, WORLD_ENDING } from './files.ts';
import { readChecklist } from './read.ts';
import { type Progress, progressOf } from './records.ts';

/** A checklist on disk, for a picker. `when` is the last write, ISO 8601. */
export type FoundChecklist =
  | {
      readonly state: 'readable';
      readonly path: string;
      readonly when: string;
      readonly checklist: Checklist;
      readonly progress: Progress;
    }
  | { readonly state: 'refused'; readonly path: string; readonly when: string; readonly problem: Problem };

async function look(path: string): Promise<FoundChecklist> {
  try {
    const checklist = await readChecklist(path);
    return { state: 'readable', path, when: checklist.updatedAt, checklist, progress: progressOf(checklist) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { mtime } = await stat(path);
    return { state: 'refused', path, when: mtime.toISOString(), problem: error.problem };
  }
}

/**
 * The checklists in `folder`/aks-hardening, newest first; damaged ones and those of a newer schema are listed with their
 * Problem. No such folder: none. Other errors of the file system are thrown.
 */
export async function findChecklists(folder: string): Promise<readonly FoundChecklist[]> {
  const home = join(folder, CHECKLIST_FOLDER);
  let names: readonly string[];
  try {
    names = await readdir(home);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const paths = names.filter((name) => name.endsWith('.json') && !name.endsWith(WORLD_ENDING)).map((name) => join(home, name));
  const found = await Promise.all(paths.map(look));
  return found.sort((a, b) => Date.parse(b.when) - Date.parse(a.when));
}
