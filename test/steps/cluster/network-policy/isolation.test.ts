import { describe, expect, test } from 'vitest';
import type { KubeApply, ManualChange } from '../../../../src/model/change.ts';
import { needsName } from '../../../../src/model/change.ts';
import type { FactKey, Facts, FactValues, NamespaceFacts, NetworkPolicyObject, ServiceFacts, Workload } from '../../../../src/model/facts.ts';
import { at, type Json, type JsonObject } from '../../../../src/model/json.ts';
import { undoOf } from '../../../../src/plan/undo.ts';
import { networkRefusal } from '../../../../src/practice/kube-network-rules.ts';
import { networkPolicyFacts } from '../../../../src/snapshot/kubernetes/network-policies.ts';
import { networkPolicy as step } from '../../../../steps/cluster/network-policy.ts';
import { decide, guardOf } from '../../decide.ts';
import { cluster, factsOf, readable } from '../../fixture.ts';

const namespace = (name: string, rest: Partial<NamespaceFacts> = {}): NamespaceFacts => ({ name, labels: {}, system: false, ...rest });
const flux = (name: string): NamespaceFacts => namespace(name, { keeper: { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=ops' } });
const policy = (place: string, rest: Partial<NetworkPolicyObject> = {}): NetworkPolicyObject => ({
  namespace: place.split('/')[0] ?? '',
  name: place.split('/')[1] ?? '',
  selectsAll: true,
  policyTypes: ['Ingress'],
  usesIpBlock: false,
  ...rest,
});
const service = (place: string, rest: Partial<ServiceFacts> = {}): ServiceFacts => ({
  namespace: place.split('/')[0] ?? '',
  name: place.split('/')[1] ?? '',
  type: 'ClusterIP',
  annotations: {},
  addresses: [],
  ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
  sourceRanges: [],
  selector: { app: place.split('/')[1] ?? '' },
  ...rest,
});
const pods = (name: string, count = 2): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: name,
  name: 'web',
  pods: count,
  podLabels: {},
  podAnnotations: {},
  spec: {},
});

type Known = { readonly [K in FactKey]?: FactValues[K] | string };
const engine = (networkPolicy: string): JsonObject => ({ networkPolicy, networkDataplane: networkPolicy === 'cilium' ? 'cilium' : 'azure' });
const facts = (known: Known, network: JsonObject = engine('cilium'), rest: JsonObject = {}): Facts =>
  factsOf(cluster({ ...rest, properties: { networkProfile: network, ...(rest['properties'] as JsonObject | undefined) } }), {
    ...readable,
    namespaces: [namespace('kube-system', { system: true }), namespace('shop')],
    networkPolicies: [],
    services: [],
    ingresses: [],
    workloads: [],
    kubernetesAccess: { allowed: true, as: 'ada' },
    ...known,
  });
const verdict = (known: Known, network?: JsonObject, rest?: JsonObject) => step.assess(facts(known, network, rest))['15.2'];

describe('15.2', () => {
  const two = [namespace('shop'), namespace('payments')];
  test.each<[string, Known, string]>([
    ['no policy', {}, 'fail'],
    ['a policy for every pod', { networkPolicies: [policy('shop/deny')] }, 'pass'],
    ['one for some pods', { networkPolicies: [policy('shop/web', { selectsAll: false })] }, 'fail'],
    ['one for what goes out', { networkPolicies: [policy('shop/out', { policyTypes: ['Egress'] })] }, 'fail'],
    ['one that opens by an empty rule', { networkPolicies: [policy('shop/all', { opens: ['Ingress'] })] }, 'fail'],
    ['one that closes and one that opens: rules add up', { networkPolicies: [policy('shop/deny'), policy('shop/all', { opens: ['Ingress'] })] }, 'fail'],
    ['an open way out beside', { networkPolicies: [policy('shop/deny', { policyTypes: ['Ingress', 'Egress'], opens: ['Egress'] })] }, 'pass'],
    ['an ingress rule that no type carries out', { networkPolicies: [policy('shop/out', { policyTypes: ['Egress'], opens: ['Ingress'] })] }, 'fail'],
    ['one of two namespaces', { namespaces: two, networkPolicies: [policy('shop/deny')] }, 'partial'],
    ['a policy in another namespace', { namespaces: two, networkPolicies: [policy('kube-system/deny')] }, 'fail'],
    [
      'namespaces of AKS alone',
      { namespaces: [namespace('kube-system', { system: true }), namespace('x', { keeper: { tool: 'aks', sign: 's' } })] },
      'not-applicable',
    ],
    ['namespaces that could not be read', { namespaces: 'forbidden' }, 'unknown'],
    ['policies that could not be read', { networkPolicies: 'forbidden' }, 'unknown'],
  ])('%s', (_name, known, status) => {
    expect(verdict(known)?.status).toBe(status);
  });

  test('without an engine no policy closes anything, whatever is known of Kubernetes', () => {
    expect(verdict({ networkPolicies: [policy('shop/deny')] }, engine('none'))).toMatchObject({
      status: 'fail',
      note: '1 of 1 namespace would be closed, but nothing enforces policies.',
    });
    expect(verdict({ namespaces: 'forbidden', networkPolicies: 'forbidden' }, engine('none'))?.status).toBe('fail');
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    ['a plugin of their own', { networkPlugin: 'none', networkPolicy: 'none' }, {}, 'unknown'],
    ['an engine nobody knows', engine('weave'), {}, 'unknown'],
    ['AKS Automatic', engine('none'), { sku: { name: 'Automatic' } }, 'pass'],
    ['Azure NPM', engine('azure'), {}, 'pass'],
  ])('closed namespaces with %s', (_name, network, rest, status) => {
    expect(verdict({ networkPolicies: [policy('shop/deny')] }, network, rest)?.status).toBe(status);
  });

  test('says what stands in each namespace, and that what goes out is advice', () => {
    expect(verdict({ networkPolicies: [policy('shop/all', { opens: ['Ingress'] })] })).toMatchObject({
      evidence: [{ path: 'Namespace/shop', actual: 'opened to everybody by all' }],
    });
    expect(verdict({ networkPolicies: [policy('shop/deny')] })).toMatchObject({ note: '0 of 1 also close what goes out: advice, not asked for.' });
    const many = Array.from({ length: 30 }, (_, i) => namespace(`n${i}`));
    const found = verdict({ namespaces: many });
    expect(found && 'evidence' in found ? found.evidence.at(-1)?.actual : undefined).toBe('and 10 more');
  });
});

const objectsOf = (change: unknown): readonly JsonObject[] => (change as KubeApply).objects;
const names = (objects: readonly JsonObject[]) => objects.map((object) => at(object, ['metadata', 'name']));
const spec = (objects: readonly JsonObject[], name: string): Json | undefined => objects.find((object) => at(object, ['metadata', 'name']) === name)?.['spec'];

describe('closing a namespace', () => {
  const shop = {
    services: [service('shop/front', { type: 'LoadBalancer', ports: [{ port: 443, protocol: 'TCP', targetPort: 'https' }] }), service('shop/catalog')],
    workloads: [pods('shop')],
  };

  test('by default keeps calls inside and Services that face out, Services first', () => {
    const { changes, guards } = decide(step, facts(shop), 'apply-policies');
    expect(changes).toHaveLength(1);
    const objects = objectsOf(changes[0]);
    expect(names(objects)).toEqual(['allow-front', 'default-deny-ingress']);
    expect(spec(objects, 'allow-front')).toEqual({
      podSelector: { matchLabels: { app: 'front' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'https', protocol: 'TCP' }] }],
    });
    expect(spec(objects, 'default-deny-ingress')).toEqual({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] });
    expect(changes.every(needsName)).toBe(true);
    expect(undoOf(changes[0] as KubeApply).map(({ kind }) => kind)).toEqual(['kube.delete', 'kube.delete']);
    expect(guards.find(({ id }) => id === 'traffic')).toMatchObject({
      verdict: 'refuse',
      override: 'traffic that nobody named is cut',
      detail: expect.stringContaining('shop: Service catalog'),
    });
  });

  test('what it makes is what the check asks for, and what an API server takes', () => {
    for (const directions of ['in', 'both']) {
      for (const inside of [true, false]) {
        const known = facts({ ...shop, namespaces: [namespace('shop'), namespace('payments')] });
        const made = decide(step, known, 'apply-policies', { directions, inside, callers: ['payments'] }).changes.flatMap(objectsOf);
        expect(made.map(networkRefusal)).toEqual(made.map(() => undefined));
        const after = facts({ namespaces: [namespace('shop'), namespace('payments')], networkPolicies: made.map(networkPolicyFacts) });
        expect(step.assess(after)['15.2']).toMatchObject({ status: 'pass' });
        expect(decide(step, after, 'apply-policies', { directions, inside, namespaces: ['shop', 'payments'] }).changes).toEqual([]);
      }
    }
  });

  test('for everybody but nobody: an empty list of rules is left out', () => {
    const { changes } = decide(step, facts({}), 'apply-policies', { inside: false });
    expect(spec(objectsOf(changes[0]), 'default-deny-ingress')).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  });

  test('callers are namespaces by their label; one that calls itself is not named twice', () => {
    const known = facts({ ...shop, namespaces: [namespace('shop'), namespace('ingress-nginx')] });
    const { changes } = decide(step, known, 'apply-policies', { namespaces: ['shop', 'ingress-nginx'] });
    const from = (name: string) => at(spec(objectsOf(changes.find(({ id }) => id.endsWith(`isolate-${name}`))), 'default-deny-ingress'), ['ingress']);
    expect(from('shop')).toEqual([{ from: [{ podSelector: {} }, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }] }]);
    expect(from('ingress-nginx')).toEqual([{ from: [{ podSelector: {} }] }]);
  });

  test('both ways leaves name lookups: DNS by its pods, LocalDNS and a cache on the node by address', () => {
    const cache: Workload = { ...pods('kube-system', 3), kind: 'DaemonSet', name: 'node-local-dns' };
    const network = { ...engine('calico'), dnsServiceIP: '10.0.0.10' };
    const rule = (known: Known) =>
      at(spec(objectsOf(decide(step, facts(known, network), 'apply-policies', { directions: 'both' }).changes[0]), 'default-deny-egress'), ['egress']);
    const dns = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    };
    const blocks = (...cidrs: readonly string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
    const ports = [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ];
    expect(rule({})).toEqual([{ to: [dns, ...blocks('169.254.10.10/32', '169.254.10.11/32')], ports }, { to: [{ podSelector: {} }] }]);
    expect(rule({ workloads: [cache] })).toMatchObject([
      { to: [dns, ...blocks('169.254.10.10/32', '169.254.10.11/32', '169.254.20.10/32', '10.0.0.10/32')] },
      {},
    ]);
  });

  test('names that are taken are not written over', () => {
    const standing = [policy('shop/default-deny-ingress', { selectsAll: false }), policy('shop/allow-front', { selectsAll: false })];
    expect(names(objectsOf(decide(step, facts({ ...shop, networkPolicies: standing }), 'apply-policies').changes[0]))).toEqual([
      'allow-front-2',
      'default-deny-ingress-2',
    ]);
  });

  test('two Services never share a policy', () => {
    const known = { services: [service('shop/a'), service('shop/a-2')], networkPolicies: [policy('shop/allow-a', { selectsAll: false })] };
    const { changes } = decide(step, facts(known), 'apply-policies', { 'open-services': ['shop/a', 'shop/a-2'] });
    expect(names(objectsOf(changes[0]))).toEqual(['allow-a-2', 'allow-a-2-2', 'default-deny-ingress']);
  });

  test('what is closed for what comes in only gets the other half', () => {
    const known = facts({ ...shop, networkPolicies: [policy('shop/deny')] });
    const { changes } = decide(step, known, 'apply-policies', { namespaces: ['shop'], directions: 'both' });
    expect(names(objectsOf(changes[0]))).toEqual(['default-deny-egress']);
    expect(changes[0]?.controls).toEqual([]);
  });
});

describe('who is left alone', () => {
  test('what Flux keeps is not chosen by itself; chosen, it is written and told', () => {
    const known = facts({ namespaces: [namespace('shop'), flux('ops')] });
    expect(decide(step, known, 'apply-policies').changes.map(({ id }) => id)).toEqual([`${step.id}/isolate-shop`]);
    const { changes, guards } = decide(step, known, 'apply-policies', { namespaces: ['shop', 'ops'] });
    expect(changes.map(({ kind }) => kind)).toEqual(['kube.apply', 'manual']);
    const kept = changes[1] as ManualChange;
    expect(kept.instructions[0]).toContain('in the source of Flux’s Kustomization ops');
    expect(kept.manifests?.map((object) => at(object, ['metadata', 'namespace']))).toEqual(['ops']);
    expect(guards.find(({ id }) => id === 'kept-elsewhere')?.verdict).toBe('warn');
  });

  test('writing takes every open namespace, and sends nothing', () => {
    const { changes, guards } = decide(step, facts({ namespaces: [namespace('shop'), flux('ops')] }), 'write-policies');
    expect(changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect((changes[0] as ManualChange).manifests).toHaveLength(2);
    expect(guards).toEqual([]);
  });

  test('a namespace that a policy opens is for people: another policy would close nothing', () => {
    const known = facts({ networkPolicies: [policy('shop/all', { opens: ['Ingress'] })] });
    for (const option of ['apply-policies', 'write-policies']) {
      const { changes } = decide(step, known, option);
      expect(changes.map(({ id }) => id)).toEqual([`${step.id}/opened`]);
      expect((changes[0] as ManualChange).instructions[0]).toContain('all lets everybody in by an empty rule');
    }
  });

  test('hostile names from a file become no command and no file', () => {
    const known = facts({ namespaces: [namespace('-o\u001b]0;x\u0007\nshop')], services: [service('shop/front')] });
    const { changes } = decide(step, known, 'write-policies');
    expect((changes[0] as ManualChange).manifests).toEqual([]);
    expect(JSON.stringify([step.assess(known), step.options(known), changes])).not.toMatch(/\\u001b|\\u0007/);
    expect(decide(step, known, 'apply-policies').changes).toEqual([]);
  });
});

describe('guards', () => {
  const busy = { workloads: [pods('shop')] };
  const traffic = (known: Known, values: { readonly [name: string]: Json } = {}) => guardOf(decide(step, facts(known), 'apply-policies', values), 'traffic');
  const front = { kind: 'Ingress', namespace: 'shop', name: 'front', annotations: {}, hosts: ['shop.example'], tls: [] } as const;
  test.each<[string, Known, { readonly [name: string]: Json }, string]>([
    ['no pods', { services: [service('shop/web')] }, {}, 'clear'],
    ['pods without a Service', busy, {}, 'warn'],
    ['a Service that stays open', { ...busy, services: [service('shop/web')] }, { 'open-services': ['shop/web'] }, 'warn'],
    [
      'another Service of the same pods',
      { ...busy, services: [service('shop/web'), service('shop/inner', { selector: { app: 'web', tier: 'front' } })] },
      { 'open-services': ['shop/web'] },
      'warn',
    ],
    [
      'another port of the same pods',
      { ...busy, services: [service('shop/web'), service('shop/admin', { selector: { app: 'web' }, ports: [{ port: 9000, protocol: 'TCP' }] })] },
      { 'open-services': ['shop/web'] },
      'refuse',
    ],
    ['a Service that is shut', { ...busy, services: [service('shop/web')] }, {}, 'refuse'],
    ['an Ingress without its controller', { ...busy, ingresses: [front] }, {}, 'refuse'],
    ['Services that could not be read', { ...busy, services: 'forbidden' }, {}, 'unknown'],
    ['pods that could not be read', { workloads: 'forbidden' }, {}, 'unknown'],
  ])('traffic with %s: %s', (_name, known, values, expected) => {
    expect(traffic(known, values)).toBe(expected);
  });

  test('an Ingress is named with its class, until its controller may come in', () => {
    const known = { ...busy, ingresses: [front], namespaces: [namespace('shop'), namespace('edge'), namespace('ingress-nginx')] };
    expect(decide(step, facts(known), 'apply-policies', { callers: [] }).guards.find(({ id }) => id === 'traffic')?.detail).toContain(
      'Ingress front (no class)',
    );
    expect(traffic(known, { callers: ['edge'], namespaces: ['shop'] })).toBe('refuse');
    expect(traffic(known, { namespaces: ['shop'] })).toBe('warn');
  });

  test.each<[string, Known, string]>([
    ['no pods', {}, 'clear'],
    ['pods', busy, 'refuse'],
    ['unknown pods', { workloads: 'forbidden' }, 'unknown'],
  ])('closing what goes out with %s', (_name, known, expected) => {
    expect(guardOf(decide(step, facts(known), 'apply-policies', { directions: 'both' }), 'outgoing')).toBe(expected);
  });

  test('LocalDNS under Cilium is told, and only there', () => {
    const pool = { properties: { agentPoolProfiles: [{ name: 'a', count: 1, localDNSProfile: { mode: 'Preferred', state: 'Enabled' } }] } };
    const of = (network: JsonObject, rest: JsonObject, directions: string) =>
      guardOf(decide(step, facts({}, network, rest), 'apply-policies', { directions }), 'local-dns');
    expect([
      of(engine('cilium'), pool, 'both'),
      of(engine('cilium'), pool, 'in'),
      of(engine('calico'), pool, 'both'),
      of(engine('cilium'), {}, 'both'),
    ]).toEqual(['warn', undefined, undefined, undefined]);
  });

  test('policies that stand are told; with Cilium their address blocks are too', () => {
    const known = { networkPolicies: [policy('shop/db', { selectsAll: false, usesIpBlock: true })] };
    const of = (network: JsonObject) => guardOf(decide(step, facts(known, network), 'apply-policies'), 'standing-policies');
    expect([of(engine('cilium')), of(engine('calico'))]).toEqual(['warn', 'clear']);
  });

  test('what nobody can see enforced is told', () => {
    expect(guardOf(decide(step, facts({}, { networkPlugin: 'none', networkPolicy: 'none' }), 'apply-policies'), 'enforcement')).toBe('warn');
  });
});

describe('the order: engine, then policies', () => {
  const recommended = (of: Facts) => step.options(of).flatMap(({ id, recommended: why }) => (why === undefined ? [] : [id]));
  const unavailable = (of: Facts, id: string) => step.options(of).find((option) => option.id === id)?.unavailable;
  test.each<[string, JsonObject, Known, string]>([
    ['none', engine('none'), {}, 'cilium'],
    ['Azure NPM, which ends', engine('azure'), {}, 'cilium'],
    ['Cilium', engine('cilium'), {}, 'write-policies'],
    ['Calico', engine('calico'), {}, 'write-policies'],
    ['Calico on kubenet', { ...engine('calico'), networkPlugin: 'kubenet' }, {}, 'overlay-then-cilium'],
    ['Cilium, with everything closed', engine('cilium'), { networkPolicies: [policy('shop/deny')] }, 'cilium'],
    ['Cilium, with nothing read', engine('cilium'), { namespaces: 'forbidden' }, 'cilium'],
  ])('with %s', (_name, network, known, expected) => {
    expect(recommended(facts(known, network))).toEqual([expected]);
  });

  test('without an engine policies are written, not applied; unread, neither', () => {
    expect(unavailable(facts({}, engine('none')), 'apply-policies')).toContain('engine first');
    expect(unavailable(facts({}, engine('none')), 'write-policies')).toBeUndefined();
    expect(unavailable(facts({ networkPolicies: 'forbidden' }), 'write-policies')).toContain('forbidden');
    expect(step.plan(facts({}, engine('none')), { option: 'apply-policies', values: {} })).toMatchObject({ changes: [], guards: [{ id: 'unavailable' }] });
  });

  test("AKS' own policies are no sleeping ones", () => {
    const known = { networkPolicies: [policy('kube-system/konnectivity-agent'), policy('app-routing-system/nginx')] };
    expect(guardOf(decide(step, facts(known, engine('none')), 'calico'), 'dormant-policies')).toBe('clear');
  });
});
