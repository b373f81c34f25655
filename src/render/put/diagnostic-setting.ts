import type { ArmPut } from '../../model/change.ts';
import { at, isObject, type JsonObject, list, text } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, type CommandFile, fileFlag, flag, jsonFile } from '../az.ts';
import { parentOf, placeOf } from '../place.ts';

const destinations: { readonly [property: string]: string } = {
  workspaceId: '--workspace',
  storageAccountId: '--storage-account',
  eventHubName: '--event-hub',
  eventHubAuthorizationRuleId: '--event-hub-rule',
  marketplacePartnerId: '--marketplace-partner-id',
};

/** A rule without a hub means a hub for each category; az takes the namespace's name for the hub then (azure-cli monitor/validators.py). */
const hubForEachCategory = (properties: JsonObject): boolean =>
  text(properties['eventHubAuthorizationRuleId']) !== undefined && text(properties['eventHubName']) === undefined;

/** A diagnostic setting as `az monitor diagnostic-settings create`; undefined when it holds something that it can not say. */
export function diagnosticSetting(change: ArmPut): Command | undefined {
  const properties = at(change.body, ['properties']);
  if (!isObject(properties) || hubForEachCategory(properties)) return undefined;
  const files: CommandFile[] = [];
  const flags: (readonly string[])[] = [];
  for (const [property, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    const destination = destinations[property];
    const said = text(value);
    if (destination !== undefined && said !== undefined) flags.push(flag(destination, said));
    else if (property === 'logs' || property === 'metrics') {
      if (list(value).length === 0) continue;
      const file = jsonFile(`${property}.json`, value);
      files.push(file);
      flags.push(fileFlag(`--${property}`, file));
    } else if (property === 'logAnalyticsDestinationType' && said === 'Dedicated') flags.push(['--export-to-resource-specific', 'true']);
    else return undefined;
  }
  const { subscription, name } = placeOf(change.target);
  return az('monitor diagnostic-settings create', subscription, [flag('--name', name), flag('--resource', parentOf(change.target.id)), ...flags], { files });
}
