import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { ProblemError } from '../../src/model/problem.ts';
import type { Step } from '../../src/model/step.ts';
import { defineStep } from '../../src/model/step.ts';
import type { SessionState } from '../../src/session/state.ts';
import { closingText } from '../../src/ui/closing.ts';
import { titleLine } from '../../src/ui/frame.ts';
import { viewOf } from '../../src/ui/screens/index.ts';
import { unicode } from '../../src/ui/symbols.ts';
import { plainText } from '../../src/ui/text/line.ts';
import type { Scene } from '../../src/ui/view.ts';
import { choose, opened, play } from '../session/play.ts';
import { light, sampleFacts, sampleTools } from '../session/sample.ts';
import { keys, stage } from './harness.tsx';

const evil = 'shop\u001b[2J\u001b]0;owned\u0007\u202ereversed\u2066\nPRACTICE is off\u009b31m\u200b';
const forbidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;

function scene(state: SessionState): Scene {
  return { state, tools: sampleTools, mode: 'compact', width: 78, symbols: unicode, linear: false, colour: true, now: 0, frame: 0 };
}
const rowsOf = (state: SessionState) => [titleLine(scene(state)), ...viewOf(scene(state)).blocks.flatMap(({ lines }) => lines)].map(plainText);

describe('hostile text', () => {
  test('a name of a cluster moves no cursor and makes no line, on any screen', () => {
    let state = opened({ name: evil });
    for (const _ of ['overview', 'state', 'options', 'preview', 'decision', 'confirm']) {
      for (const row of rowsOf(state)) expect(row).not.toMatch(forbidden);
      state = play(state, choose).state;
    }
    expect(rowsOf(opened({ name: evil }))[0]).toContain('shop');
    for (const row of closingText(opened({ name: evil }), sampleTools, '/').split('\n')) expect(row).not.toMatch(forbidden);
  });

  test('what a step or Azure says is cleaned as well', () => {
    const step: Step = defineStep({
      ...light,
      title: evil,
      explain: () => ({ what: evil, why: evil, today: evil }),
      assess: () => ({ '2.4': { status: 'fail', evidence: [{ path: evil, actual: evil, wanted: evil }], note: evil } }),
      options: (facts) => light.options(facts).map((option) => ({ ...option, title: evil, tradeOff: evil, cost: evil, recommended: evil })),
    });
    const tools = { ...sampleTools, steps: [step] };
    for (const screen of [
      { kind: 'step', step: step.id, phase: { kind: 'state' } },
      { kind: 'step', step: step.id, phase: { kind: 'options', cursor: 0 } },
      {
        kind: 'problem',
        cursor: 0,
        problem: { code: 'x', what: evil, why: evil, next: [evil], cloud: { status: 400, code: evil, message: evil } } satisfies Problem,
      },
      { kind: 'applying', mode: 'apply', stopping: 'no', changes: [{ id: 'a', title: evil, status: 'running', elapsedMs: 0, seenAt: 0, detail: evil }] },
    ] as const) {
      const state: SessionState = { ...opened(), screen, notice: { tone: 'warn', text: evil } };
      const shown = { ...scene(state), tools };
      for (const row of viewOf(shown)
        .blocks.flatMap(({ lines }) => lines)
        .map(plainText))
        expect(row).not.toMatch(forbidden);
    }
  });

  test('in a terminal the frame holds', async () => {
    const shown = await stage({ columns: 80, rows: 24, facts: sampleFacts(evil) });
    await shown.see('Overview');
    await shown.press(keys.enter);
    expect(shown.frame()).toHaveLength(23);
    expect(shown.frame()[0]).toContain('PRACTICE');
    expect(shown.text()).not.toContain('owned');
    await shown.close();
  });

  test('a sign-in that fails with hostile words', async () => {
    const problem = new ProblemError({ code: 'x', what: evil, why: evil, next: [evil] });
    const shown = await stage({ columns: 80, rows: 24, reach: { open: () => Promise.reject(problem) } });
    const text = await shown.see('ERROR:');
    expect(text.split('\n').some((row) => row.trim().startsWith('PRACTICE is off'))).toBe(false);
    await shown.close();
  });
});
