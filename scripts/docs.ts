/** Writes the parts of README.md that are made from the program: the table of steps, from the catalogue, and how many options the az proof runs. */
import { readFile, writeFile } from 'node:fs/promises';
import { steps } from '../steps/index.ts';
import { allCases, toolsInCi } from '../test/az/cases.ts';
import { grounds } from '../test/az/grounds.ts';
import { proofLine } from '../test/az/proof-line.ts';

const readme = new URL('../README.md', import.meta.url);

/** The catalogue as a table. */
export function stepsTable(): string {
  const rows = steps.map((step) => `| \`${step.id}\` | ${step.title} | ${step.controls.map(({ id }) => id).join(', ')} |`);
  return ['| step | decision | controls |', '|---|---|---|', ...rows].join('\n');
}

/** What `npm run test:az` has to prove, on a day that stands still: some options depend on the date. */
export async function proofText(): Promise<string> {
  const cases = await allCases(grounds, toolsInCi, new Date('2026-11-24T00:00:00Z'));
  const proven = cases.flatMap((one) => (one.kind === 'run' ? [one.option] : []));
  const notHere = cases.flatMap((one) => (one.kind === 'told' && one.proof.verdict === 'not here' ? [one.proof] : []));
  const why = [...Map.groupBy(notHere, ({ note }) => note ?? '').entries()].map(([note, some]) => `${some.length} ${note.replace(/^its/, 'whose')}`);
  const different = (options: readonly string[]) => new Set(options.filter((option) => option.includes('='))).size;
  return [
    `**${proofLine({ proven: proven.length, failed: 0, notHere: notHere.length })}** (${different(proven)} different ones, each in every practice world that accepts it, and`,
    `whole plans): printed equals applied, and undone equals untouched. The rest cannot be`,
    `proven in CI: ${why.join('; ')}.`,
  ].join('\n');
}

/** The README with a part between its marks replaced. */
const between = (text: string, mark: string, part: string): string =>
  text.replace(new RegExp(`<!-- ${mark} -->[\\s\\S]*<!-- /${mark} -->`), () => `<!-- ${mark} -->\n${part}\n<!-- /${mark} -->`);

/** The README with both in their places. */
export async function withParts(text: string): Promise<string> {
  return between(between(text, 'steps', stepsTable()), 'proof', await proofText());
}

if (process.argv[1] === new URL(import.meta.url).pathname) await writeFile(readme, await withParts(await readFile(readme, 'utf8')));
