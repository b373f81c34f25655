import type { ArmPut } from '../../model/change.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag, jsonFile } from '../az.ts';
import { placeOf } from '../place.ts';

/** A maintenance window from a file: `add` where there was none, `update` where there was. az refuses the wrong one of the two. */
export function maintenanceConfiguration(change: ArmPut): Command {
  const { subscription, resourceGroup, cluster, name } = placeOf(change.target);
  const file = jsonFile('window.json', { properties: change.body['properties'] });
  return az(
    `aks maintenanceconfiguration ${change.before === undefined ? 'add' : 'update'}`,
    subscription,
    [flag('--resource-group', resourceGroup), flag('--cluster-name', cluster), flag('--name', name), flag('--config-file', file.name)],
    { files: [file] },
  );
}
