/** One piece of a JSON text that is read as it comes: an object on its own, an entry of a list, or what stands around a list. */
export interface JsonPiece {
  /** `around` is an object whose `items` were given one by one: the same object with that list emptied. */
  readonly kind: 'object' | 'item' | 'around';
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** Something that keeps the text from being JSON. */
export interface JsonFault {
  readonly kind: 'fault';
  readonly why: string;
  readonly line: number;
}

/** The most characters one object may have: no Kubernetes object comes near (etcd takes 1.5 MB). */
export const longestPiece = 8 * 1024 * 1024;

/** Deeper than any manifest. */
const deepest = 200;

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const byteOrderMark = 0xfeff;

const isOpening = (code: number): boolean => code === openBrace || code === openBracket;
const isClosing = (code: number): boolean => code === closeBrace || code === closeBracket;

/** Where reading stands in something that is passed over as a whole: a text, or what stands between brackets. */
interface Inside {
  readonly isText: boolean;
  /** Brackets that are open. */
  depth: number;
  inText: boolean;
  /** The chunk has ended behind a backslash: the next character of the text is taken as it is. */
  escaped: boolean;
  /** Line ends passed. */
  lines: number;
}

const insideText = (): Inside => ({ isText: true, depth: 0, inText: true, escaped: false, lines: 0 });
const insideBrackets = (): Inside => ({ isText: false, depth: 1, inText: false, escaped: false, lines: 0 });

/** The index behind the quote that ends a text; -1 when the chunk ends first. */
function behindText(chunk: string, from: number, inside: Inside): number {
  let i = inside.escaped ? from + 1 : from;
  for (;;) {
    const found = chunk.indexOf('"', i);
    const end = found < 0 ? chunk.length : found;
    let before = end;
    while (before > i && chunk.charCodeAt(before - 1) === backslash) before -= 1;
    inside.escaped = (end - before) % 2 === 1;
    if (found < 0) return -1;
    if (!inside.escaped) return found + 1;
    i = found + 1;
  }
}

/** All that matters outside of texts. A search is several times as fast as looking at each character of an indented list. */
const telling = /["{}[\]\n]/g;

/** The index behind what is passed over; -1 when the chunk ends first, or when it is nested too deep, which its depth tells. */
function behind(chunk: string, from: number, inside: Inside): number {
  let i = from;
  for (;;) {
    if (inside.inText) {
      i = behindText(chunk, i, inside);
      if (i < 0) return -1;
      inside.inText = false;
      if (inside.depth === 0) return i;
    }
    telling.lastIndex = i;
    if (!telling.test(chunk)) return -1;
    i = telling.lastIndex;
    const code = chunk.charCodeAt(i - 1);
    if (code === quote) inside.inText = true;
    else if (code === newline) inside.lines += 1;
    else if (isOpening(code)) {
      inside.depth += 1;
      if (inside.depth > deepest) return -1;
    } else {
      inside.depth -= 1;
      if (inside.depth === 0) return i;
    }
  }
}

/** Where reading stands outside of what is passed over: between values, between entries of a list, or among the keys of an object. */
type Place = 'outside' | 'list' | 'items' | 'object';

/**
 * Takes a JSON text apart while it comes, so that a list of any length is never held as a whole: objects one after the other, the entries of
 * a list, and the entries of `items` of a Kubernetes list, followed by what stands around them. Brackets and texts are followed, no more:
 * each piece is for JSON.parse to judge. Ends after the first fault.
 */
export async function* jsonPieces(chunks: AsyncIterable<string>): AsyncGenerator<JsonPiece | JsonFault> {
  let place: Place = 'outside';
  let line = 1;
  /** An entry of a list, or a text or a value of an object, that is being passed over. */
  let inside: Inside | undefined;
  let entry = '';
  let entryLine = 1;
  /** The object in hand, with its items emptied. */
  let around = '';
  let aroundLine = 1;
  let hasItems = false;
  /** Its last text, and the same once a colon has followed: the key of what comes. */
  let word = '';
  let key: string | undefined;

  const fault = (why: string): JsonFault => ({ kind: 'fault', why, line });

  for await (const chunk of chunks) {
    let i = 0;
    while (i < chunk.length) {
      if (inside !== undefined) {
        const end = behind(chunk, i, inside);
        const passed = chunk.slice(i, end < 0 ? chunk.length : end);
        if (place === 'object') around += passed;
        else entry += passed;
        if (inside.isText) word += passed;
        if (inside.depth > deepest) return yield fault(`It is nested more than ${deepest} levels deep.`);
        if (end < 0) break;
        i = end;
        line += inside.lines;
        if (inside.isText) word = word.slice(0, -1);
        inside = undefined;
        if (place === 'object') continue;
        yield { kind: 'item', text: entry, line: entryLine };
        entry = '';
        continue;
      }
      const code = chunk.charCodeAt(i);
      i += 1;
      if (code === newline) line += 1;
      if (place === 'object') {
        around += chunk.charAt(i - 1);
        if (code === quote) {
          word = '';
          inside = insideText();
        } else if (code === colon) key = word;
        else if (code === comma) key = undefined;
        else if (code === openBracket && key === 'items') {
          place = 'items';
          hasItems = true;
        } else if (isOpening(code)) inside = insideBrackets();
        else if (isClosing(code)) {
          place = 'outside';
          yield { kind: hasItems ? 'around' : 'object', text: around, line: aroundLine };
          around = '';
        }
      } else if (isOpening(code)) {
        if (place === 'outside') {
          place = code === openBracket ? 'list' : 'object';
          around = place === 'object' ? '{' : '';
          aroundLine = line;
          hasItems = false;
          key = undefined;
        } else {
          if (code === openBracket) return yield fault('A list stands where an object should.');
          entry = '{';
          entryLine = line;
          inside = insideBrackets();
        }
      } else if (isClosing(code)) {
        if (place === 'outside') return yield fault('A bracket closes that was never opened.');
        if (code === closeBrace) return yield fault('A list ends with the wrong bracket.');
        if (place === 'items') around += ']';
        place = place === 'items' ? 'object' : 'outside';
        key = undefined;
      } else if (code > 0x20 && code !== comma && !(place === 'outside' && code === byteOrderMark)) {
        return yield fault(`${JSON.stringify(chunk.charAt(i - 1))} stands where an object should.`);
      }
    }
    if (entry.length + around.length > longestPiece) {
      yield { kind: 'fault', why: `One object has more than ${longestPiece / 1024 / 1024} MB.`, line: place === 'object' ? aroundLine : entryLine };
      return;
    }
  }
  if (place !== 'outside') yield fault('It ends in the middle of its JSON.');
}
