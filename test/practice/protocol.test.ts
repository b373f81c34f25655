import { describe, expect, it } from 'vitest';
import { at, isObject, type JsonObject, list, text } from '../../src/model/json.ts';
import { handle } from '../../src/practice/handle.ts';
import { bench, outcome, START, version, waitFor } from './bench.ts';

const tier = { '/sku': { name: 'Base', tier: 'Standard' } };

describe('a write on a cluster', () => {
  it('answers 200 with the goal, Updating, and where to poll; ends Succeeded', async () => {
    const practice = await bench('legacy');
    const body = { ...(await practice.get()), sku: { name: 'Base', tier: 'Standard' } };
    const { response, operation } = await practice.arm.begin({ method: 'PUT', url: `${practice.clusterId}?${version}`, body });
    expect(response.status).toBe(200);
    expect(at(response.body, ['properties', 'provisioningState'])).toBe('Updating');
    expect(at(response.body, ['sku', 'tier'])).toBe('Standard');
    expect(response.headers['azure-asyncoperation']).toMatch(/\/locations\/westeurope\/operations\/[0-9a-f-]{36}\?api-version=/);
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    const first = await operation?.poll();
    expect(first).toMatchObject({ done: false, status: 'InProgress' });
    await waitFor(practice, operation?.state ?? '');
    expect(at(await practice.get(), ['properties', 'provisioningState'])).toBe('Succeeded');
  });

  it('runs alone: a second one is refused with 409 until it has ended', async () => {
    const practice = await bench('typical');
    expect(await practice.write(tier)).toBe('accepted');
    expect(await practice.write({ 'autoUpgradeProfile.upgradeChannel': 'patch' })).toMatch(
      /^409 OperationNotAllowed: .*Another operation \(Updating\) is in progress/,
    );
    await practice.arm.sleep(200_000);
    expect(await practice.write({ 'autoUpgradeProfile.upgradeChannel': 'patch' })).toBe('accepted');
  });

  it('gives new eTags to the cluster and its pools; a write on a pool only to that pool', async () => {
    const practice = await bench('legacy');
    const tags = async () => {
      const cluster = await practice.get();
      return [text(cluster['eTag']), ...list(at(cluster, ['properties', 'agentPoolProfiles'])).map((pool) => text(at(pool, ['eTag'])))];
    };
    const before = await tags();
    await practice.apply(tier);
    const after = await tags();
    expect(after.filter((tag) => before.includes(tag))).toEqual([]);
    const pool = await practice.get('/agentPools/apps');
    await practice.arm.begin({ method: 'PUT', url: `${practice.clusterId}/agentPools/apps?${version}`, body: pool });
    const last = await tags();
    expect(last.map((tag, i) => tag === after[i])).toEqual([true, true, false, true]);
  });

  it.each(['', '/agentPools/apps'])('honours If-Match on %s', async (path) => {
    const practice = await bench('legacy');
    const resource = await practice.get(path);
    const eTag = text(resource['eTag']) ?? text(at(resource, ['properties', 'eTag'])) ?? '';
    const put = (ifMatch: string) => practice.arm.begin({ method: 'PUT', url: `${practice.clusterId}${path}?${version}`, body: resource }, { ifMatch });
    expect(await outcome(put('something-else'))).toMatch(/^412 PreconditionFailed/);
    expect(await outcome(put(eTag))).toBe('accepted');
  });

  it('keeps what is omitted, and ignores what only the service writes', async () => {
    const practice = await bench('legacy');
    const before = await practice.get();
    const body: JsonObject = {
      location: 'westeurope',
      sku: { name: 'Base', tier: 'Standard' },
      properties: { provisioningState: 'Nonsense', fqdn: 'elsewhere.example', powerState: { code: 'Stopped' } },
    };
    const { operation } = await practice.arm.begin({ method: 'PUT', url: `${practice.clusterId}?${version}`, body });
    await waitFor(practice, operation?.state ?? '');
    const after = await practice.get();
    const plain = (resource: JsonObject): unknown => JSON.parse(JSON.stringify(resource).replaceAll(/"eTag":"[^"]*"/g, '"eTag":""'));
    expect(plain({ ...after, sku: before['sku'] })).toEqual(plain(before));
  });

  it('spends a budget of 20, then one a minute', async () => {
    const practice = await bench('typical');
    const { world, clusterId } = practice;
    const url = `https://practice.invalid${clusterId}?${version}`;
    const headers = { authorization: 'Bearer practice' };
    const body = JSON.stringify(await practice.get());
    const put = () => handle(world, { method: 'PUT', url, headers, body });
    for (let i = 0; i < 20; i += 1) {
      expect(put().status).toBe(200);
      // Abort, so that the next write is not refused as busy; no time passes.
      expect(handle(world, { method: 'POST', url: url.replace('?', '/abort?'), headers }).status).toBe(204);
    }
    const throttled = put();
    expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '60' }, body: { code: 'Throttled' } });
    // The SDK's pipeline waits it out, in the world's time.
    expect(await practice.write(tier)).toBe('accepted');
    expect(world.clock.now()).toBe(START + 60_000);
  });

  it('refuses unknown properties at a stable api-version and takes them at a preview one', async () => {
    const practice = await bench('typical');
    const cluster = await practice.get();
    const body = { ...cluster, properties: { ...(cluster['properties'] as JsonObject), nodeDisruptionProfile: { nodeDisruptionPolicy: 'Block' } } };
    const put = (apiVersion: string) => outcome(practice.arm.begin({ method: 'PUT', url: `${practice.clusterId}?api-version=${apiVersion}`, body }));
    expect(await put('2026-05-01')).toMatch(/^400 UnmarshalError: .*unknown field "nodeDisruptionProfile"/);
    expect(await put('2026-05-02-preview')).toBe('accepted');
    expect(at(await practice.get(), ['properties', 'nodeDisruptionProfile'])).toBeUndefined();
    const { body: preview } = await practice.arm.send({ method: 'GET', url: `${practice.clusterId}?api-version=2026-05-02-preview` });
    expect(at(preview, ['properties', 'nodeDisruptionProfile', 'nodeDisruptionPolicy'])).toBe('Block');
  });
});

describe('actions', () => {
  it('answer 202 with both addresses and run their time', async () => {
    const practice = await bench('typical');
    const { response, operation } = await practice.arm.begin({
      method: 'POST',
      url: `${practice.clusterId}/agentPools/nodepool1/upgradeNodeImageVersion?${version}`,
    });
    expect(response.status).toBe(202);
    expect(Object.keys(response.headers)).toEqual(expect.arrayContaining(['azure-asyncoperation', 'location', 'retry-after']));
    await waitFor(practice, operation?.state ?? '');
    expect(at(await practice.get('/agentPools/nodepool1'), ['properties', 'nodeImageVersion'])).toBe('AKSUbuntu-2204gen2containerd-202607.20.0');
  });

  it('a stopped cluster accepts only start', async () => {
    const practice = await bench('typical');
    const post = async (action: string) => {
      const { operation } = await practice.arm.begin({ method: 'POST', url: `${practice.clusterId}/${action}?${version}` });
      await waitFor(practice, operation?.state ?? '');
    };
    await post('stop');
    expect(at(await practice.get(), ['properties', 'powerState', 'code'])).toBe('Stopped');
    expect(await practice.write(tier)).toMatch(/^400 OperationNotAllowed/);
    expect(await outcome(post('rotateClusterCertificates'))).toMatch(/^400 OperationNotAllowed/);
    await post('start');
    expect(await practice.write(tier)).toBe('accepted');
  });
});

describe('the front door', () => {
  it.each([
    ['no api-version', '', '400 MissingApiVersionParameter'],
    ['another subscription', '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/x?api-version=1', '404 SubscriptionNotFound'],
    ['a group that is not there', '/resourceGroups/nowhere/providers/Microsoft.Network/publicIPAddresses/x?api-version=1', '404 ResourceGroupNotFound'],
    ['a cluster that is not there', '/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/x?api-version=1', '404 ResourceNotFound'],
  ])('%s', async (_what, path, code) => {
    const practice = await bench('typical');
    const subscription = practice.clusterId.split('/').slice(0, 3).join('/');
    const url = path === '' ? practice.clusterId : path.startsWith('/subscriptions') ? path : `${subscription}${path}`;
    expect(await outcome(practice.arm.send({ method: 'GET', url }))).toMatch(new RegExp(`^${code}: `));
  });

  it('can lose the answer to a write that took place', async () => {
    const practice = await bench('typical');
    practice.settings({
      faults: [{ method: 'PUT', path: '/managedclusters/', status: 504, code: 'GatewayTimeout', message: 'no answer in time', times: 1, afterEffect: true }],
    });
    expect(await practice.write(tier)).toMatch(/^504 GatewayTimeout/);
    const after = await practice.get();
    expect(isObject(after['sku']) ? after['sku']['tier'] : undefined).toBe('Standard');
  });
});
