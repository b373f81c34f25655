import type { ArmGateway, Operation } from '../model/gateway.ts';
import type { Request } from '../model/plan.ts';
import { type Problem, ProblemError, problemOf } from '../model/problem.ts';

/**
 * What came of sending a write once.
 * `changed`: refused because the resource is not as it was read. `busy`: refused because another operation runs. `throttled`: refused
 * for now. `there`: ARM holds the very thing under another name. `unknown`: it may or may not have been carried out.
 */
export type Sent =
  | { readonly kind: 'accepted'; readonly operation?: Operation }
  | { readonly kind: 'changed'; readonly problem: Problem }
  | { readonly kind: 'busy'; readonly problem: Problem }
  | { readonly kind: 'throttled'; readonly problem: Problem; readonly waitMs: number }
  | { readonly kind: 'there' }
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** AKS gives a cluster one write a minute once its burst is used up (AKS docs: quotas-skus-regions). */
const THROTTLE_MS = 60_000;

const inProgress = /another operation|in progress|aks-pending-operation/i;

function refusalOf(problem: Problem): Exclude<Sent, { kind: 'accepted' }> | undefined {
  const { cloud } = problem;
  // Without an answer there is no knowing; a 408 or a 5xx may come before, during or after the work.
  if (problem.code === 'outcome-unknown' || (cloud !== undefined && (cloud.status === 0 || cloud.status === 408 || cloud.status >= 500))) {
    return { kind: 'unknown', problem };
  }
  if (cloud === undefined) return undefined;
  if (cloud.status === 429) return { kind: 'throttled', problem, waitMs: cloud.retryAfterMs ?? THROTTLE_MS };
  if (cloud.status === 412 || cloud.code === 'PreconditionFailed') return { kind: 'changed', problem };
  if (cloud.code === 'RoleAssignmentExists') return { kind: 'there' };
  // 409 EtagMismatch says "Another operation is in progress" as well (seen in Azure/terraform-azurerm-aks#604).
  if (cloud.status === 409 && (cloud.code === 'EtagMismatch' || cloud.code === 'AnotherOperationInProgress' || inProgress.test(cloud.message))) {
    return { kind: 'busy', problem };
  }
  return undefined;
}

/**
 * Sends a write, once. It is not tied to any abort signal: cut off half way, nobody would know what became of it.
 * Refusals that have an answer come back; all others are thrown. An error that is no answer of the gateway's at all (a lost connection
 * that nobody translated) counts as unknown.
 */
export async function sendOnce(arm: ArmGateway, request: Request, ifMatch: string | undefined): Promise<Sent> {
  try {
    const { operation } = await arm.begin(request, ifMatch === undefined ? {} : { ifMatch });
    return operation === undefined ? { kind: 'accepted' } : { kind: 'accepted', operation };
  } catch (error) {
    if (!(error instanceof ProblemError)) return { kind: 'unknown', problem: problemOf(error) };
    const refusal = refusalOf(error.problem);
    if (refusal === undefined) throw error;
    return refusal;
  }
}
