import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { choose, cluster, edit, facts, image, pool, put, step, update } from './build.ts';

const plan = (steps: readonly ReturnType<typeof step>[]) => makePlan(facts, steps, choose(...steps.map((one) => one.id)));
const ids = (made: ReturnType<typeof makePlan>) => made.changes.map(({ change }) => change.id);

describe('makePlan', () => {
  it('writes edits of one resource together, under the first one of their ids', () => {
    const made = plan([
      step('a', [update('a/x', [edit('properties.a', 1)], { controls: ['1'] })]),
      step('b', [
        update('b/x', [edit('properties.b', 2)], { controls: ['2'], minutes: [3, 20], impact: { kind: 'reimage', scope: 'all pools', pools: ['p', 'q'] } }),
      ]),
    ]);
    expect(made.changes).toHaveLength(1);
    expect(made.changes[0]).toMatchObject({ parts: ['a/x', 'b/x'], steps: ['a', 'b'] });
    expect(made.changes[0]?.change).toMatchObject({
      id: 'a/x',
      controls: ['1', '2'],
      minutes: [3, 20],
      impact: { kind: 'reimage', scope: 'all pools', pools: ['p', 'q'] },
      edits: [edit('properties.a', 1), edit('properties.b', 2)],
    });
    expect(made.totals).toEqual({ writes: 1, reimages: 2, minutes: [3, 20] });
    expect(made.separately).toEqual({ writes: 2, reimages: 2, minutes: [5, 24] });
  });

  it('never puts a change into the write that it waits for, directly or through another resource', () => {
    const direct = plan([step('a', [update('a/x', [edit('properties.a', 1)]), update('a/y', [edit('properties.b', 2)], { after: ['a/x'] })])]);
    expect(ids(direct)).toEqual(['a/x', 'a/y']);
    const through = plan([
      step('a', [update('a/x', [edit('properties.a', 1)]), put('a/role', { after: ['a/x'] }), update('a/y', [edit('properties.b', 2)], { after: ['a/role'] })]),
      step('b', [update('b/x', [edit('properties.c', 3)])]),
    ]);
    expect(through.changes.map(({ parts }) => parts)).toEqual([['a/x', 'b/x'], ['a/role'], ['a/y']]);
    expect(through.changes.map(({ change }) => change.after)).toEqual([[], ['a/x'], ['a/role']]);
  });

  it('understands a step id in `after`, and forgets what is not planned', () => {
    const made = plan([step('z', [update('z/x', [edit('properties.a', 1)], { after: ['a', 'not.there'] })]), step('a', [put('a/x')])]);
    expect(ids(made)).toEqual(['a/x', 'z/x']);
    expect(made.changes[1]?.change.after).toEqual(['a/x']);
  });

  it('keeps apart what asks for it: alone, probed afterwards, another api-version', () => {
    const made = plan([
      step('a', [update('a/x', [edit('properties.a', 1)])]),
      step('b', [update('b/x', [edit('properties.b', 1)], { alone: true })]),
      step('c', [update('c/x', [edit('properties.c', 1)], { probeAfter: true })]),
      step('d', [update('d/x', [edit('properties.d', 1)], { target: { ...cluster, apiVersion: '2025-01-01' } })]),
      step('e', [update('e/x', [edit('properties.e', 1)], { probeAfter: true })]),
    ]);
    expect(made.changes.map(({ parts }) => parts)).toEqual([['a/x'], ['b/x'], ['c/x', 'e/x'], ['d/x']]);
  });

  it('rolls each pool once, after everything else', () => {
    const made = plan([
      step('a', [image('a/p', 'p'), image('a/q', 'q'), update('a/x', [edit('properties.a', 1)])]),
      step('b', [update('b/x', [edit('properties.b', 1)], { target: { ...cluster, id: `${cluster.id}x` } }), image('b/p', 'p', { after: ['b/x'] })]),
    ]);
    expect(made.changes.map(({ parts }) => parts)).toEqual([['a/x'], ['b/x'], ['a/p', 'b/p'], ['a/q']]);
    expect(made.totals.reimages).toBe(2);
    expect(made.separately.reimages).toBe(3);
  });

  it('lets a new version of a pool bring the image that others ask for, after what they want on the nodes', () => {
    const to = (id: string, name: string, more = {}) =>
      update(id, [edit('properties.orchestratorVersion', '1.35.1', '1.34.2')], { target: pool(name), alone: true, ...more });
    const made = plan([
      step('a', [to('a/p', 'p', { controls: ['8.1'] }), to('a/q', 'q', { after: ['a/p'] })]),
      step('b', [
        update('b/ssh', [edit('properties.securityProfile.sshAccess', 'Disabled')], { target: pool('p') }),
        image('b/p', 'p', { after: ['b/ssh'], controls: ['12.4'] }),
        put('b/then', { after: ['b/p'] }),
      ]),
      step('c', [image('c/p', 'P', { after: ['a/p'] }), image('c/r', 'r')]),
    ]);
    const ids = made.changes.map(({ change }) => change.id);
    expect([...ids].sort()).toEqual(['a/p', 'a/q', 'b/ssh', 'b/then', 'c/r']);
    expect(made.changes.find(({ change }) => change.id === 'a/p')).toMatchObject({
      parts: ['a/p', 'b/p', 'c/p'],
      steps: ['a', 'b', 'c'],
      change: { kind: 'arm.update', controls: ['8.1', '12.4'], after: ['b/ssh'], edits: [{ after: '1.35.1' }] },
    });
    for (const [first, then] of [
      ['b/ssh', 'a/p'],
      ['a/p', 'a/q'],
      ['a/p', 'b/then'],
    ] as const)
      expect(ids.indexOf(first)).toBeLessThan(ids.indexOf(then));
  });

  it('keeps an upgrade where its own step wants it, whatever the images in it would wish', () => {
    const up = update('v/p', [edit('properties.orchestratorVersion', '1.35.1', '1.34.2')], { target: pool('p'), alone: true });
    const made = plan([
      step('v', [up]),
      step('images', [image('images/p', 'p')], { after: ['net'] }),
      step('net', [update('net/x', [edit('properties.a', 1)])], { after: ['v'] }),
    ]);
    expect(made.changes.map(({ change }) => change.id)).toEqual(['v/p', 'net/x']);
  });

  it('brings images with a version of the whole cluster as well, but not where something waits in between', () => {
    const all = ['p', 'q'].map((name) => edit(`properties.agentPoolProfiles.[${name}].orchestratorVersion`, '1.34.2', '1.30.9'));
    const whole = update('a/all', [edit('properties.kubernetesVersion', '1.34.2'), ...all], { alone: true });
    expect(plan([step('a', [whole]), step('b', [image('b/p', 'p'), image('b/q', 'q')])]).changes.map(({ change }) => change.id)).toEqual(['a/all']);
    const between = [put('b/role', { after: ['a/all'] }), image('b/p', 'p', { after: ['b/role'] })];
    expect(plan([step('a', [whole]), step('b', between)]).changes.map(({ change }) => change.id)).toEqual(['a/all', 'b/role', 'b/p']);
  });

  it('moves an edit that replaces nodes into a write that replaces them anyway', () => {
    const roll = { impact: { kind: 'reimage' as const, scope: 'all pools', pools: ['p', 'q'] } };
    const steps = (after: readonly string[]) => [
      step('a', [update('a/x', [edit('properties.a', 1)]), update('a/roll', [edit('properties.b', 1)], roll)]),
      step('b', [update('b/roll', [edit('properties.d', 1)], { ...roll, after })]),
    ];
    const made = plan(steps(['a/x']));
    expect(made.changes.map(({ parts }) => parts)).toEqual([['a/x'], ['a/roll', 'b/roll']]);
    expect(made.totals.reimages).toBe(2);
    expect(made.separately.reimages).toBe(4);
    // Not where it must be complete before.
    expect(plan(steps(['a/x', 'a/roll'])).changes.map(({ parts }) => parts)).toEqual([['a/x', 'a/roll'], ['b/roll']]);
  });

  it('orders by Step.after, which gives way to a shared write', () => {
    const apart = plan([step('late', [put('late/x')], { after: ['early'] }), step('early', [put('early/x')])]);
    expect(ids(apart)).toEqual(['early/x', 'late/x']);
    const shared = plan([
      step('one', [update('one/x', [edit('properties.a', 1)])]),
      step('two', [put('two/x')], { after: ['one'] }),
      step('three', [update('three/x', [edit('properties.b', 1)])], { after: ['two'] }),
    ]);
    expect(shared.changes.map(({ parts }) => parts)).toEqual([['one/x', 'three/x'], ['two/x']]);
  });

  it('says so when changes or steps wait for each other', () => {
    const ring = () =>
      plan([
        step('a', [update('a/x', [edit('properties.a', 1)], { after: ['b/x'] })]),
        step('b', [update('b/x', [edit('properties.b', 1)], { after: ['a/x'] })]),
      ]);
    expect(ring).toThrow(ProblemError);
    expect(ring).toThrow(/wait for each other/);
    expect(() => plan([step('a', [put('a/x')], { after: ['b'] }), step('b', [put('b/x')], { after: ['a'] })])).toThrow(/wait for each other/);
  });

  it('refuses two values for one property, and makes one edit of two that agree', () => {
    const both = (second: number) => plan([step('a', [update('a/x', [edit('properties.n', 1)])]), step('b', [update('b/x', [edit('properties.N', second)])])]);
    expect(() => both(2)).toThrow(/different values/);
    expect(both(1).changes[0]?.change).toMatchObject({ edits: [edit('properties.n', 1)] });
  });

  it('knows what an earlier write leaves behind, and drops what is then in place', () => {
    const made = plan([
      step('a', [
        update('a/off', [edit('properties.net.policy', 'none', 'calico')]),
        update('a/on', [edit('properties.net.policy', 'cilium', 'calico')], { after: ['a/off'] }),
      ]),
      step('b', [update('b/same', [edit('properties.net.policy', 'cilium', 'calico')], { after: ['a/on'] }), put('b/put', { after: ['b/same'] })]),
    ]);
    expect(made.changes.map(({ change }) => change.id)).toEqual(['a/off', 'a/on', 'b/put']);
    expect(made.changes[1]?.change).toMatchObject({ edits: [edit('properties.net.policy', 'cilium', 'none')] });
    expect(made.changes[2]?.change.after).toEqual([]);
  });

  it('gathers guards with their step, the same finding once', () => {
    const guard = { id: 'write', title: 'May write', verdict: 'clear' as const, detail: 'yes' };
    const guarded = (id: string, detail: string) => step(id, [], { plan: () => ({ changes: [], guards: [{ ...guard, detail }] }) });
    expect(plan([guarded('a', 'yes'), guarded('b', 'yes'), guarded('c', 'no')]).guards.map(({ step: id, detail }) => [id, detail])).toEqual([
      ['a', 'yes'],
      ['c', 'no'],
    ]);
  });

  it('refuses a step that there is not, with the nearest', () => {
    expect(() => makePlan(facts, [step('cluster.certificates')], choose('cluster.certificate'))).toThrow(/no step/);
    const thrown = (() => {
      try {
        makePlan(facts, [step('cluster.certificates')], choose('certificates'));
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ProblemError);
    expect((thrown as ProblemError).problem).toMatchObject({ exitCode: 2, why: 'Did you mean cluster.certificates?' });
  });

  it('has a digest of what is applied: the same for the same plan, another for another value', () => {
    const made = (value: number) => plan([step('a', [update('a/x', [edit('properties.a', value)])])]).digest;
    expect(made(1)).toMatch(/^[0-9a-f]{64}$/);
    expect(made(1)).toBe(made(1));
    expect(made(1)).not.toBe(made(2));
  });

  it('keeps every strict edge, loses no change, and is the same each time (any set of changes)', () => {
    const spec = fc.array(
      fc.record({ kind: fc.constantFrom('update', 'image', 'put', 'alone', 'probe'), after: fc.array(fc.nat(20), { maxLength: 3 }), target: fc.nat(1) }),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(spec, (items) => {
        const changes = items.map(({ kind, after, target }, i): Change => {
          const more = { after: after.filter((n) => n < i).map((n) => `s${n}/c`) };
          const id = `s${i}/c`;
          const place = target === 0 ? {} : { target: { ...cluster, id: `${cluster.id}-2` } };
          if (kind === 'image') return image(id, `p${target}`, more);
          if (kind === 'put') return put(id, more);
          return update(id, [edit(`properties.k${i}`, i)], {
            ...more,
            ...place,
            ...(kind === 'alone' ? { alone: true } : {}),
            ...(kind === 'probe' ? { probeAfter: true } : {}),
          });
        });
        // Walking order has nothing to do with the edges.
        const steps = changes.map((change) => step(change.step, [change])).reverse();
        const made = plan(steps);
        expect(plan(steps)).toEqual(made);
        expect(made.changes.flatMap(({ parts }) => parts).sort()).toEqual(changes.map((change) => change.id).sort());
        const place = new Map(made.changes.flatMap(({ parts }, i) => parts.map((id) => [id, i] as const)));
        for (const change of changes) for (const earlier of change.after) expect(place.get(earlier)).toBeLessThan(place.get(change.id) ?? -1);
        const own = new Map(made.changes.map(({ change }, i) => [change.id, i] as const));
        made.changes.forEach(({ change }, i) => {
          for (const earlier of change.after) expect(own.get(earlier)).toBeLessThan(i);
        });
      }),
    );
  });
});
