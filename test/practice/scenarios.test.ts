import { describe, expect, it } from 'vitest';
import { isSettled } from '../../src/model/assessment.ts';
import type { ScenarioName } from '../../src/practice/world.ts';
import { readFacts } from '../../src/snapshot/live.ts';
import { steps } from '../../steps/index.ts';
import { bench, START } from './bench.ts';

async function open(scenario: ScenarioName): Promise<readonly string[]> {
  const { arm, clusterId, kubernetes, runCommand } = await bench(scenario);
  const planKeys = [...new Set(steps.flatMap((step) => step.needsToPlan ?? []))];
  const facts = await readFacts({ arm, clusterId, kubernetes, runCommand, planKeys, now: new Date(START) });
  return steps.flatMap((step) =>
    Object.entries(step.assess(facts))
      .filter(([, assessment]) => !isSettled(assessment.status))
      .map(([control]) => control),
  );
}

describe('scenarios', () => {
  it('hardened leaves nothing open of sign-in, logs, Defender, node updates, exposure and policy', async () => {
    const left = await open('hardened');
    const versions = ['7.1', '7.2', '8.1', '8.2', '8.3', '9.1', '9.2', '9.4', '9.5'];
    const wanted = ['2.1', '2.2', '2.3', '2.4', '3.1', '3.2', '3.3', '3.4', '5.1', '5.2', ...versions, '11.1', '11.2', '11.3', '12.1', '15.1', '15.3'];
    expect(left.filter((control) => wanted.includes(control))).toEqual([]);
  });

  it.each([
    ['legacy', ['2.2', '2.3', '2.4', '3.1', '5.1', '5.2', '7.1', '7.2', '8.2', '9.1', '9.2', '9.5', '9.4', '11.1', '12.1', '13.1', '15.1', '15.3']],
    ['typical', ['2.2', '2.4', '3.1', '5.1', '7.2', '9.2', '9.4', '11.1', '12.1', '15.1']],
    ['private', ['2.3', '2.4', '3.1', '5.1', '7.1', '9.2', '9.4', '11.3']],
  ] as const)('%s leaves open what it is for', async (scenario, wanted) => {
    expect(await open(scenario)).toEqual(expect.arrayContaining([...wanted]));
  });
});
