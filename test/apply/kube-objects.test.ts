import { describe, expect, it } from 'vitest';
import { resumeOperations } from '../../src/apply/resume.ts';
import type { Change } from '../../src/model/change.ts';
import { at, type JsonObject } from '../../src/model/json.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { undoOf } from '../../src/plan/undo.ts';
import { collect, newKit, told } from './kit.ts';
import { applying, type KubeBench, kubeBench, labelling, policy, removing } from './kube-kit.ts';

const binding: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'old-admins' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'Group', name: 'admins', apiGroup: 'rbac.authorization.k8s.io' }],
};

async function run(bench: KubeBench, changes: readonly Change[], kit = newKit()) {
  const events = await kit.run(changes, { kubernetes: bench.kubernetes });
  const failed = events.flatMap((event) => (event.type === 'failed' ? [event.problem] : []));
  return { kit, events, lines: told(events), problem: failed[0], drift: events.flatMap((event) => (event.type === 'drift' ? event.differences : [])) };
}
const undo = (change: Change): readonly Change[] => undoOf(change).map((one, i) => ({ ...one, id: `u/${i}` }));

describe('objects are applied', () => {
  it('after a dry run of all of them, found in place the second time, and taken away again', async () => {
    const bench = await kubeBench();
    const start = bench.all();
    const change = applying([policy('a'), policy('b')]);
    expect((await run(bench, [change])).lines).toEqual(['checked k/apply', 'started k/apply', 'done k/apply', 'finished applied']);
    expect(bench.writes).toEqual(['apply a', 'apply b']);
    expect((await run(bench, [change])).lines).toEqual(['checked k/apply noop', 'done k/apply', 'finished nothing-to-do']);
    expect((await run(bench, undo(change))).lines.at(-1)).toBe('finished applied');
    expect(bench.writes).toEqual(['apply a', 'apply b', 'remove a', 'remove b']);
    expect(bench.all()).toBe(start);
  });

  it('not over an object that somebody made meanwhile', async () => {
    const bench = await kubeBench();
    await bench.kubernetes.apply([policy('b', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] })], { dryRun: false });
    const start = bench.all();
    const { lines, drift } = await run(bench, [applying([policy('a'), policy('b')])]);
    expect(lines).toEqual(['drift k/apply', 'finished drift']);
    expect(drift.map(({ path }) => path)).toEqual(['NetworkPolicy shop/b: (the object)']);
    expect(bench.all()).toBe(start);
  });

  it('over what they were planned from, and not over what stands there since', async () => {
    const wanted = policy('a', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const change = applying([wanted], [policy('a')]);
    const bench = await kubeBench();
    await bench.kubernetes.apply([policy('a')], { dryRun: false });
    expect((await run(bench, [change])).lines.at(-1)).toBe('finished applied');
    expect((await run(bench, undo(change))).lines.at(-1)).toBe('finished applied');
    expect(at(bench.find('NetworkPolicy', 'a'), ['spec'])).toEqual(policy('a')['spec']);
    await bench.kubernetes.apply([policy('a', { podSelector: {}, policyTypes: ['Egress'] })], { dryRun: false });
    expect((await run(bench, [change])).drift.map(({ path }) => path)).toEqual(['NetworkPolicy shop/a: spec.policyTypes']);
    await bench.kubernetes.remove(
      { kind: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true }, namespace: 'shop', name: 'a' },
      { dryRun: false },
    );
    expect((await run(bench, [change])).drift).toMatchObject([{ path: 'NetworkPolicy shop/a: (the object)', found: undefined }]);
  });

  it('none of them where another tool owns a field, which is named', async () => {
    const bench = await kubeBench();
    const service: JsonObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', namespace: 'shop' }, data: { a: '1' } };
    bench.practice.world.state.kubernetes = [
      ...bench.practice.world.state.kubernetes,
      {
        ...service,
        metadata: {
          name: 'own',
          namespace: 'shop',
          managedFields: [{ manager: 'kustomize-controller', operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:a': {} } } }],
        },
      },
    ];
    const start = bench.all();
    const { problem, kit } = await run(bench, [applying([{ ...service, data: { a: '2' } }], [service])]);
    expect(problem).toMatchObject({ code: 'field-conflict', why: expect.stringContaining('conflict with "kustomize-controller": .data.a') });
    expect(kit.store.current().operations).toEqual([]);
    expect(bench.all()).toBe(start);
  });
});

describe('objects are taken away', () => {
  const start = async (object = binding) => {
    const bench = await kubeBench();
    await bench.kubernetes.apply([object], { dryRun: false });
    return bench;
  };

  it('and come back as they were', async () => {
    const bench = await start();
    // As read from a cluster: with what the API server alone writes, which no apply may carry.
    const read = { ...binding, metadata: { name: 'old-admins', uid: 'u', resourceVersion: '7', managedFields: [{ manager: 'x' }] } };
    const change = removing(read);
    expect((await run(bench, [change])).lines).toEqual(['checked k/remove', 'started k/remove', 'done k/remove', 'finished applied']);
    expect(bench.find('ClusterRoleBinding', 'old-admins')).toBeUndefined();
    expect((await run(bench, [change])).lines.at(-1)).toBe('finished nothing-to-do');
    expect((await run(bench, undo(change))).lines.at(-1)).toBe('finished applied');
    expect(bench.find('ClusterRoleBinding', 'old-admins')).toMatchObject(binding);
  });

  it('not where they say something else by now', async () => {
    const bench = await start({ ...binding, subjects: [{ kind: 'Group', name: 'others', apiGroup: 'rbac.authorization.k8s.io' }] });
    const { lines, drift } = await run(bench, [removing(binding)]);
    expect(lines).toEqual(['drift k/remove', 'finished drift']);
    expect(drift).toMatchObject([{ path: 'ClusterRoleBinding old-admins: subjects', planned: binding['subjects'] }]);
    expect(bench.find('ClusterRoleBinding', 'old-admins')).toBeDefined();
  });
});

describe('a webhook that denies', () => {
  const denial = { webhook: 'validation.gatekeeper.sh', kind: 'NetworkPolicy', message: '[azurepolicy-team] team is missing' };

  it('is found by the dry run: nothing of the change is applied, and the checklist says why', async () => {
    const bench = await kubeBench();
    bench.set({ denials: [{ ...denial, label: 'team' }] });
    const start = bench.all();
    const second = { ...policy('b'), metadata: { name: 'b', namespace: 'shop', labels: { team: 'x' } } };
    const { problem, kit, lines } = await run(bench, [applying([policy('a'), second])]);
    expect(lines).toEqual(['failed k/apply admission-denied', 'finished failed']);
    expect(problem?.why).toContain('admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-team] team is missing');
    expect(problem?.next.length).toBeGreaterThan(0);
    expect(bench.all()).toBe(start);
    expect(bench.writes).toEqual([]);
    expect(kit.store.current().operations).toEqual([]);
    expect(kit.store.current().steps['s.local']).toMatchObject({ status: 'failed', problem: { code: 'admission-denied' } });
  });

  it('keeps a label from a namespace, and the others go on', async () => {
    const bench = await kubeBench();
    bench.set({ denials: [{ webhook: 'labels.example.org', kind: 'Namespace', label: 'team', message: 'team must be a known one' }] });
    const { lines } = await run(bench, [labelling({ team: 'x' }, { team: 'shop' }), { ...applying([policy('a')]), step: 's.ranges' }]);
    expect(lines).toEqual(['failed k/label admission-denied', 'checked k/apply', 'started k/apply', 'done k/apply', 'finished partly']);
    expect(at(bench.find('Namespace', 'shop'), ['metadata', 'labels', 'team'])).not.toBe('x');
  });

  it.each([
    ['no-dry-run', 'dry-run-refused'],
    ['no-answer', 'webhook-unavailable'],
  ] as const)('or answers %s: nothing is sent', async (answer, code) => {
    const bench = await kubeBench();
    bench.set({ denials: [{ ...denial, answer }] });
    const { problem } = await run(bench, [applying([policy('a')])]);
    expect(problem?.code).toBe(code);
    expect(bench.writes).toEqual([]);
  });

  it('only when it is meant: then what was applied before is told, and the next run finds it in place', async () => {
    let rule = [denial];
    const bench: KubeBench = await kubeBench({ before: (what) => (what === 'apply b' ? bench.set({ denials: rule }) : undefined) });
    const change = applying([policy('a'), policy('b')]);
    const { problem, kit } = await run(bench, [change]);
    expect(problem).toMatchObject({ code: 'admission-denied', why: expect.stringMatching(/^1 of 2 objects had been applied/) });
    expect(kit.store.current().operations).toMatchObject([{ status: 'failed' }]);
    expect(kit.store.current().steps['s.local']?.undo).toHaveLength(2);
    rule = [];
    bench.set({ denials: rule });
    expect((await run(bench, [change], kit)).lines.at(-1)).toBe('finished applied');
    const back = await run(bench, undo(change));
    expect(back.lines.at(-1)).toBe('finished applied');
    expect(bench.find('NetworkPolicy', 'a')).toBeUndefined();
  });
});

describe('an answer that is lost', () => {
  const lost = () => {
    throw new ProblemError({ code: 'api-server-unreachable', what: 'The API server cannot be reached from here.', why: 'i/o timeout', next: [] });
  };
  const change = applying([policy('a')]);

  it('after the write took place is no failure, and nothing is sent twice', async () => {
    const bench = await kubeBench({ after: lost });
    expect((await run(bench, [change])).lines.at(-1)).toBe('finished applied');
    expect(bench.writes).toEqual(['apply a']);
  });

  it('before the write took place is one; the next run sends it', async () => {
    let times = 1;
    const bench = await kubeBench({ before: () => (times-- > 0 ? lost() : undefined) });
    const { problem, kit } = await run(bench, [change]);
    expect(problem?.code).toBe('api-server-unreachable');
    expect((await run(bench, [change], kit)).lines.at(-1)).toBe('finished applied');
    expect(bench.writes).toEqual(['apply a']);
  });

  it('with the way into the cluster: resume looks, and knows', async () => {
    let isShut = false;
    const bench: KubeBench = await kubeBench({
      after: () => {
        isShut = true;
        lost();
      },
      call: async () => (isShut ? lost() : undefined),
    });
    const { problem, kit } = await run(bench, [change]);
    expect(problem).toMatchObject({ code: 'outcome-unknown' });
    expect(kit.store.current().operations).toMatchObject([{ status: 'running' }]);
    isShut = false;
    const events = await collect(resumeOperations(kit.options([], { kubernetes: bench.kubernetes })));
    expect(told(events)).toEqual(['started k/apply again', 'done k/apply', 'finished applied']);
    expect(kit.store.current().operations).toMatchObject([{ status: 'succeeded' }]);
    expect(bench.writes).toEqual(['apply a']);
  });
});
