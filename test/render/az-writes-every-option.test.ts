import { describe, expect, it } from 'vitest';
import type { ArmUpdate } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { text } from '../../src/model/json.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { factsFromText } from '../../src/snapshot/file.ts';
import { steps } from '../../steps/index.ts';
import { values } from '../az/values.ts';
import { besideAz, lineOf, type RecordedWrite, recordedWrites } from './recorded-writes.ts';

/** Flags that say where, or how the answer is shown: not what is changed. */
const aside = /^(--resource-group|-g|--name|-n|--cluster-name|--output|-o|--subscription|--yes|--aks-custom-headers?)$/;
/** Words of az for the same thing. */
const synonyms: { readonly [word: string]: string } = { 'aks addon enable': 'aks enable-addons', 'aks addon disable': 'aks disable-addons' };
const longNames: { readonly [flag: string]: string } = { '--addon': '--addons', '-a': '--addons' };

/** What an az command line asks for: its words, and its flags with their values, in any order. */
function asked(line: string): string {
  const parts = line.replace(/^az /, '').replaceAll('=', ' ').split(/\s+/);
  const firstFlag = parts.findIndex((part) => part.startsWith('-'));
  const words = parts.slice(0, firstFlag < 0 ? parts.length : firstFlag).join(' ');
  const flags: string[][] = [];
  for (const part of firstFlag < 0 ? [] : parts.slice(firstFlag)) {
    if (/^--?[a-z]/.test(part)) flags.push([longNames[part] ?? part]);
    else flags.at(-1)?.push(part);
  }
  const kept = flags.filter(([name = '']) => !aside.test(name)).map((flag) => flag.join(' '));
  return [synonyms[words] ?? words, ...kept.sort()].join(' ');
}

/** Every write of the cluster that an option of any step comes to, and that its undo comes to. */
function ourWrites(facts: Facts): readonly { readonly option: string; readonly change: ArmUpdate }[] {
  return steps.flatMap((step) =>
    step.options(facts).flatMap((option) => {
      const given = Object.fromEntries(option.params.flatMap((param) => (param in values ? [[param, values[param] ?? null]] : [])));
      const completed = completeChoice(step, facts, { option: option.id, values: given });
      if ('problems' in completed) return [];
      const plan = makePlan(facts, steps, { [step.id]: completed.choice });
      return [plan, undoPlan(plan)].flatMap(({ changes }) =>
        changes.flatMap(({ change }) =>
          change.kind === 'arm.update' && change.target.type === 'Microsoft.ContainerService/managedClusters'
            ? [{ option: `${step.id}=${option.id}`, change }]
            : [],
        ),
      );
    }),
  );
}

const ofCluster = (write: RecordedWrite): boolean => text(write.before['type'])?.toLowerCase() === 'microsoft.containerservice/managedclusters';

/** Our writes that are printed as the very command that was recorded. */
const pairs = recordedWrites.filter(ofCluster).flatMap((write) => {
  const [facts] = factsFromText(JSON.stringify(write.before), 'recorded');
  if (facts === undefined) return [];
  const said = asked(lineOf(write));
  return ourWrites(facts).flatMap(({ option, change }) => {
    const commands = commandsOf(change);
    return commands.length === 1 && asked(commands[0]?.argv.join(' ') ?? '') === said ? [[`${option}: ${said}`, write, change] as const] : [];
  });
});
describe.runIf(recordedWrites.length > 0)('every option that is printed as a recorded command of az', () => {
  it('is found, whatever the order of the flags', () => {
    expect(asked('az aks addon disable --name x -a one --output none')).toBe(asked('aks disable-addons --addons=one -g y'));
    expect(new Set(pairs.map(([, write]) => write)).size).toBeGreaterThan(3);
  });

  it.each(pairs)('%s: writes what az wrote', (_name, write, change) => {
    const { ours, ofAz } = besideAz(write, change);
    for (const { place, value, ofAz: theirs } of ours) expect({ place, value: theirs }).toEqual({ place, value });
    expect(ours.flatMap(({ place, value }) => (value === undefined ? [] : [place])).sort()).toEqual(ofAz);
  });
});
