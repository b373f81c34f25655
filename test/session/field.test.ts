import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { across, along, entriesOf, erase, type Field, fieldOf, insert, onEmptyLine } from '../../src/session/field.ts';

const at = (marked: string): Field => ({ text: marked.replace('|', ''), cursor: marked.indexOf('|') });
const mark = ({ text, cursor }: Field) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('a field', () => {
  test.each([
    ['typed in the middle', insert(at('ac|'), 'd', 'one'), 'acd|'],
    ['pasted lines in a field of one', insert(at('|'), 'a\r\nb', 'one'), 'a b|'],
    ['pasted lines in a list', insert(at('|'), 'a\r\nb', 'many'), 'a\nb|'],
    ['control characters and bidi marks', insert(at('|'), 'a\u001b[2J\u202eb\u0007', 'one'), 'a[2Jb|'],
    ['left of an emoji', across(at('a😀|b'), -1), 'a|😀b'],
    ['right of an emoji', across(at('a|😀b'), 1), 'a😀|b'],
    ['left at the start', across(at('|a'), -1), '|a'],
    ['erased before', erase(at('a😀|b'), 'before'), 'a|b'],
    ['erased after', erase(at('a|😀b'), 'after'), 'a|b'],
    ['erased after the end', erase(at('ab|'), 'after'), 'ab|'],
    ['the line up to the cursor', erase(at('one\ntw|o'), 'line'), 'one\n|o'],
    ['to the begin of the line', along(at('one\ntw|o'), 'first'), 'one\n|two'],
    ['to its end', along(at('o|ne\ntwo'), 'last'), 'one|\ntwo'],
    ['a line up', along(at('one\ntw|o'), -1), 'one|\ntwo'],
    ['no line further down', along(at('one\ntw|o'), 1), 'one\ntw|o'],
  ])('%s', (_name, field, expected) => {
    expect(mark(field)).toBe(expected);
  });

  test('whatever is done to it, the cursor stands in the text', () => {
    const deeds = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => (field: Field) => insert(field, text, 'many')),
      fc.constantFrom<1 | -1>(1, -1).map((by) => (field: Field) => across(field, by)),
      fc.constantFrom<number | 'first' | 'last'>(1, -1, 'first', 'last').map((by) => (field: Field) => along(field, by)),
      fc.constantFrom<'before' | 'after' | 'line'>('before', 'after', 'line').map((what) => (field: Field) => erase(field, what)),
    );
    fc.assert(
      fc.property(fc.array(deeds), (list) => {
        const { text, cursor } = list.reduce((field, deed) => deed(field), fieldOf());
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(text.length);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  test('entries are taken apart as people paste them, each once', () => {
    expect(entriesOf(fieldOf('a, b;c\n\n d a'))).toEqual(['a', 'b', 'c', 'd']);
    expect(onEmptyLine(at('a\n|'))).toBe(true);
    expect(onEmptyLine(at('a|'))).toBe(false);
  });
});
