import type { Reporter, TestModule } from 'vitest/node';
import { findAz } from './az-program.ts';
import { proofInReadme } from './not-run.ts';
import { proofLine } from './proof-line.ts';

/** How one option fared in one world. */
export interface Proof {
  readonly place: string;
  /** `step=option`. */
  readonly option: string;
  readonly verdict: 'proven' | 'failed' | 'refused' | 'nothing to do' | 'by hand' | 'not here';
  /** Why it is refused, or what is declared about it. */
  readonly note?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    proofs?: readonly Proof[];
    skippedAz?: string;
  }
}

const line = ({ place, note }: Proof): string => `  ${place}${note === undefined ? '' : `: ${note}`}\n`;

/** What the run found, in words. `partly` names what a filter left out. */
export function summary(proofs: readonly Proof[], about: { readonly version: string; readonly partly: number }): string {
  const of = (verdict: Proof['verdict']) => proofs.filter((proof) => proof.verdict === verdict);
  const list = (title: string, verdict: Proof['verdict']) => (of(verdict).length === 0 ? '' : `\n${title}\n${of(verdict).map(line).join('')}`);
  const names = (some: readonly Proof[]) => new Set(some.map(({ option }) => option));
  const counted = proofLine({ proven: of('proven').length, failed: of('failed').length, notHere: of('not here').length });
  const proven = names(of('proven'));
  const never = [...names(proofs)].filter((option) => !proven.has(option));
  const reasons = (option: string) => [...new Set(proofs.filter((proof) => proof.option === option).map(({ verdict }) => verdict))].join(', ');
  return [
    list('Refused by the planner, so that there is nothing to compare:', 'refused'),
    list('Nothing to change in that world:', 'nothing to do'),
    list('By hand, no command:', 'by hand'),
    never.length === 0 ? '' : `\nIn no world to be proven:\n${never.map((option) => `  ${option}: ${reasons(option)}\n`).join('')}`,
    list('NOT PROVEN, for lack of a tool:', 'not here'),
    list('NOT PROVEN:', 'failed'),
    about.partly > 0 ? `\nA filter left ${about.partly} tests out.` : '',
    `\nWith az ${about.version}, printed equals applied, and undone equals untouched:\n`,
    `(${[...proven].filter((option) => option.includes('=')).length} different options, each in every practice world that accepts it; ${of('refused').length} times refused by the planner, `,
    `${of('nothing to do').length} times nothing to do, ${of('by hand').length} times by hand)\n`,
    about.partly === 0 && counted !== proofInReadme() ? `README.md says ${proofInReadme()}: npm run docs counts again\n` : '',
    `${counted}\n`,
  ].join('');
}

/** Says, after everything else, how many options are proven and which are not, with the reasons. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.map((test) => test.meta().skippedAz).find((reason) => reason !== undefined);
    if (skipped !== undefined) {
      process.stdout.write(`\nskipped: ${skipped}\n`);
      return;
    }
    const proofs = tests.flatMap((test) => (test.meta().proofs ?? []).map((proof) => (test.ok() ? proof : { ...proof, verdict: 'failed' as const })));
    const version = findAz()?.version ?? 'of unknown version';
    if (proofs.length > 0) process.stdout.write(summary(proofs, { version, partly: tests.filter((test) => test.result().state === 'skipped').length }));
  }
}
