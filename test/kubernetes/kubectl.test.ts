import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseKubernetes } from '../../src/kubernetes/choose.ts';
import { createKubectlGateway, type KubectlRun, type RunKubectl } from '../../src/kubernetes/kubectl.ts';
import { waysInto } from '../../src/kubernetes/ways.ts';
import type { KubernetesGateway } from '../../src/model/gateway.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { kubeKinds } from '../../src/model/kube-kinds.ts';
import { problemOf } from '../../src/model/problem.ts';
import { clusterId, fakeGateway } from '../azure/fake-cloud.ts';

const host = 'legacy.hcp.westeurope.azmk8s.io';
const ok = (value: unknown): KubectlRun => ({
  exitCode: 0,
  stdout: typeof value === 'string' ? value : JSON.stringify(value),
  stderr: '',
  missing: false,
  timedOut: false,
});
const error = (stderr: string): KubectlRun => ({ exitCode: 1, stdout: '', stderr, missing: false, timedOut: false });

interface Fake {
  readonly version?: string;
  readonly server?: string;
  readonly user?: JsonObject;
  readonly answer?: (args: readonly string[], stdin?: string) => KubectlRun | undefined;
}

/** A kubectl with a kubeconfig; what it was run with is kept. */
function fakeKubectl({
  version = 'v1.31.0',
  server = `https://${host}:443`,
  user = { name: 'clusterUser_rg_legacy', user: { exec: { command: 'kubelogin' } } },
  answer,
}: Fake = {}) {
  const runs: { args: readonly string[]; stdin: string | undefined }[] = [];
  const run: RunKubectl = async (args, stdin) => {
    runs.push({ args, stdin });
    const line = args.join(' ');
    const own = answer?.(args, stdin);
    if (own) return own;
    if (line.startsWith('version')) return ok({ clientVersion: { gitVersion: version } });
    if (line.startsWith('config view')) return ok({ 'current-context': 'legacy', clusters: [{ name: 'legacy', cluster: { server } }], users: [user] });
    if (line.startsWith('get --raw')) return ok({ items: [{ metadata: { namespace: 'a', name: 'b' }, spec: { podSelector: {} } }] });
    if (line.includes('selfsubjectaccessreviews')) return ok({ status: { allowed: true } });
    if (line.includes('selfsubjectreviews')) return ok({ status: { userInfo: { username: 'ada@example.org', groups: ['system:authenticated'] } } });
    if (line.startsWith('apply')) return ok(stdin ?? '');
    return error(`unknown command: ${line}`);
  };
  return { run, runs };
}

const gateway = (fake: Fake = {}, options: { readonly entra?: boolean } = {}) =>
  createKubectlGateway({ hosts: [host], entra: options.entra ?? true, run: fakeKubectl(fake).run });
async function policies(gateway: KubernetesGateway): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const page of gateway.list(kubeKinds.networkPolicy)) all.push(...page);
  return all;
}

const failing = async (work: Promise<unknown>) => problemOf(await work.catch((thrown: unknown) => thrown));

describe('kubectl', () => {
  it('reads network policies of the cluster that it points at, and holds on to it', async () => {
    const { run, runs } = fakeKubectl();
    const kubectl = createKubectlGateway({ hosts: ['other', host.toUpperCase()], entra: true, context: 'legacy', kubeconfig: '/k', run });
    expect(await policies(kubectl)).toEqual([
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace: 'a', name: 'b' }, spec: { podSelector: {} } },
    ]);
    expect(runs[2]?.args.slice(0, 3)).toEqual(['get', '--raw', '/apis/networking.k8s.io/v1/networkpolicies?limit=500']);
    expect(runs[1]?.args).toEqual(['config', 'view', '--minify', '-o', 'json', '--kubeconfig=/k', '--context=legacy']);
    expect(runs[2]?.args).toEqual(expect.arrayContaining(['--kubeconfig=/k', '--context=legacy', `--server=https://${host}:443`]));
  });

  it.each(['https://other.hcp.westeurope.azmk8s.io:443', `https://${host}.evil.example`, `https://evil.example/${host}`, 'nonsense', ''])(
    'refuses another cluster: %s',
    async (server) => {
      const { run, runs } = fakeKubectl({ server });
      const kubectl = createKubectlGateway({ hosts: [host], entra: true, run });
      for (const work of [() => policies(kubectl), () => kubectl.access(), () => kubectl.apply([{}], { dryRun: false })]) {
        expect((await failing(work())).code).toBe('kubeconfig-other-cluster');
      }
      expect(runs.every(({ args }) => args[0] === 'version' || args[0] === 'config')).toBe(true);
    },
  );

  it.each<readonly [string, Fake, string]>([
    ['absent', { answer: () => ({ ...error(''), missing: true }) }, 'kubectl-missing'],
    ['too old', { version: 'v1.19.3' }, 'kubectl-old'],
    [
      'without a kubeconfig',
      { answer: ([verb]) => (verb === 'config' ? error('error: current-context must exist in order to minify') : undefined) },
      'kubeconfig-other-cluster',
    ],
    [
      'without kubelogin',
      { answer: ([verb]) => (verb === 'get' ? error('getting credentials: exec: executable kubelogin not found') : undefined) },
      'kubelogin-missing',
    ],
    [
      'without a right',
      { answer: ([verb]) => (verb === 'get' ? error('Error from server (Forbidden): networkpolicies is forbidden') : undefined) },
      'kubernetes-forbidden',
    ],
    [
      'without a way',
      { answer: ([verb]) => (verb === 'get' ? error('Unable to connect to the server: dial tcp: lookup x: no such host') : undefined) },
      'api-server-unreachable',
    ],
    ['that hangs', { answer: ([verb]) => (verb === 'get' ? { ...error('To sign in, open a browser'), timedOut: true } : undefined) }, 'api-server-unreachable'],
    ['that prints no JSON', { answer: ([verb]) => (verb === 'get' ? ok('No resources found') : undefined) }, 'kubectl-output-unreadable'],
    ['that fails otherwise', { answer: ([verb]) => (verb === 'get' ? error('boom\u001b[2J\nmore') : undefined) }, 'kubectl-failed'],
  ])('one %s', async (_name, fake, code) => {
    const problem = await failing(policies(gateway(fake)));
    expect(problem.code).toBe(code);
    expect(problem.next.length).toBeGreaterThan(0);
    expect(JSON.stringify(problem)).not.toContain('\\u001b');
  });

  it('asks for every verb on every resource, and says as whom', async () => {
    const { run, runs } = fakeKubectl();
    expect(await createKubectlGateway({ hosts: [host], entra: true, run }).access()).toEqual({ allowed: true, as: 'ada@example.org' });
    const review = runs.find(({ args }) => args.join().includes('selfsubjectaccessreviews'));
    expect(JSON.parse(review?.stdin ?? '')).toMatchObject({ spec: { resourceAttributes: { verb: '*', group: '*', resource: '*' } } });
  });

  it('a server that cannot say who is asking leaves the name of the kubeconfig', async () => {
    const fake: Fake = {
      answer: (args) => (args.join().includes('selfsubjectreviews') ? error('the server could not find the requested resource') : undefined),
    };
    expect(await gateway(fake).access()).toEqual({ allowed: true, as: 'clusterUser_rg_legacy' });
  });

  const whoami = (username: string, groups: readonly string[] = []): Fake => ({
    answer: (args) => (args.join().includes('selfsubjectreviews') ? ok({ status: { userInfo: { username, groups } } }) : undefined),
  });
  it.each<readonly [string, Fake, boolean]>([
    ['a client certificate', { user: { name: 'x', user: { 'client-certificate-data': 'DATA+OMITTED' } } }, true],
    ['an admin kubeconfig', { user: { name: 'clusterAdmin_rg_legacy', user: { token: 'REDACTED' } } }, true],
    ['masterclient', whoami('masterclient', ['system:masters']), true],
    ['a service account', whoami('system:serviceaccount:default:ci'), true],
    ['a cluster without Entra', {}, false],
  ])('%s proves nothing about Entra', async (_name, fake, entra) => {
    expect((await failing(gateway(fake, { entra }).access())).code).toBe('not-entra');
  });

  it('a refusal is an answer', async () => {
    const fake: Fake = { answer: (args) => (args.join().includes('selfsubjectaccessreviews') ? ok({ status: { allowed: false } }) : undefined) };
    expect(await gateway(fake).access()).toMatchObject({ allowed: false });
  });

  it.each([true, false])('applies server-side, dry run %s', async (dryRun) => {
    const { run, runs } = fakeKubectl();
    const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }];
    expect(await createKubectlGateway({ hosts: [host], entra: true, run }).apply(objects, { dryRun })).toEqual(
      objects.map((object) => ({ object, warnings: [] })),
    );
    const args = runs.at(-1)?.args ?? [];
    expect(args.slice(0, 2)).toEqual(['apply', '--server-side']);
    expect(args.includes('--dry-run=server')).toBe(dryRun);
  });
});

describe('choosing the way in', () => {
  const cluster: JsonObject = { id: clusterId, properties: { fqdn: host, aadProfile: { managed: true } } };
  const off: JsonObject = { id: clusterId, properties: { fqdn: host, apiServerAccessProfile: { disableRunCommand: true } } };
  const stopped: JsonObject = { id: clusterId, properties: { fqdn: host, powerState: { code: 'Stopped' } } };
  const arm = fakeGateway(() => ({})).gateway;
  const elsewhere = fakeKubectl({ server: 'https://other' }).run;

  it('kubectl when it serves', async () => {
    const { gateway: chosen, why } = await chooseKubernetes({ arm, cluster, runKubectl: fakeKubectl().run });
    expect([chosen.via, why]).toEqual(['kubectl', 'kubectl points at this cluster and is answered']);
  });

  it('commands through Azure when it does not, and says why', async () => {
    const { gateway: chosen, why } = await chooseKubernetes({ arm, cluster, runKubectl: elsewhere });
    expect(chosen.via).toBe('run-command');
    expect(why).toContain('another cluster');
  });

  it('kubectl with credentials from Azure, where its own context is of another cluster and this one knows Entra', async () => {
    const exec = { command: 'kubelogin', args: ['get-token', '--server-id', 'server'] };
    const value = Buffer.from(JSON.stringify({ users: [{ name: 'u', user: { exec } }] })).toString('base64');
    const cloud = fakeGateway(() => ({ body: { kubeconfigs: [{ value }] } })).gateway;
    const own = fakeKubectl().run;
    const both: RunKubectl = (args, stdin) => (args.some((arg) => arg.startsWith('--kubeconfig=')) ? own : elsewhere)(args, stdin);
    const { gateway: chosen, why } = await chooseKubernetes({ arm: cloud, cluster, runKubectl: both });
    expect([chosen.via, why]).toEqual([
      'kubectl',
      'kubectl signs in with credentials from Azure, because its own context does not serve: kubectl points at another cluster than the one in hand.',
    ]);
    expect((await chooseKubernetes({ arm: cloud, cluster: { ...cluster, properties: { fqdn: host } }, runKubectl: both })).gateway.via).toBe('run-command');
  });

  it('says that kubelogin is missing, where that is what the credentials from Azure need', async () => {
    const value = Buffer.from(
      JSON.stringify({ users: [{ name: 'u', user: { exec: { command: 'kubelogin', args: ['get-token', '--server-id', 's'] } } }] }),
    ).toString('base64');
    const cloud = fakeGateway(() => ({ body: { kubeconfigs: [{ value }] } })).gateway;
    const without = fakeKubectl({ answer: ([verb]) => (verb === 'get' ? error('exec: executable kubelogin not found') : undefined) }).run;
    const both: RunKubectl = (args, stdin) => (args.some((arg) => arg.startsWith('--kubeconfig=')) ? without : elsewhere)(args, stdin);
    expect((await chooseKubernetes({ arm: cloud, cluster, runKubectl: both })).why).toContain('kubelogin to sign in with Entra, and it is not installed');
  });

  it('the way that was asked for, and no other', async () => {
    const asked = await chooseKubernetes({ arm, cluster, way: 'run-command', runKubectl: fakeKubectl().run });
    expect([asked.gateway.via, asked.why]).toEqual(['run-command', 'it was asked for']);
    expect((await failing(chooseKubernetes({ arm, cluster: off, way: 'run-command', runKubectl: fakeKubectl().run }))).why).toContain('switched off');
    const plain: JsonObject = { id: clusterId, properties: { fqdn: host } };
    const problem = await failing(chooseKubernetes({ arm, cluster: plain, way: 'kubectl', runKubectl: elsewhere }));
    expect(problem.why).toContain('another cluster');
    expect(problem.why).not.toContain('Commands through Azure');
  });

  it.each([
    ['switched off', off],
    ['stopped', stopped],
  ])('neither: says what stands in the way of each (%s)', async (word, body) => {
    const problem = await failing(chooseKubernetes({ arm, cluster: body, runKubectl: elsewhere }));
    expect(problem.code).toBe('no-way-in');
    expect(problem.why).toContain('another cluster');
    expect(problem.why).toContain(word);
  });
});

describe('ways that are not tried before they are used', () => {
  const body: JsonObject = { id: clusterId, properties: { fqdn: host, aadProfile: { managed: true } } };

  it('choose once for all who ask at the same time, and say why', async () => {
    const { gateway: arm, sent } = fakeGateway(() => ({ body }));
    const { run, runs } = fakeKubectl();
    const { kubernetes } = waysInto(arm, clusterId, { runKubectl: run });
    expect(kubernetes.why).toBeUndefined();
    await Promise.all([policies(kubernetes), policies(kubernetes), kubernetes.access()]);
    expect(sent).toHaveLength(1);
    expect(runs.filter(({ args }) => args.join(' ').startsWith('get --raw /api/v1/namespaces'))).toHaveLength(1);
    expect(kubernetes.why).toBe('kubectl points at this cluster and is answered');
  });

  it('choose once, and again after a failure', async () => {
    const { gateway: arm, sent } = fakeGateway(() => ({ body }));
    let mine = fakeKubectl({ server: 'https://other', answer: ([verb]) => (verb === 'version' ? error('boom') : undefined) }).run;
    const { kubernetes } = waysInto(arm, clusterId, { runKubectl: (args, stdin) => mine(args, stdin) });
    expect(sent).toHaveLength(0);
    const stopped: JsonObject = { ...body, properties: { fqdn: host, powerState: { code: 'Stopped' } } };
    const { kubernetes: shut } = waysInto(fakeGateway(() => ({ body: stopped })).gateway, clusterId, { runKubectl: (args, stdin) => mine(args, stdin) });
    expect((await failing(policies(shut))).code).toBe('no-way-in');
    mine = fakeKubectl().run;
    expect(await policies(shut)).toHaveLength(1);
    expect(await kubernetes.access()).toMatchObject({ allowed: true });
    await policies(kubernetes);
    expect(kubernetes.via).toBe('kubectl');
    expect(sent).toHaveLength(1);
  });

  it('choose anew, once, where the sign-in has ended meanwhile', async () => {
    const { gateway: arm, sent } = fakeGateway(() => ({ body }));
    let hasEnded = false;
    const { run } = fakeKubectl({
      answer: ([verb]) => (hasEnded && verb === 'get' ? error('error: You must be logged in to the server (Unauthorized)') : undefined),
    });
    const { kubernetes } = waysInto(arm, clusterId, { runKubectl: run });
    expect(await policies(kubernetes)).toHaveLength(1);
    hasEnded = true;
    // Nobody has fetched new credentials: what is left is to send commands through Azure, and this cloud does not take any.
    expect((await failing(policies(kubernetes))).code).not.toBe('kubernetes-signed-out');
    expect(kubernetes.via).toBe('run-command');
    expect(sent.filter(({ method }) => method === 'GET').length).toBeGreaterThan(1);
    hasEnded = false;
    const { kubernetes: refusing } = waysInto(arm, clusterId, {
      runKubectl: fakeKubectl({ answer: ([verb]) => (verb === 'patch' ? error('forbidden') : undefined) }).run,
    });
    const ref = { kind: kubeKinds.namespace, name: 'a' };
    expect((await failing(refusing.patch(ref, {}, { dryRun: true }))).code).toBe('kubernetes-forbidden');
  });
});

describe('the program itself', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is run with these arguments and this input; an absent one is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
    try {
      vi.stubEnv('PATH', folder);
      const kubectl = createKubectlGateway({ hosts: [host], entra: true });
      expect((await failing(policies(kubectl))).code).toBe('kubectl-missing');
      const program = join(folder, 'kubectl');
      const script = `#!${process.execPath}
const [verb] = process.argv.slice(2);
const view = { 'current-context': 'c', clusters: [{ cluster: { server: 'https://${host}' } }], users: [{ name: 'u', user: {} }] };
if (verb === 'version') console.log(JSON.stringify({ clientVersion: { gitVersion: 'v1.31.0' } }));
else if (verb === 'config') console.log(JSON.stringify(view));
else process.stdin.pipe(process.stdout);
`;
      writeFileSync(program, script);
      chmodSync(program, 0o755);
      vi.stubEnv('PATH', [folder, '/bin', '/usr/bin'].join(delimiter));
      const objects = [{ kind: 'Namespace', metadata: { name: "it's" } }];
      expect(await createKubectlGateway({ hosts: [host], entra: true }).apply(objects, { dryRun: true })).toEqual(
        objects.map((object) => ({ object, warnings: [] })),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
