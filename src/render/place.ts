import type { Target } from '../model/change.ts';
import { idPart } from '../model/facts.ts';

/** The parts of a resource id that commands name. Missing parts are empty texts. */
export interface Place {
  readonly subscription: string;
  readonly resourceGroup: string;
  /** The resource's own name: the last segment of the id. */
  readonly name: string;
  /** The managed cluster that the resource is, or belongs to. */
  readonly cluster: string;
}

/** Where a resource is, from its ARM id. */
export function placeOf(target: Pick<Target, 'id'>): Place {
  const { id } = target;
  return {
    subscription: idPart(id, 'subscriptions') ?? '',
    resourceGroup: idPart(id, 'resourceGroups') ?? '',
    name: id.split('/').at(-1) ?? '',
    cluster: idPart(id, 'managedClusters') ?? '',
  };
}

/** The id of what an extension resource hangs on: everything before its last `/providers/`. */
export function parentOf(id: string): string {
  const cut = id.toLowerCase().lastIndexOf('/providers/');
  return cut < 0 ? id : id.slice(0, cut);
}

/** True when `type` is ARM's type `wanted`, in any case. */
export function isType(target: Target, wanted: string): boolean {
  return target.type.toLowerCase() === wanted.toLowerCase();
}
