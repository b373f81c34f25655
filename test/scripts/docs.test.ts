import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withTable } from '../../scripts/docs.ts';

it('the table of steps in the README is the catalogue (npm run docs writes it)', async () => {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(text).toContain('<!-- steps -->');
  expect(withTable(text)).toBe(text);
});
