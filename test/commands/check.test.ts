import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/commands/check.ts';
import type { Io } from '../../src/commands/io.ts';
import { parse } from '../../src/commands/parse.ts';
import { cluster } from '../steps/fixture.ts';

const CLUSTERS = 5;

async function run(...flags: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), 'check-'));
  const file = join(cwd, 'many.json');
  await writeFile(file, JSON.stringify(Array.from({ length: CLUSTERS }, () => cluster())));
  /** Documents that were given out, and the most that nobody had taken yet. */
  const out: string[] = [];
  let waiting = 0;
  let most = 0;
  const io = {
    out: (text: string) => {
      out.push(text);
      waiting += text.length > 10 ? 1 : 0;
      most = Math.max(most, waiting);
    },
    drained: async () => {
      await new Promise((taken) => setImmediate(taken));
      waiting = 0;
    },
    err: () => {},
    interactive: false,
    env: {},
    cwd,
    version: '0',
    signal: new AbortController().signal,
    now: () => new Date('2026-09-01T00:00:00Z'),
    stdin: process.stdin,
  } satisfies Io;
  const code = await check(parse(['check', '--from', file, ...flags]), io);
  return { code, text: out.join(''), most };
}

describe('check over many clusters', () => {
  it('gives one document out at a time, and the next when it has been taken', async () => {
    const { code, text, most } = await run('-o', 'json');
    expect([code, most]).toEqual([0, 1]);
    expect(JSON.parse(text)).toHaveLength(CLUSTERS);
  });

  it('and the same as text', async () => expect((await run()).most).toBe(1));
});
