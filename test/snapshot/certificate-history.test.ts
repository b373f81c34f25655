import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice } from '../../src/practice/index.ts';
import { readFacts } from '../../src/snapshot/live.ts';
import { clusterId, fakeArm, now, refused, subscription, value, type World, world } from './fake-arm.ts';

const log = `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
const event = (action: string, eventTimestamp: string, status = 'Succeeded'): JsonObject => ({
  eventTimestamp,
  operationName: { value: `Microsoft.ContainerService/managedClusters/${action}/action` },
  status: { value: status },
});
const read = async (state: World) => {
  const { arm, asked } = fakeArm(state);
  const facts = await readFacts({ arm, clusterId, now, keys: [], planKeys: ['certificateHistory'] });
  return { found: value(facts, 'certificateHistory'), asked: asked.map(({ url }) => decodeURIComponent(url)) };
};

describe('the history of certificates', () => {
  it('is the last of each that succeeded, whatever else the log holds', async () => {
    const events = [
      event('rotateClusterCertificates', '2026-07-01T08:00:00Z'),
      event('RotateClusterCertificates', '2026-08-01T08:00:00.1234567Z'),
      event('rotateClusterCertificates', '2026-08-20T08:00:00Z', 'Failed'),
      event('listClusterAdminCredential', '2026-06-20T08:00:00Z'),
      event('accessProfiles/listCredential', '2026-08-02T08:00:00Z'),
      event('listClusterUserCredential', '2026-08-30T08:00:00Z'),
      {
        eventTimestamp: 'never',
        operationName: { value: 'Microsoft.ContainerService/managedClusters/rotateClusterCertificates/action' },
        status: { value: 'Succeeded' },
      },
    ];
    const { found, asked } = await read({ ...world, [log]: { value: events } });
    expect(found).toEqual({ since: '2026-06-04T10:00:00.000Z', rotatedAt: '2026-08-01T08:00:00.123Z', handedOutAt: '2026-08-02T08:00:00.000Z' });
    expect(asked.find((url) => url.includes('eventtypes'))).toContain(
      `eventTimestamp ge '2026-06-04T10:00:00.000Z' and eventTimestamp le '2026-09-02T10:00:00.000Z' and resourceUri eq '${clusterId}'`,
    );
  });

  it('is empty for an empty log, and unknown for one that may not be read', async () => {
    expect((await read({ ...world, [log]: { value: [] } })).found).toEqual({ since: '2026-06-04T10:00:00.000Z' });
    expect((await read({ ...world, [log]: refused('Microsoft.Insights/eventtypes/values/read', subscription) })).found).toMatchObject({
      state: 'unknown',
      permission: 'Microsoft.Insights/eventtypes/values/read',
    });
  });
});

describe('the practice cluster’s activity log', () => {
  const start = Date.parse('2026-11-20T08:00:00Z');
  const open = (scenario: string) => createPractice({ scenario, clock: steppedClock(start) });
  const history = async ({ arm, clusterId: id, world: { clock } }: Awaited<ReturnType<typeof open>>) => {
    const facts = await readFacts({ arm, clusterId: id, now: new Date(clock.now()), keys: [], planKeys: ['certificateHistory'] });
    return value(facts, 'certificateHistory');
  };

  it('shows a rotation once it is complete, and whoever takes an admin credential', async () => {
    const practice = await open('typical');
    expect(await history(practice)).toEqual({ since: expect.any(String) });
    const { operation } = await practice.arm.begin({ method: 'POST', url: `${practice.clusterId}/rotateClusterCertificates?api-version=2026-05-01` });
    expect(await history(practice)).not.toHaveProperty('rotatedAt');
    for (let looks = 0; looks < 1000; looks += 1) {
      const { done, retryAfterMs } = (await operation?.poll()) ?? { done: true, retryAfterMs: 0 };
      if (done) break;
      await practice.arm.sleep(retryAfterMs);
    }
    expect(await history(practice)).toHaveProperty('rotatedAt');
    await practice.arm.send({ method: 'POST', url: `${practice.clusterId}/listClusterAdminCredential?api-version=2026-05-01` });
    expect(await history(practice)).toMatchObject({ handedOutAt: new Date(practice.world.clock.now()).toISOString() });
  });

  it('refuses to look back further than it keeps', async () => {
    const { arm, world: practice } = await open('hardened');
    const from = new Date(start - 91 * 86_400_000).toISOString();
    const url = `/subscriptions/${practice.state.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(`eventTimestamp ge '${from}'`)}`;
    await expect(arm.send({ method: 'GET', url })).rejects.toThrow();
  });
});
