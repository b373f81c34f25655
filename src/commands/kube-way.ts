import type { Facts } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import type { Problem } from '../model/problem.ts';
import { problemText } from '../report/problem-text.ts';
import { kubeWays } from './arguments.ts';
import type { Io } from './io.ts';
import { type Invocation, usageProblem } from './parse.ts';
import type { Connection } from './source.ts';

/** What --kube asks for. */
export function wayOf(invocation: Invocation): (typeof kubeWays)[number] {
  return kubeWays.find((way) => way === invocation.text('kube')) ?? 'auto';
}

/** The connection as the command line lets it look inside: not at all, where none is wanted or files take its place. */
export function asWanted({ kubernetes, ...connection }: Connection, invocation: Invocation): Connection {
  if (invocation.texts('kube-from').length > 0) return { ...connection, withoutKubernetes: 'files take its place (--kube-from)' };
  if (wayOf(invocation) === 'none') return { ...connection, withoutKubernetes: '--kube none was given' };
  return { ...connection, ...(kubernetes ? { kubernetes } : {}) };
}

/** Refuses a way that the practice cluster does not have: it runs in this process. */
export function requirePracticeWay(invocation: Invocation): void {
  const way = wayOf(invocation);
  if (way === 'auto' || way === 'none') return;
  throw usageProblem(`--kube ${way} does not go with the practice cluster.`, 'It runs in this process: nothing leads to it but this program.', [
    'Leave out --kube, or serve the practice cluster for kubectl: aks-harden practice.',
  ]);
}

/** What became of reading files: the facts, and how many places could not be read. */
export interface FilesRead {
  readonly facts: Facts;
  readonly broken: number;
}

/**
 * The facts with what files and folders tell of the inside of the cluster in place of what was read there. A file that cannot be read is told on
 * standard error, and the rest goes on.
 */
export async function withKubernetesFiles(facts: Facts, paths: readonly string[], io: Io): Promise<FilesRead> {
  const [{ objectsInFiles }, { factsFromObjects }] = await Promise.all([import('../kubernetes/files.ts'), import('../snapshot/kubernetes/from-objects.ts')]);
  let broken = 0;
  const tell = (problem: Problem): void => {
    broken += 1;
    io.err(problemText(problem));
  };
  const label = paths.map((path) => (path === '-' ? 'standard input' : clean(path))).join(', ');
  const known = await factsFromObjects(objectsInFiles(paths, tell, io.stdin), label);
  return { facts: { ...facts, known: { ...facts.known, ...known }, kubernetes: { via: 'files', why: label } }, broken };
}

/** Says that manifests were left out because they could not be read, and gives the exit code of that: 1. */
export function tellBroken(broken: number, io: Pick<Io, 'err'>): 1 {
  io.err(`${broken} ${broken === 1 ? 'place' : 'places'} could not be read; what is told above is not all there is.\n`);
  return 1;
}
