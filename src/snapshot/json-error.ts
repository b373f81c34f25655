/** A sign, the start of a text, or a number or word (RFC 8259). Texts are walked by hand: a pattern over a long one exhausts the engine's stack. */
const token = /([[\]{}:,])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** The beginning of a number or word that breaks off. */
const unfinished = /^(?:-|-?\d[\d.eE+-]*|t|tr|tru|f|fa|fal|fals|n|nu|nul)$/;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** What may follow an opening bracket. */
const afterOpening = { '[': 'value or ]', '{': 'key or }' } as const satisfies { [bracket: string]: Expected };

function isOpening(sign: string | undefined): sign is '[' | '{' {
  return sign === '[' || sign === '{';
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The offset behind a text that begins at `start`, or where it is broken (the whole's length when it does not end). */
function walkText(whole: string, start: number): { readonly end: number } | { readonly broken: number } {
  for (let i = start + 1; i < whole.length; i += 1) {
    const code = whole.charCodeAt(i);
    if (code === 0x22) return { end: i + 1 };
    if (code < 0x20) return { broken: i };
    if (code !== 0x5c) continue;
    i += 1;
    const escaped = whole.slice(i, i + 5);
    const rest = whole.length - i;
    if (rest === 0 || (escaped.startsWith('u') && rest < 5 && /^u[0-9a-fA-F]*$/.test(escaped))) return { broken: whole.length };
    if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(escaped)) return { broken: i };
  }
  return { broken: whole.length };
}

/**
 * The offset of the first character that keeps a text from being JSON; the text's length when it only ends too early, and undefined when
 * nothing is wrong. The engine's own message names the place for some errors only.
 */
export function jsonErrorOffset(whole: string): number | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  let last = 0;
  for (;;) {
    let start = offset;
    while (start < whole.length && isBlank(whole.charCodeAt(start))) start += 1;
    if (start === whole.length) return open.length === 0 && expected === ', or end' ? undefined : whole.length;
    token.lastIndex = start;
    const found = token.exec(whole);
    // A number that breaks off after its point or its e is a shorter number first.
    const cut = (from: number) => whole.length - from < 400 && unfinished.test(whole.slice(from));
    if (!found) return cut(start) || (start === offset && cut(last)) ? whole.length : start;
    const [, sign, quote, other] = found;
    const isText = quote !== undefined;
    if (expected === ', or end') {
      const innermost = open.at(-1);
      if (sign === ',' && innermost) expected = innermost === '[' ? 'value' : 'key';
      else if ((sign === ']' && innermost === '[') || (sign === '}' && innermost === '{')) open.pop();
      else return start;
    } else if (expected === ':') {
      if (sign !== ':') return start;
      expected = 'value';
    } else if ((expected === 'value or ]' && sign === ']') || (expected === 'key or }' && sign === '}')) {
      open.pop();
      expected = ', or end';
    } else if (expected === 'key' || expected === 'key or }') {
      if (!isText) return start;
      expected = ':';
    } else {
      if (!isText && other === undefined && !isOpening(sign)) return start;
      if (isOpening(sign)) open.push(sign);
      expected = isOpening(sign) ? afterOpening[sign] : ', or end';
    }
    last = start;
    offset = token.lastIndex;
    if (isText) {
      const walked = walkText(whole, start);
      if ('broken' in walked) return walked.broken;
      offset = walked.end;
    }
  }
}
