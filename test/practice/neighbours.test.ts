import { describe, expect, it } from 'vitest';
import { at, type JsonObject, list, text } from '../../src/model/json.ts';
import { type Bench, bench, outcome, version, waitFor } from './bench.ts';

const workspaceId =
  '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/resourceGroups/shop-monitoring-rg/providers/Microsoft.OperationalInsights/workspaces/shop-logs';
const storageId =
  '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/resourceGroups/shop-monitoring-rg/providers/Microsoft.Storage/storageAccounts/shopauditlogs';

describe('diagnostic settings', () => {
  const put = (practice: Bench, name: string, properties: JsonObject) =>
    practice.arm.send({
      method: 'PUT',
      url: `${practice.clusterId}/providers/Microsoft.Insights/diagnosticSettings/${name}?api-version=2021-05-01-preview`,
      body: { properties },
    });
  const logs = (...categories: string[]) => categories.map((category) => ({ category, enabled: true }));

  it('answer 200 for a new one, and refuse the same sink and category twice', async () => {
    const practice = await bench('legacy');
    expect((await put(practice, 'one', { workspaceId, logs: logs('kube-audit-admin', 'guard') })).status).toBe(200);
    expect(await outcome(put(practice, 'two', { workspaceId, logs: logs('guard') }))).toMatch(
      /^409 Conflict: Data sink .* is already used in diagnostic setting 'one' for category 'guard'/,
    );
    expect(await outcome(put(practice, 'two', { workspaceId, logs: [{ categoryGroup: 'audit', enabled: true }] }))).toMatch(/^409 Conflict/);
    expect(await outcome(put(practice, 'two', { workspaceId, logs: logs('kube-scheduler') }))).toBe('accepted');
    expect(await outcome(put(practice, 'three', { storageAccountId: storageId, logs: logs('guard') }))).toBe('accepted');
    // A second write of the same setting replaces it.
    expect(await outcome(put(practice, 'one', { workspaceId, logs: logs('guard') }))).toBe('accepted');
  });

  it.each([
    [
      'a category that is none',
      { workspaceId, logs: [{ category: 'kube-everything', enabled: true }] },
      "400 BadRequest: Category 'kube-everything' is not supported",
    ],
    ['no sink', { logs: [{ category: 'guard', enabled: true }] }, '400 BadRequest'],
    ['nothing to send', { workspaceId, logs: [{ category: 'guard', enabled: false }] }, '400 BadRequest'],
    ['a workspace that is not there', { workspaceId: `${workspaceId}-gone`, logs: [{ category: 'guard', enabled: true }] }, '404 ResourceNotFound'],
  ])('refuse %s', async (_what, properties, refused) => {
    expect(await outcome(put(await bench('legacy'), 'one', properties))).toContain(refused);
  });

  it('are five at most', async () => {
    const practice = await bench('legacy');
    const categories = ['guard', 'kube-audit', 'kube-scheduler', 'kube-apiserver', 'cluster-autoscaler'];
    for (const category of categories) expect(await outcome(put(practice, category, { workspaceId, logs: logs(category) }))).toBe('accepted');
    expect(await outcome(put(practice, 'sixth', { workspaceId, logs: logs('kube-audit-admin') }))).toMatch(/^400 BadRequest: The limit of 5/);
  });
});

describe('maintenance configurations', () => {
  const put = (practice: Bench, name: string, maintenanceWindow: JsonObject) =>
    practice.arm.send({
      method: 'PUT',
      url: `${practice.clusterId}/maintenanceConfigurations/${name}?${version}`,
      body: { properties: { maintenanceWindow } },
    });
  const weekly = { schedule: { weekly: { intervalWeeks: 1, dayOfWeek: 'Saturday' } }, durationHours: 6, startTime: '02:00' };

  it('are made at once, and listed', async () => {
    const practice = await bench('legacy');
    expect((await put(practice, 'aksManagedNodeOSUpgradeSchedule', weekly)).status).toBe(201);
    expect((await put(practice, 'aksManagedNodeOSUpgradeSchedule', weekly)).status).toBe(200);
    expect(list((await practice.get('/maintenanceConfigurations'))['value']).map((one) => text(at(one, ['name'])))).toEqual([
      'aksManagedNodeOSUpgradeSchedule',
    ]);
  });

  it.each([
    ['another name', 'weekends', weekly],
    ['three hours', 'aksManagedAutoUpgradeSchedule', { ...weekly, durationHours: 3 }],
    ['no schedule', 'aksManagedAutoUpgradeSchedule', { durationHours: 6, startTime: '02:00' }],
    ['a time that is none', 'aksManagedAutoUpgradeSchedule', { ...weekly, startTime: '2am' }],
  ])('refuse %s', async (_what, name, window) => {
    expect(await outcome(put(await bench('legacy'), name, window))).toMatch(/^400 InvalidParameter/);
  });
});

describe('permissions and locks', () => {
  it('a missing permission is named as ARM names it, and listed', async () => {
    const practice = await bench('legacy');
    practice.settings({ grants: [{ scope: '/', actions: ['*'], notActions: ['Microsoft.ContainerService/managedClusters/write'] }] });
    expect(await practice.write({ '/tags': {} })).toMatch(/^403 AuthorizationFailed: .*'Microsoft\.ContainerService\/managedClusters\/write'/);
    const { body } = await practice.arm.send({
      method: 'GET',
      url: `${practice.clusterId}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
    });
    expect(at(body, ['value'])).toMatchObject([{ actions: ['*'], notActions: ['Microsoft.ContainerService/managedClusters/write'] }]);
  });

  it.each([
    ['ReadOnly', true],
    ['CanNotDelete', false],
  ])('a %s lock', async (level, stops) => {
    const practice = await bench('legacy');
    const group = practice.clusterId.split('/').slice(0, 5).join('/');
    await practice.arm.send({
      method: 'PUT',
      url: `${group}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`,
      body: { properties: { level } },
    });
    const answer = await practice.write({ 'autoUpgradeProfile.upgradeChannel': 'patch' });
    expect(answer.startsWith('409 ScopeLocked')).toBe(stops);
    const deleting = await outcome(practice.arm.send({ method: 'DELETE', url: `${practice.clusterId}?${version}` }));
    expect(deleting).toMatch(/^409 ScopeLocked/);
    const { body } = await practice.arm.send({ method: 'GET', url: `${practice.clusterId}/providers/Microsoft.Authorization/locks?api-version=2020-05-01` });
    expect(list(at(body, ['value']))).toHaveLength(1);
  });
});

it('a Defender plan is there from the start and a write answers 200', async () => {
  const practice = await bench('legacy');
  const url = '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01';
  expect(at((await practice.arm.send({ method: 'GET', url })).body, ['properties', 'pricingTier'])).toBe('Free');
  const { status, body } = await practice.arm.send({ method: 'PUT', url, body: { properties: { pricingTier: 'Standard' } } });
  expect([status, at(body, ['properties', 'pricingTier'])]).toEqual([200, 'Standard']);
});

describe('Graph', () => {
  it('counts members, direct and nested', async () => {
    const practice = await bench('legacy');
    const outer = {
      id: 'a0000000-0000-4000-8000-000000000009',
      displayName: 'outer',
      securityEnabled: true,
      members: ['a0000000-0000-4000-8000-000000000001'],
    };
    practice.world.state.groups = [...practice.world.state.groups, outer];
    const { body } = await practice.arm.graph({ method: 'GET', url: `/groups/${outer.id}/transitiveMembers/$count` });
    expect(Number(body)).toBe(4);
    const member = await practice.arm.graph({
      method: 'POST',
      url: '/me/checkMemberGroups',
      body: { groupIds: [outer.id, 'a0000000-0000-4000-8000-000000000002'] },
    });
    expect(at(member.body, ['value'])).toEqual([outer.id]);
  });

  it('does not know every group', async () => {
    const practice = await bench('legacy');
    expect(await outcome(practice.arm.graph({ method: 'GET', url: '/groups/99999999-9999-4999-8999-999999999999' }))).toMatch(/^404 Request_ResourceNotFound/);
  });
});

describe('run-command', () => {
  const run = async (practice: Bench, command: string) => {
    const body = { command, context: '', clusterToken: (await practice.arm.token?.('scope')) ?? '' };
    const { operation, response } = await practice.arm.begin({ method: 'POST', url: `${practice.clusterId}/runCommand?${version}`, body });
    expect(response.status).toBe(202);
    expect(response.headers['azure-asyncoperation']).toBeUndefined();
    await waitFor(practice, operation?.state ?? '');
    const path = new URL(response.headers['location'] ?? '').pathname;
    return at((await practice.arm.send({ method: 'GET', url: `${path}?${version}` })).body, ['properties']);
  };

  it('lists network policies, asks for rights, names nodes: without a network path', async () => {
    const practice = await bench('private');
    const listed = await run(practice, 'kubectl get networkpolicies -A -o json');
    expect(listed).toMatchObject({ provisioningState: 'Succeeded', exitCode: 0 });
    expect(list(at(JSON.parse(text(at(listed, ['logs'])) ?? ''), ['items']))).toHaveLength(3);
    expect(await run(practice, "kubectl auth can-i '*' '*' --all-namespaces")).toMatchObject({ exitCode: 0, logs: 'yes\n' });
    expect(text(at(await run(practice, 'kubectl get nodes'), ['logs']))).toContain('aks-system-');
  });

  it('is Kubernetes’ matter with Entra: a stranger may nothing', async () => {
    const practice = await bench('private');
    practice.settings({ operator: { ...practice.world.state.settings.operator, objectId: 'b0000000-0000-4000-8000-000000000077' } });
    expect(await run(practice, "kubectl auth can-i '*' '*' --all-namespaces")).toMatchObject({ exitCode: 1, logs: 'no\n' });
  });

  it('can be off', async () => {
    const practice = await bench('hardened');
    expect(await outcome(run(practice, 'kubectl get nodes'))).toMatch(/^400 RunCommandDisabled/);
  });
});
