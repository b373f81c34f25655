import type { ArmPut } from '../../model/change.ts';
import { at, isObject, text } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

/** A Log Analytics workspace; undefined when it holds something that has no flag here. */
export function workspace(change: ArmPut): Command | undefined {
  const { location, properties, ...others } = change.body;
  if (!isObject(properties ?? {}) || Object.keys(others).length > 0 || typeof location !== 'string') return undefined;
  const { sku, retentionInDays, publicNetworkAccessForIngestion, publicNetworkAccessForQuery, ...more } = isObject(properties) ? properties : {};
  if (Object.keys(more).length > 0) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  const optional = (name_: string, value: string | undefined) => (value === undefined ? [] : [flag(name_, value)]);
  return az('monitor log-analytics workspace create', subscription, [
    flag('--resource-group', resourceGroup),
    flag('--workspace-name', name),
    flag('--location', location),
    ...optional('--sku', text(at(sku, ['name']))),
    ...optional('--retention-time', typeof retentionInDays === 'number' ? String(retentionInDays) : undefined),
    ...optional('--ingestion-access', text(publicNetworkAccessForIngestion)),
    ...optional('--query-access', text(publicNetworkAccessForQuery)),
  ]);
}
