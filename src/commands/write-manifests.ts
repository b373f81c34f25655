import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clean } from '../model/foreign.ts';
import type { Plan } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { MARK, type ManifestFile, manifestFiles } from '../render/manifest-files.ts';

/** What became of a folder: paths below it. */
export interface WrittenManifests {
  readonly written: readonly string[];
  /** Files of an earlier plan that are no part of this one. They are left where they are. */
  readonly stale: readonly string[];
}

/** What stands at a path: nothing, a file of an earlier run, or something of somebody else's. */
async function standingAt(path: string): Promise<'nothing' | 'ours' | 'foreign'> {
  try {
    // A link could lead anywhere: it is never written through.
    if (!(await lstat(path)).isFile()) return 'foreign';
    return (await readFile(path, 'utf8')).startsWith(MARK) ? 'ours' : 'foreign';
  } catch (thrown) {
    if (isMissing(thrown)) return 'nothing';
    throw thrown;
  }
}

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

/** Files of earlier plans in the folders that this one writes to. */
async function staleIn(folder: string, files: readonly ManifestFile[]): Promise<readonly string[]> {
  const own = new Set(files.map(({ name }) => join(folder, name)));
  const stale: string[] = [];
  for (const place of new Set(files.map(({ name }) => dirname(join(folder, name))))) {
    const names = await readdir(place).catch((thrown: unknown) => (isMissing(thrown) ? [] : Promise.reject(thrown)));
    for (const path of names.filter((name) => name.endsWith('.yaml')).map((name) => join(place, name))) {
      if (!own.has(path) && (await standingAt(path)) === 'ours') stale.push(path);
    }
  }
  return stale.sort();
}

/**
 * Writes the manifests of a plan below a folder, which is made when it is not there. Files of an earlier run are replaced; where something else
 * has one of their names, nothing is written at all. Throws a ProblemError for that, and when the folder cannot be written.
 */
export async function writeManifests(plan: Plan, folder: string): Promise<WrittenManifests> {
  const files = manifestFiles(plan);
  try {
    const paths = files.map(({ name }) => join(folder, name));
    for (const path of paths) if ((await standingAt(path)) === 'foreign') throw notOurs(path);
    const stale = await staleIn(folder, files);
    for (const { name, text } of files) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return { written: paths, stale };
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    throw new ProblemError(
      {
        code: 'out-not-written',
        what: `The manifests cannot be written to ${clean(folder)}.`,
        why: clean(thrown instanceof Error ? thrown.message : String(thrown)),
        next: ['Name a folder that you may write to.'],
      },
      { cause: thrown },
    );
  }
}

function notOurs(path: string): ProblemError {
  return new ProblemError({
    code: 'out-not-ours',
    what: `${clean(path)} is there already, and this program did not write it.`,
    why: `Files are replaced only where their first line begins with "${MARK.trim()}". Nothing was written.`,
    next: ['Name another folder: --out DIR', 'Or move the file away.'],
    exitCode: 2,
  });
}
