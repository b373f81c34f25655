import type { ArmPut } from '../../model/change.ts';
import { at, isObject, isTrue, type Json, list, text } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

function extensionFlags(extension: Json): readonly string[] | undefined {
  if (!isObject(extension)) return undefined;
  const { name, isEnabled, ...others } = extension;
  if (typeof name !== 'string' || Object.keys(others).length > 0) return undefined;
  return ['--extensions', `name=${name}`, `isEnabled=${isTrue(isEnabled) ? 'True' : 'False'}`];
}

/** A Defender plan as `az security pricing create`; undefined when it holds something that has no flag. */
export function pricing(change: ArmPut): Command | undefined {
  const properties = at(change.body, ['properties']);
  if (!isObject(properties)) return undefined;
  const { pricingTier, subPlan, extensions, ...others } = properties;
  const tier = text(pricingTier);
  const flags = list(extensions).map(extensionFlags);
  if (tier === undefined || Object.keys(others).length > 0 || flags.includes(undefined)) return undefined;
  const { subscription, name } = placeOf(change.target);
  const plan = text(subPlan);
  return az('security pricing create', subscription, [
    flag('--name', name),
    flag('--tier', tier),
    ...(plan === undefined ? [] : [flag('--subplan', plan)]),
    ...flags.flatMap((one) => (one ? [one] : [])),
  ]);
}
