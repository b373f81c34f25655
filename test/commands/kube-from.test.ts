import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/commands/check.ts';
import type { Io } from '../../src/commands/io.ts';
import { parse } from '../../src/commands/parse.ts';
import { plan } from '../../src/commands/plan.ts';
import { at, type Json, list, path, text } from '../../src/model/json.ts';
import { ProblemError, problemOf } from '../../src/model/problem.ts';
import { workloadsOf } from '../../src/practice/scenarios/workloads/index.ts';
import { cluster } from '../steps/fixture.ts';

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kube-from-'));
  const objects = workloadsOf('legacy');
  await mkdir(file('dump'));
  await writeFile(file('dump/all.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await mkdir(file('half'));
  await writeFile(file('half/good.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await writeFile(file('half/bad.yaml'), 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n spec: broken\n');
  await mkdir(file('empty'));
  await writeFile(file('cluster.json'), JSON.stringify(cluster()));
  await writeFile(file('many.json'), JSON.stringify([cluster(), cluster()]));
  const evil = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ev\u001b[2Jil', namespace: 'sh\u202eop', annotations: { 'service.beta.kubernetes.io/x': `\u001b]0;x\u0007${'A'.repeat(262_144)}` } },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: { password: 'aHVudGVyMg==' } };
  await writeFile(file('hostile.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [evil, secret] }));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(command: 'check' | 'plan', flags: readonly string[], stdin = '') {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (said) => out.push(said),
    err: (said) => err.push(said),
    interactive: false,
    env: {},
    cwd: folder,
    version: '0',
    signal: new AbortController().signal,
    now: () => new Date('2026-11-20T08:00:00Z'),
    stdin: Readable.from([Buffer.from(stdin)]) as unknown as Io['stdin'],
  };
  const code = await (command === 'check' ? check : plan)(parse([command, ...flags]), io);
  return { code, out: out.join(''), err: err.join('') };
}
const failing = async (work: Promise<unknown>) => problemOf(await work.catch((thrown: unknown) => thrown));

/** Statuses by control of a check's JSON. */
function statuses(said: string): { readonly [control: string]: string } {
  const controls = list(at(JSON.parse(said) as Json, ['steps'])).flatMap((step) => list(at(step, ['controls'])));
  return Object.fromEntries(controls.map((control) => [text(at(control, ['id'])) ?? '', text(at(control, ['status'])) ?? '']));
}
const inside = ['2.5', '10.1', '10.2', '19.1', '19.3', '19.4', '19.5', '19.6', '20.11'];

describe('--kube-from', () => {
  it('tells the same of the inside as the cluster itself', async () => {
    const live = statuses((await run('check', ['--practice', '-o', 'json'])).out);
    const { code, out } = await run('check', ['--practice', '--kube-from', file('dump'), '-o', 'json']);
    const files = statuses(out);
    expect(code).toBe(0);
    // A role that files do not hold may be there all the same: who is admin stays unknown without every kind of it.
    const told = inside.filter((control) => control !== '2.5');
    for (const control of told) expect([control, files[control]]).toEqual([control, live[control]]);
    expect(files['2.5']).toBe('unknown');
    expect(at(JSON.parse(out) as Json, path('source.kubernetes'))).toEqual({ via: 'files', why: file('dump') });
  });

  it('tells both halves with no way to the cluster, and says what files do not tell', async () => {
    const { out } = await run('check', ['--from', file('cluster.json'), '--kube-from', file('dump')]);
    expect(out).toContain(`Inside the cluster: read from files (${file('dump')})`);
    expect(out).toMatch(/19\.1 +fail/);
    const half = statuses((await run('check', ['--from', file('cluster.json'), '--kube-from', file('hostile.json'), '-o', 'json'])).out);
    expect([half['10.1'], half['2.5']]).toEqual(['fail', 'unknown']);
  });

  it('reads standard input', async () => {
    const { out } = await run('check', ['--from', file('cluster.json'), '--kube-from', '-'], await readFile(file('dump/all.json'), 'utf8'));
    expect(out).toMatch(/19\.1 +fail/);
  });

  it('makes plans, and patches as files', async () => {
    const { err } = await run('plan', ['--practice', '--kube-from', file('dump'), '--choose', 'governance.ingress-tls=own-certificates', '--out', file('out')]);
    expect(err).toContain('2 manifests below');
    expect(err).toContain('Inside the cluster: read from files');
  });

  it('names a broken file with its line, and assesses the rest', async () => {
    for (const command of ['check', 'plan'] as const) {
      const { code, out, err } = await run(command, ['--practice', '--kube-from', file('half')]);
      expect(code).toBe(1);
      expect(err).toMatch(/bad\.yaml, line \d/);
      expect(err).toContain('1 place could not be read');
      if (command === 'check') expect(out).toMatch(/19\.1 +fail/);
    }
  });

  it.each([
    ['an empty folder', () => file('empty'), 'There is no manifest in'],
    ['a path that leads nowhere', () => file('nowhere'), 'cannot be read'],
  ])('%s is told', async (_name, where, words) => {
    const { code, err } = await run('check', ['--practice', '--kube-from', where()]);
    expect(err).toContain(words);
    expect(code).toBe(1);
  });

  it('lets nothing of hostile text out, and nothing of a Secret', async () => {
    const { out, err } = await run('check', ['--from', file('cluster.json'), '--kube-from', file('hostile.json'), '--save-facts', file('saved.json')]);
    const saved = await readFile(file('saved.json'), 'utf8');
    for (const said of [out, err, saved]) {
      expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(said).not.toContain('aHVudGVyMg');
      expect(said).not.toContain('A'.repeat(3000));
    }
  });

  it('is kept by --save-facts, and read again', async () => {
    const first = await run('check', ['--practice', '--save-facts', file('snapshot.json'), '-o', 'json']);
    const again = await run('check', ['--from', file('snapshot.json'), '-o', 'json']);
    expect(statuses(again.out)).toEqual(statuses(first.out));
  });

  it.each([
    ['several clusters', () => ['--from', file('many.json'), '--kube-from', file('dump')], '--kube-from tells of one cluster'],
    ['one input for two things', () => ['--from', '-', '--kube-from', '-'], 'Standard input cannot be two things'],
  ])('%s: refused', async (_name, flags, words) => {
    const problem = await failing(run('check', flags()));
    expect([problem.what.startsWith(words), problem.exitCode]).toEqual([true, 2]);
  });
});

describe('--kube', () => {
  it('none: nothing inside is asked, and everything there is unknown with that reason', async () => {
    const { out } = await run('check', ['--practice', '--kube', 'none', '-o', 'json']);
    const found = statuses(out);
    for (const control of inside) expect([control, found[control]]).toEqual([control, 'unknown']);
    expect(out).toContain('--kube none was given');
    expect((await run('check', ['--practice', '--kube', 'none'])).out).toContain('Inside the cluster: NOT READ (--kube none was given)');
  });

  it.each(['kubectl', 'run-command'])('%s does not go with the practice cluster', async (way) => {
    const problem = await failing(run('check', ['--practice', '--kube', way]));
    expect(problem.exitCode).toBe(2);
    expect(problem.what).toContain(`--kube ${way}`);
  });

  it('takes no other word', () => {
    expect(() => parse(['check', '--kube', 'ssh'])).toThrow(ProblemError);
  });
});
