import { describe, expect, test } from 'vitest';
import type { FactKey, Facts, FactValues, Keeper, Workload } from '../../../src/model/facts.ts';
import { at, type Json, type JsonObject, list, path } from '../../../src/model/json.ts';
import { mergeFields } from '../../../src/practice/kube-fields.ts';
import { reducedPodSpec } from '../../../src/snapshot/kubernetes/pod-spec.ts';
import { secrets } from '../../../steps/pod/secrets.ts';
import { decide, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable, TENANT } from '../fixture.ts';

const vault = { 'vault-name': 'kv-shop' };
const on: JsonObject = { addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'true' } } } };

const reference = { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
const password = { env: [{ name: 'LEVEL', value: 'info' }, reference] };
const container = (more: JsonObject = {}): JsonObject => ({ name: 'web', image: 'shop.azurecr.io/web:1', ...more });

function workload(spec: JsonObject, more: Partial<Workload> = {}): Workload {
  const own = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', pods: 2 };
  return { ...own, podLabels: {}, podAnnotations: {}, spec: reducedPodSpec(spec), ...more };
}
const using = (more: Partial<Workload> = {}): Workload => workload({ containers: [container(password)] }, more);

function facts(workloads: readonly Workload[] | string, more: { readonly [K in FactKey]?: FactValues[K] | string } = {}, properties: JsonObject = on): Facts {
  return factsOf(cluster({ properties }), { ...readable, workloads, secretProviderClasses: [], ...more });
}

describe('18.3', () => {
  test.each([
    ['a variable from a Secret', [using()], 'fail'],
    ['a whole Secret', [workload({ containers: [container({ envFrom: [{ secretRef: { name: 'db' } }] })] })], 'fail'],
    ['in an init container', [workload({ containers: [container()], initContainers: [container(password)] })], 'fail'],
    ['in an ephemeral container', [workload({ containers: [container()], ephemeralContainers: [container(password)] })], 'fail'],
    ['a controller without pods', [using({ pods: 0 })], 'fail'],
    ['one of many', [using(), ...['a', 'b', 'c'].map((name) => workload({ containers: [container()] }, { name }))], 'fail'],
    [
      'variables that are no secret',
      [workload({ containers: [container({ env: [{ name: 'A', value: 'b' }], envFrom: [{ configMapRef: { name: 'c' } }] })] })],
      'pass',
    ],
    ['a Secret as a volume', [workload({ containers: [container()], volumes: [{ name: 's', secret: { secretName: 'db' } }] })], 'pass'],
    ['in a namespace of AKS alone', [using({ namespace: 'kube-system' })], 'not-applicable'],
    ['kept by AKS', [using({ keeper: { tool: 'aks', sign: 'x' } })], 'not-applicable'],
    ['nothing runs', [], 'not-applicable'],
    ['not read', 'pods may not be listed', 'unknown'],
  ] as const)('%s', (_name, workloads, status) => expect(statusOf(secrets, facts(workloads), '18.3')).toBe(status));

  test('a namespace is the system’s by its label too', () => {
    const namespaces = [{ name: 'mesh', labels: {}, system: true }];
    expect(statusOf(secrets, facts([using({ namespace: 'mesh' })], { namespaces }), '18.3')).toBe('not-applicable');
  });

  test('tells where, which Secret and which key, and cleans every name', () => {
    const found = secrets.assess(facts([using({ name: 'we\u001b[31mb' })]))['18.3'];
    const [evidence] = found && 'evidence' in found ? found.evidence : [];
    expect(evidence?.path).toBe('Deployment/shop/web spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef');
    expect(evidence?.actual).toBe('DB_PASSWORD from Secret db (key password)');
  });

  test('a long list is counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => using({ name: `web-${i}` }));
    const found = secrets.assess(facts(many))['18.3'];
    expect(found && 'evidence' in found && [found.evidence.length, found.evidence.at(-1)?.actual]).toEqual([21, 'and 10 more workloads']);
  });

  test('Secrets that a class makes are told', () => {
    const classes = [{ namespace: 'shop', name: 'a', provider: 'azure', syncs: true }];
    const found = secrets.assess(facts([workload({ containers: [container()] })], { secretProviderClasses: classes }))['18.3'];
    expect(found?.status === 'pass' && found.note).toMatch(/1 SecretProviderClass also makes Kubernetes Secrets/);
  });
});

describe('18.1 sees a store that workloads show', () => {
  const off = { addonProfiles: {} };
  const csi = { name: 'v', csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'v' } } };
  test.each([
    ['Vault’s injector', workload({ containers: [container()] }, { podAnnotations: { 'vault.hashicorp.com/agent-inject': 'true' } }), 'pass'],
    ['Vault’s injector, off', workload({ containers: [container()] }, { podAnnotations: { 'vault.hashicorp.com/agent-inject': 'false' } }), 'fail'],
    ['External Secrets', workload({ containers: [container({ image: 'oci.external-secrets.io/external-secrets/external-secrets:v2' })] }), 'pass'],
    ['a driver of one’s own', workload({ containers: [container()], volumes: [csi] }), 'pass'],
    ['none', using(), 'fail'],
  ] as const)('%s', (_name, one, status) => expect(statusOf(secrets, facts([one], {}, off), '18.1')).toBe(status));
});

describe('recommended', () => {
  const recommended = (of: Facts) => secrets.options(of).flatMap(({ id, recommended: why }) => (why === undefined ? [] : [id]));
  test.each([
    ['the provider first', facts([using()], {}, {}), ['key-vault']],
    ['then files', facts([using()]), ['files']],
    ['nothing to turn into files', facts([]), ['key-vault']],
  ] as const)('%s', (_name, of, ids) => expect(recommended(of)).toEqual(ids));
});

/** A workload's object as it stands in the cluster, and as it is once the patch has been merged. */
function patched(object: JsonObject, patch: JsonObject | undefined): Json | undefined {
  return mergeFields(object, patch ?? {});
}
const deployment = (spec: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 2, template: { metadata: { labels: { app: 'web' } }, spec } },
});
const manifestsOf = (of: Facts, option: string, values: JsonObject = vault) =>
  decide(secrets, of, option, values as never).changes.flatMap((change) => (change.kind === 'manual' ? (change.manifests ?? []) : []));

describe('files', () => {
  const spec: JsonObject = {
    containers: [container({ ...password, envFrom: [{ secretRef: { name: 'db' } }, { configMapRef: { name: 'settings' } }] }), { name: 'side', image: 'x' }],
    volumes: [{ name: 'key-vault', emptyDir: {} }],
  };

  test('variables go, a folder comes, and everything else stays', () => {
    const [provider, patch] = manifestsOf(facts([workload(spec)]), 'files');
    const after = at(patched(deployment(spec), patch), path('spec.template.spec'));
    const [web, side] = list(at(after, ['containers']));
    expect(at(web, ['env'])).toEqual([{ name: 'LEVEL', value: 'info' }]);
    expect(at(web, ['envFrom'])).toEqual([{ configMapRef: { name: 'settings' } }]);
    expect(at(web, ['volumeMounts'])).toEqual([{ name: 'key-vault-2', mountPath: '/mnt/key-vault', readOnly: true }]);
    expect(side).toEqual({ name: 'side', image: 'x' });
    expect(list(at(after, ['volumes'])).map((volume) => at(volume, ['name']))).toEqual(['key-vault', 'key-vault-2']);
    const csi = at(list(at(after, ['volumes']))[1], ['csi']);
    expect(at(csi, path('volumeAttributes.secretProviderClass'))).toBe(at(provider, path('metadata.name')));
    expect(statusOf(secrets, facts([workload(after as JsonObject)]), '18.3')).toBe('pass');
  });

  test('the class names the vault, the tenant and each key once', () => {
    const serviceAccounts = [{ namespace: 'shop', name: 'default', annotations: { 'azure.workload.identity/client-id': 'c1' } }];
    const [provider] = manifestsOf(facts([using()], { serviceAccounts }), 'files');
    expect(at(provider, ['spec'])).toEqual({
      provider: 'azure',
      parameters: {
        usePodIdentity: 'false',
        clientID: 'c1',
        keyvaultName: 'kv-shop',
        tenantId: TENANT,
        objects: 'array:\n  - |\n    objectName: db-password\n    objectType: secret\n',
      },
    });
  });

  test('names that a vault does not take are made such as it does, and stay apart', () => {
    const env = ['a.b', 'a_b'].map((key, i) => ({ name: `V${i}`, valueFrom: { secretKeyRef: { name: 'db', key } } }));
    const [provider] = manifestsOf(facts([workload({ containers: [container({ env })] })]), 'files');
    const objects = String(at(provider, path('spec.parameters.objects')));
    expect([...objects.matchAll(/objectName: (.*)/g)].map(([, name]) => name)).toEqual(['db-a-b', 'db-a-b-2']);
  });

  test('without an identity or the names of keys it says what to put in', () => {
    const of = facts([workload({ containers: [container({ envFrom: [{ secretRef: { name: 'db' } }] })] })]);
    const [change] = decide(secrets, of, 'files', vault).changes;
    const words = change?.kind === 'manual' ? change.instructions.join('\n') : '';
    expect(words).toMatch(/shop\/default has no identity yet/);
    expect(words).toMatch(/envFrom takes whatever a Secret holds/);
    // The names of keys alone: this command shows no value.
    expect(words).toContain("go-template='{{range $key, $value := .data}}{{$key}} {{end}}'");
  });

  test.each([
    ['CronJob', 'batch/v1', ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'volumes']],
    ['StatefulSet', 'apps/v1', ['spec', 'template', 'spec', 'volumes']],
    ['Pod', 'v1', ['spec', 'volumes']],
  ] as const)('a %s is patched at its own place', (kind, apiVersion, place) => {
    const [, patch] = manifestsOf(facts([using({ kind, apiVersion })]), 'files');
    expect(list(at(patch, place))).toHaveLength(1);
  });

  test.each([
    ['another kind', using({ kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1' })],
    ['an odd name', using({ name: 'web; rm -rf /' })],
    ['an injected container', workload({ containers: [container(), { ...container(password), name: 'istio-proxy' }] })],
    ['an ephemeral container', workload({ containers: [container()], ephemeralContainers: [container(password)] })],
  ] as const)('%s gets words instead of a patch', (_name, one) => {
    const [change] = decide(secrets, facts([one]), 'files', vault).changes;
    expect(change?.kind === 'manual' && change.manifests).toEqual([]);
    expect(change?.kind === 'manual' && change.instructions.some((line) => line.includes('no patch can say it'))).toBe(true);
  });

  test('what a tool keeps is told with its source', () => {
    const keeper: Keeper = { tool: 'flux', sign: 'kustomize.toolkit.fluxcd.io/name=shop-apps' };
    const [change] = decide(secrets, facts([using({ keeper })]), 'files', vault).changes;
    expect(change?.kind === 'manual' && change.instructions.join(' ')).toMatch(/Flux keeps it: in the source of Flux’s Kustomization shop-apps/);
  });

  test('the provider comes first where it is missing, and the guard says that it is the application’s work', () => {
    const plan = decide(secrets, facts([using()], {}, {}), 'files', vault);
    expect(plan.changes.map(({ id, after }) => [id, after])).toEqual([
      ['pod.secrets/key-vault', []],
      ['pod.secrets/files', ['pod.secrets/key-vault']],
    ]);
    expect(guardOf(plan, 'reads-files')).toBe('warn');
  });

  test('nothing is written where nothing is in the way, and nothing can be where pods were not read', () => {
    expect(decide(secrets, facts([]), 'files', vault).changes).toEqual([]);
    expect(secrets.options(facts('not allowed')).find(({ id }) => id === 'files')?.unavailable).toMatch(/not allowed/);
  });

  test.each(['kv', '1vault', 'a--b', 'vault;x', 'vault-'])('refuses the vault %s', (name) => {
    expect(() => decide(secrets, facts([using()]), 'files', { 'vault-name': name })).toThrow(/name of a Key Vault/);
  });
});

describe('synced', () => {
  test('variables stay, from Secrets of another name that the class makes', () => {
    const spec: JsonObject = { containers: [container({ ...password, envFrom: [{ prefix: 'P_', secretRef: { name: 'pay' } }] })] };
    const [provider, patch] = manifestsOf(facts([workload(spec)]), 'synced');
    const [web] = list(at(patched(deployment(spec), patch), path('spec.template.spec.containers')));
    expect(at(web, ['env'])).toEqual([
      { name: 'LEVEL', value: 'info' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db-key-vault', key: 'password' } } },
    ]);
    expect(at(web, ['envFrom'])).toEqual([{ prefix: 'P_', secretRef: { name: 'pay-key-vault' } }]);
    expect(list(at(provider, path('spec.secretObjects'))).map((one) => at(one, ['secretName']))).toEqual(['db-key-vault', 'pay-key-vault']);
  });

  test('it does not claim what it does not do', () => {
    const [change] = decide(secrets, facts([using()]), 'synced', vault).changes;
    expect(change?.controls).toEqual([]);
    expect(change?.kind === 'manual' && change.instructions.join(' ')).toMatch(/18.3 stays open/);
  });
});

describe('another store', () => {
  test('Vault’s injector writes the files', () => {
    const [patch] = manifestsOf(facts([using()]), 'other-store', {});
    const template = at(patch, path('spec.template'));
    expect(at(template, path('metadata.annotations'))).toEqual({
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'default',
      'vault.hashicorp.com/agent-inject-secret-db-password': 'secret/data/shop/db',
      'vault.hashicorp.com/agent-inject-template-db-password': '{{- with secret "secret/data/shop/db" -}}{{ index .Data.data "password" }}{{- end }}',
    });
    expect(at(template, path('spec.containers'))).toEqual([{ name: 'web', env: [{ name: 'DB_PASSWORD', $patch: 'delete' }] }]);
  });

  test('has nothing to say where a store is there and nobody takes variables', () => {
    expect(decide(secrets, facts([]), 'other-store').changes).toEqual([]);
  });
});

test('no value of a variable is in any answer', () => {
  const of = facts([workload({ containers: [container({ env: [{ name: 'TOKEN', value: 'hunter2' }, reference] })] })]);
  const said = ['files', 'synced', 'other-store'].map((option) => JSON.stringify(decide(secrets, of, option, option === 'other-store' ? {} : vault)));
  expect(JSON.stringify([said, secrets.assess(of), secrets.options(of)])).not.toContain('hunter2');
});
