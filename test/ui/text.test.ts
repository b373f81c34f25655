import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flow, literal } from '../../src/ui/text/flow.ts';
import { ends, exactly, lineCells, plainText, span } from '../../src/ui/text/line.ts';
import { pageOf, position, scrolled, settled } from '../../src/ui/text/scroll.ts';
import { cells, cut, fitting } from '../../src/ui/text/width.ts';

const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'Z', '.', '/', 'é', '漢', '😀', '-'), minLength: 1, maxLength: 40 }), { maxLength: 20 });

describe('widths', () => {
  test.each([
    ['plain', 5],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('%s takes %d columns', (text, expected) => {
    expect(cells(text)).toBe(expected);
  });

  test('cutting never takes more room than there is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, room) => {
        expect(cells(cut(text, room, '…'))).toBeLessThanOrEqual(room);
        expect(text.startsWith(fitting(text, room))).toBe(true);
      }),
    );
  });
});

describe('flowing', () => {
  test('breaks at blanks, and paths where people break them', () => {
    expect(flow('one two three', 9).map(plainText)).toEqual(['one two', 'three']);
    expect(flow('properties.apiServerAccessProfile.authorizedIPRanges', 36).map(plainText)).toEqual([
      'properties.apiServerAccessProfile.',
      'authorizedIPRanges',
    ]);
    expect(flow('text', 10, [span('• ')]).map(plainText)).toEqual(['• text']);
  });

  test('loses nothing and fits', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 80 }), (list, width) => {
        const lines = flow(list.join(' '), width);
        for (const line of lines) expect(lineCells(line)).toBeLessThanOrEqual(width);
        expect(lines.map(plainText).join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
    );
  });

  test('keeps the tone of each word', () => {
    expect(flow([span('a b', 'bad'), span('c', 'good'), span(' d', 'good')], 80)).toEqual([[span('a b', 'bad'), span('c d', 'good')]]);
  });

  test('what is laid out already keeps its lines and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' }), { maxLength: 8 }), fc.integer({ min: 8, max: 40 }), (rows, width) => {
        const lines = literal(rows.join('\n'), width);
        for (const line of lines) expect(lineCells(line)).toBeLessThanOrEqual(width);
        expect(lines.map(plainText).join('')).toBe(rows.join(''));
      }),
    );
  });
});

describe('lines', () => {
  test('are filled and cut to a width', () => {
    expect(plainText(exactly([span('ab')], 4))).toBe('ab  ');
    expect(plainText(exactly([span('漢字')], 3))).toBe('漢 ');
    expect(plainText(ends([span('left side')], [span('right')], 12))).toBe('left s right');
  });
});

describe('scrolling', () => {
  const page = (count: number, focus?: number) =>
    pageOf(Array.from({ length: count }, (_, index) => ({ lines: [[span(String(index))]], ...(index === focus ? { focused: true } : {}) })));
  const top = { key: 'a', offset: 0, seen: -1 };

  test('the cursor is always in sight, and nothing is shown beyond the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(49), { minLength: 1, maxLength: 20 }), fc.integer({ min: 3, max: 30 }), (cursors, height) => {
        let scroll = top;
        for (const cursor of cursors) {
          scroll = settled(scroll, 'a', page(50, cursor), height);
          expect(cursor).toBeGreaterThanOrEqual(scroll.offset);
          expect(cursor).toBeLessThan(scroll.offset + height);
          expect(scroll.offset).toBeLessThanOrEqual(50 - height);
        }
      }),
    );
  });

  test('settles: the same page gives the very same value', () => {
    const once = settled(top, 'a', page(50, 30), 10);
    expect(settled(once, 'a', page(50, 30), 10)).toBe(once);
  });

  test('a hand that scrolls away from the cursor is not pulled back', () => {
    const far = scrolled(settled(top, 'a', page(50, 0), 10), 'last', page(50, 0), 10);
    expect(settled(far, 'a', page(50, 0), 10).offset).toBe(40);
  });

  test('another page starts at its top, a shorter one is never left blank', () => {
    const low = scrolled({ ...top, seen: -1 }, 'last', page(50), 10);
    expect(settled(low, 'b', page(50), 10).offset).toBe(0);
    expect(settled(low, 'a', page(12), 10).offset).toBe(2);
    expect(position({ ...top, offset: 10 }, page(30), 8, '–')).toBe('11–18 of 30');
    expect(position(top, page(8), 8, '–')).toBe('');
  });
});
