import type { Status } from '../model/assessment.ts';

/** A word and a mark for each status: colour is never the only sign. */
const marks: { readonly [S in Status]: { readonly unicode: string; readonly ascii: string; readonly word: string } } = {
  pass: { unicode: '✓', ascii: '+', word: 'pass' },
  fail: { unicode: '✗', ascii: 'x', word: 'fail' },
  partial: { unicode: '◐', ascii: '~', word: 'partial' },
  unknown: { unicode: '?', ascii: '?', word: 'unknown' },
  preconfigured: { unicode: '●', ascii: '*', word: 'set by AKS' },
  'not-applicable': { unicode: '·', ascii: '-', word: 'not applicable' },
};

/** The mark of a status. */
export function mark(status: Status, ascii: boolean): string {
  return ascii ? marks[status].ascii : marks[status].unicode;
}

/** The word of a status. */
export function word(status: Status): string {
  return marks[status].word;
}
