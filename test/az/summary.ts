import type { Reporter, TestModule } from 'vitest/node';

/** How one option fared in one world. */
export interface Proof {
  readonly place: string;
  /** `step=option`. */
  readonly option: string;
  readonly verdict: 'proven' | 'failed' | 'refused' | 'nothing to do' | 'by hand' | 'extension';
  /** Why it is refused, or what is declared about it. */
  readonly note?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    proofs?: readonly Proof[];
    skippedAz?: string;
    azVersion?: string;
  }
}

const line = ({ place, note }: Proof): string => `  ${place}${note === undefined ? '' : `: ${note}`}\n`;

function summary(proofs: readonly Proof[], az: string): string {
  const of = (verdict: Proof['verdict']) => proofs.filter((proof) => proof.verdict === verdict);
  const runnable = of('proven').length + of('failed').length;
  const list = (title: string, verdict: Proof['verdict']) => (of(verdict).length === 0 ? '' : `\n${title}\n${of(verdict).map(line).join('')}`);
  const names = (some: readonly Proof[]) => new Set(some.map(({ option }) => option));
  const proven = names(of('proven'));
  const never = [...names(proofs)].filter((option) => !proven.has(option));
  const reasons = (option: string) => [...new Set(proofs.filter((proof) => proof.option === option).map(({ verdict }) => verdict))].join(', ');
  return [
    list('Refused by the planner, so that there is nothing to compare:', 'refused'),
    list('Nothing to change in that world:', 'nothing to do'),
    list('By hand, no command:', 'by hand'),
    list('Preview commands whose az extension is not here:', 'extension'),
    never.length === 0 ? '' : `\nIn no world to be proven:\n${never.map((option) => `  ${option}: ${reasons(option)}\n`).join('')}`,
    list('NOT PROVEN:', 'failed'),
    `\n${proven.size} of ${names(proofs).size} different options run somewhere`,
    `\n${of('proven').length} of ${runnable} options proven with az ${az}: printed equals applied, and undone equals untouched`,
    ` (${of('refused').length} refused, ${of('nothing to do').length} with nothing to do, ${of('by hand').length} by hand, ${of('extension').length} for lack of an az extension)\n`,
  ].join('');
}

/** Says, after everything else, how many options are proven and which are not, with the reasons. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const metas = tests.map((test) => ({ meta: test.meta(), passed: test.ok() }));
    const skipped = metas.find(({ meta }) => meta.skippedAz !== undefined)?.meta.skippedAz;
    if (skipped !== undefined) {
      process.stdout.write(`\nskipped: ${skipped}\n`);
      return;
    }
    const proofs = metas.flatMap(({ meta, passed }) => (meta.proofs ?? []).map((proof) => (passed ? proof : { ...proof, verdict: 'failed' as const })));
    const az = metas.find(({ meta }) => meta.azVersion !== undefined)?.meta.azVersion ?? 'of unknown version';
    process.stdout.write(summary(proofs, az));
  }
}
