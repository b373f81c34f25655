import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../src/session/events.ts';
import { reduce } from '../../src/session/reduce.ts';
import { initialState, type SessionState } from '../../src/session/state.ts';
import { crumbLine, hintLines, titleLine } from '../../src/ui/frame.ts';
import { layoutOf } from '../../src/ui/layout.ts';
import { viewOf } from '../../src/ui/screens/index.ts';
import { ascii, unicode } from '../../src/ui/symbols.ts';
import { lineCells, plainText } from '../../src/ui/text/line.ts';
import type { Scene } from '../../src/ui/view.ts';
import { steps } from '../../steps/index.ts';
import { choose, place } from '../session/play.ts';
import { emptyChecklist, sampleTools } from '../session/sample.ts';
import { cluster, factsOf, readable } from '../steps/fixture.ts';

const tools = { ...sampleTools, steps };
const facts = factsOf(cluster(), readable);

function go(from: SessionState, ...events: readonly SessionEvent[]): SessionState {
  return events.reduce((state, event) => reduce(state, event, tools).state, from);
}

const overview = go(
  initialState({ start: { kind: 'practice', scenario: 'legacy' } }),
  { type: 'entered', attempt: 1, place, clusterId: 'id' },
  { type: 'opened', facts, checklist: emptyChecklist(facts), path: './aks-hardening/shop.json' },
);

/** Every phase that choosing leads to, from a step's state on, with each of its options. */
function phases(step: string): readonly SessionState[] {
  const start = go({ ...overview, screen: { kind: 'step', step, phase: { kind: 'state' } } });
  const options = go(start, choose);
  const count = steps.find(({ id }) => id === step)?.options(facts).length ?? 0;
  const ways = Array.from({ length: count }, (_, option) => {
    const picked = go(options, { type: 'move', by: 'first' }, { type: 'move', by: option }, choose);
    const read = { type: 'plan-facts', step, facts } as const;
    const fields = Array.from({ length: 8 }).reduce<SessionState>(
      (state) => (state.screen.kind === 'step' && state.screen.phase.kind === 'params' ? go(state, { type: 'next-field' }) : state),
      picked,
    );
    const decision = go(fields, read, choose);
    return [picked, fields, decision, go(decision, { type: 'move', by: 2 }, choose), go(decision, choose)];
  });
  return [start, options, ...ways.flat()];
}

describe.each(steps.map(({ id }) => id))('%s', (step) => {
  test.each([
    [100, 30],
    [80, 24],
    [59, 20],
    [40, 12],
  ])('fits at %dx%d', (columns, rows) => {
    const { mode, width } = layoutOf(columns, rows);
    for (const state of phases(step)) {
      for (const linear of [false, true]) {
        const scene: Scene = { state, tools, mode, width, symbols: linear ? ascii : unicode, linear, colour: true, now: 0, frame: 0 };
        const view = viewOf(scene);
        const lines = [titleLine(scene), crumbLine(scene, view), ...hintLines(scene, view, 2, true), ...view.blocks.flatMap((block) => block.lines)];
        for (const line of lines) expect(lineCells(line), plainText(line)).toBeLessThanOrEqual(width);
        expect(view.blocks.flatMap((block) => block.lines).length).toBeGreaterThan(0);
      }
    }
  });
});

test('every step has a state that explains, and the overview names them all', () => {
  const scene: Scene = { state: overview, tools, mode: 'full', width: 98, symbols: unicode, linear: false, colour: true, now: 0, frame: 0 };
  const text = viewOf(scene)
    .blocks.flatMap(({ lines }) => lines)
    .map(plainText)
    .join('\n');
  for (const { title } of steps) expect(text).toContain(title.slice(0, 40));
});
