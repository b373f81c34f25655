import { describe, expect, it } from 'vitest';
import type { ArmGateway, KubernetesGateway } from '../../../src/model/gateway.ts';
import { type JsonObject, text } from '../../../src/model/json.ts';
import { evaluatePod, namespaceWarnings, type PodTemplate } from '../../../src/model/pod-security/index.ts';
import { ProblemError } from '../../../src/model/problem.ts';
import { readPodSecurityAnswers } from '../../../src/snapshot/kubernetes/pod-security-answers.ts';
import type { Reading } from '../../../src/snapshot/reading.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const plain: PodTemplate = { spec: { containers: [{ name: 'c' }] } };
const onNode: PodTemplate = { spec: { hostPID: true, containers: [{ name: 'c' }] } };

interface Place {
  readonly enforced?: string;
  readonly pods: readonly PodTemplate[];
  readonly fails?: string;
}

/** A gateway to an API server that answers label dry runs as Pod Security Admission does. */
function gateway(places: { readonly [namespace: string]: Place }, via: KubernetesGateway['via'] = 'kubectl') {
  const asked: string[] = [];
  const all: readonly JsonObject[] = Object.entries(places).map(([name, { enforced }]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: enforced === undefined ? {} : { [ENFORCE]: enforced } },
  }));
  const made: Pick<KubernetesGateway, 'via' | 'list' | 'patch'> = {
    via,
    async *list() {
      yield all.slice(0, 2);
      yield all.slice(2);
    },
    patch: async ({ name }, patch, { dryRun }) => {
      expect(dryRun).toBe(true);
      const level = text(((patch['metadata'] as JsonObject)['labels'] as JsonObject)[ENFORCE]) as 'baseline' | 'restricted';
      asked.push(`${name} ${level}`);
      const place = places[name];
      if (place?.fails) throw new ProblemError({ code: place.fails, what: 'refused', why: '', next: [] });
      const pods = (place?.pods ?? []).map((pod, i) => ({ name: `p${i}`, pod }));
      return { object: patch, warnings: ['a deprecation', ...namespaceWarnings(name, level, 'latest', '1.33', pods)] };
    },
  };
  const reading: Reading = {
    arm: {} as ArmGateway,
    clusterId: '/x',
    cluster: Promise.resolve({}),
    readAt: '',
    kubernetes: () => Promise.resolve(made as KubernetesGateway),
  };
  return { asked, read: () => readPodSecurityAnswers(reading) };
}

describe('what the API server says of levels', () => {
  it('asks for the stricter level first, and for baseline only where that refuses', async () => {
    const { read, asked } = gateway({ 'kube-system': { pods: [onNode] }, fine: { pods: [] }, shop: { pods: [plain, plain] }, agents: { pods: [onNode] } });
    expect(await read()).toEqual([
      { namespace: 'fine', level: 'baseline', warnings: [] },
      { namespace: 'fine', level: 'restricted', warnings: [] },
      { namespace: 'shop', level: 'baseline', warnings: [] },
      { namespace: 'shop', level: 'restricted', warnings: [expect.stringMatching(/^p0 \(and 1 other pod\): allowPrivilegeEscalation != false, /)] },
      { namespace: 'agents', level: 'baseline', warnings: ['p0: host namespaces'] },
      { namespace: 'agents', level: 'restricted', warnings: [expect.stringContaining('host namespaces')] },
    ]);
    expect(asked).toEqual(expect.not.arrayContaining(['fine baseline', 'kube-system restricted']));
  });

  it('does not ask for what is enforced already: the server would not look', async () => {
    const { read, asked } = gateway({ a: { enforced: 'baseline', pods: [plain] }, b: { enforced: 'restricted', pods: [plain] } });
    expect((await read()).map(({ namespace, level }) => `${namespace} ${level}`)).toEqual(['a restricted']);
    expect(asked).toEqual(['a restricted']);
  });

  it('leaves out a namespace that does not answer, and throws where nobody may ask', async () => {
    expect(await gateway({ a: { pods: [], fails: 'kubectl-failed' }, b: { pods: [] } }).read()).toHaveLength(2);
    await expect(gateway({ a: { pods: [], fails: 'kubernetes-forbidden' } }).read()).rejects.toThrow('refused');
  });

  it('starts few pods where each question starts one', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, { pods: [] }]));
    const { read, asked } = gateway(many, 'run-command');
    await read();
    expect(asked).toHaveLength(5);
  });
});

describe('the warnings of Pod Security Admission', () => {
  it('name the level once, and pods with the same reasons together', () => {
    const named = (name: string, pod: PodTemplate) => ({ name, pod });
    expect(namespaceWarnings('shop', 'baseline', 'latest', '1.33', [named('b', onNode), named('a', onNode), named('c', plain)])).toEqual([
      'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 1 other pod): host namespaces',
    ]);
    expect(namespaceWarnings('shop', 'baseline', 'latest', '1.33', [named('c', plain)])).toEqual([]);
    expect(evaluatePod(plain, 'baseline', '1.33')).toEqual([]);
  });

  it('go by the version of the label where one is pinned', () => {
    const probe: PodTemplate = { spec: { containers: [{ name: 'c', livenessProbe: { httpGet: { host: 'h' } } }] } };
    const pods = [{ name: 'p', pod: probe }];
    expect(namespaceWarnings('n', 'baseline', 'v1.33', '1.37', pods)).toEqual([]);
    expect(namespaceWarnings('n', 'baseline', 'latest', '1.37', pods)).toHaveLength(2);
  });

  it('say when not every pod was looked at', () => {
    const pods = Array.from({ length: 3001 }, (_, i) => ({ name: `p${i}`, pod: plain }));
    expect(namespaceWarnings('n', 'baseline', 'latest', '1.37', pods)).toEqual([
      'new PodSecurity enforce level only checked against the first 3000 of 3001 existing pods',
    ]);
  });
});
