import { learn, type ProblemRow, said } from './problem-row.ts';

const pending = learn(
  'Another operation is in progress',
  'troubleshoot/azure/azure-kubernetes/create-upgrade-delete/error-code-operationnotallowed-pendingoperation',
);

/** About the exchange itself: unknown outcomes, waiting, conflicts. Before any reading of what the provider means. */
export const protocolRows: readonly ProblemRow[] = [
  {
    code: 'outcome-unknown',
    write: true,
    status: (status) => status === 0 || status >= 500 || status === 408,
    tell: ({ status, code, message }) => ({
      what: 'The change was sent, and it is not known whether Azure carried it out.',
      why:
        status === 0
          ? message || 'The connection ended before an answer came.'
          : `Azure answered ${status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}. Such an answer can come before, during or after the change.`,
      next: ['It is not sent again. Read the cluster first: aks-harden resume does, and says what changed.'],
    }),
  },
  {
    code: 'throttled',
    status: (status) => status === 429,
    tell: said('Azure asks to slow down: too many requests in a short time.', [
      'Wait for the time that Azure names, then carry on: aks-harden resume',
      'AKS takes one write a minute on a cluster once 20 in a row are used up.',
    ]),
    links: [learn('Limits and throttling of AKS', 'azure/aks/quotas-skus-regions')],
  },
  {
    code: 'throttled',
    codes: ['Throttled', 'SubscriptionRequestsThrottled', 'TooManyRequests'],
    tell: said('Azure asks to slow down: too many requests in a short time.', ['Wait a few minutes, then carry on: aks-harden resume']),
  },
  {
    code: 'changed-meanwhile',
    codes: ['EtagMismatch', 'PreconditionFailed'],
    tell: said('The resource was changed by somebody else since it was read.', ['It is read again, and the plan is shown anew before anything is sent.']),
    links: [learn('ETags in AKS', 'azure/aks/use-etags')],
  },
  {
    code: 'changed-meanwhile',
    status: (status) => status === 412,
    tell: said('The resource was changed by somebody else since it was read.', ['It is read again, and the plan is shown anew before anything is sent.']),
  },
  {
    code: 'operation-preempted',
    codes: ['AKSOperationPreempted', 'OperationPreempted', 'AKSOperationPreemptedByDelete', 'OperationPreemptedByDelete'],
    tell: said('Another operation on the cluster took the place of this one.', [
      'Read the cluster again (aks-harden resume) and see what holds before anything is repeated.',
    ]),
  },
  {
    code: 'operation-canceled',
    codes: ['OperationCanceled', 'Canceled', 'Cancelled'],
    tell: said('The operation was cancelled. Canceling does not put anything back: part of the change may stand.', [
      'Read the cluster again: aks-harden resume',
    ]),
    links: [learn('Abort an operation', 'azure/aks/manage-abort-operations')],
  },
];

/** Last: by status alone, and what nobody foresaw. */
export const restRows: readonly ProblemRow[] = [
  {
    code: 'not-found',
    codes: ['ResourceNotFound', 'ResourceGroupNotFound', 'NotFound', 'ParentResourceNotFound', 'Request_ResourceNotFound'],
    tell: said('Something that this needs is not there.', ['Check the names, and that the sign-in may see it.']),
  },
  {
    code: 'provider-not-registered',
    codes: ['MissingSubscriptionRegistration', 'NoRegisteredProviderFound'],
    tell: said('The subscription has not registered the resource provider that this needs.', [
      'Register it: az provider register --namespace NAMESPACE --wait',
    ]),
  },
  {
    code: 'api-version-not-supported',
    codes: ['InvalidApiVersionParameter', 'UnsupportedApiVersion', 'NoRegisteredProviderFoundForApiVersion'],
    tell: said('This cloud does not know the api-version that this program speaks.', ['Use the printed commands: az chooses a version that the cloud knows.']),
  },
  {
    code: 'operation-in-progress',
    status: (status) => status === 409,
    tell: said('Another operation on this resource is in progress, or the change conflicts with its state.', [
      'Wait until it is done, then carry on: aks-harden resume',
    ]),
    links: [pending],
  },
  {
    code: 'not-found',
    status: (status) => status === 404,
    tell: said('Something that this needs is not there.', ['Check the names, and that the sign-in may see it.']),
  },
  {
    code: 'azure-unreachable',
    status: (status) => status === 0,
    tell: said('Azure could not be reached.', ['Check the network, and HTTPS_PROXY where a proxy is needed; then run the command again.']),
  },
  {
    code: 'azure-unavailable',
    status: (status) => status >= 500 || status === 408,
    tell: said('Azure has trouble answering.', ['Run the command again in a few minutes.', 'See https://azure.status.microsoft']),
  },
  {
    code: 'request-refused',
    status: (status) => status >= 400,
    tell: said('Azure refused the request.', ['Nothing was changed by it. Read the reason above.']),
  },
  {
    code: 'operation-failed',
    tell: said('The operation failed. A failed operation may have been carried out in part.', [
      'Read the cluster again: aks-harden resume says what holds.',
      'A cluster in state Failed is brought back by applying its own settings again: az aks update -g GROUP -n NAME',
    ]),
    links: [learn('Troubleshoot failed operations', 'troubleshoot/azure/azure-kubernetes/welcome-azure-kubernetes')],
  },
];
