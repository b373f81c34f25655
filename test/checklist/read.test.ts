import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupPath } from '../../src/checklist/files.ts';
import { readChecklist } from '../../src/checklist/read.ts';
import { queue, setOperation } from '../../src/checklist/records.ts';
import { isChecklist } from '../../src/checklist/shape.ts';
import { type OpenChecklist, openChecklist } from '../../src/checklist/store.ts';
import { problemOf } from '../../src/model/problem.ts';
import { cluster, newOptions, operation, stamp } from './sample.ts';

/** A checklist with something in it, closed. */
async function written(): Promise<{ options: OpenChecklist; text: string }> {
  const options = await newOptions();
  const store = await openChecklist(options);
  await store.update((list) => setOperation(queue(list, 'a.b', stamp), operation));
  await store.close();
  return { options, text: await readFile(options.path, 'utf8') };
}

const rewrite = (text: string, change: object): string => JSON.stringify({ ...JSON.parse(text), ...change });

const refusals: readonly { name: string; spoil: (text: string) => string; code: string; says: RegExp }[] = [
  { name: 'empty', spoil: () => '', code: 'checklist-damaged', says: /empty/ },
  { name: 'truncated', spoil: (text) => text.slice(0, text.length / 2), code: 'checklist-damaged', says: /not whole JSON/ },
  { name: 'not JSON', spoil: () => 'hello', code: 'checklist-damaged', says: /not whole JSON/ },
  { name: 'another JSON', spoil: () => '{"id":"/subscriptions/x"}', code: 'checklist-damaged', says: /no schemaVersion/ },
  { name: 'a list', spoil: () => '[]', code: 'checklist-damaged', says: /no schemaVersion/ },
  { name: 'a wrong status', spoil: (text) => text.replace('"queued"', '"perhaps"'), code: 'checklist-damaged', says: /steps\.a\.b\.status/ },
  { name: 'no cluster', spoil: (text) => rewrite(text, { cluster: undefined }), code: 'checklist-damaged', says: /cluster/ },
  {
    name: 'a change of no kind',
    spoil: (text) => text.replace('"arm.update"', '"arm.magic"'),
    code: 'checklist-damaged',
    says: /operations\[0\]\.change\.kind/,
  },
  { name: 'a newer schema', spoil: (text) => rewrite(text, { schemaVersion: 2, tool: 'aks-harden 9' }), code: 'checklist-newer', says: /aks-harden 9/ },
  { name: 'schema zero', spoil: (text) => rewrite(text, { schemaVersion: 0 }), code: 'checklist-damaged', says: /schemaVersion/ },
  { name: 'another cluster', spoil: (text) => rewrite(text, { cluster: { ...cluster, id: `${cluster.id}2` } }), code: 'checklist-foreign', says: /legacy2/ },
  {
    name: 'the cluster made again',
    spoil: (text) => rewrite(text, { cluster: { ...cluster, fingerprint: 'uid:other' } }),
    code: 'checklist-foreign',
    says: /made again/,
  },
  { name: 'practice', spoil: (text) => rewrite(text, { practice: { scenario: 'legacy', world: 'x' } }), code: 'checklist-foreign', says: /practice/ },
];

describe('a checklist that is refused', () => {
  it.each(refusals)('$name: $code, and the file is left alone', async ({ spoil, code, says }) => {
    const { options, text } = await written();
    const spoiled = spoil(text);
    expect(spoiled).not.toBe(text);
    await writeFile(options.path, spoiled);
    const backup = await readFile(backupPath(options.path), 'utf8');
    const problem = await openChecklist(options).then(() => undefined, problemOf);
    expect(problem).toMatchObject({ code, exitCode: 1 });
    expect(problem?.why).toMatch(says);
    expect(problem?.next.length).toBeGreaterThan(0);
    expect(await readFile(options.path, 'utf8')).toBe(spoiled);
    expect(await readFile(backupPath(options.path), 'utf8')).toBe(backup);
    // The lock does not stay behind.
    await expect(readFile(`${options.path}.lock`)).rejects.toThrow();
  });

  it('names the backup when it is whole, and does not when it is not', async () => {
    const { options } = await written();
    await writeFile(options.path, '{');
    await expect(readChecklist(options.path)).rejects.toMatchObject({
      problem: { next: [expect.stringContaining(`copy ${backupPath(options.path)}`), expect.anything()] },
    });
    await writeFile(backupPath(options.path), '{');
    await expect(readChecklist(options.path)).rejects.toMatchObject({ problem: { next: [expect.stringContaining('no whole version'), expect.anything()] } });
  });

  it('keeps a fingerprint of another kind for the same cluster', async () => {
    const { options, text } = await written();
    await writeFile(options.path, rewrite(text, { cluster: { ...cluster, id: cluster.id.toUpperCase(), fingerprint: 'fqdn:x' } }));
    await (await openChecklist(options)).close();
  });

  it('is missing: exit code 2', async () => {
    const { path } = await newOptions();
    await expect(readChecklist(path)).rejects.toMatchObject({ problem: { code: 'checklist-not-found', exitCode: 2 } });
  });

  it('is a folder', async () => {
    await expect(readChecklist('.')).rejects.toMatchObject({ problem: { code: 'checklist-unreadable' } });
  });
});

describe('isChecklist', () => {
  it('never throws, whatever stands in the file', () => {
    fc.assert(fc.property(fc.json(), (text) => typeof isChecklist(JSON.parse(text)) === 'boolean'));
  });

  it('refuses every truncation of a checklist as damaged', async () => {
    const { options, text } = await written();
    for (let length = 0; length < text.trimEnd().length; length += 97) {
      await writeFile(options.path, text.slice(0, length));
      await expect(readChecklist(options.path)).rejects.toMatchObject({ problem: { code: 'checklist-damaged' } });
    }
  });
});
