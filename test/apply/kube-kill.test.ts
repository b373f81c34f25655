import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { resumeOperations } from '../../src/apply/resume.ts';
import type { Change } from '../../src/model/change.ts';
import type { ApplyEvent } from '../../src/model/events.ts';
import { at, type JsonObject } from '../../src/model/json.ts';
import { undoOf } from '../../src/plan/undo.ts';
import { collect, memoryStore, newKit } from './kit.ts';
import { applying, type KubeBench, kubeBench, labelling, policy, removing } from './kube-kit.ts';

const binding: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'old-admins' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
};
const changes: readonly Change[] = [applying([policy('a'), policy('b')]), labelling({ team: 'x' }, { team: 'shop' }), removing(binding)];

/** A world and a process that is gone at the n-th place where something outside of it is asked. */
async function mortal(lifetime: number) {
  const kit = newKit();
  let places = 0;
  let die: (value: 'gone') => void = () => undefined;
  const gone = new Promise<'gone'>((resolve) => {
    die = resolve;
  });
  let gate = async (): Promise<void> => undefined;
  const bench: KubeBench = await kubeBench({ call: () => gate() });
  await bench.kubernetes.apply([binding], { dryRun: false });
  gate = () => {
    places += 1;
    if (places < lifetime) return Promise.resolve();
    die('gone');
    return new Promise(() => undefined);
  };
  const store = memoryStore(kit.store.current(), () => () => gate());
  const live = () => {
    gate = async () => undefined;
    return memoryStore(JSON.parse(JSON.stringify(store.current())));
  };
  const end = await until(gone, apply(kit.options(changes, { store, kubernetes: bench.kubernetes })));
  return { kit, bench, end, live, places };
}

async function until(gone: Promise<'gone'>, events: AsyncIterable<ApplyEvent>): Promise<'gone' | 'ended'> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), gone]);
    if (next === 'gone') return 'gone';
    if (next.done === true) return 'ended';
  }
}

const state = (bench: KubeBench): readonly unknown[] => [
  bench.find('NetworkPolicy', 'a') !== undefined,
  bench.find('NetworkPolicy', 'b') !== undefined,
  at(bench.find('Namespace', 'shop'), ['metadata', 'labels', 'team']),
  bench.find('ClusterRoleBinding', 'old-admins') !== undefined,
];

describe('killed at any instant while objects are changed', () => {
  it('resume knows what became of it, the next run does the rest, and the way back is complete', async () => {
    const { end, places } = await mortal(Number.POSITIVE_INFINITY);
    expect(end).toBe('ended');
    expect(places).toBeGreaterThan(30);
    for (let lifetime = 1; lifetime <= places; lifetime += 1) {
      const where = `at place ${lifetime}`;
      const { kit, bench, live } = await mortal(lifetime);
      const store = live();
      const options = kit.options(changes, { store, kubernetes: bench.kubernetes });
      await collect(resumeOperations(options));
      expect(
        store.current().operations.filter(({ status }) => status !== 'succeeded'),
        where,
      ).toEqual([]);
      await collect(apply(options));
      expect(state(bench), where).toEqual([true, true, 'x', false]);
      // Applying is told once for each object; what stood already was not sent again, but for an apply of which only a part had arrived.
      const times = (what: string) => bench.writes.filter((one) => one === what).length;
      expect([times('patch shop'), times('remove old-admins'), times('apply b')], where).toEqual([1, 1, 1]);
      expect(times('apply a'), where).toBeLessThanOrEqual(2);
      const back = [...changes].reverse().flatMap((change) => undoOf(change));
      await collect(apply(kit.options(back, { store, kubernetes: bench.kubernetes })));
      expect(state(bench), where).toEqual([false, false, 'shop', true]);
    }
  });
});
