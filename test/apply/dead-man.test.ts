import { describe, expect, it } from 'vitest';
import type { ApplyEvent } from '../../src/model/events.ts';
import { at, type Json } from '../../src/model/json.ts';
import { CLUSTER, newKit, ranges, told } from './kit.ts';

const rangesOf = (arm: ReturnType<typeof newKit>['arm']): Json | undefined =>
  at(arm.get(CLUSTER), ['properties', 'apiServerAccessProfile', 'authorizedIPRanges']);
const probes = (events: readonly ApplyEvent[]) => events.flatMap((event) => (event.type === 'probed' ? [event.reachable] : []));

/** New ranges hold a minute and a half after the write; this machine is not inside. */
function cutOff(arm: ReturnType<typeof newKit>['arm']): void {
  arm.reach = (_cluster, now) => {
    const isSet = Array.isArray(rangesOf(arm)) && (rangesOf(arm) as readonly Json[]).length > 0;
    return isSet && now >= arm.operationMs + 90_000 ? { reachable: false, detail: 'i/o timeout' } : { reachable: true, detail: 'readyz answered' };
  };
}

describe('the API server is probed after a change that may cut it off', () => {
  it('answers still, after the time that ranges take to hold', async () => {
    const { arm, run } = newKit();
    const events = await run([ranges]);
    expect(told(events)).toEqual(['checked s.ranges/edit', 'started s.ranges/edit', 'done s.ranges/edit', 'finished applied']);
    expect(probes(events)).toEqual([true, true, true]);
    expect(arm.now).toBeGreaterThanOrEqual(95_000 + 120_000);
  });

  it('does not answer: the old ranges are put back, and the change has failed', async () => {
    const { arm, run, store } = newKit();
    cutOff(arm);
    const events = await run([ranges]);
    expect(told(events)).toEqual([
      'checked s.ranges/edit',
      'started s.ranges/edit',
      'restoring s.ranges/edit',
      'started s.ranges/edit',
      'restored s.ranges/edit',
      'failed s.ranges/edit api-server-cut',
      'finished failed',
    ]);
    expect(probes(events)).toEqual([true, true, false, false]);
    expect(rangesOf(arm)).toEqual([]);
    expect(arm.writes).toHaveLength(2);
    expect(store.current().operations.map(({ id, status }) => [id, status])).toEqual([
      ['s.ranges/edit', 'restored'],
      ['s.ranges/edit/restore', 'succeeded'],
    ]);
    expect(store.current().steps['s.ranges']).toMatchObject({ status: 'failed', problem: { code: 'api-server-cut' } });
  });

  it('a short silence is no reason', async () => {
    const { arm, run } = newKit();
    arm.reach = (_cluster, now) => ({ reachable: now < 190_000 || now > 235_000, detail: 'x' });
    const events = await run([ranges]);
    expect(told(events).at(-1)).toBe('finished applied');
    expect(probes(events)).toContain(false);
  });

  it('did not answer before: nothing can be told from here, and nothing is put back', async () => {
    const { arm, run } = newKit();
    arm.reach = () => ({ reachable: false, detail: 'i/o timeout' });
    const events = await run([ranges]);
    expect(told(events).at(-1)).toBe('finished applied');
    expect(events.find((event) => event.type === 'probed')).toMatchObject({
      reachable: false,
      detail: expect.stringContaining('does not answer from here already'),
    });
    expect(arm.writes).toHaveLength(1);
  });

  it('cannot be put back: the commands that do are told', async () => {
    const { arm, run, store } = newKit();
    cutOff(arm);
    arm.gate = async (place) => {
      if (place.startsWith('before PUT') && arm.writes.length === 1) arm.faults.push({ status: 403, code: 'ScopeLocked' });
    };
    const events = await run([ranges]);
    const failed = events.find((event) => event.type === 'failed');
    expect(failed?.problem.code).toBe('restore-failed');
    expect(failed?.problem.next.join('\n')).toContain('--api-server-authorized-ip-ranges');
    expect(store.current().operations[0]?.status).toBe('failed');
  });

  it('has no way back: that is said', async () => {
    const { arm, run } = newKit();
    cutOff(arm);
    const events = await run([{ ...ranges, reversible: { kind: 'no', how: 'there is none' } }]);
    expect(told(events)).toContain('failed s.ranges/edit api-server-unreachable');
    expect(arm.writes).toHaveLength(1);
  });
});
