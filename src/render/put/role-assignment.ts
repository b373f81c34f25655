import type { ArmPut } from '../../model/change.ts';
import { at, isObject, text } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { parentOf, placeOf } from '../place.ts';

/** A role assignment as `az role assignment create`; undefined when it holds something that has no flag, e.g. a condition. */
export function roleAssignment(change: ArmPut): Command | undefined {
  const properties = at(change.body, ['properties']);
  if (!isObject(properties)) return undefined;
  const { roleDefinitionId, principalId, principalType, description, scope: _scope, ...others } = properties;
  const [role, principal, type, words] = [text(roleDefinitionId), text(principalId), text(principalType), text(description)];
  if (role === undefined || principal === undefined || type === undefined || Object.keys(others).length > 0) return undefined;
  const { subscription, name } = placeOf(change.target);
  return az('role assignment create', subscription, [
    flag('--name', name),
    flag('--role', role),
    flag('--assignee-object-id', principal),
    flag('--assignee-principal-type', type),
    flag('--scope', parentOf(change.target.id)),
    ...(words === undefined ? [] : [flag('--description', words)]),
  ]);
}
