import { cleanValue } from '../model/foreign.ts';
import type { Json } from '../model/json.ts';
import type { Command } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';

/** A file that a command reads: its name, as argv uses it, and what is in it. */
export interface CommandFile {
  readonly name: string;
  readonly text: string;
}

/** A JSON document as a file for a command. JSON never goes into an argument: PowerShell before 7.3 and az.cmd drop the quotes in it. */
export function jsonFile(name: string, value: Json): CommandFile {
  return { name, text: `${JSON.stringify(value, null, 2)}\n` };
}

/** A flag with its value. One value only; a value that begins with a dash is joined by `=`, or it would be read as a flag. */
export function flag(name: string, value: string): readonly string[] {
  // az reads a file for @NAME, at the start and after the first equals sign (azure-cli-core, _expand_file_prefixed_files).
  if (/^(?:[^=]*=)?@/.test(value)) {
    throw new ProblemError({
      code: 'value-not-printable',
      what: `${name} can not be given the value ${cleanValue(value)} on a command line.`,
      why: 'az takes what follows the @ for the name of a file.',
      next: ['Apply this change from here instead of printing it.'],
    });
  }
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

/** A flag that reads its value from a file: `--body @body.json`. */
export function fileFlag(name: string, file: CommandFile): readonly string[] {
  return [name, `@${file.name}`];
}

/** Details of an az command beside its arguments. */
export interface AzDetails {
  readonly files?: readonly CommandFile[];
  readonly comment?: string | undefined;
  readonly azVersion?: string | undefined;
  readonly extension?: string | undefined;
}

/** An az command: `az WORDS FLAGS`, always with the subscription named and without the answer's JSON on the screen. */
export function az(words: string, subscription: string, flags: readonly (readonly string[])[], details: AzDetails = {}): Command {
  const { files = [], comment, azVersion, extension } = details;
  return {
    argv: ['az', ...words.split(' '), ...flags.flat(), ...(subscription === '' ? [] : flag('--subscription', subscription)), '--output', 'none'],
    ...(files.length > 0 ? { files: Object.fromEntries(files.map((file) => [file.name, file.text])) } : {}),
    ...(comment === undefined ? {} : { comment }),
    ...(azVersion === undefined ? {} : { azVersion }),
    ...(extension === undefined ? {} : { extension }),
  };
}

/** The higher of two az versions (`2.73`); undefined when neither is given. */
export function laterVersion(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const differing = (left ?? []).findIndex((part, i) => part !== (right?.[i] ?? 0));
  if (differing < 0) return b;
  return (left?.[differing] ?? 0) > (right?.[differing] ?? 0) ? a : b;
}
