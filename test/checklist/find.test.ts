import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checklistPath, worldPath } from '../../src/checklist/files.ts';
import { findChecklists } from '../../src/checklist/find.ts';
import { fingerprintOf } from '../../src/checklist/fingerprint.ts';
import { decline, queue } from '../../src/checklist/records.ts';
import { openChecklist } from '../../src/checklist/store.ts';
import { cluster, newFolder, newOptions, stamp } from './sample.ts';

describe('findChecklists', () => {
  it('finds none where there is no folder', async () => {
    expect(await findChecklists(await newFolder())).toEqual([]);
  });

  it('lists them newest first, with how far they came; damaged ones as such; nothing else', async () => {
    const folder = await newFolder();
    const make = async (name: string, when: string): Promise<string> => {
      const other = { ...cluster, name, id: cluster.id.replace('legacy', name) };
      const options = await newOptions({ cluster: other, path: checklistPath(folder, other), now: () => when });
      const store = await openChecklist(options);
      await store.update((list) => decline(queue(list, 'a.b', stamp), 'c.d', { reason: 'later' }, stamp));
      await store.close();
      await writeFile(worldPath(options.path), '{}');
      return options.path;
    };
    const older = await make('older', '2026-01-01T00:00:00.000Z');
    const newer = await make('newer', '2026-02-01T00:00:00.000Z');
    await writeFile(join(folder, 'aks-hardening', 'broken.json'), '{"schemaVersion":1');
    await mkdir(join(folder, 'aks-hardening', 'sub'));
    const found = await findChecklists(folder);
    expect(found.map(({ state, path }) => [state, path])).toEqual([
      ['refused', join(folder, 'aks-hardening', 'broken.json')],
      ['readable', newer],
      ['readable', older],
    ]);
    expect(found[1]).toMatchObject({ checklist: { cluster: { name: 'newer' } }, progress: { queued: 1, declined: 1, running: 0 } });
    expect(found[0]).toMatchObject({ problem: { code: 'checklist-damaged' } });
  });
});

describe('names', () => {
  it('two clusters of one name have two files; a hostile name stays in the folder', () => {
    const paths = ['/subscriptions/a/x', '/subscriptions/b/x'].map((id) => checklistPath('/home', { id, name: 'x' }));
    expect(new Set(paths).size).toBe(2);
    expect(checklistPath('/home', { id: 'i', name: '../../etc/passwd' })).toMatch(/^\/home\/aks-hardening\/[\w-]+\.json$/);
    expect(checklistPath('/home', { id: 'ABC', name: 'x' })).toBe(checklistPath('/home', { id: 'abc', name: 'x' }));
  });

  it.each([
    [{ properties: { resourceUID: '64', fqdn: 'f' } }, 'uid:64'],
    [{ systemData: { createdAt: '2024-01-01' }, properties: { fqdn: 'f' } }, 'created:2024-01-01'],
    [{ properties: { fqdn: 'f' } }, 'fqdn:f'],
    [{}, ''],
  ])('the fingerprint of %j is %s', (body, wanted) => {
    expect(fingerprintOf(body)).toBe(wanted);
  });
});
