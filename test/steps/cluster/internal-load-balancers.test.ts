import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeApply, KubePatch } from '../../../src/model/change.ts';
import type { Facts, ServiceFacts } from '../../../src/model/facts.ts';
import { at } from '../../../src/model/json.ts';
import { undoOf } from '../../../src/plan/undo.ts';
import { diffOf } from '../../../src/render/index.ts';
import { doorsOf } from '../../../steps/cluster/internal-load-balancers/state.ts';
import { internalLoadBalancers as step } from '../../../steps/cluster/internal-load-balancers.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const AZURE = 'service.beta.kubernetes.io/';
const internal = { [`${AZURE}azure-load-balancer-internal`]: 'true' };
const service = (name: string, rest: Partial<ServiceFacts> = {}): ServiceFacts => ({
  namespace: 'shop',
  name,
  type: 'LoadBalancer',
  annotations: {},
  addresses: ['20.61.1.2'],
  ports: [{ port: 443, protocol: 'TCP', name: 'https', targetPort: 8443 }],
  sourceRanges: [],
  selector: { app: name },
  ...rest,
});
const facts = (...services: readonly ServiceFacts[]): Facts => factsOf(cluster(), { ...readable, services, kubernetesAccess: { allowed: true, as: 'ada' } });

describe('verdicts', () => {
  test.each([
    ['no Service at all', [], 'not-applicable', 'not-applicable'],
    ['only inside', [service('a', { type: 'ClusterIP' })], 'not-applicable', 'not-applicable'],
    ['internal by annotation', [service('a', { annotations: internal, addresses: [] })], 'pass', 'not-applicable'],
    ['told to be internal, at its public address still', [service('a', { annotations: internal })], 'partial', 'not-applicable'],
    ['the same beside one that is public', [service('a', { annotations: internal }), service('b')], 'fail', 'fail'],
    ['two halves of the internet', [service('a', { sourceRanges: ['0.0.0.0/1', '128.0.0.0/1'] })], 'fail', 'fail'],
    ['the word in another case is not what Azure reads', [service('a', { annotations: { [`${AZURE}azure-load-balancer-internal`]: 'True' } })], 'fail', 'fail'],
    ['another balancer with a private address', [service('a', { addresses: ['10.1.2.3'] })], 'pass', 'not-applicable'],
    ['public without an address yet', [service('a', { addresses: [] })], 'fail', 'fail'],
    ['public on the record, for everybody', [service('a', { annotations: { 'aks-harden/approved-public': 'true' } })], 'pass', 'fail'],
    ['public for one network', [service('a', { sourceRanges: ['198.51.100.0/24'] })], 'fail', 'pass'],
    ['a list that lets everybody in', [service('a', { sourceRanges: ['198.51.100.0/24', '0.0.0.0/0'] })], 'fail', 'fail'],
    ['by service tag', [service('a', { annotations: { [`${AZURE}azure-allowed-service-tags`]: 'AzureFrontDoor.Backend' } })], 'fail', 'pass'],
    ['the tag of the internet', [service('a', { annotations: { [`${AZURE}azure-allowed-service-tags`]: 'Internet' } })], 'fail', 'fail'],
    [
      'field and annotation together are refused by Azure',
      [service('a', { sourceRanges: ['198.51.100.0/24'], annotations: { [`${AZURE}azure-allowed-ip-ranges`]: '203.0.113.0/24' } })],
      'fail',
      'fail',
    ],
    ['one of two', [service('a', { sourceRanges: ['198.51.100.0/24'] }), service('b')], 'fail', 'partial'],
  ] as const)('%s', (_name, services, first, second) => {
    expect([statusOf(step, facts(...services), '10.1'), statusOf(step, facts(...services), '10.2')]).toEqual([first, second]);
  });

  test('what could not be read is unknown, and nothing can be chosen', () => {
    const blind = factsOf(cluster(), { ...readable, services: 'services is forbidden' });
    expect(step.assess(blind)['10.1']).toEqual({ status: 'unknown', reason: 'services is forbidden' });
    expect(step.options(blind).every(({ unavailable }) => unavailable?.includes('forbidden'))).toBe(true);
  });

  test('each public Service is listed with its address and ports; the rest of a long list is counted', () => {
    const many = step.assess(facts(...Array.from({ length: 23 }, (_, i) => service(`s-${String(i).padStart(2, '0')}`))))['10.1'];
    const evidence = many !== undefined && 'evidence' in many ? many.evidence : [];
    expect(evidence[0]).toMatchObject({ path: 'Service/shop/s-00', actual: '20.61.1.2 on 443/TCP' });
    expect(evidence.at(-1)?.actual).toBe('and 3 more');
  });
});

describe('a second, internal Service', () => {
  const web = service('web', {
    annotations: { [`${AZURE}azure-dns-label-name`]: 'web', [`${AZURE}azure-load-balancer-health-probe-request-path`]: '/up' },
    externalTrafficPolicy: 'Local',
  });
  const { changes, guards } = decide(step, facts(web), 'second-service');

  test('has the same pods and ports, and only what an internal front end can have', () => {
    expect(changes.map(({ kind }) => kind)).toEqual(['kube.apply', 'manual']);
    expect((changes[0] as KubeApply).objects).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'web-internal',
          namespace: 'shop',
          labels: { 'app.kubernetes.io/managed-by': 'aks-harden' },
          annotations: { [`${AZURE}azure-load-balancer-health-probe-request-path`]: '/up', ...internal },
        },
        spec: {
          type: 'LoadBalancer',
          selector: { app: 'web' },
          externalTrafficPolicy: 'Local',
          ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 8443 }],
        },
      },
    ]);
    expect(guards.some(({ verdict }) => verdict === 'refuse')).toBe(false);
  });

  test('the cut-over comes after it, and the old door goes by hand', () => {
    expect(changes[1]?.after).toEqual([changes[0]?.id]);
    expect(JSON.stringify(changes[1])).toContain('kubectl delete service web --namespace shop');
  });

  test('one that stands already is not made again', () => {
    const twin = service('web-internal', { annotations: internal, addresses: ['10.1.0.9'], selector: web.selector });
    expect(decide(step, facts(web, twin), 'second-service').changes.map(({ kind }) => kind)).toEqual(['manual']);
  });

  test.each([
    ['for other pods', { annotations: internal, addresses: ['10.1.0.9'] }],
    ['only inside the cluster', { type: 'ClusterIP', addresses: [], selector: web.selector }],
    ['public', { selector: web.selector, annotations: { 'aks-harden/approved-public': 'true' } }],
  ] as const)('a name that a Service has which is %s is not taken', (_what, rest) => {
    const { changes } = decide(step, facts(web, service('web-internal', rest)), 'second-service', { services: ['shop/web'] });
    expect(at((changes[0] as KubeApply).objects[0], ['metadata', 'name'])).toBe('web-internal-2');
    expect(JSON.stringify(changes[1])).toContain('kubectl get service web-internal-2 --namespace shop');
  });

  test('what clients stick to, and what the probe speaks, goes along', () => {
    const sticky = service('web', { sessionAffinity: 'ClientIP', ports: [{ port: 443, protocol: 'TCP', appProtocol: 'https' }] });
    expect((decide(step, facts(sticky), 'second-service').changes[0] as KubeApply).objects[0]).toMatchObject({
      spec: { sessionAffinity: 'ClientIP', ports: [{ appProtocol: 'https' }] },
    });
  });

  test.each(['flux', 'argo-cd', 'helm'] as const)('beside what %s keeps nothing is applied: the manifest goes to its source', (tool) => {
    const plan = decide(step, facts({ ...web, keeper: { tool, sign: 'x' } }), 'second-service');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(plan.changes[0]).toMatchObject({ manifests: [{ kind: 'Service', metadata: { name: 'web-internal', namespace: 'shop' } }] });
    expect(JSON.stringify(plan.changes)).not.toContain('kubectl delete');
    expect(guardOf(plan, 'kept-elsewhere')).toBe('warn');
  });

  test('of what AKS keeps, what has no selector, and what another controller serves, the way is told and no patch is made', () => {
    const own = service('nginx', { namespace: 'app-routing-system', keeper: { tool: 'aks', sign: 'label' } });
    const bare = service('bare', { selector: {} });
    const other = service('other', { loadBalancerClass: 'tailscale' });
    const plan = decide(step, facts(own, bare, other), 'second-service');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(plan.changes[0]).toMatchObject({ manifests: [] });
    for (const word of ['NginxIngressController', '--nginx Internal', 'shop/bare has no selector', 'class tailscale']) {
      expect(JSON.stringify(plan.changes)).toContain(word);
    }
    expect(decide(step, facts(other), 'in-place').changes.map(({ kind }) => kind)).toEqual(['manual']);
  });

  test('names stay within 63 characters', () => {
    const long = ['x', 'y'].map((end) => service('a'.repeat(62) + end));
    const made = decide(step, facts(...long), 'second-service').changes.filter(({ kind }) => kind === 'kube.apply') as KubeApply[];
    const names = made.map(({ objects }) => String(at(objects[0], ['metadata', 'name'])));
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => name.length <= 63)).toBe(true);
  });
});

describe('in place', () => {
  test('one annotation; a pinned address goes; the way back puts both back', () => {
    const pinned = service('web', { annotations: { [`${AZURE}azure-load-balancer-ipv4`]: '20.61.1.2' } });
    const { changes } = decide(step, facts(pinned), 'in-place', { subnet: 'snet-lb' });
    const change = changes[0] as KubePatch;
    expect(change.patch).toEqual({
      metadata: { annotations: { ...internal, [`${AZURE}azure-load-balancer-internal-subnet`]: 'snet-lb', [`${AZURE}azure-load-balancer-ipv4`]: null } },
    });
    expect(change.impact.kind).toBe('network');
    expect(undoOf(change)[0]).toMatchObject({
      patch: {
        metadata: {
          annotations: {
            [`${AZURE}azure-load-balancer-internal`]: null,
            [`${AZURE}azure-load-balancer-internal-subnet`]: null,
            [`${AZURE}azure-load-balancer-ipv4`]: '20.61.1.2',
          },
        },
      },
    });
    expect(diffOf(change).length).toBe(3);
  });

  test('an address in the deprecated field goes in the same change, and comes back with the undo', () => {
    const { changes, guards } = decide(step, facts(service('web', { loadBalancerIp: '20.61.1.2' })), 'in-place');
    expect((changes[0] as KubePatch).patch).toMatchObject({ metadata: { annotations: internal }, spec: { loadBalancerIP: null } });
    expect(undoOf(changes[0] as KubePatch)[0]).toMatchObject({ patch: { spec: { loadBalancerIP: '20.61.1.2' } } });
    expect(guards.find(({ id }) => id === 'clients')?.detail).toContain('taken out in the same change');
  });

  test('what Helm, Flux or Argo CD keeps is not touched: its patch is told', () => {
    const of = (tool: 'helm' | 'flux' | 'argo-cd') => facts(service('web', { keeper: { tool, sign: 'x' } }));
    for (const tool of ['helm', 'flux', 'argo-cd'] as const) {
      const plan = decide(step, of(tool), 'in-place');
      expect(plan.changes.map(({ kind }) => kind)).toEqual(['manual']);
      expect(JSON.stringify(plan.changes)).toContain('kubectl patch service web --namespace shop --type merge');
      expect(guardOf(plan, 'kept-elsewhere')).toBe('warn');
    }
  });

  test('what stays public on purpose does not move, and is noted', () => {
    const { changes } = decide(step, facts(service('a'), service('b')), 'in-place', { approved: ['shop/a'] });
    expect(changes.map(({ id }) => id)).toEqual([`${step.id}/approve-shop/a`, `${step.id}/internal-shop/b`]);
    expect(decide(step, facts(service('a')), 'approve', { approved: ['shop/a'] }).changes.map(({ impact }) => impact.kind)).toEqual(['none']);
  });
});

describe('named networks', () => {
  const patchOf = (one: ServiceFacts, ranges: readonly string[]) =>
    (decide(step, facts(one), 'source-ranges', { sources: [...ranges], restrict: [`shop/${one.name}`] }).changes[0] as KubePatch).patch;

  test('go into the field, addresses with their prefix', () => {
    expect(patchOf(service('web'), ['137.117.106.88'])).toMatchObject({ spec: { loadBalancerSourceRanges: ['137.117.106.88/32'] } });
  });

  test('go into the annotation where a Service uses one, and field and annotation never stand together', () => {
    const both = service('web', {
      sourceRanges: ['198.51.100.0/24'],
      annotations: { [`${AZURE}azure-allowed-service-tags`]: 'AzureFrontDoor.Backend, Internet', [`${AZURE}load-balancer-source-ranges`]: '203.0.113.0/24' },
    });
    expect(patchOf(both, ['137.117.106.88/29'])).toEqual({
      metadata: {
        annotations: {
          'aks-harden/approved-public': 'true',
          [`${AZURE}azure-allowed-ip-ranges`]: '198.51.100.0/24,203.0.113.0/24,137.117.106.88/29',
          [`${AZURE}azure-allowed-service-tags`]: 'AzureFrontDoor.Backend',
          [`${AZURE}load-balancer-source-ranges`]: null,
        },
      },
      spec: { loadBalancerSourceRanges: null },
    });
  });

  test('a list that let everybody in keeps the networks that it names', () => {
    expect(patchOf(service('web', { sourceRanges: ['198.51.100.0/24', '0.0.0.0/0'] }), ['137.117.106.88/29'])).toMatchObject({
      spec: { loadBalancerSourceRanges: ['198.51.100.0/24', '137.117.106.88/29'] },
    });
    expect(patchOf(service('web', { sourceRanges: ['0.0.0.0/1', '128.0.0.0/1'] }), ['137.117.106.88/29'])).toMatchObject({
      spec: { loadBalancerSourceRanges: ['137.117.106.88/29'] },
    });
  });

  test.each([
    [[], /at least one network/],
    [['0.0.0.0/0'], /whole internet/],
    [['0.0.0.0/1', '128.0.0.0/1'], /whole internet/],
    [['::/0'], /whole internet/],
    [['office'], /no IPv4/],
    [['137.117.106.89/29'], /inside a network/],
    [['fe80::zz/64'], /no IPv6/],
  ])('%j is refused', (ranges, reason) => {
    expect(() => decide(step, facts(service('web')), 'source-ranges', { sources: ranges })).toThrow(reason);
  });

  test('pods that call the address are thought of from 1.25 on', () => {
    const guard = (version: string) =>
      guardOf(
        decide(step, factsOf(cluster({ properties: { currentKubernetesVersion: version } }), { services: [service('web')] }), 'source-ranges', {
          sources: ['137.117.106.88/29'],
        }),
        'pods-call',
      );
    expect([guard('1.24.9'), guard('1.25.0'), guard('1.33.5')]).toEqual([undefined, 'warn', 'warn']);
    expect(guardOf(decide(step, facts(service('web')), 'source-ranges', { sources: ['137.117.106.88/29', '10.244.0.0/16'] }), 'pods-call')).toBeUndefined();
  });

  test('whatever stands there: afterwards only named networks get in, by one way', () => {
    const text = fc.constantFrom('198.51.100.0/24', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '203.0.113.7/32');
    const list = fc.array(text, { maxLength: 3 });
    const tags = fc.array(fc.constantFrom('Internet', 'AzureFrontDoor.Backend'), { maxLength: 2 });
    fc.assert(
      fc.property(list, list, list, tags, (sourceRanges, allowed, old, tagged) => {
        const annotations = Object.fromEntries(
          [
            ['azure-allowed-ip-ranges', allowed],
            ['load-balancer-source-ranges', old],
            ['azure-allowed-service-tags', tagged],
          ].flatMap(([key, value]) => ((value as readonly string[]).length > 0 ? [[`${AZURE}${String(key)}`, (value as readonly string[]).join(',')]] : [])),
        );
        const before = service('web', { sourceRanges, annotations });
        const patch = patchOf(before, ['137.117.106.88/29']);
        const merged = { ...annotations, ...(at(patch, ['metadata', 'annotations']) as Record<string, string | null>) };
        const ranges = at(patch, ['spec', 'loadBalancerSourceRanges']);
        const after = service('web', {
          annotations: Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null)),
          sourceRanges: ranges === undefined ? sourceRanges : ((ranges ?? []) as string[]),
        });
        expect(doorsOf(after)).toMatchObject({ kind: 'narrow' });
      }),
    );
  });
});

describe('guards', () => {
  const subnet = `/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes`;
  const own = cluster({ properties: { agentPoolProfiles: [{ name: 'a', count: 1, vnetSubnetID: subnet }] } });
  const role = (id: string, scope: string) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/r`,
    properties: { scope, roleDefinitionId: `/x/roleDefinitions/${id}` },
  });
  const withRoles = (...assignments: readonly ReturnType<typeof role>[]) =>
    factsOf(own, { services: [service('web')], identityRoleAssignments: [{ identity: 'control-plane', principalId: 'p', assignments }] });
  test.each([
    ['no role', withRoles(), 'refuse'],
    ['a role elsewhere', withRoles(role('4d97b98b-1d4f-4787-a291-c67834d212e7', '/subscriptions/s/resourceGroups/other')), 'refuse'],
    ['Network Contributor on the network', withRoles(role('4d97b98b-1d4f-4787-a291-c67834d212e7', subnet.replace('/subnets/nodes', ''))), 'clear'],
    ['a role of their own making', withRoles(role('12345678-0000-0000-0000-000000000000', subnet)), 'unknown'],
    ['unreadable', factsOf(own, { services: [service('web')], identityRoleAssignments: 'not allowed' }), 'unknown'],
    ['a network of AKS', factsOf(cluster(), { services: [service('web')] }), 'clear'],
  ] as const)('joining the subnet: %s', (_name, of, verdict) => {
    expect(guardOf(decide(step, of, 'second-service'), 'subnet-join')).toBe(verdict);
  });

  test('hostile names from a file become no command', () => {
    const bad = service('-o\u001b]0;x\u0007;rm -rf /', { namespace: 'a\nb' });
    for (const option of ['in-place', 'second-service', 'source-ranges']) {
      const { changes, guards } = decide(step, facts(bad), option, option === 'source-ranges' ? { sources: ['137.117.106.88/29'] } : {});
      expect(
        changes.every(({ kind }) => kind === 'manual'),
        option,
      ).toBe(true);
      for (const { title } of changes) expect(title).not.toMatch(/[\u001b\u0007\n]/);
      expect(JSON.stringify(changes.map((change) => (change.kind === 'manual' ? change.instructions : [])))).not.toContain('kubectl');
      for (const { detail } of guards) expect(detail).not.toMatch(/[\u001b\u0007\n]/);
    }
    expect(JSON.stringify([step.options(facts(bad)), step.assess(facts(bad))])).not.toMatch(/\\u001b|\\n/);
  });

  test('nothing public: nothing is planned', () => {
    for (const option of ['in-place', 'second-service', 'approve'])
      expect(decide(step, facts(service('a', { annotations: internal })), option).changes).toEqual([]);
  });
});
