import { readFile } from 'node:fs/promises';
import { CHECKLIST_SCHEMA, type Checklist } from '../model/checklist.ts';
import { clean, cleanValue } from '../model/foreign.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { backupPath, errorCode } from './files.ts';
import { fingerprintsAgree } from './fingerprint.ts';
import { faultOf, isChecklist } from './shape.ts';

/** The cluster a checklist is about, as the file keeps it. */
export type ChecklistCluster = Checklist['cluster'];

function damaged(path: string, why: string, backupIsGood: boolean): Problem {
  const back = clean(backupPath(path));
  return {
    code: 'checklist-damaged',
    what: `The checklist ${clean(path)} is damaged. It was left as it is.`,
    why,
    next: [
      backupIsGood ? `The version before it is whole: copy ${back} over it and resume.` : `There is no whole version in ${back} either.`,
      'Or move it away and start anew: everything about the cluster is read again, only decisions and reasons are lost.',
    ],
    exitCode: 1,
  };
}

function newer(path: string, found: number, tool: string): Problem {
  return {
    code: 'checklist-newer',
    what: `The checklist ${clean(path)} was written by a newer version of this program.`,
    why: `Its schema version is ${found} (by ${tool}); this program knows ${CHECKLIST_SCHEMA}. Writing it would lose what it does not know.`,
    next: ['Update aks-harden and resume.', 'Or begin another one with --checklist FILE.'],
    exitCode: 1,
  };
}

/** The parsed file, or what is wrong with it. */
function parse(text: string): { readonly value: JsonObject } | { readonly fault: string } {
  if (text.trim() === '') return { fault: 'It is empty.' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `It is not whole JSON: ${clean(error instanceof Error ? error.message : String(error))}.` };
  }
  if (!isObject(value) || typeof value['schemaVersion'] !== 'number') return { fault: 'It is JSON, but not a checklist: it has no schemaVersion.' };
  return { value };
}

async function isWhole(path: string): Promise<boolean> {
  try {
    const parsed = parse(await readFile(path, 'utf8'));
    return 'value' in parsed && parsed.value['schemaVersion'] === CHECKLIST_SCHEMA && isChecklist(parsed.value);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

/**
 * Reads and checks a checklist; it is never written here. Throws a ProblemError: `checklist-not-found`, `checklist-unreadable`,
 * `checklist-damaged` (truncated, not JSON, another shape; names the backup), `checklist-newer`.
 */
export async function readChecklist(path: string): Promise<Checklist> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ProblemError(unreadable(path, errorCode(error)), { cause: error });
  }
  const parsed = parse(text);
  if ('fault' in parsed) throw new ProblemError(damaged(path, parsed.fault, await isWhole(backupPath(path))));
  const version = parsed.value['schemaVersion'];
  if (typeof version === 'number' && version > CHECKLIST_SCHEMA) throw new ProblemError(newer(path, version, cleanValue(parsed.value['tool'])));
  const fault = version === CHECKLIST_SCHEMA ? faultOf(parsed.value) : `schemaVersion: ${cleanValue(version)} was never in use`;
  if (fault !== undefined || !isChecklist(parsed.value)) {
    throw new ProblemError(damaged(path, `It is not shaped like a checklist (${clean(fault ?? 'unknown')}).`, await isWhole(backupPath(path))));
  }
  return parsed.value;
}

function unreadable(path: string, code: string | undefined): Problem {
  if (code === 'ENOENT') {
    return {
      code: 'checklist-not-found',
      what: `There is no checklist at ${clean(path)}.`,
      why: 'No file of that name exists.',
      next: ['Give the file: aks-harden resume FILE.', 'Without FILE, checklists are looked for in ./aks-hardening.'],
      exitCode: 2,
    };
  }
  return {
    code: 'checklist-unreadable',
    what: `The checklist ${clean(path)} cannot be read.`,
    why: `The file system answered ${code ?? 'with an error'}.`,
    next: ['Check that it is a file and that you may read it.'],
    exitCode: 1,
  };
}

/** Throws `checklist-foreign` unless the file is about this very cluster, and practice stays with practice. */
export function assertSameCluster(path: string, checklist: Checklist, cluster: ChecklistCluster, practice: boolean): void {
  const why = strangeness(checklist, cluster, practice);
  if (why === undefined) return;
  throw new ProblemError({
    code: 'checklist-foreign',
    what: `The checklist ${clean(path)} is about another cluster. It was left as it is.`,
    why,
    next: ['Begin a checklist of its own with --checklist FILE.', 'Or move the old one away, if that cluster is gone.'],
    exitCode: 1,
  });
}

function strangeness(checklist: Checklist, cluster: ChecklistCluster, practice: boolean): string | undefined {
  const other = checklist.cluster;
  if ((checklist.practice !== undefined) !== practice) {
    return checklist.practice === undefined
      ? 'It is about a real cluster, and this is a practice cluster.'
      : 'It is about a practice cluster, and this is a real one.';
  }
  if (other.id.toLowerCase() !== cluster.id.toLowerCase()) return `It is about ${clean(other.id)}; this is ${clean(cluster.id)}.`;
  if (!fingerprintsAgree(other.fingerprint, cluster.fingerprint))
    return 'The cluster has the same name and id, but it was deleted and made again since: its fingerprint differs.';
  return undefined;
}
