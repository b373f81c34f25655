import type { Permission } from '../../src/model/facts.ts';

/** Reads, edits and writes back the cluster: the lifeboat, because whoever holds it can undo every access setting through ARM. */
export const WRITE_CLUSTER = 'Microsoft.ContainerService/managedClusters/write';
export const WRITE_DIAGNOSTIC_SETTING = 'Microsoft.Insights/diagnosticSettings/write';
export const WRITE_ROLE_ASSIGNMENT = 'Microsoft.Authorization/roleAssignments/write';
export const WRITE_DEFENDER_PLAN = 'Microsoft.Security/pricings/write';

/** Whether one pattern of a role definition (`*`, `Microsoft.ContainerService/*`, `…/read`) covers an action. `*` spans slashes; case does not count. */
export function covers(pattern: string, action: string): boolean {
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const wanted = action.toLowerCase();
  if (rest.length === 0) return head === wanted;
  if (!wanted.startsWith(head)) return false;
  let from = head.length;
  for (const [i, part] of rest.entries()) {
    const last = i === rest.length - 1;
    const found = last ? Math.max(from, wanted.length - part.length) : wanted.indexOf(part, from);
    if (found < 0 || !wanted.startsWith(part, found)) return false;
    from = found + part.length;
  }
  return from === wanted.length;
}

/**
 * Whether Azure RBAC permissions, as Microsoft.Authorization/permissions lists them, allow an action:
 * one entry must have it among `actions` and not among its own `notActions` (another entry's notActions take nothing away).
 */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) => actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}
