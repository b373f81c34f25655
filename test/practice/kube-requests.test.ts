import { describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, list } from '../../src/model/json.ts';
import { currentCluster, handle } from '../../src/practice/handle.ts';
import { answerKube, type KubeRequest } from '../../src/practice/kube.ts';
import type { ScenarioName, Settings } from '../../src/practice/world.ts';
import { bench } from './bench.ts';

/** A practice cluster that is asked as its API server. */
async function server(scenario: ScenarioName, settings: Partial<Settings> = {}) {
  const practice = await bench(scenario);
  const { world } = practice;
  world.state.settings = { ...world.state.settings, ...settings };
  const ask = (method: string, url: string, body?: Json, more: Partial<KubeRequest> & { readonly allowed?: boolean } = {}) => {
    const { pathname, searchParams } = new URL(url, 'https://practice.invalid');
    const access = { allowed: more.allowed ?? true, as: 'ada' };
    return answerKube(world, currentCluster(world), access, { method, path: pathname, query: searchParams, contentType: '', body, ...more });
  };
  const objects = () => JSON.stringify(world.state.kubernetes);
  return { world, ask, objects };
}

const pods = '/api/v1/namespaces/shop/pods';

describe('lists', () => {
  it('page by page hold the same as the whole, and a forgotten beginning is 410 with a way on', async () => {
    const { ask, world } = await server('typical');
    const whole = list(at(ask('GET', '/api/v1/pods').body, ['items']));
    const paged: Json[] = [];
    let token = '';
    do {
      const { body } = ask('GET', `/api/v1/pods?limit=3${token === '' ? '' : `&continue=${token}`}`);
      paged.push(...list(at(body, ['items'])));
      token = String(at(body, ['metadata', 'continue']) ?? '');
    } while (token !== '');
    expect(paged).toEqual(whole);
    const next = String(at(ask('GET', '/api/v1/pods?limit=3').body, ['metadata', 'continue']));
    world.state.settings = { ...world.state.settings, forgottenLists: 1 };
    const refused = ask('GET', `/api/v1/pods?limit=3&continue=${next}`);
    expect([refused.status, at(refused.body, ['reason']), at(refused.body, ['metadata', 'continue'])]).toEqual([410, 'Expired', next]);
    expect(ask('GET', `/api/v1/pods?limit=3&continue=${next}`).status).toBe(200);
  });

  it.each<readonly [selector: string, status: number, some: boolean]>([
    ['labelSelector=app%3Dweb', 200, true],
    ['labelSelector=app%20in%20(web,catalog)', 200, true],
    ['labelSelector=app%20notin%20(web,catalog)', 200, false],
    ['labelSelector=app', 200, true],
    ['labelSelector=!app', 200, false],
    ['labelSelector=app%3Dweb,app%20in%20(catalog)', 200, false],
    ['labelSelector=a%20like%20b', 400, false],
    ['fieldSelector=metadata.namespace%3Dshop', 200, true],
    ['fieldSelector=status.phase!%3DRunning', 200, false],
    ['fieldSelector=spec.color%3Dred', 400, false],
  ])('select by %s', async (query, status, some) => {
    const { ask } = await server('typical');
    const { status: got, body } = ask('GET', `${pods}?${query}`);
    expect([got, list(at(body, ['items'])).length > 0]).toEqual([status, some]);
  });
});

describe('rights', () => {
  it.each<readonly [what: string, method: string, url: string, says: string]>([
    ['in a namespace', 'GET', pods, 'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "shop"'],
    ['one of them', 'GET', `${pods}/x`, 'pods "x" is forbidden: User "ada" cannot get resource "pods" in API group "" in the namespace "shop"'],
    ['everywhere', 'GET', '/apis/apps/v1/deployments', 'cannot list resource "deployments" in API group "apps" at the cluster scope'],
    [
      'a write',
      'PATCH',
      '/api/v1/namespaces/shop',
      'namespaces "shop" is forbidden: User "ada" cannot patch resource "namespaces" in API group "" at the cluster scope',
    ],
  ])('refused %s', async (_what, method, url, says) => {
    const { ask, objects } = await server('typical');
    const before = objects();
    const { status, body } = ask(method, url, {}, { allowed: false });
    expect([status, at(body, ['reason'])]).toEqual([403, 'Forbidden']);
    expect(at(body, ['message'])).toContain(says);
    expect(objects()).toBe(before);
  });

  it('are told as they are, by verb and kind', async () => {
    const { ask } = await server('typical', { forbiddenVerbs: ['delete'], forbiddenKinds: ['services'] });
    const may = (verb: string, resource: string) =>
      at(ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { resourceAttributes: { verb, resource } } }).body, [
        'status',
        'allowed',
      ]);
    expect([may('get', 'pods'), may('delete', 'pods'), may('get', 'services'), may('*', '*'), may('*', 'pods')]).toEqual([true, false, false, false, false]);
    const rules = list(
      at(ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'shop' } }).body, ['status', 'resourceRules']),
    );
    expect(rules.find((rule) => JSON.stringify(at(rule, ['resources'])) === '["services"]')).toBeUndefined();
    expect(rules.find((rule) => JSON.stringify(at(rule, ['resources'])) === '["pods"]')).toMatchObject({
      verbs: ['create', 'get', 'list', 'patch', 'update', 'watch'],
    });
  });

  it('who is asking is told', async () => {
    const { ask } = await server('typical');
    const { status, body } = ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect([status, at(body, ['status', 'userInfo', 'username'])]).toEqual([201, 'ada']);
  });
});

describe('writes', () => {
  it.each<readonly [string, string, JsonObject | undefined]>([
    ['in the query', '?dryRun=All', undefined],
    ['in the options', '', { propagationPolicy: 'Background', dryRun: ['All'] }],
  ])('a deletion that is tried takes nothing away: %s', async (_where, query, body) => {
    const { ask, objects } = await server('typical');
    const before = objects();
    const place = '/apis/apps/v1/namespaces/shop/deployments/web';
    expect(ask('DELETE', `${place}${query}`, body).status).toBe(200);
    expect(objects()).toBe(before);
    expect(ask('DELETE', place).status).toBe(200);
    expect(ask('GET', place).status).toBe(404);
  });

  it.each<readonly [answer: 'denied' | 'no-dry-run' | 'no-answer', dry: number, real: number]>([
    ['denied', 403, 403],
    ['no-dry-run', 400, 200],
    ['no-answer', 500, 500],
  ])('a webhook that answers %s stands before the label that it is about', async (answer, dry, real) => {
    const { ask, objects } = await server('typical', { denials: [{ webhook: 'w', kind: 'Namespace', label: 'team', message: 'm', answer }] });
    const before = objects();
    const patch = (labels: JsonObject, query = '') => ask('PATCH', `/api/v1/namespaces/payments${query}`, { metadata: { labels } }).status;
    expect(patch({ team: 'x' }, '?dryRun=All')).toBe(dry);
    expect(objects()).toBe(before);
    expect(patch({ team: 'x' })).toBe(real);
    const bare = await server('typical', { denials: [{ webhook: 'w', kind: 'Namespace', label: 'no-such', message: 'm', answer }] });
    expect(bare.ask('PATCH', '/api/v1/namespaces/shop', { metadata: { labels: { other: 'x' } } }).status).toBe(200);
  });
});

describe('what kubectl asks in protobuf', () => {
  const bytes = (...parts: readonly (number | string | readonly number[])[]): readonly number[] =>
    parts.flatMap((part) => (typeof part === 'number' ? [part] : typeof part === 'string' ? [...Buffer.from(part)] : [...part]));
  const field = (number: number, value: string | readonly number[]): readonly number[] => bytes(number * 8 + 2, value.length, value);
  const envelope = (kind: string, spec: readonly number[]): string =>
    Buffer.from(
      bytes('k8s\u0000', field(1, bytes(field(1, 'authorization.k8s.io/v1'), field(2, kind))), field(2, bytes(field(1, ''), field(2, spec)))),
    ).toString('latin1');

  it('is read for reviews, and refused for objects', async () => {
    const { world } = await server('typical', { forbiddenVerbs: ['patch'] });
    const headers = { authorization: 'Bearer practice-operator', 'content-type': 'application/vnd.kubernetes.protobuf' };
    const send = (path: string, body: string) => handle(world, { method: 'POST', url: `https://practice.invalid${path}`, headers, body });
    const ask = (verb: string) =>
      send('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', envelope('SelfSubjectAccessReview', field(1, bytes(field(2, verb), field(5, 'pods')))));
    expect([at(ask('get').body, ['status', 'allowed']), at(ask('patch').body, ['status', 'allowed'])]).toEqual([true, false]);
    expect(send('/api/v1/namespaces', envelope('Namespace', [])).status).toBe(415);
    expect(send('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', 'k8s\u0000\u0012\u00ff\u00ff').status).toBe(415);
  });
});
