import { describe, expect, test } from 'vitest';
import type { ManualChange } from '../../../src/model/change.ts';
import type { Facts, IngressFacts } from '../../../src/model/facts.ts';
import { at, path } from '../../../src/model/json.ts';
import { ingressTls as step } from '../../../steps/governance/ingress-tls.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const ingress = (name: string, rest: Partial<IngressFacts> = {}): IngressFacts => ({
  namespace: 'shop',
  name,
  kind: 'Ingress',
  annotations: {},
  hosts: ['shop.example.com'],
  tls: [],
  ...rest,
});
const withAddOn = cluster({ properties: { addonProfiles: { azurepolicy: { enabled: true } } } });
const facts = (...ingresses: readonly IngressFacts[]): Facts => factsOf(withAddOn, { ...readable, ingresses });
const NGINX = 'nginx.ingress.kubernetes.io/';
const certified = (...hosts: readonly string[]) => ({ tls: [{ hosts, secretName: 'web-tls' }] });

describe('verdicts', () => {
  test.each<[string, readonly IngressFacts[], string]>([
    ['no Ingress at all', [], 'not-applicable'],
    ['only one of AKS', [ingress('dashboard', { namespace: 'kube-system' })], 'not-applicable'],
    ['one of AKS by its keeper', [ingress('gate', { keeper: { tool: 'aks', sign: 'x' } })], 'not-applicable'],
    ['no certificate', [ingress('web')], 'fail'],
    ['a certificate for its host', [ingress('web', certified('shop.example.com'))], 'pass'],
    ['the host in another case', [ingress('web', certified('Shop.Example.com'))], 'pass'],
    ['a wildcard for one label', [ingress('web', certified('*.example.com'))], 'pass'],
    ['a wildcard does not reach two labels', [ingress('web', { hosts: ['a.shop.example.com'], ...certified('*.example.com') })], 'fail'],
    ['a wildcard is not its own domain', [ingress('web', { hosts: ['example.com'], ...certified('*.example.com') })], 'fail'],
    ['the default certificate', [ingress('web', certified())], 'pass'],
    ['a rule for every host, and a certificate for one', [ingress('web', { hosts: ['*'], ...certified('shop.example.com') })], 'fail'],
    ['only a default backend', [ingress('web', { hosts: [] })], 'fail'],
    ['one of two hosts', [ingress('web', { hosts: ['a.example.com', 'b.example.com'], ...certified('a.example.com') })], 'fail'],
    ['one of two Ingresses', [ingress('web'), ingress('api', certified('shop.example.com'))], 'partial'],
    ['a Gateway with HTTPS and HTTP for one host', [ingress('gate', { kind: 'Gateway', ...certified('shop.example.com') })], 'pass'],
    ['a Gateway with HTTP alone', [ingress('gate', { kind: 'Gateway' })], 'fail'],
    ['a Gateway without a listener for HTTP', [ingress('gate', { kind: 'Gateway', hosts: [] })], 'pass'],
    [
      'a Gateway whose plain listener for every host may only redirect',
      [ingress('gate', { kind: 'Gateway', hosts: ['*', 'shop.example.com'], ...certified('shop.example.com') })],
      'partial',
    ],
    ['a redirect that is off', [ingress('web', { ...certified('shop.example.com'), annotations: { [`${NGINX}ssl-redirect`]: 'false' } })], 'partial'],
    [
      'a redirect that is off, and forced',
      [ingress('web', { ...certified('shop.example.com'), annotations: { [`${NGINX}ssl-redirect`]: 'false', [`${NGINX}force-ssl-redirect`]: 'true' } })],
      'pass',
    ],
    ['a redirect that is off, without a certificate', [ingress('web', { annotations: { [`${NGINX}ssl-redirect`]: 'false' } })], 'fail'],
    [
      'a certificate of the Application Gateway itself',
      [ingress('web', { annotations: { 'appgw.ingress.kubernetes.io/appgw-ssl-certificate': 'shop' } })],
      'pass',
    ],
  ])('%s', (_name, ingresses, status) => {
    expect(statusOf(step, facts(...ingresses), '20.11')).toBe(status);
  });

  test('unread is unknown, and only the report can be chosen', () => {
    const unread = factsOf(withAddOn, readable);
    expect(statusOf(step, unread, '20.11')).toBe('unknown');
    expect(step.options(unread).map(({ id, unavailable }) => [id, unavailable === undefined])).toEqual([
      ['own-certificates', false],
      ['cert-manager', false],
      ['audit', true],
    ]);
  });
});

describe('patches', () => {
  const patchesOf = (option: string, ...ingresses: readonly IngressFacts[]) =>
    (decide(step, facts(...ingresses), option, option === 'cert-manager' ? { issuer: 'letsencrypt' } : {}).changes[0] as ManualChange | undefined)?.manifests;

  test('keep the certificates that are there, and name a Secret of their own', () => {
    const [patch] = patchesOf('own-certificates', ingress('web', { hosts: ['a.example.com', 'b.example.com'], ...certified('a.example.com') })) ?? [];
    expect(patch).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace: 'shop', annotations: { 'kubernetes.io/ingress.allow-http': 'false' } },
      spec: {
        tls: [
          { hosts: ['a.example.com'], secretName: 'web-tls' },
          { hosts: ['b.example.com'], secretName: 'web-tls-2' },
        ],
      },
    });
  });

  test('name the issuer for cert-manager', () => {
    const [patch] = patchesOf('cert-manager', ingress('web')) ?? [];
    expect(at(patch, ['metadata', 'annotations', 'cert-manager.io/cluster-issuer'])).toBe('letsencrypt');
    expect(() => decide(step, facts(ingress('web')), 'cert-manager', { issuer: '$(reboot)' })).toThrow('ClusterIssuer');
  });

  test('a rule for every host gets the default certificate: no host is named', () => {
    const [patch] = patchesOf('own-certificates', ingress('web', { hosts: ['*'] })) ?? [];
    expect(at(patch, path('spec.tls'))).toEqual([{ secretName: 'web-tls' }]);
  });

  test('a Gateway, a name that no API server takes, and one that Flux keeps are told', () => {
    const flux = { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=shop' } as const;
    const { changes, guards } = decide(
      step,
      facts(ingress('gate', { kind: 'Gateway' }), ingress('$(reboot)'), ingress('kept', { keeper: flux })),
      'own-certificates',
    );
    const [change] = changes as readonly ManualChange[];
    expect(change?.manifests).toHaveLength(1);
    expect(change?.instructions.slice(0, 3)).toEqual([
      expect.stringContaining('listener of protocol HTTPS'),
      expect.stringContaining('no manifest'),
      expect.stringContaining('Flux’s Kustomization shop'),
    ]);
    expect(guards.map(({ id, verdict }) => [id, verdict])).toEqual([['plain-callers', 'warn']]);
  });

  test('of the application routing add-on name the Secret that it fills from a Key Vault', () => {
    const { changes } = decide(step, facts(ingress('web', { className: 'webapprouting.kubernetes.azure.com' })), 'own-certificates');
    const [change] = changes as readonly ManualChange[];
    expect(at(change?.manifests?.[0], path('spec.tls'))).toEqual([{ hosts: ['shop.example.com'], secretName: 'keyvault-web' }]);
    expect(change?.instructions[0]).toContain('kubernetes.azure.com/tls-cert-keyvault-uri');
    expect(change?.instructions.join()).toContain('az aks approuting update');
    const plain = decide(step, facts(ingress('web')), 'own-certificates').changes[0] as ManualChange;
    expect(plain.instructions.join()).not.toContain('approuting');
  });

  test('turn plain HTTP away where an annotation lets it in; a Gateway is told', () => {
    const off = ingress('web', { ...certified('shop.example.com'), annotations: { [`${NGINX}ssl-redirect`]: 'false' } });
    const gate = ingress('gate', { kind: 'Gateway', hosts: ['*', 'shop.example.com'], ...certified('shop.example.com') });
    const { changes } = decide(step, facts(off, gate), 'own-certificates');
    expect(changes.map(({ id }) => id)).toEqual([`${step.id}/redirect`]);
    expect((changes[0] as ManualChange).manifests).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web', namespace: 'shop', annotations: { [`${NGINX}ssl-redirect`]: 'true', 'kubernetes.io/ingress.allow-http': 'false' } },
      },
    ]);
    expect((changes[0] as ManualChange).instructions[1]).toContain('Gateway shop/gate');
  });

  test('the report says how many Ingresses it would list, with certificates too', () => {
    const marked = ingress('api', { ...certified('shop.example.com'), annotations: { 'kubernetes.io/ingress.allow-http': 'false' } });
    const tradeOff = step.options(facts(ingress('web', certified('shop.example.com')), marked)).find(({ id }) => id === 'audit')?.tradeOff;
    expect(tradeOff).toContain('1 Ingress here would be listed');
  });

  test('nothing to do where all is certified', () => {
    expect(patchesOf('own-certificates', ingress('web', certified('shop.example.com')))).toBeUndefined();
  });
});

describe('the choice', () => {
  const recommended = (...ingresses: readonly IngressFacts[]) =>
    step
      .options(facts(...ingresses))
      .filter((option) => option.recommended)
      .map(({ id }) => id);

  test('cert-manager where it is at work already, else certificates of one’s own', () => {
    expect(recommended(ingress('web'))).toEqual(['own-certificates']);
    const annotations = { 'cert-manager.io/cluster-issuer': 'le' };
    expect(recommended(ingress('web'), ingress('api', { annotations, ...certified('shop.example.com') }))).toEqual(['cert-manager']);
    expect(recommended(ingress('web', certified('shop.example.com')))).toEqual([]);
  });

  test('the report needs the add-on, and is assigned once', () => {
    const audit = decide(step, facts(ingress('web')), 'audit');
    expect(audit.changes.map(({ kind, controls }) => [kind, controls])).toEqual([['arm.put', []]]);
    expect(guardOf(audit, 'permission:Microsoft.Authorization/policyAssignments/write')).toBeDefined();
    const without = factsOf(cluster(), { ...readable, ingresses: [ingress('web')] });
    expect(() => decide(step, without, 'audit')).toThrow('governance.policy first');
    const assigned = {
      id: '/x',
      name: 'ours',
      properties: { policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/1A5B4DCA-0b6f-4cf5-907c-56316bc1bf3d' },
    };
    expect(decide(step, factsOf(withAddOn, { ...readable, ingresses: [ingress('web')], policyAssignments: [assigned] }), 'audit').changes).toEqual([]);
  });
});
