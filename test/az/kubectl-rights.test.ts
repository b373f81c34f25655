import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KubeChange, lookAtObjects } from '../../src/apply/kube-look.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { problemOf } from '../../src/model/problem.ts';
import { readPodSecurityAnswers } from '../../src/snapshot/kubernetes/pod-security-answers.ts';
import { applying, labelling, removing } from '../apply/kube-kit.ts';
import { findKubectl } from './az-program.ts';
import { type KubectlWorld, openKubectlWorld } from './kubectl-world.ts';

const hasKubectl = findKubectl() !== undefined;
if (!hasKubectl) console.log('skipped: no kubectl, so that rights and webhooks are not asked for by it');

const problem = async (work: Promise<unknown>) => problemOf(await work.catch((thrown: unknown) => thrown));

describe.runIf(hasKubectl)('who may do what, as the real kubectl tells it', () => {
  let world: KubectlWorld;
  beforeAll(async () => {
    world = await openKubectlWorld('private');
  });
  beforeEach(() => world.change({ forbiddenKinds: [], forbiddenVerbs: [], denials: [], privatePath: true }));
  afterAll(() => world.close());
  const run = (...args: readonly string[]) => world.kubectl(args);
  const shop = { kind: kubeKinds.namespace, name: 'shop' };
  const label = (value: string): JsonObject => ({ metadata: { labels: { team: value } } });

  it('somebody who may do everything', async () => {
    expect((await run('auth', 'can-i', '*', '*', '--all-namespaces')).stdout).toBe('yes\n');
    expect((await run('auth', 'can-i', '--list')).stdout).toMatch(/^\*\.\*\s/m);
    expect((await run('auth', 'whoami')).stdout).toContain('system:authenticated');
    expect(await world.gateway.access()).toMatchObject({ allowed: true, as: world.served.world.state.settings.operator.name });
  });

  it('somebody who may only read', async () => {
    world.change({ forbiddenVerbs: ['create', 'update', 'patch', 'delete'] });
    const { name } = world.served.world.state.settings.operator;
    expect((await run('auth', 'can-i', 'patch', 'namespaces')).stdout).toBe('no\n');
    expect((await run('auth', 'can-i', 'list', 'pods', '-A')).stdout).toBe('yes\n');
    expect((await run('auth', 'can-i', '*', '*', '--all-namespaces')).stdout).toBe('no\n');
    expect((await run('auth', 'can-i', '--list')).stdout).toMatch(/^pods\s.*\[get list watch\]$/m);
    expect((await run('label', 'namespace', 'shop', 'a=b')).stderr).toBe(
      `Error from server (Forbidden): namespaces "shop" is forbidden: User "${name}" cannot patch resource "namespaces" in API group "" at the cluster scope\n`,
    );
    expect((await run('delete', 'pod', 'none', '-n', 'shop')).stderr).toContain('in API group "" in the namespace "shop"');
    expect(await world.gateway.access()).toMatchObject({ allowed: false });
    expect(await problem(world.gateway.patch(shop, label('x'), { dryRun: true }))).toMatchObject({
      code: 'kubernetes-forbidden',
      why: expect.stringContaining(name),
    });
    // What the API server would say to a level cannot be asked without the right to label: that is told, not taken for an answer.
    expect(await problem(readPodSecurityAnswers({ kubernetes: async () => world.gateway } as Parameters<typeof readPodSecurityAnswers>[0]))).toMatchObject({
      code: 'kubernetes-forbidden',
    });
  });

  it('somebody who may not see a kind', async () => {
    world.change({ forbiddenKinds: ['clusterrolebindings'] });
    expect((await run('get', 'clusterrolebindings')).stderr).toContain('clusterrolebindings.rbac.authorization.k8s.io is forbidden: User');
    expect((await run('get', 'clusterroles', '-o', 'name')).code).toBe(0);
  });

  it.each<readonly [answer: 'denied' | 'no-dry-run' | 'no-answer', message: string, code: string, says: string]>([
    ['denied', '[azurepolicy-team-labels] team must be a known one', 'admission-denied', 'azurepolicy-team-labels'],
    ['no-dry-run', '', 'dry-run-refused', 'does not support dry run'],
    [
      'no-answer',
      'Post "https://policy.policy-system.svc:443/check?timeout=10s": context deadline exceeded',
      'webhook-unavailable',
      'failed calling webhook "policy.example.org"',
    ],
  ])('a webhook that answers %s', async (answer, message, code, says) => {
    const before = JSON.stringify(world.served.world.state.kubernetes);
    world.change({ denials: [{ webhook: 'policy.example.org', kind: 'Namespace', label: 'team', message, answer }] });
    const found = await problem(world.gateway.patch(shop, label('x'), { dryRun: true }));
    expect(found).toMatchObject({ code, why: expect.stringContaining(says) });
    expect(found.next.length).toBeGreaterThan(0);
    expect((await run('label', '--dry-run=server', '--overwrite', 'namespace', 'shop', 'team=x')).stderr).toContain(says);
    expect(JSON.stringify(world.served.world.state.kubernetes)).toBe(before);
  });

  it('a conflict names who set the field', async () => {
    const made = (value: string): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', namespace: 'shop' }, data: { a: value } });
    expect((await world.kubectl(['apply', '--server-side', '--field-manager=kustomize-controller', '-f', '-'], made('1'))).code).toBe(0);
    expect(await problem(world.gateway.apply([made('2')], { dryRun: true }))).toMatchObject({
      code: 'field-conflict',
      why: 'error: Apply failed with 1 conflict: conflict with "kustomize-controller": .data.a',
    });
  });

  it('an object is taken away, after a dry run, and once it is gone that is no error', async () => {
    const held = { kind: kubeKinds.configMap, namespace: 'shop', name: 'held' };
    await world.gateway.remove(held, { dryRun: true });
    expect(await world.gateway.get(held)).toBeDefined();
    world.change({ forbiddenVerbs: ['delete'] });
    expect((await problem(world.gateway.remove(held, { dryRun: true }))).code).toBe('kubernetes-forbidden');
    world.change({ forbiddenVerbs: [] });
    await world.gateway.remove(held, { dryRun: false });
    expect(await world.gateway.get(held)).toBeUndefined();
    await world.gateway.remove(held, { dryRun: false });
  });

  it('a change is looked at: to be sent, in place, or planned from something else', async () => {
    const sent = (value: string): JsonObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'looked', namespace: 'shop' }, data: { a: value } });
    const look = async (change: KubeChange) => (await lookAtObjects(world.gateway, change)).kind;
    const change = applying([sent('1')]);
    expect(await look(change)).toBe('go');
    await world.gateway.apply([sent('1')], { dryRun: false });
    expect(await look(change)).toBe('noop');
    expect(await look(applying([sent('2')]))).toBe('drift');
    expect(await look(applying([sent('2')], [sent('1')]))).toBe('go');
    expect(await look(removing(sent('2')))).toBe('drift');
    // As it was read, with the server's own record.
    expect(await look(removing((await world.gateway.get({ kind: kubeKinds.configMap, namespace: 'shop', name: 'looked' })) ?? {}))).toBe('go');
    expect(await look(labelling({ team: 'x' }, { team: 'shop' }))).toBe('go');
    expect(await look(labelling({ team: 'x' }, { team: 'other' }))).toBe('drift');
  });
});
