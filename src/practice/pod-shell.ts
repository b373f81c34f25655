/** What a program in the pod is given, and how it ends. */
export interface Ran {
  readonly exitCode: number;
  readonly out: Buffer;
  readonly err: string;
}
export type Program = (args: readonly string[], stdin: Buffer, files: ReadonlyMap<string, Buffer>) => Ran;
export interface Programs {
  readonly [name: string]: Program;
}

/** A word of a command line, or an operator of the shell. */
type Token = { readonly word: string } | { readonly operator: string };

const operators = /^(&&|\|\||2>&1|2>|[|;><{}])/;

/** Splits a command line: quotes keep blanks and operators together, `$name` stays for later. */
function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const operator = operators.exec(rest)?.[0];
    if (operator !== undefined) {
      tokens.push({ operator });
      rest = rest.slice(operator.length).trimStart();
      continue;
    }
    let word = '';
    let part: RegExpExecArray | null;
    do {
      part = /^'([^']*)'|^"((?:[^"\\]|\\.)*)"|^\\(.)|^[^\s'"\\|;><&]+|^&/.exec(rest);
      if (part === null) break;
      word += part[1] ?? part[2]?.replace(/\\(["\\$`])/g, '$1') ?? part[3] ?? part[0];
      rest = rest.slice(part[0].length);
    } while (rest !== '' && !/^\s/.test(rest) && !operators.test(rest));
    if (part === null && word === '') rest = rest.slice(1);
    else tokens.push({ word });
    rest = rest.trimStart();
  }
  return tokens;
}

/** A shell that runs one line: sequences, pipes, groups, redirections, `$?` and variables made from it. Nothing else of a shell. */
class Shell {
  private readonly tokens: readonly Token[];
  private readonly programs: Programs;
  private readonly files = new Map<string, Buffer>();
  private readonly variables = new Map<string, string>([['?', '0']]);
  private readonly log: string[] = [];
  private place = 0;
  private exited = false;

  constructor(line: string, programs: Programs) {
    this.tokens = tokensOf(line);
    this.programs = programs;
  }

  run(): { readonly exitCode: number; readonly logs: string } {
    const ended = this.sequence(true);
    this.log.push(ended.out.toString('utf8'));
    return { exitCode: Number(this.variables.get('?') ?? '0'), logs: this.log.join('') };
  }

  private next(...wanted: readonly string[]): string | undefined {
    const token = this.tokens[this.place];
    if (token === undefined || !('operator' in token) || !wanted.includes(token.operator)) return undefined;
    this.place += 1;
    return token.operator;
  }

  private done(ran: Ran): Ran {
    this.variables.set('?', String(ran.exitCode));
    if (ran.err !== '') this.log.push(ran.err);
    return ran;
  }

  private sequence(active: boolean): Ran {
    let out = Buffer.alloc(0);
    let last: Ran = { exitCode: 0, out, err: '' };
    do {
      if (this.place >= this.tokens.length || this.peek() === '}') break;
      last = this.either(active && !this.exited);
      out = Buffer.concat([out, last.out]);
      // What was printed so far stands in the log before what follows.
    } while (this.next(';') !== undefined);
    return { ...last, out };
  }

  private peek(): string | undefined {
    const token = this.tokens[this.place];
    return token !== undefined && 'operator' in token ? token.operator : undefined;
  }

  private either(active: boolean): Ran {
    let last = this.pipe(active);
    let { out } = last;
    for (let join = this.next('&&', '||'); join !== undefined; join = this.next('&&', '||')) {
      const runs = active && !this.exited && (join === '&&') === (last.exitCode === 0);
      const following = this.pipe(runs);
      if (runs) {
        last = following;
        out = Buffer.concat([out, following.out]);
      }
    }
    return { ...last, out };
  }

  private pipe(active: boolean): Ran {
    let last = this.command(active, Buffer.alloc(0));
    while (this.next('|') !== undefined) last = this.command(active, last.out);
    return last;
  }

  private command(active: boolean, stdin: Buffer): Ran {
    const words: string[] = [];
    let group: Ran | undefined;
    let input = stdin;
    const targets = new Map<string, string>();
    for (;;) {
      const token = this.tokens[this.place];
      if (token === undefined) break;
      if ('word' in token) {
        words.push(token.word);
        this.place += 1;
      } else if (token.operator === '{' && words.length === 0) {
        this.place += 1;
        group = this.sequence(active);
        this.next('}');
      } else if (['>', '2>', '<'].includes(token.operator)) {
        this.place += 1;
        const file = this.tokens[this.place];
        this.place += 1;
        targets.set(token.operator, file !== undefined && 'word' in file ? file.word : '');
      } else if (token.operator === '2>&1') this.place += 1;
      else break;
    }
    if (!active) return { exitCode: 0, out: Buffer.alloc(0), err: '' };
    const from = targets.get('<');
    if (from !== undefined) input = this.files.get(from) ?? Buffer.alloc(0);
    const ran =
      group ??
      this.simple(
        words.map((word) => word.replace(/\$(\?|\w+)/g, (_all, name: string) => this.variables.get(name) ?? '')),
        input,
      );
    const errors = targets.get('2>');
    if (errors !== undefined && errors !== '/dev/null') this.files.set(errors, Buffer.from(ran.err));
    const into = targets.get('>');
    if (into !== undefined) this.files.set(into, ran.out);
    return this.done({
      exitCode: ran.exitCode,
      out: into === undefined ? ran.out : Buffer.alloc(0),
      err: errors === undefined && group === undefined ? ran.err : '',
    });
  }

  private simple(words: readonly string[], stdin: Buffer): Ran {
    const [first = '', ...args] = words;
    const assigned = /^(\w+)=(.*)$/.exec(first);
    if (assigned) {
      this.variables.set(assigned[1] ?? '', assigned[2] ?? '');
      return { exitCode: 0, out: Buffer.alloc(0), err: '' };
    }
    if (first === 'exit') {
      this.exited = true;
      return { exitCode: Number(args[0] ?? '0'), out: Buffer.alloc(0), err: '' };
    }
    const program = Object.hasOwn(this.programs, first) ? this.programs[first] : undefined;
    return program === undefined ? { exitCode: 127, out: Buffer.alloc(0), err: `sh: ${first}: not found\n` } : program(args, stdin, this.files);
  }
}

/** Runs one line with the programs of a pod; files live as long as the line. Prints what is left on standard output and error. */
export function runLine(line: string, programs: Programs): { readonly exitCode: number; readonly logs: string } {
  return new Shell(line, programs).run();
}
