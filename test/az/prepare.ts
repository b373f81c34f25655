import { resource, tenantId } from '../../src/practice/scenarios/ground.ts';
import { removeResource, resourcesOf, storeResource, type World } from '../../src/practice/world.ts';
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

/** Lifts locks: the way back takes away what was made, which a delete lock refuses until somebody lifts it for that. */
function liftLocks(world: World): void {
  for (const lock of resourcesOf(world, '', 'Microsoft.Authorization/locks')) removeResource(world, String(lock['id']));
}

/** Makes a fresh world of the ground's scenario into the ground. */
export function prepare(world: World, ground: TestGround): void {
  liftLocks(world);
  for (const one of everywhere) storeResource(world, one);
  ground.alter(world);
  world.changed();
}
