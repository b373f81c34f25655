#!/usr/bin/env node
/**
 * The process edge: argv in, signals, exit code out. It imports nothing heavy; each command is loaded when it is the one that runs.
 */
import { once } from 'node:events';
import { helpText } from './commands/help.ts';
import type { Io } from './commands/io.ts';
import { type Invocation, parse } from './commands/parse.ts';
import { problemOf } from './model/problem.ts';
import { problemText } from './report/problem-text.ts';

declare const __VERSION__: string;
const version = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source';

async function run(invocation: Invocation, io: Io): Promise<number> {
  switch (invocation.command) {
    case 'check':
      return (await import('./commands/check.ts')).check(invocation, io);
    case 'plan':
      return (await import('./commands/plan.ts')).plan(invocation, io);
    case 'steps':
      return (await import('./commands/steps.ts')).steps(invocation, io);
    case 'practice':
      return (await import('./commands/practice.ts')).practice(invocation, io);
    case 'resume':
      return (await import('./commands/resume.ts')).resume(invocation, io);
    case 'pod-security':
      return (await import('./commands/pod-security.ts')).podSecurity(invocation, io);
    case 'wizard':
      return (await import('./commands/wizard.ts')).wizard(invocation, io);
    default:
      return invocation.command satisfies never;
  }
}

async function main(): Promise<number> {
  const { stdout, stderr, stdin, env } = process;
  // A reader that went away (`| head`) is not an error of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const aborter = new AbortController();
  let interrupted = 0;
  const interrupt = (code: number) => {
    if (interrupted) process.exit(code);
    interrupted = code;
    aborter.abort();
  };
  process.on('SIGINT', () => interrupt(130));
  process.on('SIGTERM', () => interrupt(143));
  process.on('SIGHUP', () => interrupt(129));
  try {
    const invocation = parse(process.argv.slice(2));
    if (invocation.flag('version')) {
      stdout.write(`${version}\n`);
      return 0;
    }
    if (invocation.flag('help')) {
      stdout.write(helpText(invocation.command, version));
      return 0;
    }
    // ink and chalk know --no-color and FORCE_COLOR but not NO_COLOR; this must stand before they are loaded.
    if (invocation.flag('no-color') || env['NO_COLOR']) env['FORCE_COLOR'] = '0';
    const code = await run(invocation, {
      out: (text) => void stdout.write(text),
      drained: async () => {
        if (stdout.writableNeedDrain) await once(stdout, 'drain', { signal: aborter.signal });
      },
      err: (text) => void stderr.write(text),
      stdin,
      interactive: Boolean(stdin.isTTY && stdout.isTTY) && env['TERM'] !== 'dumb' && !env['CI'],
      env,
      cwd: process.cwd(),
      version,
      signal: aborter.signal,
      now: () => new Date(),
    });
    return interrupted || code;
  } catch (thrown) {
    if (interrupted) return interrupted;
    const problem = problemOf(thrown);
    stderr.write(problemText(problem));
    return problem.exitCode ?? 1;
  }
}

process.exitCode = await main();
