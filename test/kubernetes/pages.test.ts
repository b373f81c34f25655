import { describe, expect, it } from 'vitest';
import { pages, type ReadPath } from '../../src/kubernetes/pages.ts';
import type { Json } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { ProblemError } from '../../src/model/problem.ts';

const page = (names: readonly string[], token?: string): Json => ({
  metadata: { ...(token === undefined ? {} : { continue: token }) },
  items: names.map((name) => ({ metadata: { namespace: 'shop', name } })),
});

const refusal = (code: string) => new ProblemError({ code, what: code, why: '', next: [] });

/** Names on each page, and what was asked for. */
async function read(answers: readonly (Json | ProblemError)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const readPath: ReadPath = async (path) => {
    asked.push(path);
    const answer = left.shift() ?? null;
    if (answer instanceof ProblemError) throw answer;
    return answer;
  };
  const names: string[][] = [];
  for await (const some of pages(readPath, kubeKinds.pod, {})) {
    names.push(some.map(({ metadata }) => String((metadata as { readonly name: string }).name)));
    expect(some.every(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Pod')).toBe(true);
  }
  return { names, asked };
}

describe('pages of a list', () => {
  it('come one after the other, by the token of the one before', async () => {
    const { names, asked } = await read([page(['a', 'b'], 'next/1'), page(['c'])]);
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect(asked).toEqual(['/api/v1/pods?limit=500', '/api/v1/pods?limit=500&continue=next%2F1']);
  });

  it('begin again when the token is too old: nothing is given twice', async () => {
    const { names, asked } = await read([page(['a', 'b'], 't'), refusal('list-expired'), page(['a', 'b', 'c'], 'u'), page(['d'])]);
    expect(names).toEqual([['a', 'b'], ['c'], ['d']]);
    expect(asked[2]).toBe('/api/v1/pods?limit=500');
  });

  it('are given up when the token is too old again and again', async () => {
    await expect(read(Array.from({ length: 9 }, () => refusal('list-expired')))).rejects.toThrow('list-expired');
  });

  it('are halved where one is too large for its way', async () => {
    const { names, asked } = await read([refusal('output-too-large'), refusal('output-too-large'), page(['a'])]);
    expect(names).toEqual([['a']]);
    expect(asked.map((path) => path.split('limit=')[1])).toEqual(['500', '250', '125']);
  });

  it('may be empty, as a server says it', async () => {
    expect((await read([{ metadata: {}, items: [] }])).names).toEqual([[]]);
    expect((await read([{ metadata: {}, items: null }])).names).toEqual([[]]);
  });

  it.each<readonly [string, Json]>([
    ['a Status', { kind: 'Status', status: 'Success' }],
    ['a text', 'hello'],
    ['nothing', null],
    ['items that are no list', { items: { a: 1 } }],
  ])('are not taken for empty where %s comes', async (_what, answer) => {
    await expect(read([answer])).rejects.toMatchObject({ problem: { code: 'list-unreadable' } });
  });

  it('do not go in a circle', async () => {
    await expect(read([page(['a'], 't'), page(['b'], 't'), page(['c'], 't')])).rejects.toMatchObject({ problem: { code: 'list-unreadable' } });
  });
});
