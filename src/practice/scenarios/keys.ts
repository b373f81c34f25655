import type { ArmResource } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import { resource, subscription, tenantId } from './ground.ts';
import { below, grant } from './registries.ts';

/** Keys of one's own for a cluster: what it names, and what must exist for that. */
export interface OwnKeys {
  readonly diskEncryptionSetID: string;
  readonly azureKeyVaultKms: JsonObject;
  readonly resources: readonly ArmResource[];
}

const DISKS = 'f0000000-0000-4000-8000-000000000050';

const key = (vaultId: string, name: string, version: string): ArmResource => {
  const uri = `https://${vaultId.split('/').at(-1) ?? ''}.vault.azure.net:443/keys/${name}`;
  return below(vaultId, 'Microsoft.KeyVault/vaults/keys', name, {
    // No end: a key that ends takes disks and Secrets with it.
    attributes: { enabled: true },
    kty: 'RSA',
    keySize: 3072,
    keyUri: uri,
    keyUriWithVersion: `${uri}/${version}`,
  });
};

/**
 * A vault that only private endpoints reach, with a key for disks and one for etcd, the disk encryption set, and the rights of both identities
 * (AKS docs: azure-disk-customer-managed-keys, use-kms-etcd-encryption). `principalId` is the cluster's own identity.
 */
export function ownKeys(group: string, vault: string, principalId: string): OwnKeys {
  const vaultId = `${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${vault}`;
  const disksVersion = '0a0b0c0d0e0f4000800000000000d15c';
  const etcdVersion = '0a0b0c0d0e0f40008000000000000e7c';
  const set = resource(
    group,
    'Microsoft.Compute/diskEncryptionSets',
    'shop-disks',
    {
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      activeKey: { sourceVault: { id: vaultId }, keyUrl: `https://${vault}.vault.azure.net/keys/disks/${disksVersion}` },
      rotationToLatestKeyVersionEnabled: true,
    },
    { identity: { type: 'SystemAssigned', principalId: DISKS, tenantId } },
  );
  const setId = String(set['id']);
  return {
    diskEncryptionSetID: setId,
    azureKeyVaultKms: {
      enabled: true,
      keyId: `https://${vault}.vault.azure.net/keys/etcd/${etcdVersion}`,
      keyVaultNetworkAccess: 'Private',
      keyVaultResourceId: vaultId,
    },
    resources: [
      resource(group, 'Microsoft.KeyVault/vaults', vault, {
        tenantId,
        sku: { family: 'A', name: 'premium' },
        vaultUri: `https://${vault}.vault.azure.net/`,
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        publicNetworkAccess: 'Disabled',
        // Disk encryption sets come in as a trusted service.
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      }),
      key(vaultId, 'disks', disksVersion),
      key(vaultId, 'etcd', etcdVersion),
      set,
      grant(vaultId, 'Key Vault Crypto Service Encryption User', DISKS, 11),
      grant(vaultId, 'Key Vault Crypto User', principalId, 12),
      // Lets the service approve its own private endpoint on the vault.
      grant(vaultId, 'Key Vault Contributor', principalId, 13),
      grant(setId, 'Reader', principalId, 14),
    ],
  };
}

/** A lock that keeps a resource from being deleted. */
export const deleteLock = (scope: string, name: string): ArmResource =>
  below(scope, 'Microsoft.Authorization/locks', name, { level: 'CanNotDelete', notes: 'Nobody deletes the shop by accident.' });
