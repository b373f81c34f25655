import type { Command } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';

export type Shell = 'bash' | 'pwsh';

/** Words that bash takes as they are, anywhere after the name of a command. */
const plainInBash = /^[A-Za-z0-9_%+:,./-][A-Za-z0-9_%+:,./@=-]*$/;

/** Words that PowerShell takes as they are: flags and names. Not numbers, which it would rewrite (`1.30` becomes 1.3). */
const plainInPwsh = /^(?:--?[A-Za-z][A-Za-z0-9-]*|[A-Za-z][A-Za-z0-9_./-]*)$/;

/** PowerShell ends a single-quoted text at any of these; twice means itself (about_Quoting_Rules and the tokenizer's IsSingleQuote). */
const pwshSingleQuotes = /['\u2018\u2019\u201a\u201b]/g;

function refuseNul(text: string): void {
  if (text.includes('\0')) {
    throw new ProblemError({
      code: 'value-not-printable',
      what: 'A value holds a NUL character, which no command line can carry.',
      why: 'It comes from the cluster or from a parameter.',
      next: ['Give another value.'],
    });
  }
}

/**
 * One argument, written so that the shell hands exactly `argument` to the program.
 * PowerShell: 7.4 with native argument passing Standard, which the script sets; embedded double quotes and trailing
 * backslashes arrive unchanged there. Throws a ProblemError for NUL.
 */
export function quote(argument: string, shell: Shell): string {
  refuseNul(argument);
  switch (shell) {
    case 'bash':
      return plainInBash.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
    case 'pwsh':
      return plainInPwsh.test(argument) ? argument : `'${argument.replace(pwshSingleQuotes, '$&$&')}'`;
  }
}

/** The arguments in lines: a flag with its values on one line, the command's own words on the first. */
function argumentLines(argv: readonly string[], shell: Shell): readonly string[] {
  const lines: string[][] = [[]];
  for (const argument of argv) {
    if (/^--?[A-Za-z]/.test(argument)) lines.push([]);
    lines.at(-1)?.push(quote(argument, shell));
  }
  return lines.filter((line) => line.length > 0).map((line) => line.join(' '));
}

/** A command as it is typed, on one line where it fits and with the shell's line continuation where it does not. Never cut. */
export function showCommand(command: Command, shell: Shell, width = 100): string {
  const lines = argumentLines(command.argv, shell);
  const one = lines.join(' ');
  return one.length <= width || lines.length === 1 ? one : lines.join(shell === 'bash' ? ' \\\n  ' : ' `\n  ');
}

/** A here-document for bash, quoted so that nothing in it is expanded. The delimiter grows until no line of the text is it. */
export function hereDocument(text: string): { readonly start: string; readonly rest: string } {
  refuseNul(text);
  const lines = text.split('\n');
  let delimiter = 'END';
  while (lines.includes(delimiter)) delimiter += '_';
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return { start: `<<'${delimiter}'`, rest: `${body}${delimiter}` };
}

/** A text of several lines as a PowerShell expression. Each line is quoted by itself, so that no line can end it. */
export function pwshText(text: string): string {
  refuseNul(text);
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `'${line.replace(pwshSingleQuotes, '$&$&')}'`);
  return lines.length === 1 ? (lines[0] ?? "''") : `(@(\n  ${lines.join('\n  ')}\n) -join "\`n")`;
}
