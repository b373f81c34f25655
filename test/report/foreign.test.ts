import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanValue } from '../../src/model/foreign.ts';
import { problemText } from '../../src/report/problem-text.ts';

const hostile = fc.string({
  unit: fc.constantFrom('a', ' ', '\u001b', '[', ']', '2J', '52;c;', '\u0007', '\r', '\n', '\u009b', '\u202e', '\u200b', '\u2028', '\u{e0041}', 'm'),
});

/** What a terminal or a viewer would act on: controls, line separators, bidi and invisible marks. */
function acts(text: string): boolean {
  return [...text].some((c) => {
    const code = c.codePointAt(0) ?? 0;
    return (
      code < 0x20 ||
      (code >= 0x7f && code < 0xa0) ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) ||
      (code >= 0x2060 && code <= 0x206f) ||
      code === 0xfeff ||
      (code >= 0xe0000 && code <= 0xe007f)
    );
  });
}

describe('foreign text', () => {
  it('loses all that moves a cursor, breaks a line, hides or reorders', () => {
    fc.assert(fc.property(hostile, (text) => !acts(clean(text))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !acts(clean(text))));
  });

  it.each([
    ['\u001b]52;c;ZXZpbA==\u0007name', 'name'],
    ['\u001b[2J\u001b[1;1Hname', 'name'],
    ['a\nb\r\nc', 'a b c'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['größe 你好', 'größe 你好'],
  ])('%j is shown as %j', (foreign, shown) => expect(clean(foreign)).toBe(shown));

  it('is cut where a value is long', () => expect(cleanValue('x'.repeat(500))).toHaveLength(200));

  it('cannot fake a line of a problem', () => {
    const text = problemText({ code: 'x', what: 'name\nERROR: fake', why: 'a\u001b[2Kb', next: ['c\rd'] });
    expect(text.split('\n').filter(Boolean)).toHaveLength(3);
    expect(text).not.toContain('\u001b');
  });
});
