import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { resumeOperations } from '../../src/apply/resume.ts';
import type { ChecklistStore } from '../../src/model/checklist.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import type { ArmResource } from '../../src/model/facts.ts';
import { at } from '../../src/model/json.ts';
import type { FakeArm } from './fake-arm.ts';
import { CLUSTER, collect, local, logs, memoryStore, newKit, policy, ranges, SETTING } from './kit.ts';

const changes = [local, logs, { ...policy, after: [local.id] }, ranges] as const;

/** Takes events until the process is gone, or they end. */
async function until(gone: Promise<'gone'>, events: AsyncIterable<ApplyEvent>): Promise<'gone' | 'ended'> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), gone]);
    if (next === 'gone') return 'gone';
    if (next.done === true) return 'ended';
  }
}

/** A world whose process goes at the n-th place where something outside of it is asked: from then on nothing of it happens any more. */
function mortal(arm: FakeArm, lifetime: number): { readonly gone: Promise<'gone'>; readonly places: readonly string[] } {
  const places: string[] = [];
  let die: (value: 'gone') => void = () => undefined;
  const gone = new Promise<'gone'>((resolve) => {
    die = resolve;
  });
  arm.gate = (place) => {
    places.push(place);
    if (places.length < lifetime) return Promise.resolve();
    die('gone');
    return new Promise(() => undefined);
  };
  return { gone, places };
}

/** What the next process finds on disk. */
const reopened = (store: ChecklistStore, arm: FakeArm): ChecklistStore => memoryStore(JSON.parse(JSON.stringify(store.current())), () => arm.gate);

const wanted = (arm: FakeArm): readonly unknown[] => {
  const cluster: ArmResource | undefined = arm.get(CLUSTER);
  return [
    at(cluster, ['properties', 'disableLocalAccounts']),
    at(cluster, ['properties', 'networkProfile', 'networkPolicy']),
    at(cluster, ['properties', 'apiServerAccessProfile', 'authorizedIPRanges']),
    arm.get(SETTING) !== undefined,
  ];
};

async function places(): Promise<number> {
  const kit = newKit();
  const { places: all } = mortal(kit.arm, Number.POSITIVE_INFINITY);
  await collect(apply(kit.options(changes)));
  return all.length;
}

describe('killed at any instant', () => {
  it('loses no decision and applies nothing twice', async () => {
    const count = await places();
    expect(count).toBeGreaterThan(100);
    for (let lifetime = 1; lifetime <= count; lifetime += 1) {
      const kit = newKit();
      const { arm } = kit;
      const choices = Object.values(kit.store.current().steps).map(({ choice }) => choice);
      const { gone } = mortal(arm, lifetime);
      const end = await until(gone, apply(kit.options(changes)));
      expect(end).toBe('gone');
      // Azure goes on without us.
      arm.gate = async () => undefined;
      const store = reopened(kit.store, arm);
      await collect(resumeOperations(kit.options([], { store })));
      const where = `at place ${lifetime}`;
      expect(
        store.current().operations.filter(({ status }) => !['succeeded'].includes(status)),
        where,
      ).toEqual([]);
      expect(
        Object.values(store.current().steps).filter(({ status }) => status === 'applying' || status === 'failed'),
        where,
      ).toEqual([]);
      await collect(apply(kit.options(changes, { store })));
      expect(wanted(arm), where).toEqual([true, 'cilium', ['4.4.4.4/32'], true]);
      expect(arm.writes.map(({ id }) => id).sort(), where).toEqual([CLUSTER, CLUSTER, CLUSTER, SETTING]);
      expect(
        Object.values(store.current().steps).map(({ choice }) => choice),
        where,
      ).toEqual(choices);
      expect(
        Object.values(store.current().steps).map(({ status }) => status),
        where,
      ).toEqual(['verified', 'verified', 'verified', 'verified']);
    }
  });

  it('and killed again while it resumes', async () => {
    for (let first = 20; first <= 60; first += 3) {
      for (let second = 1; second <= 25; second += 3) {
        const kit = newKit();
        const { arm } = kit;
        await until(mortal(arm, first).gone, apply(kit.options(changes)));
        const again = mortal(arm, second);
        const store = reopened(kit.store, arm);
        await until(again.gone, resumeOperations(kit.options([], { store })));
        arm.gate = async () => undefined;
        const last = reopened(store, arm);
        await collect(resumeOperations(kit.options([], { store: last })));
        await collect(apply(kit.options(changes, { store: last })));
        expect(wanted(arm), `${first}, ${second}`).toEqual([true, 'cilium', ['4.4.4.4/32'], true]);
        expect(arm.writes, `${first}, ${second}`).toHaveLength(4);
      }
    }
  });

  it('while it puts the old ranges back', async () => {
    const cut = (arm: FakeArm): void => {
      arm.reach = (cluster, now) => ({ reachable: now < 180_000 || !JSON.stringify(cluster).includes('4.4.4.4/32'), detail: 'x' });
    };
    const kit = newKit();
    cut(kit.arm);
    const { places: all } = mortal(kit.arm, Number.POSITIVE_INFINITY);
    await collect(apply(kit.options([ranges])));
    for (let lifetime = 1; lifetime <= all.length; lifetime += 1) {
      const { arm, store, options } = newKit();
      cut(arm);
      await until(mortal(arm, lifetime).gone, apply(options([ranges])));
      arm.gate = async () => undefined;
      const next = reopened(store, arm);
      const noted = next.current().operations.length > 0;
      await collect(resumeOperations(options([], { store: next })));
      if (!noted || arm.writes.length === 0) continue;
      expect(at(arm.get(CLUSTER), ['properties', 'apiServerAccessProfile', 'authorizedIPRanges']), `at place ${lifetime}: ${all[lifetime - 1]}`).toEqual([]);
      expect(arm.writes, `at place ${lifetime}`).toHaveLength(2);
    }
  });
});
