import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { splitUnsettled, waitingGuards } from '../../src/plan/unsettled.ts';
import { edit, image, update } from './build.ts';

const RANGES = 'properties.apiServerAccessProfile.authorizedIPRanges';
const mover = update('egress/move', [edit('properties.networkProfile.outboundType', 'userDefinedRouting')], { unsettles: [RANGES] });
const ranges = (after: Parameters<typeof edit>[1], id = 'door/ranges'): Change => update(id, [edit(RANGES, after)]);

const split = (...changes: readonly Change[]) => {
  const { now, waiting } = splitUnsettled(changes);
  return { now: now.map(({ id }) => id), waiting: waiting.map(({ change }) => change.id) };
};

describe('what rests on what this plan changes', () => {
  test.each([
    ['a list of addresses waits', ranges(['20.1.1.1/32']), ['door/ranges']],
    [
      'a whole profile that holds one waits',
      update('door/profile', [edit('properties.apiServerAccessProfile', { authorizedIPRanges: ['20.1.1.1/32'] })]),
      ['door/profile'],
    ],
    ['taking the list away does not wait', ranges([]), []],
    ['a profile without a list does not wait', update('door/profile', [edit('properties.apiServerAccessProfile', { disableRunCommand: true })]), []],
    ['another property does not wait', update('door/local', [edit('properties.disableLocalAccounts', true)]), []],
    ['the step itself knows what it does', ranges(['20.1.1.1/32'], 'egress/ranges'), []],
  ])('%s', (_name, change, waiting) => expect(split(mover, change).waiting).toEqual(waiting));

  test('what comes after a waiting change waits with it, also where the whole step is named', () => {
    const next = update('door/next', [edit('properties.disableLocalAccounts', true)], { after: ['door/ranges'] });
    const last = image('image/p', 'p', { after: ['door'] });
    const free = update('free/x', [edit('properties.supportPlan', 'KubernetesOfficial')]);
    expect(split(mover, last, next, ranges(['20.1.1.1/32']), free)).toEqual({
      now: ['egress/move', 'free/x'],
      waiting: expect.arrayContaining(['door/ranges', 'door/next', 'image/p']),
    });
  });

  test('without a change that unsettles anything all is as it was', () => {
    const all = [ranges(['20.1.1.1/32']), image('image/p', 'p')];
    expect(splitUnsettled(all)).toEqual({ now: all, waiting: [] });
  });

  test('the plan says what it leaves out, for each step once', () => {
    const next = update('door/next', [edit('properties.disableLocalAccounts', true)], { after: ['door/ranges'] });
    const guards = waitingGuards(splitUnsettled([mover, ranges(['20.1.1.1/32']), next]).waiting);
    expect(guards).toHaveLength(1);
    expect(guards[0]).toMatchObject({ step: 'door', verdict: 'warn', detail: expect.stringContaining('"Do door/ranges", "Do door/next"') });
    expect(guards[0]?.detail).toContain('Do egress/move');
  });
});
