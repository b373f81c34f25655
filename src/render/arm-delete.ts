import type { ArmDelete } from '../model/change.ts';
import type { Command, Request } from '../model/plan.ts';
import { az, flag } from './az.ts';
import { isType, parentOf, placeOf } from './place.ts';

/** The request that takes a resource away. */
export function armDeleteRequest({ target }: ArmDelete): Request {
  return { method: 'DELETE', url: `${target.id}?api-version=${target.apiVersion}` };
}

/** The same as a command. A workspace can be recovered for 14 days: `--force` is never given. */
export function armDeleteCommands({ target }: ArmDelete): readonly Command[] {
  const { subscription, resourceGroup, cluster, name } = placeOf(target);
  if (isType(target, 'Microsoft.Insights/diagnosticSettings')) {
    return [az('monitor diagnostic-settings delete', subscription, [flag('--name', name), flag('--resource', parentOf(target.id))])];
  }
  if (isType(target, 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations')) {
    const flags = [flag('--resource-group', resourceGroup), flag('--cluster-name', cluster), flag('--name', name)];
    return [az('aks maintenanceconfiguration delete', subscription, flags)];
  }
  if (isType(target, 'Microsoft.Authorization/roleAssignments')) return [az('role assignment delete', subscription, [flag('--ids', target.id)])];
  if (isType(target, 'Microsoft.OperationalInsights/workspaces')) {
    const flags = [flag('--resource-group', resourceGroup), flag('--workspace-name', name), ['--yes']];
    return [az('monitor log-analytics workspace delete', subscription, flags)];
  }
  const named = [flag('--resource-group', resourceGroup), flag('--name', name)];
  if (isType(target, 'Microsoft.Network/publicIPAddresses')) return [az('network public-ip delete', subscription, named)];
  if (isType(target, 'Microsoft.Network/natGateways')) return [az('network nat gateway delete', subscription, named)];
  return [az('resource delete', subscription, [flag('--ids', target.id), flag('--api-version', target.apiVersion)])];
}
