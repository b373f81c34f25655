import type { Json } from '../model/json.ts';

/** Thrown, and caught here, where a text has something that only the whole of YAML knows. */
const unusual = Symbol('more than plain YAML');

/** Words that YAML 1.1 takes for something else than a text. */
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['null', 'Null', 'NULL', '~'].map((word): [string, Json] => [word, null]),
  ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y'].map((word): [string, Json] => [word, true]),
  ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N'].map((word): [string, Json] => [word, false]),
]);

const wholeNumber = /^-?(?:0|[1-9]\d{0,14})$/;
const decimal = /^-?(?:0|[1-9]\d{0,8})\.\d{1,6}$/;
/** What no number or word of YAML begins and goes on like: behind digits, a letter that no number has (`0x…` and its like are left out below). */
const text =
  /^(?:[A-Za-z/_][\w ./@=+,;()<>$%^~'"[\]{}*&!?|:-]*|-{1,2}[A-Za-z][\w./@=,+:-]*|\d+(?:\.\d+){2,}[\w./:-]*|\d[\w.:/@-]*[A-DF-Za-df-z][\w.:/@-]*|\d[\d.]*[A-Za-z]{1,2})$/;
const key = /^([A-Za-z0-9_/.][\w./@:-]*?):(?: +(.*))?$/;

function plainScalar(written: string): Json {
  if (words.has(written)) return words.get(written) ?? null;
  if (wholeNumber.test(written) || decimal.test(written)) return Number(written);
  // A colon before a blank, and a number sign behind one, end a plain text.
  if (!text.test(written) || /:(?: |$)| #/.test(written) || /^\d+(?:\.\d*)?[eE]\d?$|^0[xXoObB]/.test(written)) throw unusual;
  return written;
}

function scalar(written: string): Json {
  const first = written.charAt(0);
  if (first === '"') {
    if (written.length < 2 || !written.endsWith('"')) throw unusual;
    try {
      return JSON.parse(written) as Json;
    } catch {
      throw unusual;
    }
  }
  if (first === "'") {
    if (!/^'(?:[^']|'')*'$/.test(written)) throw unusual;
    return written.slice(1, -1).replaceAll("''", "'");
  }
  if (written === '{}') return {};
  if (written === '[]') return [];
  return plainScalar(written);
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Nested deeper, it is left to the whole parser. */
const deepest = 60;

/**
 * The value of a YAML document that keeps to the plain form in which kubectl prints: blocks, one line a value, quoted texts, `|` blocks. It is
 * read in a tenth of the time. Undefined for every document that holds anything else, right or wrong: then the whole parser judges.
 */
export function plainYaml(document: string): Json | undefined {
  if (!/^[\n\u0020-\u007e\u00a1-\u02ff]*$/.test(document)) return undefined;
  const rows = document.split('\n');
  const lines: (Line | undefined)[] = rows.map((row) => {
    const indent = row.search(/[^ ]/);
    return indent < 0 ? undefined : { indent, text: row.slice(indent).trimEnd() };
  });
  let at = 0;
  let depth = 0;

  const skip = (): Line | undefined => {
    for (; at < lines.length; at += 1) {
      const line = lines[at];
      if (line && !line.text.startsWith('#')) return line;
    }
    return undefined;
  };

  const block = (outer: number, style: string): string => {
    if (style !== '|' && style !== '|-') throw unusual;
    const from = at;
    const first = lines[at];
    // A first line that is empty, or indented further than others, sets the indentation in ways that are not plain.
    if (!first || first.indent <= outer) throw unusual;
    const taken: string[] = [];
    for (; at < lines.length; at += 1) {
      const line = lines[at];
      if (line && line.indent <= outer) break;
      if (line && line.indent < first.indent) throw unusual;
      if (!line && (rows[at] ?? '').length > first.indent) throw unusual;
      taken.push((rows[at] ?? '').slice(first.indent));
    }
    while (taken.at(-1) === '') taken.pop();
    if (taken.length === 0 || from === at) throw unusual;
    return `${taken.join('\n')}${style === '|' ? '\n' : ''}`;
  };

  /** What stands behind a key or a dash. */
  const inline = (written: string, outer: number): Json => {
    if (written.startsWith('|') || written.startsWith('>')) return block(outer, written);
    const value = scalar(written);
    const next = skip();
    // A deeper line would go on with the text of this one.
    if (next && next.indent > outer) throw unusual;
    return value;
  };

  const value = (indent: number): Json => {
    depth += 1;
    if (depth > deepest) throw unusual;
    const line = skip();
    const found = line && (line.text === '-' || line.text.startsWith('- ')) ? sequence(indent) : mapping(indent);
    depth -= 1;
    return found;
  };

  const sequence = (indent: number): Json => {
    const all: Json[] = [];
    for (let line = skip(); line && line.indent === indent && (line.text === '-' || line.text.startsWith('- ')); line = skip()) {
      const rest = line.text.slice(1).trimStart();
      if (rest === '') {
        at += 1;
        const next = skip();
        if (!next || next.indent <= indent) all.push(null);
        else all.push(value(next.indent));
        continue;
      }
      if (rest.startsWith('#')) throw unusual;
      if (key.test(rest) || rest === '-' || rest.startsWith('- ')) {
        const inner = indent + line.text.length - rest.length;
        lines[at] = { indent: inner, text: rest };
        all.push(value(inner));
        continue;
      }
      at += 1;
      all.push(inline(rest, indent));
    }
    const next = skip();
    if (next && next.indent > indent) throw unusual;
    return all;
  };

  const mapping = (indent: number): Json => {
    const found: { [name: string]: Json } = {};
    for (let line = skip(); line && line.indent === indent; line = skip()) {
      const [, name, written] = key.exec(line.text) ?? [];
      if (name === undefined || name === '__proto__' || Object.hasOwn(found, name)) throw unusual;
      at += 1;
      if (written !== undefined && written !== '') {
        found[name] = inline(written, indent);
        continue;
      }
      const next = skip();
      const isBelow = next && (next.indent > indent || (next.indent === indent && (next.text === '-' || next.text.startsWith('- '))));
      found[name] = isBelow ? value(next.indent) : null;
    }
    const next = skip();
    if (next && next.indent > indent) throw unusual;
    return found;
  };

  try {
    const first = skip();
    if (!first || !key.test(first.text.replace(/^(?:- +)+/, ''))) return undefined;
    const whole = value(first.indent);
    return skip() ? undefined : whole;
  } catch (thrown) {
    if (thrown === unusual) return undefined;
    throw thrown;
  }
}
