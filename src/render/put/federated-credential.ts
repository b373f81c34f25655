import type { ArmPut } from '../../model/change.ts';
import { idPart } from '../../model/facts.ts';
import { at, isObject, text, texts } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

/** A federated credential of a managed identity; undefined when it holds something that has no flag. */
export function federatedCredential(change: ArmPut): Command | undefined {
  const properties = at(change.body, ['properties']);
  if (!isObject(properties)) return undefined;
  const { issuer, subject, audiences, ...others } = properties;
  const [from, who, [audience, ...more]] = [text(issuer), text(subject), texts(audiences)];
  const identity = idPart(change.target.id, 'userAssignedIdentities');
  if (identity === undefined || from === undefined || who === undefined || audience === undefined || more.length > 0 || Object.keys(others).length > 0)
    return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('identity federated-credential create', subscription, [
    flag('--identity-name', identity),
    flag('--resource-group', resourceGroup),
    flag('--name', name),
    flag('--issuer', from),
    flag('--subject', who),
    flag('--audiences', audience),
  ]);
}
