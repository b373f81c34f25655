import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { script } from '../../src/render/script.ts';
import { allCases, everyTool } from '../az/cases.ts';
import { grounds } from '../az/grounds.ts';
import { azFaults, hasReference } from './az-reference.ts';

const plans = (await allCases(grounds, everyTool)).flatMap((one) =>
  one.plan === undefined ? [] : [[one.kind === 'run' ? one.place : one.proof.place, one.plan] as const],
);

describe('plans for the practice clusters', () => {
  it('are there', () => {
    expect(plans.length).toBeGreaterThan(40);
  });

  it.runIf(hasReference).each(plans)('%s: every command and its way back is known to az', (_place, plan: Plan) => {
    for (const one of [plan, undoPlan(plan)]) {
      const commands = one.changes.flatMap(({ change }) => commandsOf(change));
      expect(commands.filter(({ argv }) => argv[0] === 'az').flatMap(azFaults)).toEqual([]);
    }
  });

  it('become scripts in both shells, deterministically', () => {
    for (const [, plan] of plans) {
      for (const shell of ['bash', 'pwsh'] as const) {
        const options = { shell, version: '0', readAt: '2026-01-01T00:00:00Z' };
        expect(script(plan, options)).toBe(script(plan, options));
      }
    }
  });
});
