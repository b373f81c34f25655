import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubePatch, ManualChange } from '../../../src/model/change.ts';
import type { Facts, NamespaceFacts, PodSecurityAnswer, Workload } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { undoOf } from '../../../src/plan/undo.ts';
import { commandsOf } from '../../../src/render/index.ts';
import { podSecurity as step } from '../../../steps/pod/security.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const P = 'pod-security.kubernetes.io/';
const good: JsonObject = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const plain: JsonObject = { containers: [{ name: 'web' }] };
const onNode: JsonObject = { ...plain, hostNetwork: true, volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] };

const namespace = (name: string, labels: { readonly [key: string]: string } = {}, rest: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name,
  labels,
  system: false,
  ...rest,
});
const work = (ns: string, name: string, spec: JsonObject, rest: Partial<Workload> = {}): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: ns,
  name,
  pods: 2,
  podLabels: {},
  podAnnotations: {},
  spec,
  ...rest,
});
interface World {
  readonly namespaces: readonly NamespaceFacts[];
  readonly workloads: readonly Workload[];
  readonly answers?: readonly PodSecurityAnswer[];
  readonly version?: string;
}
const facts = ({ namespaces, workloads, answers, version = '1.33.5' }: World): Facts =>
  factsOf(cluster({ properties: { currentKubernetesVersion: version } }), {
    ...readable,
    namespaces: [namespace('kube-system', {}, { system: true }), ...namespaces],
    workloads: [work('kube-system', 'azure-cns', onNode, { kind: 'DaemonSet' }), ...workloads],
    deploymentSafeguards: null,
    podSecurityAnswers: answers ?? [],
    kubernetesAccess: { allowed: true, as: 'ada' },
  });

const shop: World = {
  namespaces: [namespace('pay'), namespace('shop'), namespace('agents'), namespace('empty')],
  workloads: [work('pay', 'api', good), work('shop', 'web', plain), work('agents', 'node-exporter', onNode, { kind: 'DaemonSet' })],
};

/** The facts after the labels were set. */
function labelled(before: Facts, changes: readonly { readonly kind: string }[]): Facts {
  const patches = changes.filter((change): change is KubePatch => change.kind === 'kube.patch');
  const known = before.known.namespaces;
  if (known?.state !== 'known') throw new Error('no namespaces');
  const value = known.value.map((one) => {
    const patch = patches.find(({ object }) => object.name === one.name)?.patch;
    const labels = (patch?.['metadata'] as { labels?: { [key: string]: string } } | undefined)?.labels;
    return { ...one, labels: { ...one.labels, ...labels } };
  });
  return { ...before, known: { ...before.known, namespaces: { state: 'known', value } } };
}

describe('verdicts', () => {
  const label = (level: string) => ({ [`${P}enforce`]: level });
  test.each<readonly [why: string, world: World, statuses: { readonly [control: string]: string }]>([
    ['nothing of one’s own', { namespaces: [], workloads: [] }, { '19.1': 'not-applicable', '19.3': 'not-applicable', '19.6': 'not-applicable' }],
    [
      'good pods, unlabelled',
      { namespaces: [namespace('a')], workloads: [work('a', 'w', good)] },
      { '19.1': 'fail', '19.3': 'pass', '19.4': 'pass', '19.5': 'pass', '19.6': 'pass' },
    ],
    ['labelled', { namespaces: [namespace('a', label('baseline')), namespace('b', label('restricted'))], workloads: [] }, { '19.1': 'pass' }],
    ['one of two', { namespaces: [namespace('a', label('baseline')), namespace('b')], workloads: [] }, { '19.1': 'partial' }],
    ['privileged on purpose is no level', { namespaces: [namespace('a', label('privileged'))], workloads: [] }, { '19.1': 'fail' }],
    ['a word that is no level', { namespaces: [namespace('a', label('strict'))], workloads: [] }, { '19.1': 'fail' }],
    [
      'an ordinary pod',
      { namespaces: [namespace('a')], workloads: [work('a', 'w', plain)] },
      { '19.3': 'pass', '19.4': 'fail', '19.5': 'fail', '19.6': 'fail' },
    ],
    ['on the node', { namespaces: [namespace('a')], workloads: [work('a', 'w', onNode), work('a', 'v', good)] }, { '19.3': 'partial', '19.4': 'partial' }],
    [
      'AppArmor switched off by annotation',
      {
        namespaces: [namespace('a')],
        workloads: [work('a', 'w', good, { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } })],
      },
      { '19.6': 'fail' },
    ],
    [
      'a Windows pod that says so',
      {
        namespaces: [namespace('a')],
        workloads: [work('a', 'w', { os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: [{ name: 'w' }] })],
      },
      { '19.4': 'pass', '19.5': 'pass', '19.6': 'pass' },
    ],
    ['before Pod Security Admission', { namespaces: [namespace('a')], workloads: [], version: '1.22.11' }, { '19.1': 'fail' }],
  ])('%s', (_why, world, statuses) => {
    const found = Object.fromEntries(Object.keys(statuses).map((control) => [control, statusOf(step, facts(world), control)]));
    expect(found).toEqual(statuses);
  });

  test('add-ons and system namespaces are nobody’s finding', () => {
    const found = step.assess(facts({ namespaces: [], workloads: [work('x', 'agent', onNode, { keeper: { tool: 'aks', sign: 'addon' } })] }));
    expect(found['19.3']?.status).toBe('not-applicable');
  });

  test('19.2 rests on the add-on and an initiative, or on safeguards', () => {
    const assignment = (set: string) => ({ name: 'pss', properties: { policyDefinitionId: `/providers/Microsoft.Authorization/policySetDefinitions/${set}` } });
    const baseline = assignment('a8640138-9b0a-4a28-b8cb-1666c838647d');
    const addon = { properties: { addonProfiles: { azurepolicy: { enabled: true } } } };
    const of = (body: JsonObject, policyAssignments: readonly JsonObject[] | string, deploymentSafeguards: JsonObject | null | string) =>
      statusOf(step, factsOf(cluster(body), { ...readable, policyAssignments, deploymentSafeguards }), '19.2');
    expect(of(addon, [baseline], null)).toBe('pass');
    expect(of({}, [baseline], null)).toBe('partial');
    expect(of(addon, [assignment('other')], null)).toBe('fail');
    expect(of(addon, [], 'forbidden')).toBe('unknown');
    expect(of(addon, 'forbidden', null)).toBe('unknown');
    expect(of(addon, [], { properties: { level: 'Warn', podSecurityStandardsLevel: 'Baseline' } })).toBe('pass');
    expect(of(addon, [], { properties: { level: 'Warn', podSecurityStandardsLevel: 'Privileged' } })).toBe('fail');
    expect(of({ sku: { name: 'Automatic' } }, [], null)).toBe('preconfigured');
  });

  test('what could not be read is unknown, and nothing can be chosen', () => {
    const blind = factsOf(cluster(), { ...readable, namespaces: 'forbidden', workloads: 'forbidden' });
    for (const control of ['19.1', '19.3', '19.4', '19.5', '19.6']) expect(statusOf(step, blind, control)).toBe('unknown');
    expect(step.options(blind).every(({ unavailable }) => unavailable?.includes('forbidden'))).toBe(true);
    expect(step.plan(blind, { option: 'fitting', values: {} }).guards).toMatchObject([{ verdict: 'refuse', override: 'never' }]);
  });

  test('a long list is counted', () => {
    const many = facts({ namespaces: [namespace('a')], workloads: Array.from({ length: 30 }, (_, i) => work('a', `w${i}`, plain)) });
    const found = step.assess(many)['19.4'];
    expect(found && 'evidence' in found ? found.evidence : []).toHaveLength(21);
  });
});

describe('the strictest level that refuses nothing', () => {
  const before = facts(shop);
  const { changes, guards } = decide(step, before, 'fitting');
  const patches = changes as readonly KubePatch[];

  test('is enforced per namespace, the next one warned of, system namespaces left alone', () => {
    const enforce = (level: string) => ({ [`${P}enforce`]: level, [`${P}enforce-version`]: 'v1.33' });
    const next = (level: string) => ({ [`${P}audit`]: level, [`${P}audit-version`]: 'latest', [`${P}warn`]: level, [`${P}warn-version`]: 'latest' });
    expect(Object.fromEntries(patches.map(({ object, patch }) => [object.name, (patch['metadata'] as JsonObject)['labels']]))).toEqual({
      pay: { ...enforce('restricted'), ...next('restricted') },
      shop: { ...enforce('baseline'), ...next('restricted') },
      agents: next('baseline'),
      empty: { ...enforce('restricted'), ...next('restricted') },
    });
    expect(guards.find(({ id }) => id === 'refused-pods')?.verdict).toBe('clear');
  });

  test('moves the verdict, and a second time there is nothing to do', () => {
    const after = labelled(before, changes);
    expect([statusOf(step, before, '19.1'), statusOf(step, after, '19.1')]).toEqual(['fail', 'partial']);
    expect(decide(step, after, 'fitting')).toEqual({ changes: [], guards: [] });
    const chosen = facts({ ...shop, namespaces: shop.namespaces.filter(({ name }) => name !== 'agents') });
    expect(statusOf(step, labelled(chosen, decide(step, chosen, 'fitting').changes), '19.1')).toBe('pass');
  });

  test('goes back to the labels that were', () => {
    const has = { [`${P}enforce`]: 'privileged', team: 'shop' };
    const [change] = decide(step, facts({ namespaces: [namespace('a', has)], workloads: [] }), 'fitting').changes;
    expect(change && undoOf(change)).toMatchObject([
      { patch: { metadata: { labels: { [`${P}enforce`]: 'privileged', [`${P}enforce-version`]: null, [`${P}warn`]: null } } } },
    ]);
  });

  test('never lowers what is enforced, and keeps warnings that are stricter', () => {
    const has = { [`${P}enforce`]: 'restricted', [`${P}enforce-version`]: 'v1.30', [`${P}warn`]: 'restricted', [`${P}audit`]: 'restricted' };
    expect(decide(step, facts({ namespaces: [namespace('a', has)], workloads: [work('a', 'w', plain)] }), 'fitting').changes).toEqual([]);
    expect(decide(step, facts({ namespaces: [namespace('a', has)], workloads: [] }), 'one-level', { level: 'baseline' }).changes).toEqual([]);
  });

  test('is said as a kubectl command', () => {
    const [first] = patches;
    expect(first && commandsOf(first)[0]?.argv.slice(0, 5)).toEqual(['kubectl', 'label', 'namespace', 'pay', `${P}enforce=restricted`]);
  });

  test('leaves out what was not chosen', () => {
    expect(decide(step, before, 'fitting', { namespaces: ['shop'] }).changes).toHaveLength(1);
    expect(() => decide(step, before, 'fitting', { namespaces: ['kube-system'] })).toThrow('kube-system');
  });
});

describe('the API server’s own answer', () => {
  const refusing: readonly PodSecurityAnswer[] = [
    { namespace: 'shop', level: 'baseline', warnings: ['web-1 (and 1 other pod): hostPort'] },
    { namespace: 'shop', level: 'restricted', warnings: ['web-1 (and 1 other pod): hostPort, seccompProfile'] },
  ];
  test('counts where it is the stricter, and is shown', () => {
    const plan = decide(step, facts({ ...shop, answers: refusing }), 'fitting');
    const labels = (plan.changes.find(({ id }) => id.endsWith('-shop')) as KubePatch).patch;
    expect(JSON.stringify(labels)).not.toContain('enforce');
    expect(guardOf(plan, 'server-disagrees')).toBe('warn');
    expect(plan.guards.find(({ id }) => id === 'server-disagrees')?.detail).toContain('hostPort');
  });

  test('does not open what our rules refuse', () => {
    const plan = decide(step, facts({ ...shop, answers: [{ namespace: 'agents', level: 'baseline', warnings: [] }] }), 'fitting');
    expect(JSON.stringify((plan.changes.find(({ id }) => id.endsWith('-agents')) as KubePatch).patch)).not.toContain('enforce"');
    expect(plan.guards.find(({ id }) => id === 'server-disagrees')?.detail).toContain('agents/node-exporter');
  });

  test('says nothing of controllers without pods, and then that is no disagreement', () => {
    const idle = {
      ...shop,
      workloads: shop.workloads.map((one) => ({ ...one, pods: 0 })),
      answers: [{ namespace: 'agents', level: 'baseline', warnings: [] } as const],
    };
    expect(guardOf(decide(step, facts(idle), 'fitting'), 'server-disagrees')).toBeUndefined();
  });
});

describe('one level for all', () => {
  test('names what would be refused, and asks for a phrase', () => {
    const plan = decide(step, facts(shop), 'one-level', { level: 'restricted' });
    const guard = plan.guards.find(({ id }) => id === 'refused-pods');
    expect(guard).toMatchObject({ verdict: 'refuse', override: 'these pods may be refused' });
    expect(guard?.detail).toContain('2 workloads with 4 pods');
    expect(guard?.detail).toContain('DaemonSet agents/node-exporter (hostNamespaces: spec.hostNetwork');
    expect(statusOf(step, labelled(facts(shop), plan.changes), '19.1')).toBe('pass');
  });
});

describe('warnings only', () => {
  test('refuse nothing', () => {
    const { changes, guards } = decide(step, facts(shop), 'warn');
    expect(JSON.stringify(changes.map((change) => (change as KubePatch).patch))).not.toContain(`${P}enforce`);
    expect(changes.every(({ impact }) => impact.kind === 'none')).toBe(true);
    expect(guards.some(({ verdict }) => verdict === 'refuse')).toBe(false);
    expect(decide(step, labelled(facts(shop), changes), 'warn').changes).toEqual([]);
  });
});

describe('namespaces that a tool keeps', () => {
  test('get their labels as words and a manifest', () => {
    const kept = { ...shop, namespaces: [namespace('pay', {}, { keeper: { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name' } })] };
    const { changes, guards } = decide(step, facts(kept), 'fitting');
    expect(changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect((changes[0] as ManualChange).instructions[0]).toContain('in what Flux reads');
    expect((changes[0] as ManualChange).manifests).toMatchObject([{ kind: 'Namespace', metadata: { name: 'pay' } }]);
    expect(guards.find(({ id }) => id === 'kept-elsewhere')?.verdict).toBe('warn');
  });
});

describe('patches', () => {
  const patchesOf = (...workloads: readonly Workload[]) =>
    decide(step, facts({ namespaces: [namespace('a')], workloads }), 'patches').changes[0] as ManualChange | undefined;

  test('say what to set, and what no patch can say; nothing is sent', () => {
    const change = patchesOf(work('a', 'w', plain), work('a', 'n', onNode, { kind: 'DaemonSet' }), work('a', 'fine', good));
    expect(change?.kind).toBe('manual');
    expect(change?.manifests?.[0]).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w', namespace: 'a' },
      spec: {
        template: {
          spec: {
            containers: [{ name: 'web', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          },
        },
      },
    });
    expect(change?.instructions.join('\n')).toContain('spec.template.spec.volumes[0].hostPath: volume logs is a folder of the node');
    expect(change?.instructions.join('\n')).not.toContain('a/fine');
  });

  test('give Windows pods their name, never Linux fields', () => {
    const change = patchesOf(work('a', 'w', { nodeSelector: { 'kubernetes.io/os': 'windows' }, containers: [{ name: 'w' }] }));
    expect(change?.manifests?.[0]?.['spec']).toEqual({ template: { spec: { os: { name: 'windows' }, securityContext: { runAsNonRoot: true } } } });
  });

  test('leave injected containers to their injector, and say a controller once', () => {
    const meshed = { containers: [{ name: 'web' }, { name: 'istio-proxy' }] };
    const change = patchesOf(work('a', 'w', meshed, { pods: 3 }), work('a', 'w', plain, { pods: 1 }));
    expect(change?.manifests).toHaveLength(1);
    expect(JSON.stringify(change?.manifests)).not.toContain('istio-proxy');
    expect(change?.instructions[0]).toContain('where its injector is configured');
  });

  test('reach only to the level that is asked for', () => {
    const plan = decide(step, facts({ namespaces: [namespace('a')], workloads: [work('a', 'w', plain)] }), 'patches', { 'workload-level': 'baseline' });
    expect(plan.changes).toEqual([]);
  });
});

describe('hostile names', () => {
  test('never become a command, and never reach a screen as they are', () => {
    const name = fc.oneof(fc.constantFrom('a; rm -rf /', '$(id)', '\u001b[2Jx', 'a\nb', "'", '-n', 'x\u202ey'), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(name, name, (ns, container) => {
        const spec = { containers: [{ name: container, securityContext: { privileged: true } }] };
        const world = facts({ namespaces: [namespace(ns)], workloads: [work(ns, container, spec)] });
        for (const option of ['fitting', 'warn', 'one-level', 'patches']) {
          const { changes, guards } = decide(step, world, option);
          for (const change of changes) {
            if (change.kind === 'kube.patch') expect(change.object.name).toMatch(/^[a-z0-9]([a-z0-9.:_-]*[a-z0-9])?$/i);
            const shown = [change.title, change.impact.scope, ...(change.kind === 'manual' ? change.instructions : [])].join('');
            expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
          }
          for (const guard of guards) expect(guard.detail).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
        for (const found of Object.values(step.assess(world))) {
          for (const { path } of 'evidence' in found ? found.evidence : []) expect(path).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
        for (const { tradeOff } of step.options(world)) expect(tradeOff).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      }),
      { numRuns: 300 },
    );
  });
});

test('five thousand pods are judged in a moment', () => {
  const world = facts({
    namespaces: Array.from({ length: 200 }, (_, i) => namespace(`n${i}`)),
    workloads: Array.from({ length: 5000 }, (_, i) => work(`n${i % 200}`, `w${i}`, i % 3 === 0 ? onNode : plain)),
  });
  const start = performance.now();
  step.assess(world);
  step.options(world);
  decide(step, world, 'fitting');
  decide(step, world, 'patches');
  expect(performance.now() - start).toBeLessThan(5000);
});
