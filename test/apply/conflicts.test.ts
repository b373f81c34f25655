import { describe, expect, it } from 'vitest';
import { at } from '../../src/model/json.ts';
import { ProblemError } from '../../src/model/problem.ts';
import { CLUSTER, local, logs, newKit, SETTING, told } from './kit.ts';

const done = ['checked s.local/edit', 'started s.local/edit', 'done s.local/edit', 'finished applied'];
const waits = (events: Awaited<ReturnType<ReturnType<typeof newKit>['run']>>) => events.flatMap((event) => (event.type === 'waiting' ? [event.detail] : []));

/** Does something once, right before the n-th read of a resource. */
function beforeRead(arm: ReturnType<typeof newKit>['arm'], id: string, nth: number, act: () => void): void {
  let reads = 0;
  arm.onRead = (read) => {
    if (read !== id) return;
    reads += 1;
    if (reads === nth) act();
  };
}

describe('somebody else at work', () => {
  it('waits for an operation that runs, says which, and then writes what it reads then', async () => {
    const { arm, run } = newKit();
    arm.occupy(CLUSTER, 45_000);
    const events = await run([local]);
    expect(told(events)).toEqual(done);
    expect(waits(events)[0]).toBe('Another operation runs (cluster: Upgrading)');
    expect(arm.writes).toHaveLength(1);
  });

  it('waits for a pool that is busy while the cluster is not', async () => {
    const { arm, run } = newKit();
    const pool = (state: string) => [{ name: 'one', count: 3, enableAutoScaling: true, provisioningState: state }];
    arm.change(CLUSTER, ['properties', 'agentPoolProfiles'], pool('Scaling'));
    arm.onSleep = (now) => {
      if (now >= 20_000 && arm.writes.length === 0) arm.change(CLUSTER, ['properties', 'agentPoolProfiles'], pool('Succeeded'));
    };
    const events = await run([local]);
    expect(told(events)).toEqual(done);
    expect(waits(events)[0]).toBe('Another operation runs (pool one: Scaling)');
  });

  it('409: waits for the running operation, reads again, and carries its change into the write', async () => {
    const { arm, run } = newKit();
    // Between the last read and the write, an operation starts that the read could not show.
    arm.gate = async (place) => {
      if (!place.startsWith('before PUT') || arm.log.filter((line) => line.startsWith('PUT')).length > 0) return;
      arm.occupy(CLUSTER, 30_000);
      arm.onSleep = () => {
        arm.onSleep = () => undefined;
        arm.change(CLUSTER, ['properties', 'theirs'], 'kept');
      };
    };
    expect(told(await run([local]))).toEqual(done);
    expect(arm.log.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
    expect(arm.writes).toHaveLength(1);
    expect(at(arm.writes[0]?.body, ['properties', 'theirs'])).toBe('kept');
  });

  it('412: reads again and writes once more', async () => {
    const { arm, run } = newKit();
    arm.faults.push({ status: 412, code: 'PreconditionFailed' });
    expect(told(await run([local]))).toEqual(done);
    expect(arm.writes).toHaveLength(1);
  });

  it('412 twice: gives up, nothing changed', async () => {
    const { arm, run, store } = newKit();
    arm.faults.push({ status: 412 }, { status: 412 });
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'failed s.local/edit changed-meanwhile', 'finished failed']);
    expect(arm.writes).toEqual([]);
    expect(store.current().operations.map(({ status }) => status)).toEqual(['failed']);
  });

  it('412, and what was planned has drifted: nothing is applied, and nothing stays noted', async () => {
    const { arm, run, store } = newKit();
    arm.faults.push({ status: 412 });
    arm.gate = async (place) => {
      if (place.startsWith('before PUT')) arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], null);
    };
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'drift s.local/edit', 'finished drift']);
    expect(store.current().operations).toEqual([]);
    expect(store.current().steps['s.local']?.status).toBe('queued');
  });

  it('a pool changed between the two reads: the check is done anew, and its change goes along', async () => {
    const { arm, run } = newKit();
    beforeRead(arm, CLUSTER, 2, () => {
      const pool = { name: 'one', count: 3, enableAutoScaling: true, provisioningState: 'Succeeded', eTag: 'pool-second', nodeLabels: { theirs: 'kept' } };
      arm.change(CLUSTER, ['properties', 'agentPoolProfiles'], [pool]);
    });
    expect(told(await run([local]))).toEqual(done);
    expect(at(arm.writes[0]?.body, ['properties', 'agentPoolProfiles'])).toMatchObject([{ nodeLabels: { theirs: 'kept' } }]);
    // Two for the first check, two for the second, one to verify.
    expect(arm.log.filter((line) => line === `GET ${CLUSTER}`)).toHaveLength(5);
  });

  it('an autoscaler at work disturbs nothing', async () => {
    const { arm, run } = newKit();
    let count = 3;
    arm.onRead = () => {
      count += 1;
      arm.change(
        CLUSTER,
        ['properties', 'agentPoolProfiles'],
        [{ name: 'one', count, enableAutoScaling: true, provisioningState: 'Succeeded', eTag: `p${count}` }],
      );
    };
    expect(told(await run([local]))).toEqual(done);
  });

  it('a cluster that never stands still is left alone', async () => {
    const { arm, run } = newKit();
    let turn = 0;
    arm.onRead = () => {
      turn += 1;
      arm.change(CLUSTER, ['properties', 'theirs'], turn);
    };
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'failed s.local/edit changed-meanwhile', 'finished failed']);
    expect(arm.writes).toEqual([]);
  });
});

describe('throttling', () => {
  it('waits as long as Azure says', async () => {
    const { arm, run } = newKit();
    arm.operationMs = 0;
    arm.faults.push({ status: 429, code: 'Throttled', retryAfterMs: 37_000 });
    expect(told(await run([local]))).toEqual(done);
    expect(arm.now).toBeGreaterThanOrEqual(37_000);
    expect(arm.now).toBeLessThan(50_000);
  });
});

describe('a write whose outcome is not known', () => {
  it.each([
    ['500', { status: 500, code: 'InternalOperationError' }],
    ['504', { status: 504, code: 'GatewayTimeout' }],
    ['no answer', { status: 0, code: 'ECONNRESET' }],
  ])('%s, but it was carried out: followed, never sent again', async (_name, fault) => {
    const { arm, run } = newKit();
    arm.faults.push({ ...fault, carriedOut: true });
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'done s.local/edit', 'finished applied']);
    expect(arm.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('and it was not: said, not sent again, and looked at once more on resume', async () => {
    const { arm, run, store } = newKit();
    arm.faults.push({ status: 500 });
    const events = await run([local]);
    expect(told(events)).toEqual(['checked s.local/edit', 'failed s.local/edit outcome-unknown', 'finished failed']);
    expect(events.find((event) => event.type === 'failed')?.problem.why).toContain('most likely it was not carried out');
    expect(arm.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    expect(store.current().operations.map(({ status }) => status)).toEqual(['intended']);
  });

  it('and it arrives late: seen within the minute', async () => {
    const { arm, run } = newKit();
    arm.faults.push({ status: 502 });
    arm.onSleep = (now) => {
      if (now === 20_000) arm.change(CLUSTER, ['properties', 'disableLocalAccounts'], true);
    };
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'done s.local/edit', 'finished applied']);
    expect(arm.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('of another resource than a cluster', async () => {
    const { arm, run } = newKit();
    arm.faults.push({ status: 500, carriedOut: true });
    expect(told(await run([logs])).at(-1)).toBe('finished applied');
    expect(arm.log.filter((line) => line === `PUT ${SETTING}`)).toHaveLength(1);
  });

  it('an assignment that ARM holds under another name is there', async () => {
    const { arm, run } = newKit();
    arm.faults.push({ status: 409, code: 'RoleAssignmentExists' });
    expect(told(await run([logs])).filter((line) => line.startsWith('failed'))).toEqual([]);
  });
});

describe('an operation that cannot be followed', () => {
  it('is followed by the state of the resource', async () => {
    const { arm, run } = newKit();
    arm.blindPolls = 1;
    expect(told(await run([local]))).toEqual(done);
  });

  it('goes on when Azure cannot be read either: left running, for resume', async () => {
    const { arm, run, store } = newKit();
    arm.blindPolls = 1;
    arm.gate = async (place) => {
      if (place === 'poll') arm.blindReads = 99;
    };
    expect(told(await run([local]))).toEqual(['checked s.local/edit', 'started s.local/edit', 'failed s.local/edit lost-sight', 'finished failed']);
    expect(store.current().operations[0]).toMatchObject({ status: 'left-running', poller: 'op-1' });
  });
});

describe('a checklist that cannot be written', () => {
  it.each([
    [0, ['failed s.local/edit checklist-unwritable', 'skipped s.logs/setting', 'finished failed']],
    [1, ['checked s.local/edit', 'failed s.local/edit checklist-unwritable', 'skipped s.logs/setting', 'finished failed']],
    [2, ['checked s.local/edit', 'failed s.local/edit checklist-unwritable', 'skipped s.logs/setting', 'finished failed']],
  ])('stops everything, after %i notes that could be made', async (good, lines) => {
    const { arm, run, options } = newKit();
    const { store } = options([local]);
    const full = new ProblemError({ code: 'checklist-unwritable', what: 'full', why: 'ENOSPC', next: [] });
    let notes = 0;
    const update: typeof store.update = (change) => {
      notes += 1;
      return notes > good ? Promise.reject(full) : store.update(change);
    };
    expect(told(await run([local, logs], { store: { ...store, update } }))).toEqual(lines);
    // The third note follows the request; the two before it precede it.
    expect(arm.writes).toHaveLength(good < 2 ? 0 : 1);
  });
});
