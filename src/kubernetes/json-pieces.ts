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

/** The index of the quote that ends a text which began before `from`; -1 when the chunk ends first. `escaped`: its first character is taken as it is. */
function endOfText(chunk: string, from: number, escaped: boolean): { readonly end: number; readonly escaped: boolean } {
  let i = escaped ? from + 1 : from;
  for (; i < chunk.length; i += 1) {
    const code = chunk.charCodeAt(i);
    if (code === quote) return { end: i, escaped: false };
    if (code === backslash) i += 1;
  }
  return { end: -1, escaped: i > chunk.length };
}

/**
 * Takes a JSON text apart while it comes, so that a list of any length is never held as a whole: objects one after the other, the entries of
 * a list, and the entries of `items` of a Kubernetes list, followed by what stands around them. Brackets and texts are followed, no more:
 * each piece is for JSON.parse to judge. Ends after the first fault.
 */
export async function* jsonPieces(chunks: AsyncIterable<string>): AsyncGenerator<JsonPiece | JsonFault> {
  let line = 1;
  let depth = 0;
  let inText = false;
  let escaped = false;
  /** Depth at which the entries of a list stand; 0 while there is none. */
  let entries = 0;
  let isPiece = false;
  let piece = '';
  let pieceLine = 1;
  /** The top object without its items, and where it began. */
  let around = '';
  let aroundLine = 1;
  let hasItems = false;
  /** The last text at depth 1, and whether it was followed by a colon: the key of what comes. */
  let word = '';
  let key: string | undefined;
  for await (const chunk of chunks) {
    let from = 0;
    let i = 0;
    const take = (end: number) => {
      if (isPiece) piece += chunk.slice(from, end);
      else if (depth > 0 && entries === 0) around += chunk.slice(from, end);
      from = end;
    };
    while (i < chunk.length) {
      if (inText) {
        const found = endOfText(chunk, i, escaped);
        escaped = found.escaped;
        if (depth === 1 && entries === 0) word += chunk.slice(i, found.end < 0 ? chunk.length : found.end);
        if (found.end < 0) break;
        inText = false;
        i = found.end + 1;
        continue;
      }
      const code = chunk.charCodeAt(i);
      if (code === 0x0a) line += 1;
      else if (code === quote) {
        inText = true;
        word = '';
      } else if (code === 0x3a) {
        if (depth === 1 && entries === 0) key = word;
      } else if (code === 0x2c) {
        if (depth === 1) key = undefined;
      } else if (code === 0x7b || code === 0x5b) {
        const isList = code === 0x5b;
        if (depth === 0 && isList) entries = 1;
        else if (depth === 0) {
          from = i;
          aroundLine = line;
          around = '';
          hasItems = false;
          key = undefined;
        } else if (depth === entries && entries > 0 && !isPiece) {
          if (isList) return yield { kind: 'fault', why: 'A list stands where an object should.', line };
          isPiece = true;
          piece = '';
          from = i;
          pieceLine = line;
        } else if (depth === 1 && isList && key === 'items' && entries === 0) {
          take(i + 1);
          entries = 2;
          hasItems = true;
        }
        depth += 1;
        if (depth > deepest) return yield { kind: 'fault', why: `It is nested more than ${deepest} levels deep.`, line };
      } else if (code === 0x7d || code === 0x5d) {
        if (depth === 0) return yield { kind: 'fault', why: 'A bracket closes that was never opened.', line };
        if (isPiece && depth - 1 === entries) {
          take(i + 1);
          isPiece = false;
          depth -= 1;
          yield { kind: 'item', text: piece, line: pieceLine };
          piece = '';
        } else if (depth === entries && entries > 0 && !isPiece) {
          if (code !== 0x5d) return yield { kind: 'fault', why: 'A list ends with the wrong bracket.', line };
          depth -= 1;
          entries = 0;
          from = i;
          key = undefined;
        } else if (depth === 1) {
          take(i + 1);
          depth = 0;
          yield { kind: hasItems ? 'around' : 'object', text: around, line: aroundLine };
          around = '';
        } else depth -= 1;
      } else if (code > 0x20 && ((depth === 0 && code !== 0xfeff) || (depth === entries && entries > 0 && !isPiece))) {
        return yield { kind: 'fault', why: `${JSON.stringify(chunk.charAt(i))} stands where an object should.`, line };
      }
      i += 1;
    }
    take(chunk.length);
    if (piece.length + around.length > longestPiece) {
      return yield { kind: 'fault', why: `One object has more than ${longestPiece / 1024 / 1024} MB.`, line: isPiece ? pieceLine : aroundLine };
    }
  }
  if (depth > 0) yield { kind: 'fault', why: 'It ends in the middle of its JSON.', line };
}
