import { describe, expect, it } from 'vitest';
import { problemOf } from '../../src/model/problem.ts';
import { clusterId, type FakeAnswer, fakeGateway } from './fake-cloud.ts';

const arm = 'https://management.azure.com';
const operationUrl = `${arm}/subscriptions/s/providers/Microsoft.ContainerService/locations/westeurope/operations/1?api-version=2026-05-01`;
const put = { method: 'PUT' as const, url: `${clusterId}?api-version=2026-05-01`, body: { properties: { secretInBody: 'hunter2' } } };
const accepted: FakeAnswer = {
  status: 200,
  headers: { 'Azure-AsyncOperation': operationUrl },
  body: { id: clusterId, properties: { provisioningState: 'Updating', marker: 'body-of-put' } },
};

/** A cloud that accepts the write and then gives these answers to whoever asks how it stands; the last one for good. */
function cloud(answers: readonly FakeAnswer[], first: FakeAnswer = accepted) {
  let asked = 0;
  return fakeGateway(({ method }) => (method === 'GET' ? (answers[Math.min(asked++, answers.length - 1)] ?? {}) : first));
}

const running: FakeAnswer = { body: { status: 'InProgress' } };
const succeeded: FakeAnswer = { body: { status: 'Succeeded' } };

describe.each([
  ['a cluster', put, accepted],
  [
    'a cluster whose id az wrote',
    { ...put, url: put.url.replace('resourceGroups', 'resourcegroups').replace('Microsoft.ContainerService', 'microsoft.containerservice') },
    accepted,
  ],
  ['a pool', { ...put, url: `${clusterId}/agentPools/p1?api-version=2026-05-01` }, accepted],
  [
    'an action',
    { method: 'POST' as const, url: `${clusterId}/rotateClusterCertificates?api-version=2026-05-01` },
    { status: 202, headers: accepted.headers ?? {} },
  ],
  [
    'another resource',
    { ...put, url: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w?api-version=2023-09-01' },
    { ...accepted, status: 201 },
  ],
] as const)('a long operation on %s', (_name, request, first) => {
  it('is polled to its end, and survives being put away at any moment', async () => {
    const { gateway, sent } = cloud([running, running, succeeded], first);
    const { operation, response } = await gateway.begin(request);
    if (!operation) throw new Error('no operation');
    expect(response.status).toBe(first.status);
    expect(operation.url).toBe(operationUrl);
    expect(await operation.poll()).toEqual({ done: false, status: 'InProgress', retryAfterMs: 5000 });
    const restored = gateway.restore(operation.state);
    expect(await restored.poll()).toMatchObject({ done: false });
    expect(await gateway.restore(restored.state).poll()).toMatchObject({ done: true, status: 'Succeeded' });
    expect(sent.map(({ method }) => method)).toEqual([request.method, 'GET', 'GET', 'GET']);
    expect(sent.slice(1).every(({ url }) => url === operationUrl)).toBe(true);
  });

  it('leaves a state without token or body', async () => {
    const { gateway } = cloud([running], first);
    const { operation } = await gateway.begin(request);
    await operation?.poll();
    const state = operation?.state ?? '';
    expect(state).not.toMatch(/Bearer|signature-of-nobody|hunter2|body-of-put/);
    expect(JSON.parse(state)).toHaveProperty('state.config.operationLocation', operationUrl);
  });

  it("fails as a Problem with ARM's own error", async () => {
    const { gateway } = cloud([running, { body: { status: 'Failed', error: { code: 'SubnetIsFull', message: 'Subnet s is full.' } } }], first);
    const { operation } = await gateway.begin(request);
    await operation?.poll();
    const problem = problemOf(await operation?.poll().catch((thrown: unknown) => thrown));
    expect(problem).toMatchObject({ code: 'subnet-full', cloud: { code: 'SubnetIsFull', message: 'Subnet s is full.', status: 200 } });
  });
});

describe('what is no long operation', () => {
  it.each([
    ['a setting that is written at once', { status: 200, body: { id: 'x', properties: {} } }],
    ['a cluster that was already as asked', { status: 200, body: { properties: { provisioningState: 'Succeeded' } } }],
    ['an answer without a body', { status: 204 }],
  ])('%s', async (_name, first) => {
    const { gateway, sent } = cloud([running], first);
    expect((await gateway.begin(put)).operation).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('200 with provisioningState Updating and no header is followed on the resource itself', async () => {
    const { gateway, sent } = cloud(
      [{ body: { properties: { provisioningState: 'Updating' } } }, { body: { properties: { provisioningState: 'Succeeded' } } }],
      {
        body: { properties: { provisioningState: 'Updating' } },
      },
    );
    const { operation } = await gateway.begin(put);
    expect(await operation?.poll()).toMatchObject({ done: false });
    expect(await operation?.poll()).toMatchObject({ done: true });
    expect(sent[1]?.url).toBe(`${arm}${put.url}`);
  });
});

describe('looking at an operation', () => {
  it("honours ARM's Retry-After", async () => {
    const { gateway } = cloud([{ ...running, headers: { 'retry-after': '17' } }]);
    const { operation } = await gateway.begin(put);
    expect(await operation?.poll()).toMatchObject({ retryAfterMs: 17_000 });
  });

  it('a lost answer does not fail the operation', async () => {
    const { gateway } = cloud([{ lost: 'EPIPE' }, running, { lost: 'EPIPE' }, succeeded]);
    const { operation } = await gateway.begin(put);
    const seen = [];
    for (let i = 0; i < 4; i += 1) seen.push(await operation?.poll());
    expect(seen.map((one) => one?.done)).toEqual([false, false, false, true]);
  });

  it('says after a while that it cannot be followed, and that it goes on', async () => {
    const { gateway } = cloud([{ lost: 'EPIPE' }]);
    const { operation } = await gateway.begin(put);
    for (let i = 0; i < 4; i += 1) expect(await operation?.poll()).toMatchObject({ done: false });
    const problem = problemOf(await operation?.poll().catch((thrown: unknown) => thrown));
    expect(problem.code).toBe('operation-unreadable');
    expect(problem.what).toContain('goes on in Azure');
  });

  it.each([401, 403, 404])('says so at once where asking again does not help (%i)', async (status) => {
    const { gateway } = cloud([{ status, body: { error: { code: 'Nope', message: 'no' } } }]);
    const { operation } = await gateway.begin(put);
    expect(problemOf(await operation?.poll().catch((thrown: unknown) => thrown)).code).toBe('operation-unreadable');
  });

  it('a cancelled operation is told as such', async () => {
    const { gateway } = cloud([{ body: { status: 'Canceled' } }]);
    const { operation } = await gateway.begin(put);
    expect(problemOf(await operation?.poll().catch((thrown: unknown) => thrown)).code).toBe('operation-canceled');
  });
});

describe('a saved operation that was tampered with', () => {
  const state = (config: object) => JSON.stringify({ state: { status: 'running', config: { metadata: { mode: 'OperationLocation' }, ...config } } });

  it.each(['https://evil.example/op', 'https://management.azure.com.evil.example/op', 'http://management.azure.com/op', 'https://user@evil.example/'])(
    'does not take the sign-in to %s',
    (operationLocation) => {
      const { gateway, sent } = cloud([succeeded]);
      const restore = () => gateway.restore(state({ operationLocation, initialRequestUrl: `${arm}${put.url}`, requestMethod: 'PUT' }));
      expect(restore).toThrow('another host');
      expect(sent).toHaveLength(0);
    },
  );

  it.each(['', 'nonsense', '{}', '{"state":{"config":{}}}', 'null'])('is refused with a Problem: %s', (saved) => {
    const { gateway } = cloud([succeeded]);
    expect(() => gateway.restore(saved)).toThrow('cannot be read');
  });

  it('a regional address of the same cloud is followed', async () => {
    const { gateway } = cloud([succeeded]);
    const operation = gateway.restore(
      state({ operationLocation: 'https://westeurope.management.azure.com/op', initialRequestUrl: `${arm}${put.url}`, requestMethod: 'PUT' }),
    );
    expect(await operation.poll()).toMatchObject({ done: true });
  });
});
