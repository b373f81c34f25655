import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { sha256 } from './hash.ts';

/** The folder that checklists are kept in, below the folder that the program was started in. */
export const CHECKLIST_FOLDER = 'aks-hardening';

/** The code of a file system error (`ENOENT`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Where a cluster's checklist is kept when nobody says otherwise: `aks-hardening/NAME-HASH.json` below `folder`.
 * The hash is of the cluster's id, in lower case: two clusters of one name never share a file.
 */
export function checklistPath(folder: string, cluster: { readonly id: string; readonly name: string }): string {
  const name = cluster.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 63) || 'cluster';
  return join(folder, CHECKLIST_FOLDER, `${name}-${sha256(cluster.id.toLowerCase()).slice(0, 8)}.json`);
}

/** Where a practice cluster keeps its world: beside its checklist. */
export function worldPath(checklist: string): string {
  return checklist.replace(/\.json$/, '') + WORLD_ENDING;
}

/** How the names of files end that lie beside checklists and are none. */
export const WORLD_ENDING = '.world.json';

/** The version before the last write. */
export function backupPath(checklist: string): string {
  return `${checklist}.bak`;
}

/** Makes the file's folder for its owner only; one that exists keeps its mode. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
}

/** Writes a whole file or nothing: temporary file, fsync, rename, and the folder's own fsync so that the rename outlives a power cut. Mode 0600. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, text, { mode: 0o600, fsync: true });
  // Windows cannot open a folder to sync it; NTFS keeps a journal of renames.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
