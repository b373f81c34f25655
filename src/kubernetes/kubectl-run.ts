import { execa } from 'execa';
import { clean } from '../model/foreign.ts';
import { at, type Json, path, text } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { kubectlFailed, notJsonOutput, outputTooLarge } from './kube-problems.ts';

/** How a run of kubectl ended. `missing`: there is no such program. */
export interface KubectlRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
  readonly timedOut: boolean;
  /** It printed more than is held in memory. */
  readonly tooLarge?: boolean;
}

export type RunKubectl = (args: readonly string[], stdin?: string, signal?: AbortSignal) => Promise<KubectlRun>;

/** The first kubectl whose server-side apply is stable (Kubernetes 1.22 release notes). */
const oldest = { major: 1, minor: 22 };

/** Milliseconds for one run: an Entra plugin that wants to ask a person finds nobody here. */
const patienceMs = 30_000;

/** The most that one run may print: a page of 500 objects is a tenth of it. */
const mostOutput = 64 * 1024 * 1024;

/** Runs the kubectl on the PATH. Never throws. */
export async function runProgram(args: readonly string[], stdin?: string, signal?: AbortSignal): Promise<KubectlRun> {
  const ended = await execa('kubectl', args, {
    reject: false,
    timeout: patienceMs,
    maxBuffer: mostOutput,
    ...(signal ? { cancelSignal: signal } : {}),
    ...(stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin }),
  });
  return {
    exitCode: ended.exitCode ?? 1,
    stdout: ended.stdout ?? '',
    stderr: ended.stderr ?? '',
    missing: ended.code === 'ENOENT',
    timedOut: ended.timedOut,
    tooLarge: ended.isMaxBuffer,
  };
}

function missing(): ProblemError {
  return new ProblemError({
    code: 'kubectl-missing',
    what: 'kubectl is not installed, or not on the PATH.',
    why: 'What is inside the cluster is read with it.',
    next: ['Install it: az aks install-cli'],
  });
}

/** The command without its flags, for people. */
function shownCommand(args: readonly string[]): string {
  return `kubectl ${args
    .filter((arg) => !arg.startsWith('-') && !arg.startsWith('/'))
    .slice(0, 2)
    .join(' ')}`;
}

/** What a run printed. Throws the ProblemError of one that failed. */
export async function outputOf(
  run: RunKubectl,
  args: readonly string[],
  options: { readonly stdin?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<KubectlRun> {
  const shown = shownCommand(args);
  const ended = await run(args, options.stdin, options.signal);
  options.signal?.throwIfAborted();
  if (ended.missing) throw missing();
  if (ended.tooLarge) throw outputTooLarge(shown);
  if (ended.timedOut) throw kubectlFailed(`i/o timeout: no answer within ${patienceMs / 1000} s. ${ended.stderr}`, shown);
  if (ended.exitCode !== 0) throw kubectlFailed(ended.stderr || ended.stdout, shown);
  return ended;
}

/** What a run printed, as JSON. */
export function jsonOf(ended: Pick<KubectlRun, 'stdout'>, args: readonly string[]): Json {
  try {
    return JSON.parse(ended.stdout) as Json;
  } catch {
    throw notJsonOutput(shownCommand(args), ended.stdout);
  }
}

/** What the API server said beside its answer: kubectl prints each warning on a line of its own. */
export function warningsIn(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    const said = /^\s*(?:\u001b\[[0-9;]*m)*Warning:(?:\u001b\[[0-9;]*m)*\s*(.*)$/.exec(line)?.[1];
    return said === undefined ? [] : [clean(said).trim()];
  });
}

/** Refuses a kubectl that is older than its server-side apply. */
export async function requireVersion(run: RunKubectl): Promise<void> {
  const args = ['version', '--client', '-o', 'json'];
  const version = jsonOf(await outputOf(run, args), args);
  const found = text(at(version, path('clientVersion.gitVersion'))) ?? '';
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(found) ?? [];
  if (Number(major) > oldest.major || (Number(major) === oldest.major && Number(minor) >= oldest.minor)) return;
  throw new ProblemError({
    code: 'kubectl-old',
    what: `kubectl ${clean(found) || 'of unknown version'} is too old.`,
    why: `Version ${oldest.major}.${oldest.minor} or later is needed.`,
    next: ['Install a newer one: az aks install-cli'],
  });
}
