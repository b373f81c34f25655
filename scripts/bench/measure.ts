import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** The built program, and a folder of its own to run in. */
export const program = new URL('../../dist/cli.js', import.meta.url).pathname;
export const folder = mkdtempSync(join(tmpdir(), 'bench-'));
export const env = { PATH: process.env['PATH'] ?? '', HOME: folder };

/** Milliseconds that some work takes. */
export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Median of `times` runs, in milliseconds. */
export function median(times: number, run: () => number): number {
  return middle(Array.from({ length: times }, run));
}

/** The same for work that ends later. One run at a time. */
export async function medianOf(times: number, run: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i += 1) all.push(await run());
  return middle(all);
}

/** The one in the middle. */
export function middle(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

/** A run of Node with these arguments, in milliseconds. Throws when it fails. */
export const node = (...args: string[]): number => timed(() => execFileSync(process.execPath, args, { env, cwd: folder, stdio: 'ignore' }));

/** Kilobytes that a process has held at most, as Linux counts them; 0 where it does not tell. */
export function peakOf(pid: number | 'self'): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** What a run of Node came to. `megabytes` is the most memory it held. */
export interface Watched {
  readonly seconds: number;
  readonly megabytes: number;
  /** The end of what it printed. */
  readonly said: string;
}

/** Runs Node with these arguments and watches it. Rejects when it fails or prints nothing. */
export function watched(...args: readonly string[]): Promise<Watched> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let kilobytes = 0;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-1000);
  });
  const watch = setInterval(() => {
    if (child.pid !== undefined) kilobytes = Math.max(kilobytes, peakOf(child.pid));
  }, 5);
  return new Promise((done, fail) => {
    child.on('close', (code) => {
      clearInterval(watch);
      if (code !== 0 || said === '') fail(new Error(`${args.slice(1, 3).join(' ')} ended with ${code}: ${said}`));
      else done({ seconds: (performance.now() - start) / 1000, megabytes: kilobytes / 1024, said });
    });
  });
}

/** The same `times` times, one after the other: the time in the middle, the most memory of any, and what each said. */
export async function watchedOften(times: number, ...args: readonly string[]): Promise<Omit<Watched, 'said'> & { readonly said: readonly string[] }> {
  const runs: Watched[] = [];
  for (let i = 0; i < times; i += 1) runs.push(await watched(...args));
  const seconds = middle(runs.map((run) => run.seconds));
  return { seconds, megabytes: Math.max(...runs.map((run) => run.megabytes)), said: runs.map((run) => run.said) };
}

/** One line of the result. */
export function row(what: string, value: string, budget: string, good: boolean): void {
  process.stdout.write(`${good ? 'ok  ' : 'OVER'} ${what.padEnd(58)} ${value.padStart(16)}   budget ${budget}\n`);
}

/** A line that belongs to the row above it. */
export function beside(words: string): void {
  process.stdout.write(`     ${words}\n`);
}
