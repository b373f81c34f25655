import { parseArgs } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';
import { type Problem, ProblemError } from '../model/problem.ts';
import { type CommandName, commandNames, commands, type OptionSpec, options } from './arguments.ts';

/** A command line understood. Values stand under the option's long name. */
export interface Invocation {
  readonly command: CommandName;
  readonly positional?: string;
  /** Every word that is no option, for a command that takes many. */
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly texts: (option: string) => readonly string[];
  readonly flag: (option: string) => boolean;
}

/** A Problem of the command line: exit code 2. */
export function usageProblem(what: string, why: string, next: readonly string[]): ProblemError {
  return new ProblemError({ code: 'usage', what, why, next, exitCode: 2 } satisfies Problem);
}

/** The candidate that `word` was probably meant to be, as a ready sentence part; empty when none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const near = closest(word, [...candidates]);
  return distance(word, near) <= Math.max(2, Math.floor(near.length / 3)) ? ` Did you mean "${near}"?` : '';
}

/** `--practice` without a value becomes `--practice=legacy`: node's parser knows no optional values. */
function withBareValues(argv: readonly string[]): readonly string[] {
  const bare = new Map(options.filter((o) => o.bare !== undefined).map((o) => [`--${o.name}`, o.bare]));
  return argv.map((word) => (bare.has(word) ? `${word}=${bare.get(word)}` : word));
}

function checkValue(spec: OptionSpec, value: string): void {
  if (value === '') throw usageProblem(`--${spec.name} has no value.`, `It takes ${spec.value}: ${spec.help}.`, ['Give it a value, or leave it out.']);
  if (spec.allowed && !spec.allowed.includes(value)) {
    throw usageProblem(`--${spec.name} does not take "${value}".${didYouMean(value, spec.allowed)}`, `It takes one of: ${spec.allowed.join(', ')}.`, [
      'Use one of these.',
    ]);
  }
}

/**
 * Understands a command line (without node and the script). Unknown words and options are usage problems that offer
 * the nearest name; an option that a command does not have is refused, not ignored.
 */
export function parse(argv: readonly string[]): Invocation {
  const spec: { [name: string]: { type: 'string' | 'boolean'; short?: string; multiple?: boolean } } = {};
  for (const { name, short, value, multiple } of options) {
    spec[name] = { type: value === undefined ? 'boolean' : 'string', multiple: value !== undefined && multiple === true, ...(short ? { short } : {}) };
  }
  const { tokens } = parseArgs({ args: [...withBareValues(argv)], options: spec, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.find((o) => o.name === token.name);
    if (!option) {
      const names = options.map((o) => `--${o.name}`);
      throw usageProblem(`There is no option ${token.rawName}.${didYouMean(token.rawName, names)}`, 'The options are those that --help lists.', [
        'Run aks-harden --help.',
      ]);
    }
    if (option.value !== undefined) checkValue(option, token.value ?? '');
    else if (token.value !== undefined) throw usageProblem(`--${option.name} takes no value.`, 'It is a switch.', [`Give --${option.name} alone.`]);
    const before = given.get(option.name) ?? [];
    if (before.length > 0 && option.value !== undefined && !option.multiple) {
      throw usageProblem(`--${option.name} is given twice.`, 'It takes one value.', ['Give it once.']);
    }
    given.set(option.name, [...before, token.value ?? 'true']);
  }
  const [first, ...others] = words;
  const named = commandNames.find((name) => name === first && name !== 'wizard');
  const command: CommandName = named ?? 'wizard';
  const positionals = named ? others : words;
  const about = commands.find((c) => c.name === command);
  const most = about?.positional?.multiple ? Number.POSITIVE_INFINITY : about?.positional ? 1 : 0;
  if (positionals.length > most) {
    const word = positionals[most] ?? '';
    const names = commandNames.filter((name) => name !== 'wizard');
    throw usageProblem(`"${word}" is not understood here.${named ? '' : didYouMean(word, names)}`, `Commands are: ${names.join(', ')}.`, [
      'Run aks-harden --help.',
    ]);
  }
  for (const name of given.keys()) {
    const option = options.find((o) => o.name === name);
    if (option && !option.commands.includes(command)) {
      throw usageProblem(`--${name} does not go with ${command === 'wizard' ? 'the wizard' : command}.`, `It goes with: ${option.commands.join(', ')}.`, [
        `Run aks-harden ${command === 'wizard' ? '' : `${command} `}--help.`,
      ]);
    }
  }
  return {
    command,
    ...(positionals[0] === undefined ? {} : { positional: positionals[0] }),
    positionals,
    text: (option) => given.get(option)?.at(-1),
    texts: (option) => given.get(option) ?? [],
    flag: (option) => given.has(option),
  };
}
