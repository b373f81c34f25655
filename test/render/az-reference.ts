import { existsSync, readFileSync } from 'node:fs';
import type { Command } from '../../src/model/plan.ts';

const file = new URL('../../../shared/data/az-reference.json', import.meta.url);

interface Param {
  readonly names: readonly string[];
  readonly required?: boolean;
  readonly allowed?: readonly string[];
  readonly deprecated?: unknown;
}
interface Reference {
  readonly [command: string]: { readonly status: string; readonly params: { readonly [name: string]: Param } };
}

/** True when the list of az's commands is there to check against. */
export const hasReference = existsSync(file);
const reference: Reference = hasReference ? (JSON.parse(readFileSync(file, 'utf8')) as Reference) : {};
if (!hasReference) console.log('skipped: commands are not checked against az, its reference is not there');

/** Commands that the reference does not list, from learn.microsoft.com/cli/azure/group. */
const more: Reference = {
  'group create': {
    status: 'GA',
    params: { '--name': { names: ['--name', '-n'], required: true }, '--location': { names: ['--location', '-l'], required: true } },
  },
};
const anywhere: readonly string[] = ['--subscription', '--output', '--query', '--only-show-errors'];

/** What is wrong with an az command by az's own reference: unknown or retired words and flags, missing ones, values not allowed. */
export function azFaults(command: Command): readonly string[] {
  const [program, ...words] = command.argv;
  if (program !== 'az') return [`not az: ${program}`];
  const firstFlag = words.findIndex((word) => word.startsWith('-'));
  const name = words.slice(0, firstFlag < 0 ? words.length : firstFlag).join(' ');
  const known = reference[command.extension === undefined ? name : `${name}@${command.extension}`] ?? more[name];
  if (!known) return [`unknown command: ${name}`];
  const faults = known.status.includes('Deprecated') ? [`retired command: ${name}`] : [];
  const params = Object.values(known.params);
  const given = new Map<string, string[]>();
  let last: string[] = [];
  for (const word of words.slice(firstFlag < 0 ? words.length : firstFlag)) {
    if (!/^--?[A-Za-z]/.test(word)) last.push(word);
    else {
      const [flag = '', ...value] = word.split('=');
      last = value.length > 0 ? [value.join('=')] : [];
      const param = params.find((one) => one.names.includes(flag));
      if (!param && !anywhere.includes(flag)) faults.push(`unknown flag: ${name} ${flag}`);
      if (param?.deprecated) faults.push(`retired flag: ${name} ${flag}`);
      given.set(param?.names[0] ?? flag, last);
    }
  }
  for (const param of params) {
    const values = param.names.map((one) => given.get(one)).find((one) => one !== undefined);
    if (param.required && values === undefined) faults.push(`missing: ${name} ${param.names.join('|')}`);
    for (const value of values ?? []) if (param.allowed && !param.allowed.includes(value)) faults.push(`not allowed: ${name} ${param.names[0]} ${value}`);
  }
  return faults;
}
