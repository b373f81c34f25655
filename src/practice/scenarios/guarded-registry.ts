import type { ArmResource } from '../../model/facts.ts';
import { location, resource, resourceGroup, subscription } from './ground.ts';
import { below, grant, registry } from './registries.ts';

const zoneId = `${subscription}/resourceGroups/shop-network-rg/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const registryId = `${subscription}/resourceGroups/shop-registry-rg/providers/Microsoft.ContainerRegistry/registries/shophardened`;
const endpointId = `${subscription}/resourceGroups/shop-network-rg/providers/Microsoft.Network/privateEndpoints/shophardened-registry`;
/** Who releases images from quarantine. */
export const scannerId = 'b0000000-0000-4000-8000-000000000005';

/**
 * A registry that only the cluster's network reaches, with a scanner that releases what it has looked at. `vnet` is the
 * network's id.
 */
export const guardedRegistry = (vnet: string): readonly ArmResource[] => [
  resourceGroup('shop-registry-rg'),
  registry('shop-registry-rg', 'shophardened', 'Premium', {
    publicNetworkAccess: 'Disabled',
    policies: { quarantinePolicy: { status: 'enabled' }, trustPolicy: { type: 'Notary', status: 'disabled' } },
    privateEndpointConnections: [
      {
        id: `${registryId}/privateEndpointConnections/shophardened-registry`,
        name: 'shophardened-registry',
        properties: { privateEndpoint: { id: endpointId }, privateLinkServiceConnectionState: { status: 'Approved' }, provisioningState: 'Succeeded' },
      },
    ],
  }),
  below(registryId, 'Microsoft.ContainerRegistry/registries/webhooks', 'scan', { actions: ['quarantine'], status: 'enabled', scope: '' }, { location }),
  below(registryId, 'Microsoft.Security/assessments', 'c0b7cfc6-3172-465a-b378-53c7ff2cc0d5', { status: { code: 'Healthy' } }),
  grant(registryId, 'AcrPull', 'f0000000-0000-4000-8000-000000000002', 1),
  grant(registryId, 'AcrQuarantineWriter', scannerId, 2),
  resource('shop-network-rg', 'Microsoft.Network/privateEndpoints', 'shophardened-registry', {
    subnet: { id: `${vnet}/subnets/nodes` },
    privateLinkServiceConnections: [{ name: 'registry', properties: { privateLinkServiceId: registryId, groupIds: ['registry'] } }],
  }),
  below(endpointId, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups', 'default', {
    privateDnsZoneConfigs: [{ name: 'registry', properties: { privateDnsZoneId: zoneId } }],
  }),
  resource('shop-network-rg', 'Microsoft.Network/privateDnsZones', 'privatelink.azurecr.io', {}, { location: 'global' }),
  below(
    zoneId,
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    'shop-vnet',
    { virtualNetwork: { id: vnet }, registrationEnabled: false },
    { location: 'global' },
  ),
  // The built-in initiative that looks at image signatures.
  below(subscription, 'Microsoft.Authorization/policyAssignments', 'trusted-images', {
    displayName: 'Use Image Integrity to ensure only trusted images are deployed',
    policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/af28bf8b-c669-4dd3-9137-1e68fdc61bd6',
    scope: subscription,
    enforcementMode: 'Default',
  }),
];
