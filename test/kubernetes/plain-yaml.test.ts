import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { wholeYaml } from '../../src/kubernetes/parse-yaml.ts';
import { plainYaml } from '../../src/kubernetes/plain-yaml.ts';

/** How many texts went the short way: a comparison of none would prove nothing. */
let taken = 0;
beforeEach(() => {
  taken = 0;
});

/** Both agree, or the short way leaves it to the whole parser. */
function agrees(text: string): boolean {
  const short = plainYaml(text);
  if (short === undefined) return true;
  taken += 1;
  const whole = wholeYaml({ text, line: 1 });
  expect('value' in whole ? whole.value : whole.why, text).toEqual(short);
  return true;
}

const words = fc.constantFrom(
  'yes',
  'No',
  'null',
  '~',
  '0',
  '-1',
  '1.5',
  '10.0.0.1',
  '1e3',
  '0x1f',
  '010',
  '1_000',
  '.5',
  '1:20',
  '2020-01-01',
  '100m',
  '5Gi',
  'a b',
  'a: b',
  'a #b',
  '#',
  '- x',
  '*a',
  '&a x',
  '!!str 1',
  '{}',
  '[]',
  '{a: 1}',
  '[x',
  "it's",
  '"q"',
  "'q'",
  '',
  ' ',
  'x:y',
  'http://x/y?z',
  '|',
  '>',
  'a\nb',
  'a\n\nb\n',
  '\ta',
  'ü',
  '<<',
  '__proto__',
  '3.10',
  '-',
  '?',
  'k8s.io/x',
  '1.',
  '+1',
  '1E5',
  '0b1',
  '0o7',
  '12e',
  '007',
  '9'.repeat(20),
);

describe('plain YAML', () => {
  it('is read as the whole parser reads it, in every style', () => {
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        words,
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(words, fc.stringMatching(/^[a-z./:-]{1,6}$/)), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value, { minKeys: 1, maxKeys: 4 }),
        fc.boolean(),
        fc.constantFrom(0, 20),
        fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
        (object, indentSeq, lineWidth, style) => agrees(stringify(object, { indentSeq, lineWidth, defaultStringType: style as 'PLAIN', version: '1.1' })),
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(150);
  });

  it('is never read otherwise, whatever the lines are', () => {
    const line = fc
      .tuple(
        fc.constantFrom('', ' ', '  ', '    ', '- ', '  - ', '- - ', '    -  '),
        fc.oneof(words, fc.constantFrom('a:', 'b:', 'a: |', 'b: |-', 'a: >', 'c: x', 'a: {}', 'a.b/c: "x"', "d: 'it''s'", '# note', 'e: x # note', 'f:x: y')),
        fc.constantFrom('', ' ', ' x'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 7 }), (lines) => agrees(lines.join('\n'))),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('takes names that begin with digits as the whole parser does: hashes, uids, times', () => {
    const named = fc.oneof(
      fc.stringMatching(/^[0-9][0-9a-f]{7}-[0-9a-f]{4}$/),
      fc.stringMatching(/^[0-9][0-9bcdfghjklmnpqrstvwxz]{9}$/),
      fc.stringMatching(/^[0-9][0-9a-zA-Z_.:/@+-]{0,9}$/),
      fc.stringMatching(/^[0-9][0-9eEfFoOxXbB_.:+-]{0,6}$/),
      fc.stringMatching(/^20[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$/),
    );
    fc.assert(
      fc.property(named, (name) => agrees(`a: ${name}\nb:\n- ${name}\n`)),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(1000);
    expect(plainYaml('pod-template-hash: 68ctgddqf5')).toEqual({ 'pod-template-hash': '68ctgddqf5' });
  });

  it('is what kubectl prints', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    a.b/c: |\n      {"x": 1}\n  name: p\nspec:\n  containers:\n  - args:\n    - --x=y\n    image: r.azurecr.io/a:1.2\n    ports:\n    - containerPort: 80\n    resources: {}\n  hostNetwork: true\nstatus:\n  podIP: 10.244.0.3\n  startTime: "2026-01-01T00:00:00Z"\n';
    expect(plainYaml(text)).toMatchObject({
      metadata: { annotations: { 'a.b/c': '{"x": 1}\n' } },
      spec: { containers: [{ ports: [{ containerPort: 80 }], resources: {} }], hostNetwork: true },
      status: { podIP: '10.244.0.3' },
    });
  });
});
