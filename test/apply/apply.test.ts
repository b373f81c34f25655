import { describe, expect, it } from 'vitest';
import { at } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { CLUSTER, clusterBody, edit, local, logs, newKit, planOf, policy, ranges, SETTING, told } from './kit.ts';

describe('apply', () => {
  it('checks, sends, follows, verifies', async () => {
    const { arm, run, store } = newKit();
    const events = await run([local, logs]);
    expect(told(events)).toEqual([
      'checked s.local/edit',
      'started s.local/edit',
      'done s.local/edit',
      'checked s.logs/setting',
      'started s.logs/setting',
      'done s.logs/setting',
      'finished applied',
    ]);
    expect(arm.writes.map(({ method, id }) => [method, id])).toEqual([
      ['PUT', CLUSTER],
      ['PUT', SETTING],
    ]);
    expect(events.find(({ type }) => type === 'done')).toMatchObject({ verified: { '2.4': { status: 'pass' } }, besides: [] });
    expect(store.current().operations.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(store.current().steps['s.local']).toMatchObject({ status: 'verified', after: { '2.4': { status: 'pass' } } });
    expect(store.current().queue).toEqual(['s.ranges', 's.policy']);
  });

  it('writes the whole body back with the edit and nothing else, with If-Match', async () => {
    const { arm, run } = newKit();
    await run([local]);
    const [write] = arm.writes;
    expect(write?.ifMatch).toBe('first');
    expect(at(write?.body, ['properties', 'futureThing'])).toEqual({ unknownToUs: ['kept'] });
    expect(at(write?.body, ['properties', 'disableLocalAccounts'])).toBe(true);
    expect(at(write?.body, ['properties', 'provisioningState'])).toBeUndefined();
    expect(at(write?.body, ['identity', 'userAssignedIdentities', '/subscriptions/x/id'])).toEqual({});
  });

  it('gives a sign of life each ten seconds of the gateway clock', async () => {
    const { run } = newKit();
    const beats = (await run([local])).filter((event) => event.type === 'waiting').map((event) => event.elapsedMs);
    expect(beats).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000]);
  });

  it('has the operation and its undo on file before the request leaves, and the poller before the first wait', async () => {
    const { arm, run, store } = newKit();
    const seen: string[] = [];
    arm.gate = async (place) => {
      const [operation] = store.current().operations;
      if (place.startsWith('before PUT'))
        seen.push(`PUT ${operation?.status} ${store.current().steps['s.local']?.undo?.length} ${store.current().steps['s.local']?.status}`);
      if (place === 'poll') seen.push(`poll ${operation?.status} ${operation?.poller}`);
    };
    await run([local]);
    expect(seen[0]).toBe('PUT intended 1 applying');
    expect(seen[1]).toBe('poll running op-1');
  });

  it('writes nothing where everything stands already, and verifies', async () => {
    const { arm, run, store } = newKit();
    arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    arm.store({
      id: SETTING,
      name: 'aks-hardening',
      properties: {
        ...(logs.body['properties'] as object),
        logs: [
          { category: 'kube-audit', enabled: false },
          { category: 'kube-audit-admin', enabled: true, retentionPolicy: { days: 0 } },
        ],
      },
    });
    expect(told(await run([local, logs]))).toEqual([
      'checked s.local/edit noop',
      'done s.local/edit',
      'checked s.logs/setting noop',
      'done s.logs/setting',
      'finished nothing-to-do',
    ]);
    expect(arm.writes).toEqual([]);
    expect(store.current().operations).toEqual([]);
    expect(store.current().steps['s.local']?.status).toBe('verified');
  });

  it('applies nothing where the cluster is not as it was planned from', async () => {
    const { arm, run, store } = newKit();
    arm.change(CLUSTER, ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'], ['9.9.9.9/32']);
    const events = await run([ranges]);
    expect(told(events)).toEqual(['drift s.ranges/edit', 'finished drift']);
    expect(events[0]).toMatchObject({ differences: [{ path: 'properties.apiServerAccessProfile.authorizedIPRanges', planned: [], found: ['9.9.9.9/32'] }] });
    expect(arm.writes).toEqual([]);
    expect(store.current().queue).toContain('s.ranges');
  });

  it('takes a resource that appeared meanwhile for drift, unless it is the very thing', async () => {
    const { arm, run } = newKit();
    arm.store({ id: SETTING, properties: { workspaceId: '/subscriptions/other' } });
    expect(told(await run([logs]))).toEqual(['drift s.logs/setting', 'finished drift']);
  });

  it('drift and failure stop what depends on them, and nothing else', async () => {
    const { arm, run } = newKit();
    arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], null);
    const events = await run([local, { ...logs, after: [local.id] }, policy]);
    expect(told(events)).toEqual([
      'drift s.local/edit',
      'skipped s.logs/setting',
      'checked s.policy/edit',
      'started s.policy/edit',
      'done s.policy/edit',
      'finished partly',
    ]);
  });

  it('a failed write on the cluster stops later writes on it; other resources go on', async () => {
    const { arm, run, store } = newKit();
    arm.faults.push({ status: 400, code: 'InvalidParameter' });
    const events = await run([local, policy, logs]);
    expect(told(events)).toEqual([
      'checked s.local/edit',
      'failed s.local/edit request-refused',
      'skipped s.policy/edit',
      'checked s.logs/setting',
      'started s.logs/setting',
      'done s.logs/setting',
      'finished partly',
    ]);
    expect(store.current().operations[0]).toMatchObject({ status: 'failed', problem: { cloud: { code: 'InvalidParameter' } } });
    expect(store.current().steps['s.local']?.status).toBe('failed');
    expect(store.current().queue).toContain('s.policy');
  });

  it('says so when an operation fails', async () => {
    const { arm, run } = newKit();
    arm.operationFaults.push({ status: 200, code: 'UpgradeFailed' });
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'started s.local/edit', 'failed s.local/edit request-refused', 'finished failed']);
  });

  it('reports what changed beside the edits', async () => {
    const { arm, run } = newKit();
    arm.onSleep = () => {
      arm.onSleep = () => undefined;
      const pool = { name: 'one', count: 7, enableAutoScaling: true, provisioningState: 'Succeeded', nodeImageVersion: 'v2' };
      arm.change(CLUSTER, ['properties', 'agentPoolProfiles'], [pool]);
    };
    const done = (await run([local])).find((event) => event.type === 'done');
    expect(done).toMatchObject({ besides: ['properties.agentPoolProfiles[one].nodeImageVersion'] });
  });

  it('what AKS filled in after our own write is no drift for the next one', async () => {
    const { arm, run } = newKit();
    arm.onSleep = () => {
      arm.onSleep = () => undefined;
      arm.change(CLUSTER, ['properties', 'networkProfile'], { networkPolicy: 'none' });
    };
    expect(told(await run([local, policy])).at(-1)).toBe('finished applied');
  });

  it('half done is half done: a verdict that does not hold afterwards is never called applied', async () => {
    const { run, store } = newKit();
    const other = edit('s.local', '2.4', 'properties.somethingElse', undefined, 1);
    expect(told(await run([other])).at(-1)).toBe('finished partly');
    expect(store.current().steps['s.local']?.status).toBe('half-done');
  });

  it('what cannot be read again is unknown', async () => {
    const { run, store } = newKit();
    const events = await run([local], { reread: () => Promise.reject(new Error('offline')) });
    expect(events.find(({ type }) => type === 'done')).toMatchObject({ verified: { '2.4': { status: 'unknown' } } });
    expect(told(events).at(-1)).toBe('finished partly');
    expect(store.current().steps['s.local']?.status).toBe('half-done');
  });

  it('tells a person what is theirs to do, and holds back what comes after it', async () => {
    const { run, store } = newKit();
    const { target: _target, edits: _edits, ...rest } = local;
    const manual = { ...rest, id: 'm', kind: 'manual', instructions: ['call somebody'], doneWhen: 'they say so' } as const;
    expect(told(await run([manual, { ...policy, after: ['m'] }]))).toEqual(['manual m', 'skipped s.policy/edit', 'finished partly']);
    expect(store.current().steps['s.local']?.status).toBe('half-done');
  });
});

describe('what is refused before anything is sent', () => {
  const guard = (more: Partial<Guard>) => ({ id: 'g', title: 'your address is not inside', detail: 'd', verdict: 'refuse', step: 's.local', ...more }) as const;

  it.each([
    ['refuse', guard({}), [], 'refused'],
    ['refuse, phrase not given', guard({ override: 'lock me out' }), [{ guard: 'g', step: 's.local', phrase: 'lock me' }], 'refused'],
    ['never', guard({ override: 'never' }), [{ guard: 'g', step: 's.local', phrase: 'never' }], 'refused'],
    ['unknown that can be lifted', guard({ verdict: 'unknown', override: 'yes' }), [], 'refused'],
    ['another step of the same guard', guard({ override: 'yes' }), [{ guard: 'g', step: 's.logs', phrase: 'yes' }], 'refused'],
    ['lifted', guard({ override: 'yes' }), [{ guard: 'g', step: 's.local', phrase: 'yes' }], 'applied'],
    ['unknown without a phrase warns', guard({ verdict: 'unknown' }), [], 'applied'],
    ['warn', guard({ verdict: 'warn' }), [], 'applied'],
  ])('a guard: %s', async (_name, found, overrides, outcome) => {
    const { arm, run, store } = newKit();
    const events = await run([local, logs], { plan: planOf([local, logs], { guards: [found] }), overrides });
    expect(told(events).at(-1)).toBe(`finished ${outcome}`);
    expect(arm.log.length > 0).toBe(outcome === 'applied');
    if (outcome === 'refused') expect(told(events)).toEqual(['failed s.local/edit guard-refused', 'skipped s.logs/setting', 'finished refused']);
    expect(store.current().steps['s.local']?.overrides ?? []).toHaveLength(outcome === 'applied' ? overrides.length : 0);
  });

  it('a plan that is not the approved one, or another cluster', async () => {
    const { run, arm } = newKit();
    expect(told(await run([local], { plan: { ...planOf([local]), digest: 'x' } }))).toEqual(['failed s.local/edit plan-altered', 'finished refused']);
    const plan = planOf([local]);
    expect(told(await run([local], { plan: { ...plan, cluster: { ...plan.cluster, id: `${CLUSTER}2` } } }))).toEqual([
      'failed s.local/edit plan-foreign',
      'finished refused',
    ]);
    expect(arm.log).toEqual([]);
  });

  it('preview properties that a stable write would lose: the command is given instead', async () => {
    const { run, arm, facts } = newKit();
    const events = await run([local], { facts: { ...facts, previewProperties: ['properties.enableNamespaceResources'] } });
    const failed = events.find((event) => event.type === 'failed');
    expect(failed?.problem.code).toBe('preview-properties');
    expect(failed?.problem.next.join('\n')).toContain('az aks update');
    expect(arm.writes).toEqual([]);
  });

  it('a stopped cluster', async () => {
    const { run, arm } = newKit();
    arm.change(CLUSTER, ['properties', 'powerState', 'code'], 'Stopped');
    expect(told(await run([local]))).toEqual(['failed s.local/edit cluster-stopped', 'finished failed']);
    expect(arm.writes).toEqual([]);
  });

  it('a cluster that has gone', async () => {
    const { run, arm } = newKit();
    arm.resources.clear();
    expect(told(await run([local]))).toEqual(['failed s.local/edit cluster-not-found', 'finished failed']);
  });
});

describe('actions', () => {
  const { target: _target, edits: _edits, kind: _kind, ...rest } = local;
  const action = (name: 'stop' | 'start' | 'rotateClusterCertificates') =>
    ({ ...rest, id: name, kind: 'arm.action', target: local.target, action: name, alone: true }) as const;

  it('stop, then start', async () => {
    const { arm, run } = newKit();
    const events = await run([action('stop'), { ...action('start'), after: ['stop'] }]);
    expect(told(events).filter((line) => line.startsWith('done'))).toEqual(['done stop', 'done start']);
    expect(arm.writes.map((write) => write.action)).toEqual(['stop', 'start']);
    expect(at(arm.get(CLUSTER), ['properties', 'powerState', 'code'])).toBe('Running');
  });

  it('starting what runs is nothing to do', async () => {
    const { arm, run } = newKit();
    await run([action('start')]);
    expect(arm.writes).toEqual([]);
  });
});

it('the fixture is what the tests think it is', () => {
  expect(at(clusterBody, ['properties', 'disableLocalAccounts'])).toBe(false);
});
