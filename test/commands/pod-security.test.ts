import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { parse } from '../../src/commands/parse.ts';
import { podSecurity } from '../../src/commands/pod-security.ts';
import { ProblemError, problemOf } from '../../src/model/problem.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pod-security-'));
  await mkdir(join(folder, 'below/.git'), { recursive: true });
  const files: { readonly [name: string]: string } = {
    'a.yaml': [
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata: { name: web, namespace: shop }',
      'spec: { template: { spec: { containers: [{ name: web, securityContext: { privileged: yes } }] } } }',
      '---',
      'apiVersion: v1',
      'kind: Service',
      'metadata: { name: web }',
      '---',
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: broken',
      ' spec: x',
      '---',
      'apiVersion: batch/v1',
      'kind: CronJob',
      'metadata: { name: nightly }',
      'spec: { jobTemplate: { spec: { template: { spec: { hostPID: true, containers: [{ name: job }] } } } } }',
    ].join('\n'),
    'below/list.json': JSON.stringify({
      apiVersion: 'v1',
      kind: 'PodList',
      items: [{ metadata: { name: 'one', namespace: 'x' }, spec: { containers: [{ name: 'a' }] } }],
    }),
    'below/values.yaml': 'replicas: 3\n',
    'below/.git/hidden.yaml': 'kind: [',
    'hostile.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: { name: "ev\\u001b[2Jil\\u202e" }\nspec: { hostIPC: true, containers: [{ name: "c\\n\\u001b]0;x\\u0007" }] }\n',
    'template.yaml': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n',
    'empty.yaml': '# nothing\n---\n',
  };
  await mkdir(join(folder, 'only-values'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(argv: readonly string[], input = '') {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdin: Readable.from([Buffer.from(input)]) as unknown as NodeJS.ReadStream,
    interactive: false,
    env: {},
    cwd: folder,
    version: '0',
    signal: new AbortController().signal,
    now: () => new Date(0),
  };
  const invocation = parse(['pod-security', ...argv]);
  const code = await podSecurity(invocation, io).catch((thrown: unknown) => {
    if (!(thrown instanceof ProblemError)) throw thrown;
    err.push(problemOf(thrown).what);
    return problemOf(thrown).exitCode;
  });
  return { code, out: out.join(''), err: err.join('') };
}

const at = (name: string) => join(folder, name);

describe('pod-security', () => {
  it('tells each object with a pod, the field in the object itself, and what is broken by its line', async () => {
    const { code, out, err } = await run([at('a.yaml'), at('below'), '-o', 'json', '--exit-code']);
    expect(JSON.parse(out)).toEqual([
      {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        file: at('a.yaml'),
        allowed: false,
        violations: [
          {
            check: 'privileged',
            field: 'spec.template.spec.containers[0].securityContext.privileged',
            message: 'container web is privileged',
            fix: expect.stringContaining('privileged to false'),
          },
        ],
      },
      {
        kind: 'CronJob',
        namespace: null,
        name: 'nightly',
        file: at('a.yaml'),
        allowed: false,
        violations: [expect.objectContaining({ check: 'hostNamespaces', field: 'spec.jobTemplate.spec.template.spec.hostPID' })],
      },
      { kind: 'Pod', namespace: 'x', name: 'one', file: at('below/list.json'), allowed: true, violations: [] },
    ]);
    expect(err).toContain('a.yaml, line 14');
    expect(err).toContain('1 document is no Kubernetes object');
    expect(code).toBe(1);
  });

  it('ends with 3 only when it is asked to, and something is refused', async () => {
    const list = at('below/list.json');
    expect((await run([list, '--exit-code'])).code).toBe(0);
    expect((await run([list, '--level', 'restricted'])).code).toBe(0);
    expect((await run([list, '--level', 'restricted', '--exit-code'])).code).toBe(3);
  });

  it('tells people in words', async () => {
    const { out } = await run([at('below/list.json'), '--level', 'restricted', '--ascii']);
    expect(out).toContain('x Pod x/one  (');
    expect(out).toContain('spec.containers[0].securityContext.allowPrivilegeEscalation  [allowPrivilegeEscalation]');
    expect(out).toContain('Fix: Set allowPrivilegeEscalation to false.');
    expect(out).toContain('1 object with a pod, by restricted of Kubernetes 1.37: 0 would be let in, 1 refused.');
  });

  it('takes standard input, and the rules of a version', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, livenessProbe: { httpGet: { host: h, port: 1 } } }] }\n';
    expect((await run(['-', '--exit-code', '--kube-version', '1.33'], pod)).code).toBe(0);
    expect((await run(['-', '--exit-code', '--kube-version', 'v1.34.2'], pod)).code).toBe(3);
    const later = await run(['-', '--exit-code', '--kube-version', '1.40'], pod);
    expect(later.code).toBe(3);
    expect(later.err).toContain('1.37 are the latest known');
  });

  it('lets nothing of a name move the cursor', async () => {
    for (const more of [[], ['-o', 'json']]) {
      const { out } = await run([at('hostile.yaml'), '--level', 'restricted', ...more]);
      expect(out.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      expect(out).toContain('evil');
    }
  });

  it.each([
    ['a path that leads nowhere', ['nowhere'], 1, 'no such file'],
    ['a template', ['template.yaml'], 1, 'helm template'],
    ['a named file that is no manifest', ['below/values.yaml'], 1, 'no apiVersion and kind'],
    ['a folder without manifests', ['only-values'], 1, 'no manifest'],
    ['an empty document', ['empty.yaml'], 0, ''],
  ])('%s', async (_why, paths, code, words) => {
    const ended = await run(paths.map(at));
    expect(ended.code).toBe(code);
    expect(ended.err.toLowerCase()).toContain(words.toLowerCase());
    expect(ended.out).toContain('No object with a pod in it was found.');
  });

  it('refuses a command line that names nothing, or a version without Pod Security', async () => {
    expect(await run([])).toMatchObject({ code: 2, err: expect.stringContaining('No manifest is named') });
    expect(await run(['-', '--kube-version', '1.20'])).toMatchObject({ code: 2, err: expect.stringContaining('1.20') });
    expect(() => parse(['pod-security', 'x', '--level', 'privileged'])).toThrow('does not take "privileged"');
  });
});
