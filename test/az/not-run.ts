import { readFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** What the README says of the proof: `N of M options proven`. */
export function proofInReadme(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  return /\d+ of \d+ options proven/.exec(readme)?.[0] ?? 'no count in README.md';
}

/** Says in one line, after the tests that need no az, what was not run with them. */
export default class NotRun implements Reporter {
  onTestRunEnd(): void {
    process.stdout.write(`skipped: printed scripts with the real az and kubectl, which npm run test:az runs (${proofInReadme()})\n`);
  }
}
