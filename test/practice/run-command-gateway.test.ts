import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRunCommandGateway } from '../../src/kubernetes/run-command-gateway.ts';
import type { ArmGateway, KubernetesGateway } from '../../src/model/gateway.ts';
import { at, type Json, type JsonObject } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { problemOf } from '../../src/model/problem.ts';
import { practiceKubernetes } from '../../src/practice/kube-gateway.ts';
import { bench } from './bench.ts';

/** Commands sent into a practice cluster through ARM, counted. */
async function world(extra: readonly JsonObject[] = []) {
  const practice = await bench('private');
  practice.world.state.kubernetes = [...practice.world.state.kubernetes, ...extra];
  const commands: string[] = [];
  const longest = { bytes: 0 };
  const arm: ArmGateway = {
    ...practice.arm,
    send: async (request, options) => {
      if (request.method === 'POST') commands.push(String(at(request.body as Json | undefined, ['command'])));
      const answer = await practice.arm.send(request, options);
      longest.bytes = Math.max(longest.bytes, String(at(answer.body, ['properties', 'logs']) ?? '').length);
      return answer;
    },
  };
  return { practice, commands, longest, gateway: createRunCommandGateway(arm, practice.clusterId) };
}

async function names(gateway: KubernetesGateway, kind: (typeof kubeKinds)[keyof typeof kubeKinds], namespace?: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of gateway.list(kind, namespace === undefined ? {} : { namespace })) {
    found.push(...page.map((object) => `${String(at(object, ['metadata', 'namespace']) ?? '')}/${String(at(object, ['metadata', 'name']))}`));
  }
  return found;
}

/** Pods whose annotations nothing compresses. */
const pods = (count: number, bytes: number): readonly JsonObject[] =>
  Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `many-${String(i).padStart(5, '0')}`, namespace: 'shop', annotations: { note: randomBytes(bytes).toString('base64') } },
    spec: { containers: [{ name: 'c' }] },
  }));

describe('a large list through Azure', () => {
  it('comes in as many commands as its limit asks for, each object once', async () => {
    const many = pods(1200, 1500);
    const { gateway, commands, longest } = await world(many);
    const found = await names(gateway, kubeKinds.pod, 'shop');
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((name) => name.startsWith('shop/many-'))).toHaveLength(1200);
    // 500 pods of 2 kB do not fit: after one that was cut, pages of 250, and no answer beyond what Azure passes on.
    const limits = commands.map((command) => Number(/limit=(\d+)/.exec(command)?.[1]));
    expect(limits.slice(0, 2)).toEqual([500, 250]);
    expect(limits.filter((limit) => limit === 500)).toHaveLength(1);
    expect(limits.length).toBeLessThan(12);
    expect(longest.bytes).toBeLessThanOrEqual(512 * 1024);
  });

  it('of pods that look alike is compressed: 500 a command', async () => {
    const alike = pods(1600, 8).map(
      (pod): JsonObject => ({
        ...pod,
        spec: { containers: [{ name: 'c', env: Array.from({ length: 30 }, (_, i) => ({ name: `V${i}`, value: 'x'.repeat(40) })) }] },
      }),
    );
    const { gateway, commands } = await world(alike);
    expect((await names(gateway, kubeKinds.pod, 'shop')).filter((name) => name.startsWith('shop/many-'))).toHaveLength(1600);
    expect(commands).toHaveLength(4);
  });

  it('with one object that does not fit is told as such, not cut', async () => {
    const { gateway, commands } = await world(pods(1, 600_000));
    const problem = problemOf(await names(gateway, kubeKinds.pod, 'shop').catch((thrown: unknown) => thrown));
    expect(problem).toMatchObject({ code: 'output-too-large', why: expect.stringContaining('512 kB') });
    expect(commands.at(-1)).toContain('limit=1');
    // Filtering is the way around: another namespace is read as ever.
    expect((await names(gateway, kubeKinds.pod, 'kube-system')).length).toBeGreaterThan(0);
    expect(problemOf(await gateway.get({ kind: kubeKinds.pod, namespace: 'shop', name: 'many-00000' }).catch((thrown: unknown) => thrown)).code).toBe(
      'output-too-large',
    );
  });

  it('whose beginning is forgotten begins again', async () => {
    const { gateway, practice } = await world(pods(700, 8));
    practice.world.state.settings = { ...practice.world.state.settings, forgottenLists: 1 };
    const found = await names(gateway, kubeKinds.pod, 'shop');
    expect(found.filter((name) => name.startsWith('shop/many-'))).toHaveLength(700);
    expect(new Set(found).size).toBe(found.length);
  });
});

describe('objects through Azure', () => {
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'shop', annotations: { note: `it's $HOME "a" \\ b` } },
    data: { a: '1' },
  };
  const ref = { kind: kubeKinds.configMap, namespace: 'shop', name: 'x' };
  const shop = { kind: kubeKinds.namespace, name: 'shop' };
  const enforce = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } };

  it('are written, warned of and taken away as over kubectl', async () => {
    const { gateway, practice } = await world();
    const start = JSON.stringify(practice.world.state.kubernetes);
    await gateway.apply([object], { dryRun: true });
    expect(JSON.stringify(practice.world.state.kubernetes)).toBe(start);
    await gateway.apply([object], { dryRun: false });
    expect(await gateway.get(ref)).toMatchObject(object);
    await gateway.patch(ref, { data: { a: '2' } }, { dryRun: false });
    expect(at(await gateway.get(ref), ['data'])).toEqual({ a: '2' });
    const { warnings } = await gateway.patch(shop, enforce, { dryRun: true });
    expect(warnings).toEqual((await practiceKubernetes(practice.world).patch(shop, enforce, { dryRun: true })).warnings);
    await gateway.remove(ref, { dryRun: true });
    expect(await gateway.get(ref)).toBeDefined();
    await gateway.remove(ref, { dryRun: false });
    expect(await gateway.get(ref)).toBeUndefined();
    await gateway.remove(ref, { dryRun: false });
    expect(JSON.stringify(practice.world.state.kubernetes)).toBe(start);
  });

  it.each<readonly [string, Parameters<KubernetesGateway['apply']>[0][number], string]>([
    ['what a webhook denies', object, 'admission-denied'],
    ['what has no namespace to go to', { ...object, metadata: { name: 'x', namespace: 'none' } }, 'not-found'],
    ['what is of an unknown kind', { ...object, apiVersion: 'example.org/v1' }, 'kind-missing'],
  ])('refused: %s', async (_what, sent, code) => {
    const { gateway, practice } = await world();
    practice.world.state.settings = { ...practice.world.state.settings, denials: [{ webhook: 'w', kind: 'ConfigMap', namespace: 'shop', message: 'no' }] };
    expect(problemOf(await gateway.apply([sent], { dryRun: true }).catch((thrown: unknown) => thrown)).code).toBe(code);
  });
});
