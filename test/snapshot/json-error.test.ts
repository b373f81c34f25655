import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorOffset } from '../../src/snapshot/json-error.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('where a text stops being JSON', () => {
  it.each([
    ['{"a":1}', undefined],
    [' [ ] ', undefined],
    ['', 0],
    ['x', 0],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['[1]]', 3],
    ['{"a":1', 6],
    ['{"a":"b', 7],
    ['[tru', 4],
    ['[trux]', 1],
    ['{a:1}', 1],
    ['["\n"]', 2],
    [`${' '.repeat(9000)}x`, 9000],
  ])('%j: %s', (text, offset) => {
    expect(jsonErrorOffset(text)).toBe(offset);
  });

  it('is found in very long texts too', () => {
    expect(jsonErrorOffset(`{"a":"${'x'.repeat(5_000_000)}" 1}`)).toBe(5_000_008);
    expect(jsonErrorOffset(`["${'\\\\n'.repeat(1_000_000)}`)).toBe(3_000_002);
  });

  it('agrees with the parser on what is JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string({ unit: fc.constantFrom(...'[]{}:,"\\ a1-.e0tfn') }), fc.stringMatching(/^[\x20-\x7e]*$/)),
        (text) => (jsonErrorOffset(text) === undefined) === parses(text),
      ),
      { numRuns: 2000 },
    );
  });

  it('a beginning of JSON only ends too early', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        const head = text.slice(0, cut % text.length);
        return parses(head) || jsonErrorOffset(head) === head.length;
      }),
    );
  });
});
