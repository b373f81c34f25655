import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** What a file imports at once: not types, not what `import()` loads when it is needed. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from\s+'([^']+)'/gm)].map(([, name = '']) => name);
}

/** Everything that is loaded with a file: own files by their path, packages by their name. */
function loadedWith(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const name of importsOf(entry)) {
    if (name.startsWith('.')) loadedWith(resolve(dirname(entry), name), seen);
    else seen.add(name);
  }
  return seen;
}

test('the first frame needs ink, the session and the model, and nothing that is heavy', () => {
  const loaded = [...loadedWith(resolve(root, 'src/ui/mount.tsx')), ...loadedWith(resolve(root, 'src/session/session.ts'))];
  const folders = new Set(loaded.filter((name) => name.startsWith('/')).map((name) => relative(root, name).split('/').slice(0, 2).join('/')));
  expect([...folders].sort()).toEqual(['src/checklist', 'src/model', 'src/session', 'src/ui']);
  const packages = new Set(loaded.filter((name) => !name.startsWith('/')));
  expect([...packages].sort()).toEqual(['ink', 'ink-select-input', 'node:path', 'react']);
});
