import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { undoOf } from '../../../src/plan/undo.ts';
import { secrets } from '../../../steps/pod/secrets.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const identity = { type: 'UserAssigned', principalId: undefined, userAssignedIdentities: { '/x/id': { principalId: '00000000-0000-0000-0000-00000000000b' } } };
const facts = (properties: JsonObject = {}, rest: JsonObject = {}): Facts => factsOf(cluster({ properties, ...rest }), readable);
const provider = (value: JsonObject, key = 'azureKeyvaultSecretsProvider'): JsonObject => ({ addonProfiles: { [key]: value } });
const on = (config: JsonObject): JsonObject => provider({ enabled: true, config });
const KEY = 'https://kv-shop.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef';
const VAULT = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-shop';
const values = { 'key-id': KEY, 'key-vault-id': VAULT };

describe('verdicts', () => {
  test.each([
    ['18.1 on', facts(on({})), '18.1', 'pass'],
    ['18.1 key in another case', facts(provider({ enabled: true }, 'azureKeyVaultSecretsProvider')), '18.1', 'pass'],
    ['18.1 off', facts(provider({ enabled: false })), '18.1', 'fail'],
    ['18.1 absent', facts(), '18.1', 'fail'],
    ['18.2 "true"', facts(on({ enableSecretRotation: 'true' })), '18.2', 'pass'],
    ['18.2 "True"', facts(on({ enableSecretRotation: 'True' })), '18.2', 'pass'],
    ['18.2 true', facts(on({ enableSecretRotation: true })), '18.2', 'pass'],
    ['18.2 "false"', facts(on({ enableSecretRotation: 'false' })), '18.2', 'fail'],
    ['18.2 no settings', facts(provider({ enabled: true })), '18.2', 'fail'],
    ['18.2 left over from an add-on that is off', facts(provider({ enabled: false, config: { enableSecretRotation: 'true' } })), '18.2', 'not-applicable'],
    ['18.4 own key', facts({ securityProfile: { azureKeyVaultKms: { enabled: true } } }), '18.4', 'pass'],
    ['18.4 switched off', facts({ securityProfile: { azureKeyVaultKms: { enabled: false } } }), '18.4', 'fail'],
    ['18.4 platform key', facts({ securityProfile: { kubernetesResourceObjectEncryptionProfile: { infrastructureEncryption: 'Enabled' } } }), '18.4', 'pass'],
    ['18.4 host encryption is another layer', facts({ agentPoolProfiles: [{ name: 'a', enableEncryptionAtHost: true }] }), '18.4', 'fail'],
    [
      '18.4 a preview setting whose value was not read',
      { ...facts(), previewProperties: ['properties.securityProfile.kubernetesResourceObjectEncryptionProfile'] },
      '18.4',
      'unknown',
    ],
  ] as const)('%s', (_name, of, control, status) => expect(statusOf(secrets, of, control)).toBe(status));
});

describe('Key Vault', () => {
  test('add-on settings are texts, as ARM has them', () => {
    const { changes } = decide(secrets, facts(), 'key-vault');
    const base = 'properties.addonProfiles.azureKeyvaultSecretsProvider';
    expect(changes.map(editsOf)).toEqual([[`${base}.enabled=true`, `${base}.config.enableSecretRotation="true"`, `${base}.config.rotationPollInterval="2m"`]]);
    const after = applied(facts(), changes);
    expect([statusOf(secrets, after, '18.1'), statusOf(secrets, after, '18.2')]).toEqual(['pass', 'pass']);
    expect(decide(secrets, after, 'key-vault').changes).toEqual([]);
  });

  test('what is in place stays as it is, in whatever form', () => {
    expect(decide(secrets, facts(on({ enableSecretRotation: 'True', rotationPollInterval: '5m' })), 'key-vault').changes).toEqual([]);
    expect(decide(secrets, facts(on({ enableSecretRotation: 'true' })), 'key-vault').changes).toEqual([]);
  });

  test('filtered egress is pointed out', () => {
    expect(guardOf(decide(secrets, facts({ networkProfile: { outboundType: 'userDefinedRouting' } }), 'key-vault'), 'vault-egress')).toBe('warn');
  });

  test.each(['2', 'two minutes', '0s', '-1m', '2m;'])('refuses the interval %s', (value) => {
    expect(() => decide(secrets, facts(), 'key-vault', { 'poll-interval': value })).toThrow(/s, m or h/);
  });
});

describe('etcd', () => {
  test('needs an identity whose right to the key can exist first', () => {
    expect(() => decide(secrets, facts(), 'key-vault-and-kms', values)).toThrow(/user-assigned identity/);
  });

  test('the right to the key, the switch, and every Secret written once, in that order', () => {
    const of = facts({}, { identity });
    const plan = decide(secrets, of, 'key-vault-and-kms', values);
    expect(plan.changes.map(({ id, kind, after }) => [id.split('/')[1], kind, after.map((one) => one.split('/')[1])])).toEqual([
      ['key-vault', 'arm.update', []],
      ['key-access', 'arm.put', []],
      ['kms', 'arm.update', ['key-access']],
      ['rewrite-secrets', 'manual', ['kms']],
    ]);
    const [, grant, kms] = plan.changes;
    expect(grant?.kind === 'arm.put' && grant.target.id.startsWith(`${VAULT}/providers/Microsoft.Authorization/roleAssignments/`)).toBe(true);
    expect(grant ? undoOf(grant) : undefined).toEqual([]);
    expect(editsOf(kms)).toEqual([
      'properties.securityProfile.azureKeyVaultKms.enabled=true',
      `properties.securityProfile.azureKeyVaultKms.keyId="${KEY}"`,
      'properties.securityProfile.azureKeyVaultKms.keyVaultNetworkAccess="Public"',
    ]);
    expect(kms?.reversible.kind).toBe('partly');
    expect(guardOf(plan, 'key-life')).toBe('unknown');
    const after = applied(of, plan.changes);
    expect(statusOf(secrets, after, '18.4')).toBe('pass');
    expect(decide(secrets, after, 'key-vault-and-kms', values).changes).toEqual([]);
  });

  test('a private vault needs API Server VNet Integration, and its id goes along', () => {
    const secret = { ...values, 'key-vault-access': 'Private' };
    expect(() => decide(secrets, facts({}, { identity }), 'key-vault-and-kms', secret)).toThrow(/VNet Integration/);
    const integrated = facts({ apiServerAccessProfile: { enableVnetIntegration: true } }, { identity });
    const kms = decide(secrets, integrated, 'key-vault-and-kms', secret).changes.find(({ id }) => id.endsWith('/kms'));
    expect(editsOf(kms)).toContain(`properties.securityProfile.azureKeyVaultKms.keyVaultResourceId="${VAULT}"`);
  });

  test('waits for the move off the Basic load balancer', () => {
    expect(
      guardOf(decide(secrets, facts({ networkProfile: { loadBalancerSku: 'Basic' } }, { identity }), 'key-vault-and-kms', values), 'migration-first'),
    ).toBe('refuse');
  });

  test.each([
    ['key-id', 'https://kv-shop.vault.azure.net/keys/etcd', /one version of a key/],
    ['key-id', 'http://kv-shop.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef', /one version of a key/],
    ['key-id', `${KEY} --yes`, /one version of a key/],
    ['key-vault-id', 'kv-shop', /resource id of the vault/],
    ['key-vault-id', `${VAULT}/keys/etcd`, /resource id of the vault/],
  ] as const)('refuses %s %s', (name, value, words) => {
    expect(() => decide(secrets, facts({}, { identity }), 'key-vault-and-kms', { ...values, [name]: value })).toThrow(words);
  });
});

test('a store of one’s own is by hand, and changes nothing in Azure', () => {
  expect(decide(secrets, facts(), 'other-store').changes.map(({ kind }) => kind)).toEqual(['manual']);
});
