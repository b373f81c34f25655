/** A program call in a PowerShell script: arguments, standard input, and the files written for it. */
export interface PwshCall {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly files: { readonly [name: string]: string };
}

const isQuote = (char: string | undefined): boolean => char !== undefined && "'\u2018\u2019\u201a\u201b".includes(char);
const bare = /(?:--?[A-Za-z][A-Za-z0-9-]*|[A-Za-z][A-Za-z0-9_./-]*)(?=\s|$)/y;

/** A text in single quotes that begins at `start`: everything in it is literal, and two single-quote characters in a row are one (about_Quoting_Rules). */
function quoted(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  for (let i = start + 1; i < line.length; i += 1) {
    if (!isQuote(line[i])) text += line[i];
    else if (isQuote(line[i + 1])) {
      text += line[i];
      i += 1;
    } else return { text, end: i + 1 };
  }
  throw new Error(`the text does not end: ${line}`);
}

/** The words of a command, in native argument passing mode Standard. Throws for a word that PowerShell would read more into. */
export function pwshWords(line: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') at += 1;
    else if (isQuote(line[at])) {
      const { text, end } = quoted(line, at);
      if (end < line.length && line[end] !== ' ') throw new Error(`a word goes on behind its quotes: ${line}`);
      words.push(text);
      at = end;
    } else {
      bare.lastIndex = at;
      const word = bare.exec(line)?.[0];
      if (word === undefined) throw new Error(`PowerShell would read more into: ${line.slice(at)}`);
      words.push(word);
      at += word.length;
    }
  }
  return words;
}

/** A text as an expression: one in quotes, or lines in quotes joined by newlines. Ends with a newline, as a file and a pipeline get it. */
function expression(lines: readonly string[]): string {
  const inside = lines.length === 1 ? lines : lines.slice(1, -1);
  const texts = inside.map((line) => {
    const [text, ...more] = pwshWords(line.trim());
    if (text === undefined || more.length > 0) throw new Error(`not one text: ${line}`);
    return text;
  });
  return `${texts.join('\n')}\n`;
}

const writes = /^Set-Content -LiteralPath (\S+|'.*?') -Encoding utf8NoBOM -Value /;
const joined = ') -join "`n")';

/** The lines of one statement from `start` on: continued by a backtick, or a list of texts. */
function statementAt(lines: readonly string[], start: number): readonly string[] {
  const end = (isLast: (line: string) => boolean) => lines.findIndex((line, i) => i >= start && isLast(line)) + 1;
  const first = lines[start] ?? '';
  const afterTexts = first.endsWith('(@(') ? end((line) => line.startsWith(joined)) : start + 1;
  return lines.slice(start, Math.max(afterTexts, lines.findIndex((line, i) => i >= afterTexts - 1 && !line.endsWith(' `')) + 1));
}

const startsCommand = /^(az|kubectl|kubelogin) /;

/** The program calls that stand at the margin of a script as it is printed, each with the files that were written before it. */
export function readPwsh(script: string): readonly PwshCall[] {
  const lines = script.split('\n');
  const calls: PwshCall[] = [];
  let files: { [name: string]: string } = {};
  for (let i = 0; i < lines.length; ) {
    const statement = statementAt(lines, i);
    const [first = ''] = statement;
    const last = statement.findIndex((line) => line.startsWith(joined));
    const texts = last < 0 ? [] : statement.slice(0, last + 1);
    const write = writes.exec(first);
    if (write !== null) {
      const name = pwshWords(write[1] ?? '')[0] ?? '';
      files = { ...files, [name]: expression(texts.length > 0 ? texts : [first.slice(write[0].length)]) };
    } else {
      const whole = (last < 0 ? statement : [(statement[last] ?? '').slice(joined.length), ...statement.slice(last + 1)])
        .map((line) => line.replace(/ `$/, '').trim())
        .join(' ');
      const isText = isQuote(first[0]) || first.startsWith('(@(');
      const piped = isText ? /^(?:(.*) )?\| (?=(?:az|kubectl) )/.exec(whole) : null;
      const command = whole.slice(piped?.[0].length ?? 0);
      if (startsCommand.test(command) && (piped !== null || startsCommand.test(first))) {
        const stdin = piped === null ? '' : expression(texts.length > 0 ? texts : [piped[1] ?? '']);
        const argv = command.includes('$env:KUBECONFIG') ? command.split(' ') : pwshWords(command);
        calls.push({ argv, stdin, files });
        files = {};
      }
    }
    i += Math.max(1, statement.length);
  }
  return calls;
}
