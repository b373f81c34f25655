import { describe, expect, it } from 'vitest';
import { type ApplyOptions, apply } from '../../src/apply/apply.ts';
import { resumeOperations } from '../../src/apply/resume.ts';
import { setOperation } from '../../src/checklist/records.ts';
import type { Change } from '../../src/model/change.ts';
import type { OperationRecord } from '../../src/model/checklist.ts';
import { at } from '../../src/model/json.ts';
import { CLUSTER, collect, type Kit, local, logs, newKit, policy, ranges, SETTING, told } from './kit.ts';

const resume = async (kit: Kit, more: Partial<ApplyOptions> = {}): Promise<readonly string[]> => told(await collect(resumeOperations(kit.options([], more))));

/** Notes an operation as a process that has gone would have left it. */
async function note(kit: Kit, change: Change, more: Partial<OperationRecord>): Promise<void> {
  const operation: OperationRecord = {
    id: change.id,
    change,
    steps: [change.step],
    status: 'intended',
    startedAt: '2026-07-01T08:00:00Z',
    via: 'sdk',
    ...more,
  };
  await kit.store.update((list) => {
    const next = setOperation(list, operation);
    const record = next.steps[change.step];
    return record === undefined ? next : { ...next, steps: { ...next.steps, [change.step]: { ...record, status: 'applying' } } };
  });
}

/** Aborts once an operation has run for a while. */
function abortWhileRunning(kit: Kit): AbortController {
  const controller = new AbortController();
  kit.arm.onSleep = (now) => {
    if (now >= 20_000) controller.abort();
  };
  return controller;
}

describe('stopping', () => {
  it('leaves the operation running, says so, and resume follows it to its end', async () => {
    const kit = newKit();
    const { signal } = abortWhileRunning(kit);
    const events = await kit.run([local, logs], { signal });
    expect(told(events)).toEqual([
      'checked s.local/edit',
      'started s.local/edit',
      'left-running s.local/edit',
      'skipped s.logs/setting',
      'finished interrupted',
    ]);
    expect(kit.store.current().operations[0]).toMatchObject({ status: 'left-running', poller: 'op-1', url: 'https://arm/operations/op-1' });
    kit.arm.onSleep = () => undefined;
    expect(await resume(kit)).toEqual(['started s.local/edit again', 'done s.local/edit', 'finished applied']);
    expect(kit.store.current().steps['s.local']?.status).toBe('verified');
    expect(kit.store.current().queue).toEqual(['s.ranges', 's.policy', 's.logs']);
    expect(kit.arm.writes).toHaveLength(1);
  });

  it('before anything was sent leaves nothing noted', async () => {
    const kit = newKit();
    kit.arm.occupy(CLUSTER, 600_000);
    const { signal } = abortWhileRunning(kit);
    expect(told(await kit.run([local], { signal }))).toEqual(['skipped s.local/edit', 'finished interrupted']);
    expect(kit.store.current().operations).toEqual([]);
    expect(kit.store.current().steps['s.local']?.status).not.toBe('applying');
  });

  it('after this one: finishes it and starts nothing more', async () => {
    const kit = newKit();
    const controller = new AbortController();
    kit.arm.onSleep = () => controller.abort();
    expect(told(await kit.run([local, logs], { stopAfterThis: controller.signal }))).toEqual([
      'checked s.local/edit',
      'started s.local/edit',
      'done s.local/edit',
      'skipped s.logs/setting',
      'finished interrupted',
    ]);
  });

  it('while it resumes leaves it running again', async () => {
    const kit = newKit();
    const { signal } = abortWhileRunning(kit);
    await kit.run([local], { signal });
    expect(await resume(kit, { signal: AbortSignal.abort() })).toEqual(['finished interrupted']);
    kit.arm.onSleep = () => undefined;
    expect((await resume(kit)).at(-1)).toBe('finished applied');
  });

  it('in the time that the API server is watched: resume watches it, and puts the old state back', async () => {
    const kit = newKit();
    const { arm } = kit;
    const controller = new AbortController();
    arm.onSleep = (now) => {
      if (now >= 150_000) controller.abort();
    };
    expect(told(await kit.run([ranges], { signal: controller.signal }))).toContain('left-running s.ranges/edit');
    arm.onSleep = () => undefined;
    arm.reach = (cluster) => ({ reachable: JSON.stringify(cluster).includes('4.4.4.4/32') === false, detail: 'x' });
    expect(await resume(kit)).toEqual([
      'started s.ranges/edit again',
      'restoring s.ranges/edit',
      'started s.ranges/edit',
      'restored s.ranges/edit',
      'failed s.ranges/edit api-server-cut',
      'finished failed',
    ]);
    expect(at(arm.get(CLUSTER), ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'])).toEqual([]);
  });
});

describe('resuming what was intended', () => {
  it('and stands: verified', async () => {
    const kit = newKit();
    await note(kit, local, { etag: 'first' });
    kit.arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    expect(await resume(kit)).toEqual(['started s.local/edit again', 'done s.local/edit', 'finished applied']);
    expect(kit.store.current().operations[0]?.status).toBe('succeeded');
  });

  it('and is being carried out: waited for, then verified', async () => {
    const kit = newKit();
    await note(kit, local, { etag: 'first' });
    kit.arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    kit.arm.occupy(CLUSTER, 60_000, 'Updating');
    expect(await resume(kit)).toEqual(['started s.local/edit again', 'done s.local/edit', 'finished applied']);
    expect(kit.arm.now).toBeGreaterThanOrEqual(60_000);
  });

  it.each([local, logs, policy])('and never left: open again, in the queue, nothing sent ($id)', async (change) => {
    const kit = newKit();
    await note(kit, change, { etag: 'first' });
    expect(await resume(kit)).toEqual([`skipped ${change.id}`, 'finished partly']);
    expect(kit.store.current().operations).toEqual([]);
    expect(kit.store.current().steps[change.step]?.status).toBe('queued');
    expect(kit.arm.writes).toEqual([]);
  });

  it('of another resource, and stands', async () => {
    const kit = newKit();
    await note(kit, logs, {});
    kit.arm.store({ id: SETTING, ...logs.body });
    expect((await resume(kit)).at(-1)).toBe('finished applied');
  });

  it('and its operation failed', async () => {
    const kit = newKit();
    await note(kit, local, { etag: 'first' });
    kit.arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    kit.arm.change(CLUSTER, ['properties', 'provisioningState'], 'Failed');
    expect(await resume(kit)).toEqual(['started s.local/edit again', 'failed s.local/edit operation-failed', 'finished failed']);
    expect(kit.store.current().steps['s.local']?.status).toBe('failed');
  });
});

describe('resuming an action that leaves no trace', () => {
  const { target, edits: _edits, kind: _kind, ...rest } = local;
  const rotate = { ...rest, id: 'rotate', kind: 'arm.action', target, action: 'rotateClusterCertificates' } as const;

  it('the cluster has not changed since: it never left', async () => {
    const kit = newKit();
    await note(kit, rotate, { etag: 'first' });
    expect(await resume(kit)).toEqual(['skipped rotate', 'finished partly']);
  });

  it('the cluster is busy: it is waited for', async () => {
    const kit = newKit();
    await note(kit, rotate, { etag: 'first' });
    kit.arm.change(CLUSTER, ['tags'], {});
    kit.arm.occupy(CLUSTER, 60_000, 'Certificate Rotating');
    expect(await resume(kit)).toEqual(['started rotate again', 'done rotate', 'finished partly']);
  });

  it('the cluster has changed and stands still: that is not known, and it is not sent again', async () => {
    const kit = newKit();
    await note(kit, rotate, { etag: 'first' });
    kit.arm.change(CLUSTER, ['tags'], {});
    expect(await resume(kit)).toEqual(['failed rotate action-unknown', 'finished failed']);
    expect(kit.arm.writes).toEqual([]);
    expect(await resume(kit)).toEqual(['finished nothing-to-do']);
  });
});

describe('resuming what runs', () => {
  it('with a poller that this Azure does not take: by the state of the cluster', async () => {
    const kit = newKit();
    await note(kit, local, { status: 'running', poller: 'damaged' });
    kit.arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    const { ProblemError } = await import('../../src/model/problem.ts');
    const gateway = kit.arm.gateway();
    const arm = {
      ...gateway,
      restore: () => {
        throw new ProblemError({ code: 'foreign-operation', what: '', why: '', next: [] });
      },
    };
    expect(await resume(kit, { arm })).toEqual(['started s.local/edit again', 'done s.local/edit', 'finished applied']);
  });

  it('and failed meanwhile', async () => {
    const kit = newKit();
    const { signal } = abortWhileRunning(kit);
    kit.arm.operationFaults.push({ status: 200, code: 'UpgradeFailed' });
    await kit.run([local], { signal });
    kit.arm.onSleep = () => undefined;
    expect(await resume(kit)).toEqual(['started s.local/edit again', 'failed s.local/edit request-refused', 'finished failed']);
    expect(kit.store.current().operations[0]?.status).toBe('failed');
  });

  it('nothing: a step that was being carried out goes back to where it came from', async () => {
    const kit = newKit();
    await note(kit, local, { status: 'succeeded' });
    expect(await resume(kit)).toEqual(['finished nothing-to-do']);
    expect(kit.store.current().steps['s.local']?.status).toBe('queued');
  });
});

it('apply and resume never throw', async () => {
  const kit = newKit();
  kit.arm.blindReads = 1;
  expect(told(await collect(apply(kit.options([local]))))).toEqual(['failed s.local/edit azure-unavailable', 'finished failed']);
});
