import type { ArmResource } from '../model/facts.ts';
import { at, text } from '../model/json.ts';
import { holds, isInPlace } from './compare.ts';
import type { ArmChange } from './state.ts';

/**
 * Whether what a change wants stands in the resource as read. `unknown` for actions that leave no trace in the body
 * (a rotation, a new node image).
 */
export function standing(change: ArmChange, resource: ArmResource | undefined): 'yes' | 'no' | 'unknown' {
  const is = (holds: boolean): 'yes' | 'no' => (holds ? 'yes' : 'no');
  switch (change.kind) {
    case 'arm.update':
    case 'arm.patch':
      return is(resource !== undefined && change.edits.every((edit) => isInPlace(resource, edit)));
    case 'arm.put':
      return is(resource !== undefined && holds(resource, change.body));
    case 'arm.delete':
      return is(resource === undefined);
    case 'arm.action': {
      const power = text(at(resource, ['properties', 'powerState', 'code']))?.toLowerCase();
      if (change.action === 'stop' && power !== undefined) return is(power === 'stopped');
      if (change.action === 'start' && power !== undefined) return is(power === 'running');
      return 'unknown';
    }
    default:
      return change satisfies never;
  }
}
