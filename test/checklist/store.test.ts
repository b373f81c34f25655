import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupPath } from '../../src/checklist/files.ts';
import { readChecklist } from '../../src/checklist/read.ts';
import { queue, recordChoice, setOperation } from '../../src/checklist/records.ts';
import { openChecklist } from '../../src/checklist/store.ts';
import { newOptions, operation, stamp } from './sample.ts';

const choose = (step: string) => (list: Parameters<typeof recordChoice>[0]) =>
  recordChoice(list, step, { choice: { option: 'on', values: { ranges: ['4.4.4.4/32'] } } }, stamp);

describe('openChecklist', () => {
  it('begins a file at once, and finds it again', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    expect(await readChecklist(options.path)).toEqual(store.current());
    await store.update(choose('a.b'));
    await store.close();
    const again = await openChecklist(options);
    expect(again.current().steps['a.b']?.choice).toEqual({ option: 'on', values: { ranges: ['4.4.4.4/32'] } });
    await again.close();
  });

  it('has the bytes on disk when an update resolves, and the version before it in .bak', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    await store.update((list) => queue(list, 'a.b', stamp));
    expect((await readChecklist(options.path)).queue).toEqual(['a.b']);
    expect((await readChecklist(backupPath(options.path))).queue).toEqual([]);
    await store.update((list) => queue(list, 'c.d', stamp));
    expect((await readChecklist(options.path)).queue).toEqual(['a.b', 'c.d']);
    expect((await readChecklist(backupPath(options.path))).queue).toEqual(['a.b']);
    await store.close();
  });

  it('does updates one after the other: none is lost', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    const names = Array.from({ length: 30 }, (_, i) => `step.${i}`);
    await Promise.all(names.map((name) => store.update((list) => queue(list, name, stamp))));
    expect((await readChecklist(options.path)).queue).toEqual(names);
    await store.close();
  });

  it('goes on after an update that threw', async () => {
    const store = await openChecklist(await newOptions());
    await expect(
      store.update(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow();
    await store.update((list) => queue(list, 'a.b', stamp));
    expect(store.current().queue).toEqual(['a.b']);
    await store.close();
  });

  it('keeps everything to its owner and leaves no temporary file', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    await store.update((list) => setOperation(list, operation));
    const modes = await Promise.all(
      [options.path, backupPath(options.path), `${options.path}.lock`, dirname(options.path)].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o700]);
    expect((await readdir(dirname(options.path))).sort()).toEqual(['legacy.json', 'legacy.json.bak', 'legacy.json.lock']);
    await store.close();
    expect((await readdir(dirname(options.path))).sort()).toEqual(['legacy.json', 'legacy.json.bak']);
  });

  it('holds no token', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    await store.update((list) => setOperation(choose('a.b')(list), { ...operation, poller: JSON.stringify({ initialRequestUrl: 'https://x/y' }) }));
    await store.close();
    expect(await readFile(options.path, 'utf8')).not.toMatch(/bearer|authorization|eyJ[A-Za-z0-9_-]{10,}|client_secret/i);
  });

  it('refuses updates after close', async () => {
    const store = await openChecklist(await newOptions());
    await store.close();
    await expect(store.update((list) => list)).rejects.toMatchObject({ problem: { code: 'checklist-unwritable' } });
  });

  it('says so when the folder is a file', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    await store.close();
    const below = await newOptions({ path: `${options.path}/x.json` });
    await expect(openChecklist(below)).rejects.toMatchObject({ problem: { code: 'checklist-unwritable', exitCode: 1 } });
  });
});
