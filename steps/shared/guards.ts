import type { ImpactKind } from '../../src/model/change.ts';
import { type ArmResource, clusterRef, type Facts, fact } from '../../src/model/facts.ts';
import { at, path, text } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { clusterStateGuard, pendingReimageGuard, previewGuard } from './cluster-state.ts';
import { type CodeLine, ownershipGuard } from './iac.ts';
import { allows, WRITE_CLUSTER } from './permissions.ts';
import { listed } from './texts.ts';

/** What the guards that every step shares need to know about a choice. */
export interface GuardOptions {
  /** The gravest impact of the changes. */
  readonly impact: ImpactKind;
  /** ARM actions on the cluster that the changes need, beside reading. The cluster write itself when not given. */
  readonly actions?: readonly string[];
  /** Whether the cluster resource itself is written. False for what stands beside it: diagnostic settings, plans. True when not given. */
  readonly writesCluster?: boolean;
  /** The change can cut people off: the permission to undo it through ARM must be proven, or a phrase is asked for. */
  readonly canLockOut?: boolean;
  /** What infrastructure as code would do to exactly these attributes. */
  readonly code?: readonly CodeLine[];
}

/** Proves that the signed-in principal may do `action` on the cluster, or on the subscription. */
export function permissionGuard(
  facts: Facts,
  action: string,
  options: { readonly scope?: 'cluster' | 'subscription'; readonly canLockOut?: boolean } = {},
): Guard {
  const scope = options.scope ?? 'cluster';
  const id = `permission:${action}`;
  const title = action === WRITE_CLUSTER ? 'Write permission, which is also the way back' : 'Write permission';
  const found = fact(facts, scope === 'cluster' ? 'permissions' : 'subscriptionPermissions');
  if (found.state === 'unknown') {
    return {
      id,
      title,
      verdict: 'unknown',
      detail: `Whether ${action} is allowed on the ${scope} is not known: ${found.reason}.`,
      ...(options.canLockOut ? { override: 'I have another way back', next: ['Read the cluster with a sign-in that may list its own permissions.'] } : {}),
    };
  }
  if (allows(found.value, action)) return { id, title, verdict: 'clear', detail: `${action} is allowed on the ${scope}.` };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `The signed-in account does not have ${action} on the ${scope}.`,
    next: ['Activate the role that holds it (PIM) and read again, or ask for it.', 'Or print the commands for somebody who has it.'],
    override: 'never',
  };
}

const lockLevel = (lock: ArmResource): string => (text(at(lock, path('properties.level'))) ?? '').toLowerCase();

/** Finds locks before the request does: a read-only lock refuses every write, a delete lock stops nodes from being replaced. */
export function locksGuard(facts: Facts, impact: ImpactKind): Guard {
  const id = 'locks';
  const title = 'No lock in the way';
  const found = fact(facts, 'locks');
  if (found.state === 'unknown') return { id, title, verdict: 'unknown', detail: `Locks could not be read: ${found.reason}.` };
  const name = (lock: ArmResource): string => text(lock['name']) ?? text(lock['id']) ?? '?';
  const readOnly = found.value.filter((lock) => lockLevel(lock) === 'readonly');
  if (readOnly.length > 0) {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `Read-only lock ${listed(readOnly.map(name))}: ARM refuses every write (ScopeLocked).`,
      next: readOnly.map((lock) => `Have it removed for the change: az lock delete --ids ${listed([text(lock['id']) ?? name(lock)])}`),
      override: 'never',
    };
  }
  const noDelete = found.value.filter((lock) => lockLevel(lock) === 'cannotdelete');
  if (noDelete.length > 0 && (impact === 'reimage' || impact === 'recreate')) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `Delete lock ${listed(noDelete.map(name))}: where it reaches the node resource group, nodes cannot be replaced.`,
      next: ['Lift it for the length of the change.'],
    };
  }
  return {
    id,
    title,
    verdict: 'clear',
    detail:
      found.value.length === 0
        ? 'No lock on the cluster or above it.'
        : `The locks in place do not stop this change${noDelete.length > 0 ? `; ${listed(noDelete.map(name))} stops a way back that deletes something, until it is lifted` : ''}.`,
  };
}

/**
 * The guards that stand before the changes of any step: permission, locks, infrastructure as code and, where the cluster itself is
 * written, its state, a rollout that stopped half way and preview properties. A step adds its own behind them.
 */
export function commonGuards(facts: Facts, options: GuardOptions): readonly Guard[] {
  const { impact, writesCluster = true, canLockOut = false, code = [] } = options;
  const actions = options.actions ?? [WRITE_CLUSTER];
  return [
    ...actions.map((action) => permissionGuard(facts, action, { canLockOut: canLockOut && action === WRITE_CLUSTER })),
    locksGuard(facts, impact),
    ...(code.length > 0 ? [ownershipGuard(facts, code)] : []),
    ...(writesCluster ? [clusterStateGuard(facts), pendingReimageGuard(facts), previewGuard(facts)] : []),
  ];
}

/** The cluster's name for a sentence. */
export function clusterName(facts: Facts): string {
  return listed([clusterRef(facts).name]);
}
