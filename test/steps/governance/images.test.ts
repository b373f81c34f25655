import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArmResource, FactKey, Facts, FactValues, Workload } from '../../../src/model/facts.ts';
import { at, type JsonObject, path } from '../../../src/model/json.ts';
import { ownAssignment } from '../../../steps/governance/images/assignments.ts';
import { registryOf } from '../../../steps/governance/images/inventory.ts';
import { approvable, isBoundless, matcherOf, patternFor } from '../../../steps/governance/images/pattern.ts';
import { images } from '../../../steps/governance/images.ts';
import { policy } from '../../../steps/governance/policy.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { CLUSTER_ID, cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';
import { bench, sent, troubles } from '../on-practice.ts';

const addOn: JsonObject = { addonProfiles: { azurepolicy: { enabled: true } } };
const DEFINITION = '/providers/Microsoft.Authorization/policyDefinitions/febd0533-8e55-448f-b837-bd0e06f16469';
const OURS = patternFor(['shop.azurecr.io']);

function assignment(name: string, parameters: JsonObject, rest: JsonObject = {}): ArmResource {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/${name}`,
    name,
    properties: { policyDefinitionId: DEFINITION, enforcementMode: 'Default', parameters, ...rest },
  };
}
const rule = (effect: string | undefined, pattern = OURS, rest: JsonObject = {}): JsonObject => ({
  ...(effect === undefined ? {} : { effect: { value: effect } }),
  allowedContainerImagesRegex: { value: pattern },
  ...rest,
});

const running = (image: string, more: Partial<Workload> = {}): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  pods: 2,
  podLabels: {},
  podAnnotations: {},
  spec: { containers: [{ name: 'web', image }] },
  ...more,
});
const own = running('shop.azurecr.io/web:1');
const registries = [{ id: '/r', name: 'shop', properties: { loginServer: 'shop.azurecr.io' } }];

type Known = { readonly [K in FactKey]?: FactValues[K] | string };
const facts = (policyAssignments: readonly ArmResource[] | string, known: Known = {}, properties: JsonObject = addOn): Facts =>
  factsOf(cluster({ properties }), { ...readable, workloads: [own], registries, siblingClusters: [{ id: CLUSTER_ID }], policyAssignments, ...known });

describe('20.3', () => {
  test.each([
    ['nothing is assigned', [], {}, 'fail'],
    ['another definition', [{ name: 'x', properties: { policyDefinitionId: `${DEFINITION}0` } }], {}, 'fail'],
    ['refusing', [assignment('a', rule('Deny'))], {}, 'pass'],
    ['refusing by the definition’s own default', [assignment('a', rule(undefined))], {}, 'pass'],
    ['reporting', [assignment('a', rule('audit'))], {}, 'partial'],
    ['not enforced', [assignment('a', rule('Deny'), { enforcementMode: 'DoNotEnforce' })], {}, 'partial'],
    ['switched off', [assignment('a', rule('Disabled'))], {}, 'fail'],
    ['one of two refuses', [assignment('a', rule('audit')), assignment('b', rule('deny'))], {}, 'pass'],
    ['a pattern for everything', [assignment('a', rule('Deny', '.*'))], {}, 'partial'],
    ['for some namespaces alone', [assignment('a', rule('Deny', OURS, { namespaces: { value: ['shop'] } }))], {}, 'partial'],
    ['an image from elsewhere runs', [assignment('a', rule('Deny'))], { workloads: [own, running('docker.io/library/nginx:1')] }, 'partial'],
    [
      'in an init container',
      [assignment('a', rule('Deny'))],
      { workloads: [running('shop.azurecr.io/a:1', { spec: { initContainers: [{ image: 'x/y' }] } })] },
      'partial',
    ],
    ['where it never looks', [assignment('a', rule('Deny'))], { workloads: [running('quay.io/x/y:1', { namespace: 'kube-system' })] }, 'pass'],
    [
      'where it was told not to look',
      [assignment('a', rule('Deny', OURS, { excludedNamespaces: { value: ['lab'] } }))],
      { workloads: [running('quay.io/x/y:1', { namespace: 'lab' })] },
      'pass',
    ],
    [
      'in a namespace of an add-on, from Microsoft',
      [assignment('a', rule('Deny'))],
      { workloads: [running('mcr.microsoft.com/x:1', { namespace: 'calico-system' })] },
      'pass',
    ],
    ['what runs was not read', [assignment('a', rule('Deny'))], { workloads: 'not allowed' }, 'pass'],
    ['what runs was not read, nothing assigned', [], { workloads: 'not allowed' }, 'fail'],
    ['a pattern that is not tried here', [assignment('a', rule('Deny', '^((a+)+)+$'))], { workloads: [running('zzz/y:1')] }, 'pass'],
    ['assignments were not read', 'not allowed', {}, 'unknown'],
  ] as const)('%s', (_name, assignments, known, status) => expect(statusOf(images, facts(assignments, known), '20.3')).toBe(status));

  test('without the add-on nothing carries it out; AKS Automatic has it', () => {
    const refusing = [assignment('a', rule('Deny'))];
    expect(statusOf(images, facts(refusing, {}, {}), '20.3')).toBe('partial');
    const automatic = { ...facts(refusing), cluster: cluster({ sku: { name: 'Automatic' } }) };
    expect(statusOf(images, automatic, '20.3')).toBe('pass');
  });

  test('a pass tells what it does not rest on', () => {
    const unread = images.assess(facts([assignment('a', rule('Deny'))], { workloads: 'not allowed' }))['20.3'];
    expect(unread?.status === 'pass' && unread.note).toMatch(/not read: not allowed/);
    const intricate = images.assess(facts([assignment('a', rule('Deny', '^((a+)+)+$'))]))['20.3'];
    expect(intricate?.status === 'pass' && intricate.note).toMatch(/too intricate/);
  });

  test('names each image and who runs it', () => {
    const of = facts([assignment('a', rule('Deny'))], { workloads: [running('evil\u001b[2J.io/x:1'), running('evil\u001b[2J.io/x:1', { name: 'api' })] });
    const found = images.assess(of)['20.3'];
    expect(found && 'evidence' in found && found.evidence[1]).toMatchObject({ path: 'image of shop/web and 1 more', actual: 'evil.io/x:1' });
  });
});

test.each([
  ['nginx', 'docker.io'],
  ['nginx:1.2', 'docker.io'],
  ['bitnami/redis:7', 'docker.io'],
  ['docker.io/library/nginx', 'docker.io'],
  ['localhost/x', 'localhost'],
  ['localhost:5000/x', 'localhost:5000'],
  ['Shop.azurecr.io/a/b@sha256:0', 'shop.azurecr.io'],
] as const)('%s comes from %s', (image, registry) => expect(registryOf(image)).toBe(registry));

describe('the pattern', () => {
  const lets = (approved: readonly string[], image: string) => matcherOf(patternFor(approved))?.(image);
  test.each([
    [['shop.azurecr.io'], 'shop.azurecr.io/web:1', true],
    [['shop.azurecr.io'], 'mcr.microsoft.com/x/y@sha256:00', true],
    [['shop.azurecr.io'], 'shopXazurecr.io/web:1', false],
    [['shop.azurecr.io'], 'shop.azurecr.io.evil.io/web:1', false],
    [['shop.azurecr.io'], 'evil.io/shop.azurecr.io/web:1', false],
    [['shop.azurecr.io'], 'nginx', false],
    [['ghcr.io/our-team'], 'ghcr.io/our-team/x', true],
    [['ghcr.io/our-team'], 'ghcr.io/our-team-2/x', false],
    [['docker.io'], 'nginx:1', true],
    [['docker.io'], 'bitnami/redis', true],
    [['docker.io'], 'quay.io/x', false],
    [['docker.io'], 'evil:5000/x', false],
  ] as const)('of %j for %s: %s', (approved, image, wanted) => expect(lets(approved, image)).toBe(wanted));

  test('lets pass what is on the list and nothing that is not, whatever is on it', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const host = fc.tuple(label, label).map(([a, b]) => `${a}.${b}`);
    fc.assert(
      fc.property(fc.uniqueArray(host, { minLength: 1, maxLength: 4 }), host, label, (approved, other, repository) => {
        for (const one of approved) {
          expect(approvable.test(one)).toBe(true);
          expect(lets(approved, `${one}/${repository}:1`)).toBe(true);
        }
        expect(lets(approved, `${other}/${repository}:1`)).toBe(approved.includes(other));
        const matches = matcherOf(patternFor(approved));
        expect(matches && isBoundless(matches)).toBe(false);
      }),
    );
  });

  test.each(['(a+)+$', '(.*)*', '^(a|b){2,}$', '.*.*.*.*x', '(?=x)y', String.raw`(a)\1`, '(', '(?i)x', 'x'.repeat(3000)])('%s is not tried here', (pattern) => {
    expect(matcherOf(pattern)).toBeUndefined();
  });

  test('of the definition’s own examples is tried', () => {
    expect(matcherOf(String.raw`^[^\/]+\.azurecr\.io\/.+$`)?.('shop.azurecr.io/x')).toBe(true);
    expect(matcherOf(String.raw`^([^\/]+\.azurecr\.io|registry\.io)\/.+$`)?.('evil.io/x')).toBe(false);
  });

  test('is tried in a moment, however long a name is', () => {
    const started = performance.now();
    for (const pattern of ['^.+.+.+$', '^[^/]+/.*/.+$', patternFor(['docker.io', 'shop.azurecr.io'])]) matcherOf(pattern)?.(`${'a'.repeat(5000)}\n`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('approved registries', () => {
  test('stand as the subscription’s own that are used; the rest is for a person', () => {
    const mixed = facts([], {
      workloads: [own, running('quay.io/x:1')],
      registries: [...registries, { id: '/s', properties: { loginServer: 'other.azurecr.io' } }],
    });
    const [param] = images.params;
    expect(param?.defaultValue(mixed)).toEqual(['shop.azurecr.io']);
    expect(param?.suggestions?.(mixed).map(({ value }) => value)).toEqual(['quay.io', 'shop.azurecr.io']);
    expect(param?.defaultValue(facts([], { registries: [] }))).toBeUndefined();
    expect(() => decide(images, facts([], { registries: [] }), 'audit')).toThrow(/approved/i);
  });

  test.each(['https://shop.azurecr.io', '*.azurecr.io', 'azurecr.io', '*', 'Shop.azurecr.io', 'shop.azurecr.io/', 'a|b', '(.*)', '', 'shop.azurecr.io/.*'])(
    'refuses %s',
    (registry) => expect(() => decide(images, facts([]), 'audit', { 'approved-registries': [registry] })).toThrow(),
  );
});

describe('plan', () => {
  test('audit assigns the definition on the resource group, with the list and Microsoft’s registry', () => {
    const { changes } = decide(images, facts([]), 'audit');
    const [change] = changes;
    expect(change?.kind === 'arm.put' && [change.target.id, change.body]).toEqual([
      ownAssignment(facts([])).id,
      {
        properties: {
          displayName: 'Kubernetes images from approved registries (audit)',
          policyDefinitionId: DEFINITION,
          enforcementMode: 'Default',
          parameters: { effect: { value: 'audit' }, allowedContainerImagesRegex: { value: String.raw`^(mcr\.microsoft\.com|shop\.azurecr\.io)/.+$` } },
        },
      },
    ]);
  });

  const mine = (effect: string, rest: JsonObject = {}): ArmResource => ({
    ...assignment('aks-approved-images', rule(effect, OURS, rest)),
    id: ownAssignment(facts([])).id,
  });

  test('deny turns the assignment that reports, and keeps what else was set', () => {
    const of = facts([mine('audit', { excludedNamespaces: { value: ['kube-system', 'lab'] } })]);
    const plan = decide(images, of, 'deny');
    const [change] = plan.changes;
    expect(change?.kind === 'arm.put' && at(change.body, path('properties.parameters'))).toEqual({
      effect: { value: 'deny' },
      allowedContainerImagesRegex: { value: OURS },
      excludedNamespaces: { value: ['kube-system', 'lab'] },
    });
    expect([guardOf(plan, 'images-outside'), guardOf(plan, 'audit-first'), guardOf(plan, 'policy-add-on'), guardOf(plan, 'other-clusters')]).toEqual([
      'clear',
      'clear',
      'clear',
      'clear',
    ]);
  });

  test('what is in place is not written again, here or further up', () => {
    expect(decide(images, facts([mine('deny')]), 'deny').changes).toEqual([]);
    expect(decide(images, facts([assignment('above', rule('Deny'))]), 'deny').changes).toEqual([]);
    expect(decide(images, facts([assignment('above', rule('audit'))]), 'audit').changes).toEqual([]);
    expect(decide(images, facts([assignment('above', rule('audit'))]), 'deny').changes).toHaveLength(1);
  });

  test('a new list is written', () => {
    expect(decide(images, facts([mine('audit')]), 'audit', { 'approved-registries': ['other.azurecr.io'] }).changes).toHaveLength(1);
  });

  test('images outside of the list are named, and stop it', () => {
    const of = facts([], { workloads: [own, running('quay.io/x:1', { name: 'cache' })] });
    const plan = decide(images, of, 'deny');
    const guard = plan.guards.find(({ id }) => id === 'images-outside');
    expect(guard?.verdict).toBe('refuse');
    expect(guard?.detail).toContain('quay.io/x:1 (shop/cache)');
    expect(guardOf(plan, 'audit-first')).toBe('warn');
    expect(
      decide(images, of, 'deny', { 'approved-registries': ['shop.azurecr.io', 'quay.io'] }).guards.find(({ id }) => id === 'images-outside')?.verdict,
    ).toBe('clear');
    // At audit nothing is refused, and nobody is asked.
    expect(guardOf(decide(images, of, 'audit'), 'images-outside')).toBeUndefined();
  });

  test('what was not read is not taken for nothing', () => {
    const plan = decide(images, facts([], { workloads: 'not allowed', siblingClusters: 'not allowed' }), 'deny');
    const guard = plan.guards.find(({ id }) => id === 'images-outside');
    expect([guard?.verdict, guard?.override, guardOf(plan, 'other-clusters')]).toEqual(['unknown', 'the list holds every registry', 'unknown']);
    expect(() => decide(images, facts('not allowed'), 'audit')).toThrow(/not allowed/);
  });

  test('neighbours in the resource group are named', () => {
    const neighbour = { id: CLUSTER_ID.replace(/shop$/, 'stage') };
    const elsewhere = { id: CLUSTER_ID.replace('rg-shop', 'rg-other') };
    const plan = decide(images, facts([], { siblingClusters: [{ id: CLUSTER_ID.toUpperCase() }, neighbour, elsewhere] }), 'deny');
    expect(plan.guards.find(({ id }) => id === 'other-clusters')).toMatchObject({ verdict: 'warn', detail: expect.stringMatching(/^stage in the same/) });
  });
});

describe('recommended', () => {
  const recommended = (of: Facts) => images.options(of).flatMap(({ id, recommended: why }) => (why === undefined ? [] : [id]));
  test.each([
    ['reports first', facts([]), ['audit']],
    ['then refuses, where nothing that runs is refused', facts([assignment('a', rule('audit'))]), ['deny']],
    ['not while something would be', facts([assignment('a', rule('audit'))], { workloads: [running('quay.io/x:1')] }), []],
    ['nothing where it refuses', facts([assignment('a', rule('deny'))]), []],
    ['nothing where assignments were not read', facts('not allowed'), []],
  ] as const)('%s', (_name, of, ids) => expect(recommended(of)).toEqual(ids));
});

test('on a practice cluster: the add-on, a report, a refusal, and nothing twice', async () => {
  const { carryOut } = await bench('typical', [policy, images]);
  expect(troubles((await carryOut(policy, 'add-on')).events)).toEqual([]);
  const audit = await carryOut(images, 'audit');
  expect([sent(audit.events), statusOf(images, audit.facts, '20.3')]).toEqual([['governance.images/audit'], 'partial']);
  const deny = await carryOut(images, 'deny');
  expect([sent(deny.events), statusOf(images, deny.facts, '20.3')]).toEqual([['governance.images/deny'], 'pass']);
  expect(sent((await carryOut(images, 'deny')).events)).toEqual([]);
});
