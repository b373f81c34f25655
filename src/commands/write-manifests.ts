import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clean } from '../model/foreign.ts';
import type { Plan } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { manifestFiles } from '../render/manifest-files.ts';

/**
 * Writes the manifests of a plan below a folder, which is made when it is not there; files of the same name are replaced. Returns their paths.
 * Throws a ProblemError when the folder cannot be written.
 */
export async function writeManifests(plan: Plan, folder: string): Promise<readonly string[]> {
  const files = manifestFiles(plan);
  try {
    for (const { name, text } of files) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  } catch (thrown) {
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
  return files.map(({ name }) => join(folder, name));
}
