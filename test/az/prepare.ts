import { resource, tenantId } from '../../src/practice/scenarios/ground.ts';
import { storeResource, type World } from '../../src/practice/world.ts';
import type { TestGround } from './grounds.ts';

/** What every ground has beside its scenario: a place that logs can be sent to, a vault for keys. */
const everywhere = [
  resource(
    'shop-monitoring-rg',
    'Microsoft.Storage/storageAccounts',
    'shopauditlogs',
    {},
    { kind: 'StorageV2', sku: { name: 'Standard_ZRS', tier: 'Standard' } },
  ),
  resource('shop-monitoring-rg', 'Microsoft.KeyVault/vaults', 'shop-vault', { enableRbacAuthorization: true, tenantId }),
];

/** Makes a fresh world of the ground's scenario into the ground. */
export function prepare(world: World, ground: TestGround): void {
  for (const one of everywhere) storeResource(world, one);
  ground.alter(world);
  world.changed();
}
