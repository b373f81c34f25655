import type { Json } from '../../src/model/json.ts';
import { adminGroupId, subscription } from '../../src/practice/scenarios/ground.ts';

/** The groups that are named as cluster admins. */
export const adminGroups: readonly string[] = [adminGroupId];

/** Values for parameters that only a person can know; everything else takes its default. */
export const values: { readonly [param: string]: Json } = {
  adminGroups,
  storageAccount: `${subscription}/resourceGroups/shop-monitoring-rg/providers/Microsoft.Storage/storageAccounts/shopauditlogs`,
  eventHubRule: `${subscription}/resourceGroups/shop-monitoring-rg/providers/Microsoft.EventHub/namespaces/shop-events/authorizationRules/RootManageSharedAccessKey`,
  'key-id': 'https://shop-vault.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef',
  'vault-name': 'shop-vault',
  'approved-registries': ['shoplegacy.azurecr.io', 'shoptypical.azurecr.io', 'shopprivate.azurecr.io'],
  'key-vault-id': `${subscription}/resourceGroups/shop-monitoring-rg/providers/Microsoft.KeyVault/vaults/shop-vault`,
  sources: ['137.117.106.88/29'],
  approved: ['shop/storefront'],
  issuer: 'letsencrypt',
  bindings: ['ClusterRoleBinding/ci-deployer'],
  // The practice world's private path stands for a VPN; its guard takes it on the operator's word.
  privatePath: 'vpn',
};
