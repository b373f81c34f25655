import { describe, expect, it } from 'vitest';
import type { ArmUpdate } from '../../src/model/change.ts';
import type { Json } from '../../src/model/json.ts';
import type { Step } from '../../src/model/step.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { commandsOf } from '../../src/render/index.ts';
import { factsFromText } from '../../src/snapshot/file.ts';
import { networkPolicy } from '../../steps/cluster/network-policy.ts';
import { nodeOsUpdates } from '../../steps/cluster/node-os-updates.ts';
import { entraSignIn } from '../../steps/identity/entra-sign-in.ts';
import { secrets } from '../../steps/pod/secrets.ts';
import { besideAz, changeOf, editsOf, lineOf, type RecordedWrite, recordedWrites } from './recorded-writes.ts';

interface Meaning {
  /** Part of the recorded command line. */
  readonly said: RegExp;
  readonly step: Step;
  readonly option: string;
  readonly values: { readonly [param: string]: Json };
  /** The change of the plan that the command stands for, where there are several. */
  readonly change?: string;
}

const rotation = (interval: string) => ({ step: secrets, option: 'key-vault', values: { 'poll-interval': interval } });

/** Recorded commands that one of our options means. */
const meanings: readonly Meaning[] = [
  { said: /--network-policy=azure/, step: networkPolicy, option: 'azure', values: {} },
  {
    said: /--network-plugin azure --network-plugin-mode overlay/,
    step: networkPolicy,
    option: 'overlay-then-cilium',
    values: {},
    change: 'cluster.network-policy/overlay',
  },
  { said: /--node-os-upgrade-channel SecurityPatch/, step: nodeOsUpdates, option: 'security-patch', values: {} },
  {
    said: /--enable-aad --aad-admin-group-object-ids/,
    step: entraSignIn,
    option: 'entra-kubernetes-rbac',
    values: { adminGroups: ['00000000-0000-0000-0000-000000000003'], tenant: '00000000-0000-0000-0000-000000000004' },
  },
  { said: /enable-addons .*--enable-secret-rotation --rotation-poll-interval 1h/, ...rotation('1h') },
  { said: /aks update .*--enable-secret-rotation --rotation-poll-interval 120s/, ...rotation('120s') },
  { said: /addon enable .*--enable-secret-rotation/, ...rotation('2m') },
];

/** Our change for the cluster as it stood before the recorded command. */
function ourChange(write: RecordedWrite, { step, option, values, change }: Meaning): ArmUpdate {
  const [facts] = factsFromText(JSON.stringify(write.before), 'recorded');
  if (!facts) throw new Error('no facts');
  const completed = completeChoice(step, facts, { option, values });
  if ('problems' in completed) throw new Error(completed.problems.map(({ why }) => why).join(' '));
  const { changes } = step.plan(facts, completed.choice);
  const found = changes.find((one): one is ArmUpdate => one.kind === 'arm.update' && (change === undefined || one.id === change));
  if (!found) throw new Error('no write');
  return found;
}

describe.runIf(recordedWrites.length > 0)('our write and the one that az sent', () => {
  const pairs = meanings.flatMap((meaning) =>
    recordedWrites.filter((write) => meaning.said.test(lineOf(write))).map((write) => [lineOf(write), write, meaning] as const),
  );

  it('are found for every meaning', () => {
    for (const meaning of meanings) expect(pairs.filter(([, , one]) => one === meaning).length, String(meaning.said)).toBeGreaterThan(0);
  });

  it.each(pairs)('%s', (_line, write, meaning) => {
    const { ours, ofAz } = besideAz(write, ourChange(write, meaning));
    expect(ours.length).toBeGreaterThan(0);
    for (const { place, value, ofAz: theirs } of ours) expect({ place, value: theirs }).toEqual({ place, value });
    expect(ofAz).toEqual(ours.flatMap(({ place, value }) => (value === undefined ? [] : [place])).sort());
  });
});

const asksNothing = /^(--resource-group|-g|--name|-n|--cluster-name|--output|-o|--subscription|--yes|--aks-custom-headers?|-a|--addons?)$/;

/** Flags that a person would type for the change itself. */
const flagsIn = (line: string): readonly string[] =>
  [...new Set(line.match(/(?<=\s)--?[a-z][a-z0-9-]*/g) ?? [])].filter((flag) => !asksNothing.test(flag)).sort();

describe.runIf(recordedWrites.length > 0)('a recorded write, printed', () => {
  const intoList = (write: RecordedWrite) => editsOf(write).some(({ path }) => path.some((segment) => /^\d+$/.test(segment)));
  const usable = recordedWrites.filter((write) => write.commandLine !== null && editsOf(write).length > 0 && !intoList(write));
  /** Set on the resource itself: no flag of today says them, or not for a single entry of a map. */
  const withoutFlag = /--(kms-infrastructure-encryption|asg-ids|labels|enable-ahub|enable-defender|disable-defender)\b/;
  const printed = (write: RecordedWrite) => commandsOf(changeOf(write)).map(({ argv }) => argv.join(' '));
  const flagged = usable.filter((write) => printed(write).every((line) => !line.includes('az resource update')));

  it('needs the general command only where there is no flag', () => {
    expect(flagged.length).toBeGreaterThan(25);
    for (const write of usable) if (!flagged.includes(write)) expect(lineOf(write)).toMatch(withoutFlag);
  });

  it.each(flagged.map((write) => [lineOf(write), write] as const))('%s', (line, write) => {
    const [own, ...others] = printed(write);
    expect(others).toEqual([]);
    // az fills the interval of the secret rotation in by itself; printed, it is said.
    const ours = flagsIn(own ?? '').filter((flag) => flag !== '--rotation-poll-interval' || line.includes(flag));
    expect(ours).toEqual(flagsIn(` ${line.replaceAll('=', ' ')}`));
  });
});
