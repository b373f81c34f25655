import type { ArmPut } from '../model/change.ts';
import type { Command, Request } from '../model/plan.ts';
import { placeOf } from './place.ts';
import { diagnosticSetting } from './put/diagnostic-setting.ts';
import { federatedCredential } from './put/federated-credential.ts';
import { maintenanceConfiguration } from './put/maintenance.ts';
import { natGateway, publicAddress } from './put/outbound.ts';
import { pricing } from './put/pricing.ts';
import { privateDnsLink, privateDnsZone, privateDnsZoneGroup, privateEndpoint } from './put/private-link.ts';
import { resourceGroup } from './put/resource-group.ts';
import { restCommand } from './put/rest.ts';
import { roleAssignment } from './put/role-assignment.ts';
import { workspace } from './put/workspace.ts';

/** Resources that az has a command for, by type in lower case. Each gives undefined for a body that the command can not say. */
const commands: { readonly [type: string]: (change: ArmPut) => Command | undefined } = {
  'microsoft.insights/diagnosticsettings': diagnosticSetting,
  'microsoft.security/pricings': pricing,
  'microsoft.containerservice/managedclusters/maintenanceconfigurations': maintenanceConfiguration,
  'microsoft.authorization/roleassignments': roleAssignment,
  'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials': federatedCredential,
  'microsoft.operationalinsights/workspaces': workspace,
  'microsoft.resources/resourcegroups': resourceGroup,
  'microsoft.network/publicipaddresses': publicAddress,
  'microsoft.network/natgateways': natGateway,
  'microsoft.network/privateendpoints': privateEndpoint,
  'microsoft.network/privateendpoints/privatednszonegroups': privateDnsZoneGroup,
  'microsoft.network/privatednszones': privateDnsZone,
  'microsoft.network/privatednszones/virtualnetworklinks': privateDnsLink,
};

/** The write of the whole resource. */
export function armPutRequest({ target, body }: ArmPut): Request {
  return { method: 'PUT', url: `${target.id}?api-version=${target.apiVersion}`, body };
}

/** The same as a command: az's own for the resource, or the very request through `az rest`. */
export function armPutCommands(change: ArmPut): readonly Command[] {
  const own = commands[change.target.type.toLowerCase()]?.(change);
  const { id, apiVersion } = change.target;
  return [own ?? restCommand('put', `${id}?api-version=${apiVersion}`, placeOf(change.target).subscription, change.body)];
}
