import type { Change } from '../model/change.ts';
import type { Totals } from '../model/plan.ts';

function writesOf(change: Change): number {
  switch (change.kind) {
    case 'arm.update':
    case 'arm.put':
    case 'arm.patch':
    case 'arm.action':
    case 'arm.delete':
    case 'kube.patch':
    case 'kube.delete':
    case 'graph':
      return 1;
    case 'kube.apply':
      return change.objects.length;
    case 'manual':
      return 0;
  }
}

/** How many pools a change reimages; a reimage that names no pool counts as one. */
function reimagesOf({ impact }: Change): number {
  return impact.kind === 'reimage' || impact.kind === 'recreate' ? (impact.pools?.length ?? 1) : 0;
}

/** Writes, node pool reimages, and minutes one after the other. */
export function totalsOf(changes: readonly Change[]): Totals {
  return {
    writes: changes.reduce((sum, change) => sum + writesOf(change), 0),
    reimages: changes.reduce((sum, change) => sum + reimagesOf(change), 0),
    minutes: [changes.reduce((sum, change) => sum + change.minutes[0], 0), changes.reduce((sum, change) => sum + change.minutes[1], 0)],
  };
}
