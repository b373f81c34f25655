import { ContainerServiceClient } from '@azure/arm-containerservice';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { type Problem, problemOf } from '../../src/model/problem.ts';
import { ada, clusterId, fakeCredential, fakeGateway, fakeHttp, operatorId } from './fake-cloud.ts';

const put = { method: 'PUT' as const, url: `${clusterId}?api-version=2026-05-01`, body: { location: 'westeurope' } };

async function failing(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (thrown) {
    return problemOf(thrown);
  }
  throw new Error('it did not fail');
}

describe('sending', () => {
  it('sends raw JSON through the SDK pipeline, with its sign-in and user agent', async () => {
    const { gateway, sent, credential } = fakeGateway(() => ({
      body: { id: clusterId, properties: { unheardOf: { deep: [1] } } },
      headers: { ETag: 'W/"1"' },
    }));
    const { body, headers, status } = await gateway.send(put, { ifMatch: 'W/"0"' });
    expect(status).toBe(200);
    expect(body).toEqual({ id: clusterId, properties: { unheardOf: { deep: [1] } } });
    expect(headers['etag']).toBe('W/"1"');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(`https://management.azure.com${put.url}`);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(put.body);
    expect(sent[0]?.headers).toMatchObject({ 'if-match': 'W/"0"', 'content-type': 'application/json' });
    expect(sent[0]?.headers['authorization']).toMatch(/^Bearer /);
    expect(sent[0]?.headers['user-agent']).toMatch(/^aks-harden azsdk-js-arm-containerservice\//);
    expect(credential.scopes).toContain('https://management.azure.com/.default');
  });

  it.each(['https://evil.example/x', '//evil.example/x', '/../../@evil.example', 'relative'])('never leaves for another host: %s', async (url) => {
    const { gateway, sent } = fakeGateway(() => ({ body: {} }));
    await gateway.send({ method: 'GET', url }).catch(() => undefined);
    for (const one of sent) expect(new URL(one.url).host).toBe('management.azure.com');
  });

  it('goes to a sovereign cloud with a token for that cloud', async () => {
    const { gateway, sent, credential } = fakeGateway(() => ({ body: {} }), { endpoint: 'https://management.usgovcloudapi.net/' });
    await gateway.send({ method: 'GET', url: '/subscriptions' });
    expect(sent[0]?.url).toBe('https://management.usgovcloudapi.net/subscriptions');
    expect(credential.scopes).toEqual(['https://management.usgovcloudapi.net/.default']);
  });

  it('asks Graph with its own token, at v1.0', async () => {
    const { gateway, sent, credential } = fakeGateway(() => ({ body: {} }));
    await gateway.graph({ method: 'GET', url: '/groups/1' });
    expect(sent[0]?.url).toBe('https://graph.microsoft.com/v1.0/groups/1');
    expect(sent[0]?.headers['consistencylevel']).toBe('eventual');
    expect(credential.scopes).toEqual(['https://graph.microsoft.com/.default']);
  });
});

describe('a write is sent once', () => {
  const broken = [
    { status: 500 },
    { status: 502 },
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 504 },
    { status: 408 },
    { lost: 'ECONNRESET' },
    { lost: 'ETIMEDOUT' },
  ];

  it('because the SDK by itself would repeat it', async () => {
    const { httpClient, sent } = fakeHttp((_one, count) => (count === 1 ? { status: 503, headers: { 'retry-after': '0' } } : { body: {} }));
    const client = new ContainerServiceClient(fakeCredential(), '', { httpClient });
    await client.pipeline.sendRequest(httpClient, createPipelineRequest({ url: `https://management.azure.com${put.url}`, method: 'PUT', body: '{}' }));
    expect(sent).toHaveLength(2);
  });

  it.each(broken.flatMap((answer) => (['PUT', 'POST', 'PATCH', 'DELETE'] as const).map((method) => ({ method, answer }))))(
    '$method is not repeated after $answer',
    async ({ method, answer }) => {
      const { gateway, sent } = fakeGateway(() => answer);
      const problem = await failing(gateway.send({ ...put, method }));
      expect(problem.code).toBe('outcome-unknown');
      expect(sent).toHaveLength(1);
    },
  );

  it('a throttled write is sent again after the time that ARM names', async () => {
    const { gateway, sent } = fakeGateway((_one, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '0' } } : { body: {} }));
    expect((await gateway.send(put)).status).toBe(200);
    expect(sent).toHaveLength(2);
  });

  it('a throttled write without a time is not', async () => {
    const { gateway, sent } = fakeGateway(() => ({ status: 429, body: { error: { code: 'Throttled', message: 'slow down' } } }));
    expect((await failing(gateway.send(put))).code).toBe('throttled');
    expect(sent).toHaveLength(1);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND'])('a write that never left is no unknown outcome (%s)', async (lost) => {
    const { gateway, sent } = fakeGateway(() => ({ lost }));
    expect((await failing(gateway.send(put))).code).toBe('azure-unreachable');
    expect(sent).toHaveLength(1);
  });

  it('reads are repeated', async () => {
    const { gateway, sent } = fakeGateway((_one, count) => (count < 3 ? { status: 503, headers: { 'retry-after': '0' } } : { body: { fine: true } }));
    expect((await gateway.send({ method: 'GET', url: clusterId })).body).toEqual({ fine: true });
    expect(sent).toHaveLength(3);
  });
});

describe('aborting', () => {
  it('an aborted write that left is an unknown outcome; an aborted read is an abort', async () => {
    for (const method of ['PUT', 'GET'] as const) {
      const control = new AbortController();
      const { gateway } = fakeGateway(() => {
        control.abort();
        throw new DOMException('aborted', 'AbortError');
      });
      const work = gateway.send({ ...put, method }, { signal: control.signal });
      if (method === 'PUT') expect((await failing(work)).code).toBe('outcome-unknown');
      else await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    }
  });
});

describe('who and what', () => {
  it('tells the operator from the token', async () => {
    const { gateway } = fakeGateway(() => ({}));
    expect(await gateway.operator()).toEqual({ objectId: operatorId, tenantId: ada.tid, name: 'ada@example.org', kind: 'user', address: '20.1.2.3' });
  });

  it('lists subscriptions and clusters over pages, and follows no link to another host', async () => {
    const { gateway, sent } = fakeGateway(({ url }) =>
      url.includes('page=2')
        ? { body: { value: [{ subscriptionId: 'b', displayName: 'B\u001b[2J', tenantId: 't' }] } }
        : { body: { value: [{ subscriptionId: 'a', displayName: 'A', tenantId: 't' }], nextLink: 'https://evil.example/subscriptions?page=2' } },
    );
    expect(await gateway.subscriptions()).toEqual([
      { id: 'a', name: 'A', tenantId: 't' },
      { id: 'b', name: 'B', tenantId: 't' },
    ]);
    expect(sent[1]?.url).toBe('https://management.azure.com/subscriptions?page=2');
  });

  it('a credential that fails is a missing sign-in, and nothing is sent', async () => {
    const { gateway, sent } = fakeGateway(() => ({}), {
      credential: {
        getToken: async () => {
          throw new Error("Please run 'az login' from a command prompt\nstack");
        },
      },
    });
    const problem = await failing(gateway.send(put));
    expect(problem).toMatchObject({ code: 'no-sign-in' });
    expect(problem.why).toBe("Please run 'az login' from a command prompt");
    expect(problem.next.join()).toContain('az login');
    expect(sent).toHaveLength(0);
  });
});
