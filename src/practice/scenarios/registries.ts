import type { ArmResource } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import { roleDefinitions } from '../cluster-access.ts';
import { resource, subscription, tenantId } from './ground.ts';

/** A container registry with what the service shows of each. */
export function registry(group: string, name: string, sku: 'Basic' | 'Standard' | 'Premium', own: JsonObject): ArmResource {
  const premium = sku === 'Premium' ? { networkRuleSet: { defaultAction: 'Allow', ipRules: [] } } : {};
  const properties = {
    loginServer: `${name}.azurecr.io`,
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    roleAssignmentMode: 'LegacyRegistryPermissions',
    policies: {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: { days: 7, status: 'disabled' },
    },
    privateEndpointConnections: [],
    ...premium,
    ...own,
  };
  return resource(group, 'Microsoft.ContainerRegistry/registries', name, properties, { sku: { name: sku, tier: sku } });
}

/** A role given to a service principal or managed identity at a scope. `number` makes its name. */
export function grant(scope: string, role: string, principalId: string, number: number): ArmResource {
  const name = `c1000000-0000-4000-8000-0000000001${String(number).padStart(2, '0')}`;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions[role] ?? ''}`,
      principalId,
      principalType: 'ServicePrincipal',
      scope,
    },
  };
}

/** A user-assigned managed identity; its ids follow from the number. */
export function managedIdentity(group: string, name: string, number: number): ArmResource {
  const id = (kind: number): string => `f0000000-0000-4000-8000-0000000000${String(number * 10 + kind).padStart(2, '0')}`;
  return resource(group, 'Microsoft.ManagedIdentity/userAssignedIdentities', name, { clientId: id(0), principalId: id(1), tenantId });
}

/** An extension or child resource, by its whole id. */
export function below(parent: string, type: string, name: string, properties: JsonObject, more: JsonObject = {}): ArmResource {
  const kind = type.split('/').at(-1) ?? '';
  const isChild = parent.toLowerCase().includes(`/${type.split('/').slice(0, -1).join('/').toLowerCase()}/`);
  const id = isChild ? `${parent}/${kind}/${name}` : `${parent}/providers/${type}/${name}`;
  return { id, name, type, ...more, properties: { provisioningState: 'Succeeded', ...properties } };
}
