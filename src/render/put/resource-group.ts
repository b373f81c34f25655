import type { ArmPut } from '../../model/change.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

/** A resource group; undefined when it holds more than a place. */
export function resourceGroup(change: ArmPut): Command | undefined {
  const { location, ...others } = change.body;
  if (typeof location !== 'string' || Object.keys(others).length > 0) return undefined;
  const { subscription, name } = placeOf(change.target);
  return az('group create', subscription, [flag('--name', name), flag('--location', location)]);
}
