import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import type { Command, Plan } from '../../src/model/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { needsOf } from '../../src/render/needs.ts';
import { allCases, everyTool } from '../az/cases.ts';
import { grounds } from '../az/grounds.ts';
import { consentOf, printed } from '../az/sdk-world.ts';
import { readPwsh } from './read-pwsh.ts';
import { isSetup, runScript } from './run-script.ts';

const pwsh = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'pwsh'))
  .find((file) => existsSync(file));
if (pwsh === undefined) console.log('skipped: PowerShell scripts are read by its quoting rules only, there is no pwsh');

/** A plan for a practice cluster, or its way back. */
interface Printed {
  readonly place: string;
  readonly plan: Plan;
  readonly facts: Facts;
  readonly undo: boolean;
}

const runs = (await allCases(grounds, everyTool)).flatMap((one) => (one.kind === 'run' ? [one] : []));
const every: readonly Printed[] = runs.flatMap(({ place, plan, facts }) => [
  { place, plan, facts, undo: false },
  { place: `${place}, undone`, plan: undoPlan(plan), facts, undo: true },
]);
/** Scripts with the same commands are one: their names and guards differ, and the tests of scripts are about those. */
const different = [...new Map(every.map((one) => [JSON.stringify(planned(one)), one])).values()];

function planned({ plan }: Printed): readonly Command[] {
  return plan.changes.flatMap(({ change }) => commandsOf(change));
}

/** What a program is given: arguments, standard input, files. */
const given = ({ argv, stdin = '', files = {} }: Command) => ({ argv, stdin, files });

describe('every script for the practice clusters', () => {
  it('is among them, both ways', () => {
    expect(every.length).toBeGreaterThan(200);
    expect(different.length).toBeGreaterThan(100);
  });

  it('hands in bash every command to its program as it is planned, with its files and its input', { timeout: 120_000 }, () => {
    for (const one of different) {
      const { status, stderr, calls } = runScript(printed(one.plan, one.facts, { shell: 'bash', undo: one.undo }), {
        AKS_HARDEN_OVERRIDE: consentOf(one.plan),
        TENANT: one.facts.known.subscriptionTenant?.state === 'known' ? one.facts.known.subscriptionTenant.value : '',
      });
      expect(status, `${one.place}: ${stderr}`).toBe(0);
      const made = calls.filter(({ argv }) => !isSetup(argv));
      const commands = planned(one);
      expect(
        made.map(({ argv }) => argv),
        one.place,
      ).toEqual(commands.map(({ argv }) => argv));
      commands.forEach((command, i) => {
        expect(made[i]?.stdin, one.place).toBe(command.stdin ?? '');
        expect(made[i]?.files, one.place).toMatchObject(command.files ?? {});
      });
    }
  });

  it('hands in PowerShell every command to its program as it is planned, by its quoting rules', () => {
    for (const one of different) {
      const read = readPwsh(printed(one.plan, one.facts, { shell: 'pwsh', undo: one.undo })).filter(({ argv }) => !isSetup(argv));
      expect(read, one.place).toEqual(planned(one).map(given));
    }
  });

  it.runIf(pwsh !== undefined)('is read by PowerShell itself without an error', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'aks-harden-pwsh-'));
    try {
      different.forEach((one, i) => {
        writeFileSync(join(folder, `${i}.ps1`), printed(one.plan, one.facts, { shell: 'pwsh', undo: one.undo }));
      });
      const parse =
        '$found = $null; [void][System.Management.Automation.Language.Parser]::ParseFile($_.FullName, [ref]$null, [ref]$found); $found | ForEach-Object { "$_" }';
      const said = execFileSync(pwsh ?? '', ['-NoProfile', '-NonInteractive', '-Command', `Get-ChildItem *.ps1 | ForEach-Object { ${parse} }`], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(said).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names the extension of each command that needs one', () => {
    for (const one of different) {
      const { extensions } = needsOf(planned(one));
      for (const shell of ['bash', 'pwsh'] as const) {
        const text = printed(one.plan, one.facts, { shell, undo: one.undo });
        for (const name of extensions) expect(text, one.place).toContain(`az extension add --upgrade --name ${name}`);
      }
    }
  });
});
