import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Manifest, readManifests } from '../../src/kubernetes/manifests.ts';

/** What a text on standard input holds, handed over in pieces of `size` bytes. */
async function read(text: string | Buffer, size = 7): Promise<readonly Manifest[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  const all: Manifest[] = [];
  for await (const manifest of readManifests(['-'], pieces())) all.push(manifest);
  return all;
}

const objects = (manifests: readonly Manifest[]) => manifests.flatMap((one) => (one.found === 'object' ? [one.object] : []));
const places = (manifests: readonly Manifest[]) => manifests.map((one) => `${one.found} ${'line' in one ? one.line : ''}`);

const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { note: 'a "quoted\\" } ] [ {' } });

describe('JSON', () => {
  it.each([
    ['one object', JSON.stringify(pod('a'), null, 2), [pod('a')]],
    ['one after the other', `${JSON.stringify(pod('a'))}\n${JSON.stringify(pod('b'))}`, [pod('a'), pod('b')]],
    ['a list of them', JSON.stringify([pod('a'), pod('b')]), [pod('a'), pod('b')]],
    ['a Kubernetes List', JSON.stringify({ apiVersion: 'v1', items: [pod('a'), pod('b')], kind: 'List', metadata: {} }), [pod('a'), pod('b')]],
    [
      'a list whose kind stands behind',
      JSON.stringify({ items: [{ spec: 1 }], kind: 'PodList', apiVersion: 'v1' }),
      [{ apiVersion: 'v1', kind: 'Pod', spec: 1 }],
    ],
    ['lists in a list', JSON.stringify({ kind: 'List', items: [{ kind: 'List', items: [pod('a')] }] }), [pod('a')]],
    ['an empty list', JSON.stringify({ kind: 'List', items: [] }), []],
    ['items that are no list of objects', JSON.stringify({ ...pod('a'), spec: { items: [1, [2]] } }), [{ ...pod('a'), spec: { items: [1, [2]] } }]],
  ])('%s', async (_why, text, wanted) => {
    for (const size of [1, 7, 1 << 20]) expect(objects(await read(text, size))).toEqual(wanted);
  });

  it('reads UTF-16 and byte order marks', async () => {
    const text = JSON.stringify(pod('ä'));
    expect(objects(await read(Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual([pod('ä')]);
    expect(objects(await read(`\ufeff${text}`))).toEqual([pod('ä')]);
  });

  it('names the line of what is broken, and gives the rest', async () => {
    const text = `{"kind":"List","items":[\n${JSON.stringify(pod('a'))},\n{"kind": tru},\n${JSON.stringify(pod('b'))}]}`;
    expect(places(await read(text))).toEqual(['object 2', 'problem 3', 'object 4']);
    expect(places(await read(`${JSON.stringify(pod('a'))}\n{"kind":"Pod",`))).toEqual(['object 1', 'problem 2']);
    expect(places(await read('{"a":1}}'))).toEqual(['problem 1', 'problem 1']);
    expect(places(await read('['.repeat(100_000)))).toEqual(['problem 1']);
    expect(places(await read(`{"a":${'['.repeat(100_000)}`))).toEqual(['problem 1']);
  });

  it('follows backslashes and quotes across every cut', async () => {
    const specs = ['\\', '\\\\', '"', '\\"', '\\\\"', '"}', '\\"]', 'a\\\\\\"{', '\n"\n'].map((text) => ({ ...pod('a'), spec: { [text]: text, last: text } }));
    for (const indent of [0, 4]) {
      const text = JSON.stringify({ kind: 'List', metadata: { [specs[0]?.spec['last'] ?? '']: '\\"items": [' }, items: specs }, null, indent);
      for (let size = 1; size < 12; size += 1) expect(objects(await read(text, size))).toEqual(specs);
    }
  });

  it.each([
    ['a text behind an object', '{"apiVersion":"v1","kind":"Pod"} "text"', ['object 1', 'problem 1']],
    ['a text in a list', '{"kind":"List","items":[\n"text"]}', ['problem 2']],
    ['a number in a list', '[1]', ['problem 1']],
    ['the wrong bracket', '{"items":[}', ['problem 1']],
    ['a list that does not end', '{"items":[{"apiVersion":"v1","kind":"Pod"}', ['object 1', 'problem 1']],
  ])('tells of %s', async (_what, text, wanted) => {
    for (const size of [1, 1 << 20]) expect(places(await read(text, size))).toEqual(wanted);
  });

  it('comes out as it went in, however it is cut', async () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 2), async (specs, size, indent) => {
        const items = specs.map((spec) => JSON.parse(JSON.stringify({ ...pod('a'), spec })) as object);
        expect(objects(await read(JSON.stringify({ kind: 'List', items, apiVersion: 'v1' }, null, indent), size))).toEqual(items);
      }),
      { numRuns: 200 },
    );
  });
});

describe('YAML', () => {
  const list = (count: number, indent = '') =>
    [
      'apiVersion: v1',
      'items:',
      ...Array.from({ length: count }, (_, i) =>
        stringify([{ ...pod(`p${i}`), text: `| text\n- no entry\n---\n${'x'.repeat(200)}` }])
          .trimEnd()
          .replace(/^/gm, indent),
      ),
      'kind: List',
      'metadata:',
      '  resourceVersion: ""',
      '',
    ].join('\n');

  it('knows documents, comments and the words of YAML 1.1 that Kubernetes takes', async () => {
    const found = await read(
      '# a\n---\n# b\napiVersion: v1\nkind: Pod\nspec: {hostNetwork: yes, at: 2020-01-01, time: 1:20, mode: 0644}\n--- # c\napiVersion: v1\nkind: Pod\n...\n',
    );
    expect(objects(found)).toEqual([
      { apiVersion: 'v1', kind: 'Pod', spec: { hostNetwork: true, at: '2020-01-01', time: '1:20', mode: 420 } },
      { apiVersion: 'v1', kind: 'Pod' },
    ]);
  });

  it.each(['', '  '])('gives a long list entry by entry, the same as a short one (indent %j)', async (indent) => {
    const many = objects(await read(list(2000, indent), 5000));
    expect(many).toHaveLength(2000);
    expect(many.slice(0, 3)).toEqual(objects(await read(list(3, indent))));
    expect(many.at(-1)).toMatchObject({ metadata: { name: 'p1999' } });
  });

  it('names lines in long lists and behind them', async () => {
    const text = `${list(2000)}---\nkind: [\n---\napiVersion: v1\nkind: Pod\n`;
    const lines = text.split('\n');
    const found = await read(text, 5000);
    expect(found.at(1)).toMatchObject({ line: lines.findIndex((line) => line.includes('name: p1')) - 2 });
    expect(found.at(-2)).toMatchObject({ found: 'problem', line: expect.closeTo(lines.indexOf('kind: ['), -1) });
    expect(found.at(-1)).toMatchObject({ found: 'object', line: lines.length - 2 });
  });

  it('keeps a bomb of aliases from going off', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join(',')}]`),
    ].join('\n');
    expect(places(await read(bomb))).toEqual(['problem 1']);
  });
});

describe('Secrets', () => {
  it.each(['data: {p: aGlkZGVu}', 'stringData: {p: hidden}', 'metadata: {name: s, annotations: {a: aGlkZGVu}}'])('%s is dropped', async (secret) => {
    const found = await read(`apiVersion: v1\nkind: Secret\ntype: Opaque\n${secret}\n`);
    expect(JSON.stringify(found)).not.toMatch(/hidden|aGlkZGVu/);
    expect(objects(found)).toHaveLength(1);
  });
});
