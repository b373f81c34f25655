import { describe, expect, test } from 'vitest';
import type { Change, ManualChange } from '../../../src/model/change.ts';
import type { Facts, FactValues, ServiceAccountFacts, Workload } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { workloadIdentity } from '../../../steps/pod/workload-identity.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const inside = { podIdentities: [], workloads: [], serviceAccounts: [], namespaces: [] };
const facts = (properties: JsonObject = {}, apiVersion = '2026-05-01', known: Partial<FactValues> = {}): Facts => ({
  ...factsOf(cluster({ properties }), { ...readable, ...inside, ...known }),
  apiVersion,
});
const issuer = { oidcIssuerProfile: { enabled: true } };
const webhook = { securityProfile: { workloadIdentity: { enabled: true } } };
const podIdentity = (bound: number): JsonObject => ({
  podIdentityProfile: { enabled: true, userAssignedIdentities: Array.from({ length: bound }, (_, i) => ({ name: `id${i}` })) },
});

describe('verdicts', () => {
  test.each([
    ['16.1 both', facts({ ...issuer, ...webhook }), '16.1', 'pass'],
    ['16.1 issuer only', facts(issuer), '16.1', 'partial'],
    ['16.1 webhook without issuer', facts(webhook), '16.1', 'fail'],
    ['16.1 neither', facts(), '16.1', 'fail'],
    ['16.1 not shown', facts({}, '2022-07-01'), '16.1', 'unknown'],
    ['16.1 webhook not shown yet', facts(issuer, '2022-11-01'), '16.1', 'unknown'],
    ['16.1 AKS Automatic', factsOf(cluster({ sku: { name: 'Automatic' } })), '16.1', 'preconfigured'],
    ['16.2 on', facts(podIdentity(0)), '16.2', 'fail'],
    ['16.2 on, as a text', facts({ podIdentityProfile: { enabled: 'true' } }), '16.2', 'fail'],
    ['16.2 off', facts({ podIdentityProfile: { enabled: false } }), '16.2', 'pass'],
    ['16.2 absent', facts(), '16.2', 'pass'],
  ] as const)('%s', (_name, of, control, status) => expect(statusOf(workloadIdentity, of, control)).toBe(status));

  test('16.2 is not known where only Azure was read', () => {
    const found = workloadIdentity.assess(factsOf(cluster(), readable))['16.2'];
    expect([found?.status, JSON.stringify(found)]).toEqual(['unknown', expect.stringContaining('stands in Kubernetes')]);
  });
});

describe('plan', () => {
  test('the issuer is a one-way door, the webhook is not, and both travel in one write', () => {
    const plan = decide(workloadIdentity, facts(), 'on');
    expect(plan.changes.map((change) => [editsOf(change), change.reversible.kind])).toEqual([
      [['properties.oidcIssuerProfile.enabled=true'], 'no'],
      [['properties.securityProfile.workloadIdentity.enabled=true'], 'yes'],
    ]);
    const whole = makePlan(facts(), [workloadIdentity], { [workloadIdentity.id]: { option: 'on', values: {} } });
    expect(whole.changes).toHaveLength(1);
    expect(whole.changes[0]?.change.impact.kind).toBe('api-server');
    expect(guardOf(plan, 'token-issuer')).toBe('warn');
    const after = applied(facts(), plan.changes);
    expect(statusOf(workloadIdentity, after, '16.1')).toBe('pass');
    expect(decide(workloadIdentity, after, 'on').changes).toEqual([]);
  });

  test('with the issuer on nothing restarts and nothing is for good', () => {
    const [option] = workloadIdentity.options(facts(issuer));
    expect([option?.impact.kind, option?.reversible.kind]).toEqual(['none', 'yes']);
    expect(decide(workloadIdentity, facts(issuer), 'on').changes).toHaveLength(1);
  });

  test('pod identity goes after its users, and only where it is on', () => {
    const of = facts(podIdentity(2));
    const plan = decide(workloadIdentity, of, 'migrate');
    const names = plan.changes.map(({ id }) => id.split('/')[1]);
    expect(names).toEqual(['issuer', 'webhook', 'migrate', 'pod-identity-off']);
    expect(plan.changes[2]?.after).toHaveLength(2);
    expect(plan.changes[3]?.after).toEqual([plan.changes[2]?.id]);
    expect(guardOf(plan, 'pod-identity-users')).toBe('refuse');
    expect(guardOf(decide(workloadIdentity, facts(podIdentity(0)), 'migrate'), 'pod-identity-users')).toBe('clear');
    const after = applied(of, plan.changes);
    expect(statusOf(workloadIdentity, after, '16.2')).toBe('pass');
    expect(() => decide(workloadIdentity, after, 'migrate')).toThrow(/nothing to move away from/);
  });
});

const IDENTITY = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pay';
const CLIENT = 'f0000000-0000-4000-8000-000000000001';
const workload = (name: string, rest: Partial<Workload> = {}): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name,
  pods: 1,
  podLabels: { aadpodidbinding: 'pay' },
  podAnnotations: {},
  spec: { containers: [] },
  ...rest,
});
const account = (name: string, rest: Partial<ServiceAccountFacts> = {}): ServiceAccountFacts => ({ namespace: 'shop', name, annotations: {}, ...rest });
const identity = { kind: 'AzureIdentity', namespace: 'shop', name: 'pay', resourceId: IDENTITY, clientId: CLIENT } as const;
const binding = { kind: 'AzureIdentityBinding', namespace: 'shop', name: 'pay', identity: 'pay', selector: 'pay' } as const;
const on = { ...webhook, oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer.example/' } };
const using = (known: Partial<FactValues>, properties: JsonObject = on): Facts =>
  facts(properties, '2026-05-01', {
    podIdentities: [identity, binding],
    serviceAccounts: [account('default')],
    kubernetesAccess: { allowed: true, as: 'ada' },
    ...known,
  });

describe('applications on pod identity', () => {
  test.each<[string, Partial<FactValues>, string]>([
    ['a label', { podIdentities: [], workloads: [workload('web')] }, 'fail'],
    ['objects alone', { workloads: [] }, 'fail'],
    ['a label in a namespace of AKS', { podIdentities: [], workloads: [workload('nmi', { namespace: 'kube-system' })] }, 'pass'],
    ['nothing', { podIdentities: [], workloads: [workload('web', { podLabels: {} })] }, 'pass'],
  ])('16.2, %s: %s', (_name, known, status) => expect(statusOf(workloadIdentity, using(known), '16.2')).toBe(status));

  const move = (known: Partial<FactValues>, values = {}) => decide(workloadIdentity, using(known), 'move-applications', values).changes;
  const kinds = (changes: readonly Change[]) => changes.map(({ kind, id }) => `${kind} ${id.split('/').slice(1).join('/')}`);

  test('one that runs as default gets an account of its own', () => {
    const changes = move({ workloads: [workload('web')] });
    expect(kinds(changes)).toEqual(['arm.put credential-shop/web', 'kube.apply account-shop/web', 'manual roll-out']);
    expect(changes[0]).toMatchObject({
      target: { id: `${IDENTITY}/federatedIdentityCredentials/shop-shop-web` },
      body: { properties: { issuer: 'https://issuer.example/', subject: 'system:serviceaccount:shop:web', audiences: ['api://AzureADTokenExchange'] } },
    });
    expect(changes[1]).toMatchObject({ objects: [{ kind: 'ServiceAccount', metadata: { annotations: { 'azure.workload.identity/client-id': CLIENT } } }] });
    expect(changes[2]).toMatchObject({
      manifests: [
        {
          kind: 'Deployment',
          spec: { template: { metadata: { labels: { 'azure.workload.identity/use': 'true', aadpodidbinding: null } }, spec: { serviceAccountName: 'web' } } },
        },
      ],
    });
    expect(changes[2]?.after).toEqual(changes.slice(0, 2).map(({ id }) => id));
  });

  test('one with its own account keeps it; two of one account share a credential', () => {
    const own = { spec: { containers: [], serviceAccountName: 'pay' } };
    const changes = move({ workloads: [workload('web', own), workload('worker', own)], serviceAccounts: [account('pay')] });
    expect(kinds(changes)).toEqual(['arm.put credential-shop/pay', 'kube.patch account-shop/pay', 'manual roll-out']);
  });

  test('an account that stands for another identity, or is shared with one, is left alone', () => {
    const spec = { containers: [], serviceAccountName: 'pay' };
    const taken = account('pay', { annotations: { 'azure.workload.identity/client-id': 'other' } });
    expect(kinds(move({ workloads: [workload('web', { spec })], serviceAccounts: [taken] }))).toContain('kube.apply account-shop/web');
    const other = workload('mail', { spec, podLabels: { aadpodidbinding: 'mail' } });
    expect(kinds(move({ workloads: [workload('web', { spec }), other], serviceAccounts: [account('pay')] }))).toContain('kube.apply account-shop/web');
  });

  test('what Flux keeps is told with its patch, and the account there is not written', () => {
    const keeper = { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=shop' } as const;
    const spec = { containers: [], serviceAccountName: 'pay' };
    const changes = move({ workloads: [workload('web', { spec, keeper })], serviceAccounts: [account('pay', { keeper })] });
    expect(kinds(changes)).toEqual(['arm.put credential-shop/pay', 'manual roll-out']);
    const manual = changes[1] as ManualChange;
    expect(manual.manifests?.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Deployment']);
    expect(manual.instructions.join(' ')).toContain('Flux’s Kustomization shop');
  });

  test('a label that leads nowhere is told; a bare pod has no patch; a proxy is asked for', () => {
    const lost = workload('lost', { podLabels: { aadpodidbinding: 'nobody' } });
    const manual = move({ workloads: [workload('web'), workload('one', { kind: 'Pod', apiVersion: 'v1' }), lost] }, { 'proxy-sidecar': true }).at(
      -1,
    ) as ManualChange;
    expect(manual.instructions.join(' ')).toContain('label nobody leads to no identity');
    expect(JSON.stringify(manual.manifests)).toContain('inject-proxy-sidecar');
    expect(manual.manifests?.map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  test.each<[string, Facts, RegExp]>([
    ['the issuer is not there yet', using({ workloads: [workload('web')] }, {}), /Turn workload identity on first/],
    ['nobody uses it', using({ workloads: [] }), /nothing to move/],
    ['no label leads to an identity', using({ podIdentities: [], workloads: [workload('web')] }), /None of the labels/],
  ])('refused where %s', (_name, of, words) => expect(() => decide(workloadIdentity, of, 'move-applications')).toThrow(words));

  test('the add-on does not go while a pod carries the label', () => {
    const plan = decide(workloadIdentity, using({ workloads: [workload('web')] }, { ...on, ...podIdentity(0) }), 'migrate');
    expect(guardOf(plan, 'pod-identity-users')).toBe('refuse');
  });
});

describe('tokens of default accounts', () => {
  const open = account('default');
  const closed = account('default', { namespace: 'pay', automountToken: false });
  test.each<[string, readonly ServiceAccountFacts[], string]>([
    ['none at all', [], 'not-applicable'],
    ['only of AKS', [account('default', { namespace: 'kube-system' })], 'not-applicable'],
    ['all closed', [closed], 'pass'],
    ['one open', [open, closed], 'partial'],
    ['said aloud', [account('default', { automountToken: true })], 'fail'],
    ['another account does not count', [account('web'), closed], 'pass'],
  ])('16.4, %s: %s', (_name, serviceAccounts, status) => expect(statusOf(workloadIdentity, using({ serviceAccounts, workloads: [] }), '16.4')).toBe(status));

  const tokens = (known: Partial<FactValues>, values = {}) =>
    decide(workloadIdentity, using({ serviceAccounts: [open], ...known }), 'no-default-tokens', values);

  test('namespaces where a pod gets the token are not chosen beforehand, and are told when they are', () => {
    expect(tokens({ workloads: [workload('web')] }).changes).toEqual([]);
    const asked = tokens({ workloads: [workload('web')] }, { 'token-namespaces': ['shop'] });
    expect([asked.changes.length, guardOf(asked, 'default-token-users')]).toEqual([1, 'warn']);
    const quiet = tokens({ workloads: [workload('web', { spec: { automountServiceAccountToken: false } })] });
    expect([quiet.changes.length, guardOf(quiet, 'default-token-users')]).toEqual([1, 'clear']);
    expect(() => tokens({ workloads: [] }, { 'token-namespaces': ['kube-system'] })).toThrow('Known are: shop');
  });

  test('the way back takes the setting off, or sets it as it was', () => {
    expect(tokens({ workloads: [] }).changes[0]).toMatchObject({ patch: { automountServiceAccountToken: false }, before: {} });
    const said = tokens({ workloads: [], serviceAccounts: [account('default', { automountToken: true })] });
    expect(said.changes[0]).toMatchObject({ before: { automountServiceAccountToken: true } });
  });
});
