import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const program = resolve(import.meta.dirname, '../../dist/cli.js');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program without a terminal and without a sign-in. */
async function harden(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  try {
    return { code: 0, ...(await run(process.execPath, [program, ...args], { env, cwd: folder, maxBuffer: 1 << 26 })) };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe('without a terminal', () => {
  it('prints the assessment and the plan of the practice cluster, changes nothing, leaves no file, exits 0', async () => {
    const ended = await harden();
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('PRACTICE');
    expect(ended.stdout).toContain('PLAN');
    expect(ended.stderr).toContain('Nothing was changed');
    expect(await readdir(folder)).toEqual([]);
  });

  it('prints a script that bash accepts, and its way back', async () => {
    for (const args of [
      ['plan', '--practice'],
      ['plan', '--practice', '--undo'],
    ]) {
      const { code, stdout } = await harden(...args);
      expect(code).toBe(0);
      const file = join(folder, 'plan.sh');
      await writeFile(file, stdout);
      await run('bash', ['-n', file]);
      expect(stdout.startsWith('#!/usr/bin/env bash\n')).toBe(true);
      expect(stdout).toContain('set -euo pipefail');
      await rm(file);
    }
  });

  it('applies what the flags name, once: a second run writes nothing', async () => {
    const args = ['--practice', '--speed', '100000', '--choose', 'platform.control-plane-logs=workspace', '--yes'];
    const first = await harden(...args);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('SUCCESS');
    const second = await harden(...args);
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/nothing had to be changed|Nothing to change/);
    await rm(join(folder, 'aks-hardening'), { recursive: true });
  });

  it('asks for the name of the cluster where --yes is not enough', async () => {
    const group = 'a0000000-0000-4000-8000-000000000001';
    const entra = [
      '--practice',
      '--speed',
      '100000',
      '--choose',
      'identity.entra-sign-in=entra-azure-rbac',
      '--set',
      `identity.entra-sign-in.adminGroups=${group}`,
      '--yes',
    ];
    const refused = await harden(...entra);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--confirm shop-legacy');
    const done = await harden(...entra, '--confirm', 'shop-legacy');
    expect(done.stderr).toContain('SUCCESS');
    expect(done.code).toBe(0);
    await rm(join(folder, 'aks-hardening'), { recursive: true });
  });

  it.each([
    [['check', '--from', 'missing.json'], 2, 'missing.json'],
    [['check', '-g', 'x'], 2, 'No cluster is named'],
    [['plan', '--practice', '--choose', 'identity.entra-signin=x'], 2, 'identity.entra-sign-in'],
    [['plan', '--practice', '--choose', 'platform.defender=plan-and-senor'], 2, 'plan-and-sensor'],
    [['plan', '--practice', '--set', 'platform.defender.workspac=x'], 2, 'workspace'],
    [['resume'], 2, 'There is no checklist'],
    [['check', '-g', 'a', '-n', 'b'], 1, 'az login'],
    [['--practice', '--via', 'az', '--step', 'platform.defender', '--yes'], 2, '--via az'],
  ])('%j ends with %i and says %s', async (args, code, words) => {
    const ended = await harden(...args);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toMatch(/\n\s+at .*\.js/);
    expect(ended.code).toBe(code);
    await rm(join(folder, 'aks-hardening'), { recursive: true, force: true });
  });

  it('tells findings by exit code only when it is asked to', async () => {
    expect((await harden('check', '--practice')).code).toBe(0);
    expect((await harden('check', '--practice', '--exit-code')).code).toBe(3);
  });

  it('gives JSON that programs can rely on', async () => {
    const check = JSON.parse((await harden('check', '--practice', '-o', 'json')).stdout) as {
      schemaVersion: number;
      steps: { controls: { status: string }[] }[];
    };
    expect(check.schemaVersion).toBe(1);
    expect(check.steps.flatMap(({ controls }) => controls.map(({ status }) => status))).toContain('fail');
    const plan = JSON.parse((await harden('plan', '--practice', '-o', 'json')).stdout) as {
      schemaVersion: number;
      changes: { commands: { argv: string[] }[] }[];
    };
    expect(plan.schemaVersion).toBe(1);
    expect(plan.changes.flatMap(({ commands }) => commands.map(({ argv }) => argv[0]))).toContain('az');
  });
});
