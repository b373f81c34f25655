import { idPart } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { learn, type ProblemContext, type ProblemRow, said, type Telling } from './problem-row.ts';

/** Least built-in role that holds an action, by how the action begins. The first that fits. */
const roles: readonly (readonly [RegExp, string])[] = [
  [/^Microsoft\.Authorization\/roleAssignments\/(write|delete)/i, 'Role Based Access Control Administrator'],
  [/^Microsoft\.Authorization\/locks\/(write|delete)/i, 'User Access Administrator'],
  [
    /^Microsoft\.ContainerService\/managedClusters\/(runCommand|commandResults|write|delete|.*\/(write|action|delete))/i,
    'Azure Kubernetes Service Contributor Role',
  ],
  [/^Microsoft\.Network\/.*\/(write|action|delete)$/i, 'Network Contributor'],
  [/^Microsoft\.ManagedIdentity\/userAssignedIdentities\/assign\/action$/i, 'Managed Identity Operator'],
  [/^Microsoft\.OperationalInsights\/.*(write|action|delete)$/i, 'Log Analytics Contributor'],
  [/^Microsoft\.Insights\/.*(write|delete)$/i, 'Monitoring Contributor'],
  [/^Microsoft\.Security\/.*(write|delete)$/i, 'Security Admin'],
  [/\/read$/i, 'Reader'],
];

/** The least built-in role this program knows for an ARM action; undefined when it knows none. */
export function roleFor(action: string): string | undefined {
  return roles.find(([pattern]) => pattern.test(action))?.[1];
}

function tellRefused(context: ProblemContext): Telling {
  const { right } = context;
  if (!right) {
    return {
      what: 'The sign-in lacks a right that this needs.',
      why: context.message || 'Azure answered 403 and named no right.',
      next: ['Ask for a role that holds it. A role just given can take a few minutes; a new sign-in (az login) fetches it.'],
    };
  }
  const [first = ''] = right.actions;
  const role = roleFor(first);
  const assignee = right.principal ?? '<object id>';
  const scope = right.scope === '' ? '' : ` on ${right.scope}`;
  return {
    what: `The sign-in lacks the right ${right.actions.join(', ')}${scope}.`,
    why: context.message,
    next: [
      ...(role && right.scope !== ''
        ? [`Somebody with the right to give roles runs: az role assignment create --assignee-object-id ${assignee} --role "${role}" --scope "${right.scope}"`]
        : ['Ask for a role that holds it.']),
      'With Privileged Identity Management: activate the role, then sign in again. A new role can take a few minutes.',
    ],
  };
}

function tellPolicy({ message }: ProblemContext): Telling {
  const assignment =
    /"?policyAssignment"?.{0,80}?"id"\s*:\s*"([\w/.() -]+)"/i.exec(message)?.[1] ?? /\/[\w/.() -]*policyAssignments\/[\w.-]+/i.exec(message)?.[0];
  return {
    what: 'An Azure Policy assignment denies this change.',
    why: message,
    next: [
      assignment
        ? `Talk to the owner of ${clean(assignment)}, or ask for an exemption: az policy exemption create --help`
        : 'Talk to the owner of the policy named above, or ask for an exemption.',
      'Nothing was changed; sending it again will not help.',
    ],
  };
}

function tellClusterNotFound({ url, message }: ProblemContext): Telling {
  const path = url.split('?')[0] ?? '';
  const decoded = clean(path);
  const name = idPart(decoded, 'managedClusters') ?? '';
  const group = idPart(decoded, 'resourceGroups') ?? '';
  return {
    what: `There is no cluster "${name}" in resource group "${group}".`,
    why: message || 'Azure answered 404.',
    next: [
      'List what there is: az aks list -o table',
      'Check the subscription: az account show',
      'A cluster that the sign-in may not see can also look absent.',
    ],
  };
}

/** Who may do what: sign-in, rights, locks, policies, and things that are not there. */
export const accessRows: readonly ProblemRow[] = [
  {
    code: 'linked-right-missing',
    codes: ['LinkedAuthorizationFailed'],
    tell: tellRefused,
    links: [learn('Identities and the rights AKS needs', 'azure/aks/concepts-identity')],
  },
  {
    code: 'not-authorized',
    codes: ['AuthorizationFailed', 'AuthorizationPermissionMismatch', 'Authorization_RequestDenied', 'Forbidden'],
    tell: tellRefused,
    links: [learn('Troubleshoot Azure RBAC', 'azure/role-based-access-control/troubleshooting')],
  },
  {
    code: 'denied-by-policy',
    codes: ['RequestDisallowedByPolicy', 'PolicyViolation'],
    tell: tellPolicy,
    links: [learn('RequestDisallowedByPolicy', 'azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy')],
  },
  {
    code: 'denied-by-assignment',
    codes: ['DenyAssignmentAuthorizationFailed'],
    tell: said('A deny assignment blocks this change, whatever roles the sign-in has.', [
      'A deployment stack, a managed application, or the lock-down of the node resource group sets such an assignment: change it there.',
    ]),
    links: [learn('Deny assignments', 'azure/role-based-access-control/deny-assignments')],
  },
  {
    code: 'locked',
    codes: ['ScopeLocked'],
    tell: said('A resource lock blocks this change.', [
      'See the locks: az lock list -o table (also those of the node resource group, MC_…).',
      'Whoever set it removes it for the change and puts it back: az lock delete --ids ID',
    ]),
    links: [learn('Locks', 'azure/azure-resource-manager/management/lock-resources')],
  },
  {
    code: 'service-principal-expired',
    codes: ['AADSTS7000222', 'AADSTS7000215', 'ServicePrincipalValidationClientError', 'ServicePrincipalNotFound'],
    tell: said("The cluster's service principal is expired, wrong or gone; every change of the cluster fails until it is mended.", [
      'Give it a new secret: az aks update-credentials --reset-service-principal (this reimages the nodes).',
      'Then move the cluster to a managed identity, which has no secret that expires.',
      'If it is your own sign-in that is meant: az login',
    ]),
    links: [learn("Update or rotate the cluster's credentials", 'azure/aks/update-credentials')],
  },
  {
    code: 'conditional-access',
    codes: ['AADSTS50076', 'AADSTS50079', 'AADSTS50158', 'AADSTS53000', 'AADSTS53001', 'AADSTS53003', 'AADSTS530031', 'AADSTS50005'],
    tell: said('Conditional access wants more than this sign-in has shown: another factor, a known device, or another place.', [
      'Sign in again where it is asked for: az login --scope https://management.core.windows.net//.default',
    ]),
    links: [learn('Conditional access', 'entra/identity/conditional-access/overview')],
  },
  {
    code: 'signed-out',
    codes: [
      'ExpiredAuthenticationToken',
      'InvalidAuthenticationToken',
      'AuthenticationFailed',
      'invalid_grant',
      'AADSTS70043',
      'AADSTS700082',
      'AADSTS50173',
      'AADSTS50132',
    ],
    tell: said('The sign-in has run out or was withdrawn.', ['Sign in again: az login', 'Nothing is lost: aks-harden resume carries on.']),
  },
  {
    code: 'wrong-tenant',
    codes: ['InvalidAuthenticationTokenTenant'],
    tell: said('The sign-in belongs to another tenant than the subscription.', ['Sign in to its tenant: az login --tenant TENANT']),
  },
  {
    code: 'signed-out',
    status: (status) => status === 401,
    tell: said('Azure did not accept the sign-in.', ['Sign in again: az login', 'Nothing is lost: aks-harden resume carries on.']),
  },
  {
    code: 'sign-in-refused',
    text: /AADSTS\d+/,
    tell: said('Microsoft Entra refused the sign-in, or a sign-in that the cluster needs.', [
      'Look the number up: https://login.microsoftonline.com/error',
      'Sign in again: az login',
    ]),
  },
  {
    code: 'subscription-not-found',
    codes: ['SubscriptionNotFound', 'InvalidSubscriptionId', 'DisallowedSubscription'],
    tell: said('The subscription is not there, or this sign-in cannot see it.', [
      'List those it sees: az account list -o table',
      'Or sign in to its tenant: az login --tenant TENANT',
    ]),
  },
  {
    code: 'cluster-not-found',
    status: (status) => status === 404,
    url: /\/managedClusters\/[^/?]+(\?|$)/i,
    tell: tellClusterNotFound,
    exitCode: 2,
  },
  { code: 'not-authorized', status: (status) => status === 403, tell: tellRefused },
];
