import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandRunner, createCommandRunner } from '../../src/apply/az-run.ts';

/** A program of a given name, first in PATH, that notes its arguments and then does what `body` (sh) says. */
export interface FakeProgram {
  readonly runner: CommandRunner;
  /** The argument vectors it was called with, in order. */
  readonly calls: () => Promise<readonly (readonly string[])[]>;
  readonly folder: string;
}

/** Puts fake programs into a folder of their own. `bodies` is by name; `$LOG` is where the calls are noted. */
export async function fakePrograms(bodies: { readonly [name: string]: string }): Promise<FakeProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-az-'));
  const log = join(folder, 'calls');
  await writeFile(log, '');
  for (const [name, body] of Object.entries(bodies)) {
    const path = join(folder, name);
    // One argument a line, NUL between calls: arguments may hold anything else.
    await writeFile(path, `#!/bin/sh\nLOG='${log}'\n{ printf '%s\\n' ${name} "$@"; printf '\\0'; } >> "$LOG"\n${body}\n`);
    await chmod(path, 0o755);
  }
  return {
    folder,
    runner: createCommandRunner({ env: { PATH: `${folder}:/usr/bin:/bin` } }),
    calls: async () => (await readFile(log, 'utf8')).split('\0').flatMap((call) => (call === '' ? [] : [call.trimEnd().split('\n')])),
  };
}
