import { describe, expect, it } from 'vitest';
import { commandNames, options } from '../../src/commands/arguments.ts';
import { helpText } from '../../src/commands/help.ts';
import { parse } from '../../src/commands/parse.ts';
import { ProblemError } from '../../src/model/problem.ts';

function problemOfParsing(...argv: string[]) {
  try {
    parse(argv);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('the command line', () => {
  it('is the wizard when no command is named', () => {
    const invocation = parse(['-g', 'prod', '-n', 'weu', '-s', 'main']);
    expect(invocation.command).toBe('wizard');
    expect([invocation.text('resource-group'), invocation.text('name'), invocation.text('subscription')]).toEqual(['prod', 'weu', 'main']);
  });

  it('takes --practice bare and with a scenario', () => {
    expect(parse(['--practice']).text('practice')).toBe('legacy');
    expect(parse(['check', '--practice=hardened']).text('practice')).toBe('hardened');
    expect(parse([]).text('practice')).toBeUndefined();
  });

  it('collects options that may be repeated', () => {
    expect(parse(['plan', '--choose', 'a=b', '--choose=c=d']).texts('choose')).toEqual(['a=b', 'c=d']);
  });

  it.each([
    [['chekc'], 'Did you mean "check"?'],
    [['--resource-grup', 'x'], 'Did you mean "--resource-group"?'],
    [['check', '--practice=legcy'], 'Did you mean "legacy"?'],
    [['check', '-o', 'yaml'], 'does not take "yaml"'],
    [['check', '--undo'], 'does not go with check'],
    [['check', 'a'], '"a" is not understood here'],
    [['-g', 'a', '-g', 'b'], 'given twice'],
    [['plan', '--from'], 'has no value'],
    [['check', '--exit-code=yes'], 'takes no value'],
  ])('refuses %j', (argv, words) => {
    const problem = problemOfParsing(...argv);
    expect(problem.what).toContain(words);
    expect(problem.exitCode).toBe(2);
    expect(problem.next.length).toBeGreaterThan(0);
  });

  it.each(commandNames)('helps with %s from the tables', (command) => {
    const help = helpText(command, '1.2.3');
    for (const option of options) {
      const named = new RegExp(`--${option.name}(?![a-z-])`);
      expect(named.test(help)).toBe(option.commands.includes(command) || named.test(help.split('Examples:')[1] ?? ''));
    }
    expect(help).toContain('Examples:');
    for (const line of help.split('\n')) expect(line.length).toBeLessThan(170);
  });
});
