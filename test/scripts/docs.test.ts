import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withParts } from '../../scripts/docs.ts';

it('the table of steps in the README is the catalogue, its count of proven options the matrix of the az proof (npm run docs writes both)', async () => {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const mark of ['steps', 'proof']) expect(text).toContain(`<!-- ${mark} -->`);
  expect(await withParts(text)).toBe(text);
});
