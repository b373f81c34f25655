import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clean } from '../model/foreign.ts';
import type { Problem } from '../model/problem.ts';
import { emptyFolder, unreadable } from './manifest-problems.ts';

/** A file to read, or why there is none. */
export interface ManifestFile {
  /** As the user would name it; `-` is standard input. */
  readonly path: string;
  /** The same, fit for a screen. */
  readonly shown: string;
  /** Named itself, not found in a folder: what is no manifest in it is then a problem. */
  readonly named: boolean;
  readonly problem?: Problem;
  readonly stdin?: AsyncIterable<Uint8Array>;
}

const ending = /\.(?:ya?ml|json)$/i;

/** Folders that hold nothing of a person's own. */
const skipped = new Set(['node_modules']);

/** What the system says about a path, without the path, which the caller shows. */
const said = (thrown: unknown): string => {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'There is no such file or folder.';
  if (code === 'EACCES' || code === 'EPERM') return 'The system does not allow it.';
  return thrown instanceof Error ? thrown.message : String(thrown);
};

const fileOf = (path: string, named: boolean, problem?: Problem): ManifestFile => ({ path, shown: clean(path), named, ...(problem ? { problem } : {}) });

/** Manifests below a folder, by name. Hidden folders are left out, and folders behind links are not followed: they may lead in a circle. */
async function* below(folder: string): AsyncGenerator<ManifestFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => unreadable(folder, said(thrown)));
  if (!Array.isArray(entries)) return yield fileOf(folder, false, entries);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !skipped.has(entry.name)) yield* below(path);
    } else if (ending.test(entry.name)) {
      const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (found?.isFile()) yield fileOf(path, false);
    }
  }
}

/** The files that a path leads to: itself, or the manifests of a folder and those below it. */
export async function* filesIn(path: string, stdin?: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestFile> {
  if (path === '-') {
    yield stdin ? { ...fileOf('-', true), stdin } : fileOf('-', true, unreadable('-', 'There is nothing on standard input.'));
    return;
  }
  const found = await stat(path).catch((thrown: unknown) => said(thrown));
  if (typeof found === 'string') yield fileOf(path, true, unreadable(path, found));
  else if (!found.isDirectory()) yield fileOf(path, true);
  else {
    let any = false;
    for await (const file of below(path)) {
      any = true;
      yield file;
    }
    if (!any) yield fileOf(path, true, emptyFolder(path));
  }
}

/** A file's text as it comes, in whatever encoding it stands: PowerShell's `>` writes UTF-16. */
export async function* textOf(file: ManifestFile): AsyncGenerator<string> {
  const bytes: AsyncIterable<Uint8Array> = file.stdin ?? createReadStream(file.path, { highWaterMark: 256 * 1024 });
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of bytes) {
    if (!decoder) {
      const mark = Buffer.from(chunk.subarray(0, 2)).toString('hex');
      decoder = new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8');
    }
    yield decoder.decode(chunk, { stream: true });
  }
  const rest = decoder?.decode();
  if (rest) yield rest;
}

/** The first character of a text that is no blank, with the next one where it is none either, and the text with them again. */
export async function firstCharacters(chunks: AsyncGenerator<string>): Promise<{ readonly first: string; readonly chunks: AsyncIterable<string> }> {
  const held: string[] = [];
  let first = '';
  while (first === '') {
    const next = await chunks.next();
    if (next.done) break;
    held.push(next.value);
    first = /\S\S?/.exec(next.value)?.[0] ?? '';
  }
  return {
    first,
    chunks: (async function* () {
      yield* held;
      yield* chunks;
    })(),
  };
}
