import { access, readFile, stat } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, list, text } from '../../src/model/json.ts';
import { type ServedPractice, servePractice } from '../../src/practice/serve.ts';

let served: ServedPractice;
let agent: Agent;
beforeAll(async () => {
  served = await servePractice({ scenario: 'typical', speed: 100_000 });
  agent = new Agent({ ca: await readFile(served.caPath) });
});
afterAll(() => served.close());

interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Json | undefined;
}

function ask(method: string, path: string, options: { readonly token?: string; readonly body?: string } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    const sent = request(`${served.url}${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: raw.startsWith('{') ? (JSON.parse(raw) as Json) : raw });
      });
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const form = 'grant_type=client_credentials&client_id=practice&client_secret=practice&scope=';

describe('sign-in', () => {
  it.each(['', '/adfs', '/7e7a7e7a-1dea-4c0d-9a11-feedfacecafe/v2.0'])('tells its token endpoint below "%s" and gives a token there', async (base) => {
    const wellKnown = await ask('GET', `${base === '' ? '/common' : base}/.well-known/openid-configuration`);
    const endpoint = text(at(wellKnown.body, ['token_endpoint'])) ?? '';
    expect(endpoint.startsWith(served.url)).toBe(true);
    const { body } = await ask('POST', endpoint.slice(served.url.length), { body: `${form}${encodeURIComponent(`${served.url}/.default`)}` });
    const claims = JSON.parse(Buffer.from((text(at(body, ['access_token'])) ?? '').split('.')[1] ?? '', 'base64url').toString('utf8')) as Json;
    expect(claims).toMatchObject({ oid: 'b0000000-0000-4000-8000-000000000001', tid: served.world.state.tenantId, ipaddr: '81.2.69.160', aud: served.url });
  });

  it('tells az every other address', async () => {
    const { body } = await ask('GET', '/metadata/endpoints?api-version=2022-09-01');
    expect(at(body, ['authentication', 'loginEndpoint'])).toBe(served.url);
    expect(at(body, ['name'])).toBe('AzureCloud');
  });
});

describe('ARM', () => {
  it('wants a token', async () => {
    const { status, body } = await ask('GET', '/subscriptions?api-version=2022-12-01');
    expect([status, at(body, ['error', 'code'])]).toEqual([401, 'AuthenticationFailed']);
  });

  it('follows a write over the wire, in real seconds', async () => {
    const url = `${served.world.state.clusterId}?api-version=2026-05-01`;
    const cluster = await ask('GET', url, { token: 'any' });
    const put = await ask('PUT', url, { token: 'any', body: JSON.stringify({ ...(cluster.body as object), sku: { name: 'Base', tier: 'Standard' } }) });
    expect([put.status, put.headers['retry-after']]).toEqual([200, '1']);
    const poll = String(put.headers['azure-asyncoperation']);
    expect(poll.startsWith(served.url)).toBe(true);
    await served.world.clock.sleep(200_000);
    const done = await ask('GET', poll.slice(served.url.length), { token: 'any' });
    expect(at(done.body, ['status'])).toBe('Succeeded');
  });
});

describe('Kubernetes', () => {
  const token = 'practice-operator';
  it('answers on the same address', async () => {
    expect(await ask('GET', '/readyz', { token })).toMatchObject({ status: 200, body: 'ok' });
    const nodes = await ask('GET', '/api/v1/nodes', { token });
    expect(list(at(nodes.body, ['items']))).toHaveLength(3);
    const review = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { token, body: '{"kind":"SelfSubjectAccessReview","spec":{}}' });
    expect(at(review.body, ['status', 'allowed'])).toBe(true);
  });

  it('tells kubectl that a server-side apply can be tried first', async () => {
    const index = await ask('GET', '/openapi/v3', { token });
    const place = text(at(index.body, ['paths', 'apis/networking.k8s.io/v1', 'serverRelativeURL'])) ?? '';
    const { body } = await ask('GET', place, { token });
    const patch = at(body, ['paths', '/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies/{name}', 'patch']);
    expect(list(at(patch, ['parameters'])).map((one) => at(one, ['name']))).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']));
  });

  it('keeps what is applied, and keeps nothing of a dry run', async () => {
    const policy = JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny' }, spec: { podSelector: {} } });
    const path = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/deny';
    expect((await ask('PATCH', `${path}?fieldManager=test&dryRun=All`, { token, body: policy })).status).toBe(201);
    expect((await ask('GET', path, { token })).status).toBe(404);
    expect((await ask('PATCH', `${path}?fieldManager=test`, { token, body: policy })).status).toBe(201);
    expect(at((await ask('GET', path, { token })).body, ['metadata', 'namespace'])).toBe('shop');
  });

  it('refuses a token it does not know', async () => {
    expect((await ask('GET', '/api/v1/nodes', { token: 'practice-admin-99' })).status).toBe(401);
  });

  it('cuts the line where ranges shut the operator out', async () => {
    const { world } = served;
    world.state.ranges = { [world.state.clusterId.toLowerCase()]: [{ at: 0, ranges: ['8.8.8.8/32'] }] };
    await expect(ask('GET', '/readyz', { token })).rejects.toThrow(/hang up|ECONNRESET/);
    world.state.ranges = {};
  });
});

it('says what to type, and leaves nothing readable by others, nor anything at all', async () => {
  const own = await servePractice({ scenario: 'legacy', speed: 100_000 });
  const lines = own.lines();
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain(`AZURE_CONFIG_DIR=${own.configDir}`);
  expect(lines[1]).toContain(`--endpoint-resource-manager ${own.url}`);
  expect((await stat(own.kubeconfig)).mode & 0o077).toBe(0);
  await own.close();
  await expect(access(own.configDir)).rejects.toThrow();
});

it('says that a port is taken', async () => {
  const port = Number(new URL(served.url).port);
  await expect(servePractice({ scenario: 'legacy', port })).rejects.toMatchObject({ problem: { code: 'port-taken' } });
});
