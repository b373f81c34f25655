import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../src/checklist/lock.ts';
import { openChecklist } from '../../src/checklist/store.ts';
import { problemOf } from '../../src/model/problem.ts';
import { newFolder, newOptions } from './sample.ts';

const now = (): string => new Date().toISOString();

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = execa(process.execPath, ['-e', '0']);
  await child;
  return child.pid ?? 0;
}

describe('takeLock', () => {
  it('is refused while a living process holds it, which is named', async () => {
    const options = await newOptions();
    const store = await openChecklist(options);
    const problem = await openChecklist(options).then(() => undefined, problemOf);
    expect(problem).toMatchObject({ code: 'checklist-locked', exitCode: 1 });
    expect(problem?.why).toContain(`process ${process.pid} on ${hostname()}`);
    await store.close();
    await (await openChecklist(options)).close();
  });

  it('takes over what a dead process of this host left behind', async () => {
    const path = join(await newFolder(), 'c.json');
    await writeFile(`${path}.lock`, JSON.stringify({ pid: await deadPid(), host: hostname(), startedAt: now() }));
    const lock = await takeLock(path);
    expect(JSON.parse(await readFile(lock.path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it.each([
    ['of another host', async () => JSON.stringify({ pid: await deadPid(), host: 'another-host', startedAt: now() }), /another-host/],
    ['that cannot be read', async () => '', /cannot be read/],
  ])('is refused by a lock %s, with a way out', async (_name, text, says) => {
    const path = join(await newFolder(), 'c.json');
    await writeFile(`${path}.lock`, await text());
    const problem = await takeLock(path).then(() => undefined, problemOf);
    expect(problem?.code).toBe('checklist-locked');
    expect(problem?.why).toMatch(says);
    expect(problem?.next.join(' ')).toContain(`delete ${path}.lock`);
  });

  it('is given to one of many who find a stale one', async () => {
    const path = join(await newFolder(), 'c.json');
    await writeFile(`${path}.lock`, JSON.stringify({ pid: await deadPid(), host: hostname(), startedAt: now() }));
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is taken over although a process died in the middle of a takeover', async () => {
    const path = join(await newFolder(), 'c.json');
    await writeFile(`${path}.lock`, JSON.stringify({ pid: await deadPid(), host: hostname(), startedAt: now() }));
    await writeFile(`${path}.lock.takeover`, '');
    await utimes(`${path}.lock.takeover`, 1, 1);
    const lock = await takeLock(path);
    await lock.release();
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it('goes when the process ends without closing', async () => {
    const path = join(await newFolder(), 'c.json');
    const module = new URL('../../src/checklist/lock.ts', import.meta.url).href;
    const code = `const { takeLock } = await import(${JSON.stringify(module)});
      await takeLock(${JSON.stringify(path)});
      console.log((await import('node:fs')).existsSync(${JSON.stringify(`${path}.lock`)}));
      process.exit(3);`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', code], { reject: false });
    expect(stdout).toBe('true');
    expect(await readdir(dirname(path))).toEqual([]);
  });
});
