import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa, type Options } from 'execa';
import { clean } from '../model/foreign.ts';
import type { Command } from '../model/plan.ts';

/** A line that a command wrote, cleaned. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** How a command ended. */
export interface CommandEnd {
  /** Undefined when it was never started, or was ended by a signal. */
  readonly exitCode: number | undefined;
  /** The last lines that it wrote to standard error, cleaned. */
  readonly errors: readonly string[];
  readonly cancelled: boolean;
  /** True when there is no such program. */
  readonly missing: boolean;
}

/** Environment variables, added to this process's own. */
export interface Environment {
  readonly [name: string]: string;
}

/** Runs printed commands. The argument vector is the printed one, word for word; no shell is between. */
export interface CommandRunner {
  readonly run: (command: Command, signal?: AbortSignal, env?: Environment) => AsyncGenerator<OutputLine, CommandEnd>;
}

const KEPT_LINES = 60;

/** Writes the files that a command reads, by their bare names, into a folder that only this user can open. */
async function withFiles(files: Command['files']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aks-harden-'));
  await chmod(folder, 0o700);
  for (const [name, text] of Object.entries(files ?? {})) {
    if (basename(name) !== name || name === '' || name.startsWith('.')) throw new Error(`not the bare name of a file: ${clean(name)}`);
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}

/** Lines of two streams, in the order in which they come. */
async function* merged(streams: readonly { readonly stream: OutputLine['stream']; readonly input: Readable }[]): AsyncGenerator<OutputLine, void> {
  const sources = streams.map(({ stream, input }) => ({
    stream,
    lines: createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator](),
  }));
  const next = async (source: (typeof sources)[number]) => ({ source, result: await source.lines.next() });
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done) waiting.delete(source);
    else {
      waiting.set(source, next(source));
      yield { stream: source.stream, line: clean(result.value) };
    }
  }
}

/**
 * A runner over real processes. `env` is added to this process's own. Where az is a shell script, it does not pass signals on to the Python that it
 * starts: so the whole process group is ended on cancel (elsewhere than on Windows).
 */
export function createCommandRunner(options: { readonly env?: Environment } = {}): CommandRunner {
  return {
    run: async function* (command, signal, env) {
      const [file = '', ...argv] = command.argv;
      const folder = await withFiles(command.files);
      try {
        return yield* runIn(folder, file, argv, command.stdin, { ...options.env, ...env }, signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function* runIn(
  folder: string,
  file: string,
  argv: readonly string[],
  stdin: string | undefined,
  env: Environment,
  signal: AbortSignal | undefined,
): AsyncGenerator<OutputLine, CommandEnd> {
  const ownGroup = process.platform !== 'win32';
  const settings = {
    cwd: folder,
    // Never a question that nobody can answer: an extension that is missing is an error, and standard input is empty.
    env: { AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no', AZURE_CORE_NO_COLOR: 'true', ...env },
    reject: false,
    buffer: false,
    detached: ownGroup,
    ...(stdin === undefined ? { stdin: 'ignore' } : { input: stdin }),
    stdout: 'pipe',
    stderr: 'pipe',
  } as const satisfies Options;
  const child = execa(file, argv, settings);
  const cancel = (): void => {
    if (child.pid === undefined) return;
    if (ownGroup) endGroup(child.pid);
    else child.kill();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  const errors: string[] = [];
  let ended = false;
  try {
    const streams = [
      { stream: 'stdout' as const, input: child.stdout },
      { stream: 'stderr' as const, input: child.stderr },
    ].flatMap(({ stream, input }) => (input === null ? [] : [{ stream, input }]));
    for await (const output of merged(streams)) {
      if (output.stream === 'stderr') errors.splice(0, Math.max(0, errors.push(output.line) - KEPT_LINES));
      yield output;
    }
    const end = await child;
    ended = true;
    return { exitCode: end.exitCode, errors, cancelled: signal?.aborted === true, missing: end.code === 'ENOENT' };
  } finally {
    signal?.removeEventListener('abort', cancel);
    // The consumer has stopped listening: a command that still runs would go on unseen.
    if (!ended) cancel();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself meanwhile.
  }
}
