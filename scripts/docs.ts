/** Writes the parts of README.md that are made from the program: the table of steps, from the catalogue. */
import { readFile, writeFile } from 'node:fs/promises';
import { steps } from '../steps/index.ts';

const readme = new URL('../README.md', import.meta.url);

/** The catalogue as a table. */
export function stepsTable(): string {
  const rows = steps.map((step) => `| \`${step.id}\` | ${step.title} | ${step.controls.map(({ id }) => id).join(', ')} |`);
  return ['| step | decision | controls |', '|---|---|---|', ...rows].join('\n');
}

/** The README with the table in its place. */
export function withTable(text: string): string {
  return text.replace(/<!-- steps -->[\s\S]*<!-- \/steps -->/, () => `<!-- steps -->\n${stepsTable()}\n<!-- /steps -->`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await writeFile(readme, withTable(await readFile(readme, 'utf8')));
