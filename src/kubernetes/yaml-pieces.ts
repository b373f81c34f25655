/** One document of a YAML text, or one entry of the `items` of a long one. */
export interface YamlPiece {
  readonly kind: 'document';
  readonly text: string;
  /** The line of its first line, from 1. */
  readonly line: number;
}

/** Something that keeps the text from being read further. */
export interface YamlFault {
  readonly kind: 'fault';
  readonly why: string;
  readonly line: number;
}

/** The most characters one document, or one entry of a list, may have. */
export const longestYaml = 8 * 1024 * 1024;

/** A document that grows beyond this and is a list of items is given entry by entry. */
const long = 256 * 1024;

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Lines of a stream of text, without their ends: those of a chunk at a time. */
async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of chunks) {
    const whole = (rest + chunk).split('\n');
    rest = whole.pop() ?? '';
    yield whole.map(withoutReturn);
    if (rest.length > longestYaml) break;
  }
  yield [rest];
}

/** A line that ends a document. Most lines of a long list begin with blanks: those are told apart first. */
const isDivider = (line: string): boolean => !line.startsWith(' ') && /^(?:---(?:\s|$)|\.\.\.\s*$)/.test(line);

/** A line of the outermost mapping. */
const isKey = (line: string): boolean => !line.startsWith(' ') && /^[A-Za-z]/.test(line);

/**
 * Takes a YAML text apart while it comes: at its `---` lines, and a long document whose `items` are a block list at that list's dashes, so that
 * what `kubectl get -o yaml` prints is never held as a whole. A line that begins with `---` ends a document wherever it stands (YAML 1.2,
 * 9.1.2), and no line inside an entry of a block list is indented as little as the entry's own dash. Ends after a fault.
 */
export async function* yamlPieces(chunks: AsyncIterable<string>): AsyncGenerator<YamlPiece | YamlFault> {
  let number = 0;
  let held: string[] = [];
  let from = 1;
  let size = 0;
  /** How an entry of the list in hand begins: its indentation and the dash. */
  let mark: string | undefined;
  let isAfterList = false;
  let isLong = false;

  const flush = function* (): Generator<YamlPiece> {
    const text = mark === undefined ? held.join('\n') : entryText(held, mark);
    if (text.trim() !== '') yield { kind: 'document', text, line: from };
    held = [];
    size = 0;
  };
  const hold = (line: string, at: number) => {
    if (held.length === 0) from = at;
    held.push(line);
    size += line.length + 1;
  };
  /** A line of the list in hand. What stands behind the list (`kind: List`, `metadata:`) says nothing that its entries do not. */
  const holdEntry = (line: string, at: number) => {
    isAfterList ||= isKey(line);
    if (!isAfterList) hold(line, at);
  };
  const endsEntry = (line: string, entryMark: string): boolean => line.startsWith(entryMark) || isKey(line);

  for await (const some of lines(chunks)) {
    for (const line of some) {
      number += 1;
      if (isDivider(line)) {
        yield* flush();
        mark = undefined;
        isAfterList = false;
        isLong = false;
        const rest = line.slice(3).trim();
        if (rest !== '' && !rest.startsWith('#')) hold(rest, number);
        continue;
      }
      if (mark === undefined) hold(line, number);
      else {
        if (endsEntry(line, mark)) yield* flush();
        holdEntry(line, number);
      }
      if (mark === undefined && size > long && !isLong) {
        isLong = true;
        const list = listIn(held);
        if (list) {
          const entries = held.slice(list.from);
          const first = from + list.from;
          held = [];
          mark = list.mark;
          for (const [n, entry] of entries.entries()) {
            if (endsEntry(entry, list.mark)) yield* flush();
            holdEntry(entry, first + n);
          }
        }
      }
      if (size > longestYaml) return yield { kind: 'fault', why: `One document has more than ${longestYaml / 1024 / 1024} MB.`, line: from };
    }
  }
  yield* flush();
}

/** An entry as a document of its own: the dash is a blank, and everything keeps its column. */
function entryText(entry: readonly string[], mark: string): string {
  const [first = '', ...rest] = entry;
  return [mark.replace('-', ' ') + first.slice(mark.length), ...rest].join('\n');
}

/** Where the entries of a block list called `items` begin, and how each does. */
function listIn(document: readonly string[]): { readonly from: number; readonly mark: string } | undefined {
  const items = document.findIndex((line) => /^items:\s*(#.*)?$/.test(line));
  if (items < 0) return undefined;
  const mark = /^ *- /.exec(document[items + 1] ?? '')?.[0];
  return mark === undefined ? undefined : { from: items + 1, mark };
}
