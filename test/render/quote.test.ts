import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hereDocument, pwshText, quote, showCommand } from '../../src/render/quote.ts';
import { pwshWords } from './read-pwsh.ts';

const nasty = [
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '\n',
  '\r',
  '\t',
  ' ',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '*',
  '?',
  '~',
  '#',
  '=',
  '%',
  '^',
  ',',
  '@',
  '-',
  '--%',
  '\u2018',
  '\u2019',
  '\u201a',
  '\u201b',
  '\u201c',
  '\u201d',
  '\u0007',
  '\u001b',
  'a',
  'é',
  '😀',
  '$(id)',
  `$\{x}`,
  '\\\\',
  "'@",
  "@'",
  '\nEND\n',
];
const hostile = fc.array(fc.constantFrom(...nasty), { maxLength: 12 }).map((parts) => parts.join(''));
const examples = [
  '',
  '-',
  '--',
  '-n',
  '@',
  '@file',
  '--%',
  '1.30',
  '0x10',
  '1e3',
  'END',
  'a b',
  '~',
  "it's",
  'a\\',
  'a\\"b\\',
  '$HOME',
  '$env:PATH',
  '\u2019; evil',
  'name=value',
  'true',
  '%PATH%',
];

/** What bash hands to a program for a written command line. */
function viaBash(words: readonly string[]): readonly string[] {
  const out = execFileSync('bash', ['-c', `set -euo pipefail\nprintf '%s\\0' ${words.map((word) => quote(word, 'bash')).join(' ')}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

describe('bash', () => {
  it.each(examples)('hands %j on unchanged', (word) => expect(viaBash(['first', word])).toEqual(['first', word]));

  it('hands any argument on unchanged, through a real bash', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 40 }), (words) => {
        expect(viaBash(words)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves plain words as they are typed', () => {
    expect(['az', '--resource-group', 'rg-1', '20.1.2.3/32,20.1.2.4/32', '/subscriptions/x', 'isEnabled=True'].map((word) => quote(word, 'bash'))).toEqual([
      'az',
      '--resource-group',
      'rg-1',
      '20.1.2.3/32,20.1.2.4/32',
      '/subscriptions/x',
      'isEnabled=True',
    ]);
  });

  it('writes any file with a here-document', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { start, rest } = hereDocument(text);
        const out = execFileSync('bash', ['-c', `cat ${start}\n${rest}\n`], { encoding: 'utf8' });
        expect(out).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      }),
      { numRuns: 60 },
    );
  });
});

/** PowerShell's reading of one argument. */
function pwshReads(written: string): string {
  const words = pwshWords(written);
  expect(words).toHaveLength(1);
  return words[0] ?? '';
}

describe('PowerShell, by its quoting rules', () => {
  it.each(examples)('hands %j on unchanged', (word) => expect(pwshReads(quote(word, 'pwsh'))).toBe(word));

  it('hands any argument on unchanged', () => {
    fc.assert(
      fc.property(hostile, (word) => {
        expect(pwshReads(quote(word, 'pwsh'))).toBe(word);
      }),
    );
  });

  it('writes any text line by line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const inside = pwshText(text);
        const lines = inside.startsWith('(@(') ? inside.split('\n').slice(1, -1) : [inside];
        expect(
          lines
            .map((line) => pwshReads(line.trim()))
            .join('\n')
            .replaceAll('\r', ''),
        ).toBe(text.replace(/\n$/, '').replaceAll('\r', ''));
      }),
    );
  });

  it.each(['@body.json', '1.30', '-1', '', '$x', '%', '~/x'])('quotes %j', (word) => expect(quote(word, 'pwsh')).toBe(`'${word}'`));
});

describe('showCommand', () => {
  const command = {
    argv: [
      'az',
      'aks',
      'update',
      '--resource-group',
      'a b',
      '--name',
      'n',
      '--node-os-upgrade-channel',
      'SecurityPatch',
      '--subscription',
      '00000000-0000-0000-0000-000000000001',
    ],
  };

  it('breaks long lines with what the shell continues them by', () => {
    expect(showCommand(command, 'bash')).toBe(
      "az aks update \\\n  --resource-group 'a b' \\\n  --name n \\\n  --node-os-upgrade-channel SecurityPatch \\\n  --subscription 00000000-0000-0000-0000-000000000001",
    );
    expect(showCommand(command, 'pwsh')).toBe(
      "az aks update `\n  --resource-group 'a b' `\n  --name n `\n  --node-os-upgrade-channel SecurityPatch `\n  --subscription '00000000-0000-0000-0000-000000000001'",
    );
    expect(showCommand({ argv: ['az', 'aks', 'stop', '--name', 'x'] }, 'bash')).toBe('az aks stop --name x');
  });

  it('never breaks an argument', () => {
    const long = 'x'.repeat(300);
    expect(showCommand({ argv: ['az', '--value', long] }, 'bash')).toContain(long);
  });

  it('refuses NUL', () => expect(() => quote('a\0b', 'bash')).toThrow(/NUL/));
});
