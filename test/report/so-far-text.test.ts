import { expect, test } from 'vitest';
import { soFarLines } from '../../src/report/so-far-text.ts';

test('a list of thousands is told now and then, each kind for itself', () => {
  const lines: string[] = [];
  const tell = soFarLines((text) => void lines.push(text));
  for (let objects = 500; objects <= 12_000; objects += 500) {
    tell({ kind: 'pods', objects });
    tell({ kind: 'services', objects: objects / 2 });
  }
  expect(lines).toEqual(['Reading: 5,000 pods so far.\n', 'Reading: 10,000 pods so far.\n', 'Reading: 5,000 services so far.\n']);
});
