import { type Line, lineCells, type Span, span } from './line.ts';
import { cells, fitting } from './width.ts';

/** The words of some spans, each in as many spans as it has tones. */
function wordsOf(spans: Line): readonly Line[] {
  const words: Span[][] = [];
  let open = false;
  for (const { text, tone } of spans) {
    for (const piece of text.split(/( +)/)) {
      if (piece === '') continue;
      if (piece.startsWith(' ')) open = false;
      else if (open) words.at(-1)?.push({ text: piece, tone });
      else {
        words.push([{ text: piece, tone }]);
        open = true;
      }
    }
  }
  return words;
}

/** The same beginning of a word, broken after a dot or a slash if there is one in its second half: where people break paths. */
function atJoint(taken: string, whole: string): string {
  if (taken === whole) return taken;
  const joint = Math.max(taken.lastIndexOf('.'), taken.lastIndexOf('/'), taken.lastIndexOf(','));
  return joint >= taken.length / 2 ? taken.slice(0, joint + 1) : taken;
}

/** A word that no line has room for, in pieces of `width` columns. */
function hardSplit(word: Line, width: number): readonly Line[] {
  if (lineCells(word) <= width) return [word];
  const pieces: Span[][] = [[]];
  let room = width;
  for (const { text, tone } of word) {
    let rest = text;
    while (rest !== '') {
      const taken = atJoint(fitting(rest, room), rest) || (room === width ? rest.slice(0, 1) : '');
      if (taken !== '') pieces.at(-1)?.push({ text: taken, tone });
      rest = rest.slice(taken.length);
      room -= cells(taken);
      if (rest !== '') {
        pieces.push([]);
        room = width;
      }
    }
  }
  return pieces;
}

/**
 * Breaks text at blanks into lines of at most `width` columns. `first` stands before the first line, `rest` before the others
 * (by default blanks of the same width). Empty text gives one line with `first` alone.
 */
export function flow(content: Line | string, width: number, first: Line = [], rest: Line = [span(' '.repeat(lineCells(first)))]): readonly Line[] {
  const spans = typeof content === 'string' ? [span(content)] : content;
  const roomFor = (index: number) => Math.max(8, width - lineCells(index === 0 ? first : rest));
  const lines: Span[][] = [[]];
  let used = 0;
  for (const whole of wordsOf(spans)) {
    for (const word of hardSplit(whole, roomFor(1))) {
      const length = lineCells(word);
      if (used > 0 && used + 1 + length > roomFor(lines.length - 1)) {
        lines.push([]);
        used = 0;
      }
      if (used > 0) lines.at(-1)?.push(span(' ', lines.at(-1)?.at(-1)?.tone === word[0]?.tone ? word[0]?.tone : 'plain'));
      lines.at(-1)?.push(...word);
      used += length + (used > 0 ? 1 : 0);
    }
  }
  return lines.map((each, index) => [...(index === 0 ? first : rest), ...joined(each)]);
}

/** Neighbouring spans of one tone as one: fewer nodes to paint. */
function joined(spans: Line): Line {
  const out: Span[] = [];
  for (const part of spans) {
    const last = out.at(-1);
    if (last && last.tone === part.tone) out[out.length - 1] = { ...last, text: last.text + part.text };
    else out.push(part);
  }
  return out;
}

/** The lines of a text that is laid out already (a script): kept as they are, hard-broken where they are too wide. */
export function literal(text: string, width: number, tone: Span['tone'] = 'plain'): readonly Line[] {
  return text.split('\n').flatMap((row) => (row === '' ? [[]] : hardSplit([span(row, tone)], width)));
}
