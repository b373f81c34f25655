import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
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

function middle(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

/** A run of Node with these arguments, in milliseconds. Throws when it fails. */
export const node = (...args: string[]): number => timed(() => execFileSync(process.execPath, args, { env, cwd: folder, stdio: 'ignore' }));

/** One line of the result. */
export function row(what: string, value: string, budget: string, good: boolean): void {
  process.stdout.write(`${good ? 'ok  ' : 'OVER'} ${what.padEnd(58)} ${value.padStart(16)}   budget ${budget}\n`);
}

/** A line that belongs to the row above it. */
export function beside(words: string): void {
  process.stdout.write(`     ${words}\n`);
}
