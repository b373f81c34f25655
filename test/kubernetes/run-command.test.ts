import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runInCluster, tryRunCommand } from '../../src/kubernetes/run-command.ts';
import { createRunCommandGateway } from '../../src/kubernetes/run-command-gateway.ts';
import type { KubeKind, KubernetesGateway } from '../../src/model/gateway.ts';
import { at, type JsonObject, path } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { problemOf } from '../../src/model/problem.ts';
import { clusterId, type FakeAnswer, fakeGateway } from '../azure/fake-cloud.ts';

const result = `https://management.azure.com${clusterId}/commandResults/abc?api-version=2026-05-01`;
const entra: JsonObject = { id: clusterId, properties: { aadProfile: { managed: true } } };
const plain: JsonObject = { id: clusterId, properties: {} };
const accepted: FakeAnswer = { status: 202, headers: { location: result, 'retry-after': '7' } };
const running: FakeAnswer = { status: 202, body: { properties: { provisioningState: 'Running' } } };
const ran = (logs: string, exitCode = 0): FakeAnswer => ({ body: { id: 'abc', properties: { provisioningState: 'Succeeded', exitCode, logs } } });

/** A cloud that accepts a command and then gives these answers to who asks for its result. */
function cloud(cluster: JsonObject, answers: readonly FakeAnswer[], first: FakeAnswer = accepted) {
  let asked = 0;
  return fakeGateway(({ method, url }) => {
    if (method === 'POST') return first;
    return url.includes('/commandResults/') ? (answers[Math.min(asked++, answers.length - 1)] ?? {}) : { body: cluster };
  });
}

async function all(gateway: KubernetesGateway, kind: KubeKind): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for await (const page of gateway.list(kind)) found.push(...page);
  return found;
}

const failing = async (work: Promise<unknown>) => problemOf(await work.catch((thrown: unknown) => thrown));

describe('a command through ARM', () => {
  it('is sent once, with the right to wait that ARM names, and gives what it printed', async () => {
    const { gateway, sent, slept } = cloud(plain, [running, running, ran('hello\n', 3)]);
    expect(await runInCluster(gateway, clusterId, 'echo hello')).toEqual({ exitCode: 3, logs: 'hello\n' });
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '')).toEqual({ command: 'echo hello', context: '' });
    expect(slept).toEqual([7000, 5000, 5000]);
  });

  it('carries the token for AKS’ own server where the cluster knows Entra, and nowhere else', async () => {
    const { gateway, sent, credential } = cloud(entra, [ran('x')]);
    await runInCluster(gateway, clusterId, 'kubectl version');
    expect(credential.scopes).toContain('6dae42f8-4368-4678-94ff-3960e28e3630/.default');
    const [post, ...others] = sent.filter(({ body }) => body !== undefined);
    expect(others).toEqual([]);
    expect(JSON.parse(post?.body ?? '')).toHaveProperty('clusterToken', expect.stringContaining('signature-of-nobody'));
    expect(sent.map(({ url }) => url).join()).not.toContain('signature-of-nobody');
  });

  it('takes a body that still runs for running, whatever the status code', async () => {
    const { gateway } = cloud(plain, [{ status: 200, body: { properties: { provisioningState: 'Running' } } }, ran('done')]);
    expect((await runInCluster(gateway, clusterId, 'x')).logs).toBe('done');
  });

  it('an address of another host is asked here', async () => {
    const { gateway, sent } = cloud(plain, [ran('x')], { status: 202, headers: { location: `https://evil.example${clusterId}/commandResults/abc` } });
    await runInCluster(gateway, clusterId, 'x');
    expect(new Set(sent.map(({ url }) => new URL(url).host))).toEqual(new Set(['management.azure.com']));
  });

  it('gives up after five minutes', async () => {
    const { gateway, slept } = cloud(plain, [running]);
    const problem = await failing(runInCluster(gateway, clusterId, 'sleep 1000'));
    expect(problem).toMatchObject({ code: 'run-command-failed', why: expect.stringContaining('5 minutes') });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(310_000);
  });

  it('a pod that does not start within a minute is told as such', async () => {
    const failed: FakeAnswer = {
      body: { properties: { provisioningState: 'Failed', reason: 'KubernetesPerformanceError: failed to run command in managed cluster: timed out' } },
    };
    const problem = await failing(runInCluster(cloud(plain, [failed]).gateway, clusterId, 'x'));
    expect(problem).toMatchObject({ code: 'run-command-failed', next: [expect.stringContaining('60 seconds'), expect.any(String)] });
  });

  it('a request whose answer is lost is not sent again', async () => {
    const { gateway, sent } = cloud(plain, [], { status: 500 });
    await failing(runInCluster(gateway, clusterId, 'x', plain));
    expect(sent).toHaveLength(1);
  });
});

describe('Kubernetes through commands', () => {
  const policies = {
    items: [
      { metadata: { namespace: 'a', name: 'deny' }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
      {
        metadata: { namespace: 'b', name: 'web\u001b[2J' },
        spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
      },
      { metadata: { namespace: 'b', name: 'out' }, spec: { podSelector: { matchExpressions: [{ key: 'x' }] }, egress: [{ to: [{ podSelector: {} }] }] } },
    ],
  };

  const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64').replaceAll(/.{76}/g, '$&\n');

  it.each([
    ['compressed', packed(policies)],
    ['as it is, where the pod has no gzip', Buffer.from(JSON.stringify(policies)).toString('base64')],
  ])('lists objects: %s', async (_how, logs) => {
    const { gateway, sent } = cloud(plain, [ran(logs)]);
    const found = await all(createRunCommandGateway(gateway, clusterId), kubeKinds.networkPolicy);
    expect(found.map((object) => at(object, path('metadata.name')))).toEqual(['deny', 'web\u001b[2J', 'out']);
    const { command } = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '') as { command: string };
    expect(command).toContain("kubectl get --raw '/apis/networking.k8s.io/v1/networkpolicies?limit=500' > ");
  });

  it('output that Azure has cut is asked for again, half of it', async () => {
    const cut = Buffer.alloc(400_000, 'x')
      .toString('base64')
      .slice(0, 512 * 1024);
    const { gateway, sent } = cloud(plain, [ran(cut), ran(cut), ran(packed(policies))]);
    expect(await all(createRunCommandGateway(gateway, clusterId), kubeKinds.networkPolicy)).toHaveLength(3);
    const limits = sent.flatMap(({ body }) => /limit=(\d+)/.exec(body ?? '')?.[1] ?? []);
    expect(limits).toEqual(['500', '250', '125']);
  });

  it('one object that is too large is told as such', async () => {
    const { gateway } = cloud(plain, [
      ran(
        Buffer.alloc(400_000, 'x')
          .toString('base64')
          .slice(0, 512 * 1024),
      ),
    ]);
    expect(await failing(all(createRunCommandGateway(gateway, clusterId), kubeKinds.networkPolicy))).toMatchObject({
      code: 'output-too-large',
      why: expect.stringContaining('512 kB'),
    });
  });

  it.each([
    ['yes\n', 0, true],
    ['Warning: resource is not namespace scoped\nno - no RBAC policy matched\n', 1, false],
  ])('access: %s', async (logs, exitCode, allowed) => {
    const { gateway } = cloud(entra, [ran(logs, exitCode)]);
    expect(await createRunCommandGateway(gateway, clusterId).access()).toEqual({ allowed, as: 'ada@example.org' });
  });

  it('an answer that is neither yes nor no is no access and no refusal', async () => {
    const { gateway } = cloud(entra, [ran('error: You must be logged in to the server (Unauthorized)', 1)]);
    expect((await failing(createRunCommandGateway(gateway, clusterId).access())).code).toBe('kubernetes-signed-out');
  });

  it('proves nothing about Entra where Entra is off', async () => {
    const { gateway, sent } = cloud(plain, [ran('yes')]);
    expect((await failing(createRunCommandGateway(gateway, clusterId).access())).code).toBe('not-entra');
    expect(sent.every(({ method }) => method === 'GET')).toBe(true);
  });

  const divider = '-----aks-harden-----';

  it('applies objects server-side; nothing in them reaches the shell', async () => {
    const hostile = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: "x'; rm -rf / #$(id)`id`" } };
    const { gateway, sent } = cloud(plain, [ran(`${JSON.stringify(hostile)}\n${divider}\nWarning: would violate PodSecurity "restricted:latest"\n`)]);
    expect(await createRunCommandGateway(gateway, clusterId).apply([hostile], { dryRun: true })).toEqual([
      { object: hostile, warnings: ['would violate PodSecurity "restricted:latest"'] },
    ]);
    const { command } = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '') as { command: string };
    expect(command).toMatch(
      /^echo [A-Za-z0-9+/=]+ \| base64 -d > \S+ && kubectl apply --server-side --field-manager=aks-harden --dry-run=server -o json -f \S+ 2> /,
    );
    expect(JSON.parse(Buffer.from(/^echo (\S+)/.exec(command)?.[1] ?? '', 'base64').toString())).toEqual(hostile);
  });

  it('patches an object by its name', async () => {
    const { gateway, sent } = cloud(plain, [ran(`{"kind":"Namespace"}\n${divider}\n`)]);
    const ref = { kind: kubeKinds.deployment, namespace: "it's", name: 'web' };
    expect(await createRunCommandGateway(gateway, clusterId).patch(ref, { metadata: {} }, { dryRun: false })).toEqual({
      object: { kind: 'Namespace' },
      warnings: [],
    });
    const { command } = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '') as { command: string };
    expect(command).toContain(`kubectl patch 'deployments.v1.apps' 'web' --namespace 'it'\\''s' --type=merge --patch-file `);
  });

  it('a write that is refused says why', async () => {
    const { gateway } = cloud(plain, [ran(`\n${divider}\nError from server: admission webhook "deny.example.org" denied the request: no\n`, 1)]);
    expect((await failing(createRunCommandGateway(gateway, clusterId).apply([{}], { dryRun: true }))).code).toBe('admission-denied');
  });

  it('whether it answers is never thrown', async () => {
    expect(await tryRunCommand(cloud(plain, [ran('Client Version: v1\nServer Version: v1.31.2\n')]).gateway, clusterId)).toEqual({
      reachable: true,
      detail: 'a command ran in the cluster (Server Version: v1.31.2)',
    });
    const off: FakeAnswer = { status: 400, body: { code: 'RunCommandDisabled', message: 'it is off' } };
    expect(await tryRunCommand(cloud(plain, [], off).gateway, clusterId)).toEqual({ reachable: false, detail: expect.stringContaining('it is off') });
    expect(await tryRunCommand(cloud(plain, [ran('Unable to connect', 1)]).gateway, clusterId)).toMatchObject({ reachable: false });
  });
});
