import type { ArmUpdate, Edit } from '../model/change.ts';
import { idPart } from '../model/facts.ts';
import { at, text } from '../model/json.ts';
import type { Command } from '../model/plan.ts';
import { az, flag } from './az.ts';
import { placeOf } from './place.ts';

/** What can be attached to a subnet, by property. */
const attached: { readonly [property: string]: string } = { natGateway: '--nat-gateway', routeTable: '--route-table' };

function flagsOf(edit: Edit): readonly string[] | undefined {
  const [properties, property = '', ...deeper] = edit.path;
  const name = attached[property];
  if (properties !== 'properties' || name === undefined || deeper.length > 0) return undefined;
  const id = text(at(edit.after, ['id']));
  // az takes the word null for "nothing" (azure-cli shorthand syntax).
  return edit.after === undefined ? [name, 'null'] : id === undefined ? undefined : flag(name, id);
}

/** A NAT gateway or route table put on a subnet, or taken off, as `az network vnet subnet update`; undefined for any other edit. */
export function subnetUpdate(change: ArmUpdate): Command | undefined {
  const flags = change.edits.map(flagsOf);
  const network = idPart(change.target.id, 'virtualNetworks');
  if (flags.includes(undefined) || network === undefined) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('network vnet subnet update', subscription, [
    flag('--resource-group', resourceGroup),
    flag('--vnet-name', network),
    flag('--name', name),
    ...flags.flatMap((one) => (one ? [one] : [])),
  ]);
}
