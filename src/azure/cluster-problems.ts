import { learn, type ProblemContext, type ProblemRow, said, type Telling } from './problem-row.ts';

const guide = (title: string, page: string) => learn(title, `troubleshoot/azure/azure-kubernetes/${page}`);

function tellPending({ message }: ProblemContext): Telling {
  const which = /Another operation \(([^)]{1,80})\)/i.exec(message)?.[1] ?? /operation[:\s]+"?'?(\w+)'? .{0,20}in progress/i.exec(message)?.[1];
  return {
    what: which ? `Another operation is in progress on the cluster: ${which}.` : 'Another operation is in progress on the cluster or one of its pools.',
    why: message,
    next: ['Wait until it is done: az aks wait --updated -g GROUP -n NAME', 'See who started it: az monitor activity-log list -g GROUP --offset 2h -o table'],
  };
}

/** What the AKS resource provider means: by its codes, and by its words where one code means several things. */
export const clusterRows: readonly ProblemRow[] = [
  {
    code: 'quota-exceeded',
    codes: ['QuotaExceeded', 'ErrCode_InsufficientVCPUQuota', 'InsufficientVCPUQuota'],
    tell: said('The quota of cores does not hold the extra nodes that this needs while nodes are replaced.', [
      'See what is left: az vm list-usage --location LOCATION -o table',
      'Ask for more, or let pools replace nodes without extra ones: az aks nodepool update --max-surge 0 --max-unavailable 1',
    ]),
    links: [guide('QuotaExceeded', 'error-codes/error-code-quotaexceeded')],
  },
  {
    code: 'quota-exceeded',
    text: /exceeding (approved )?.{0,60}quota/i,
    tell: said('The quota of cores does not hold the extra nodes that this needs while nodes are replaced.', [
      'See what is left: az vm list-usage --location LOCATION -o table',
      'Ask for more.',
    ]),
  },
  {
    code: 'operation-in-progress',
    text: /another operation .{0,120}in progress|in progress.{0,120}another operation|aka\.ms\/aks-pending-operation/i,
    tell: tellPending,
    links: [guide('Another operation is in progress', 'create-upgrade-delete/error-code-operationnotallowed-pendingoperation')],
  },
  {
    code: 'operation-in-progress',
    codes: ['AnotherOperationInProgress', 'OperationInProgress', 'Conflict'],
    status: (status) => status === 409,
    tell: tellPending,
  },
  {
    code: 'cluster-stopped',
    text: /cluster.{0,60}\b(stopped|deallocated)\b|not running/i,
    codes: ['OperationNotAllowed', 'BadRequest', 'Conflict', 'KubernetesOperationError'],
    tell: said('The cluster is stopped; a stopped cluster takes no change but start.', ['Start it: az aks start -g GROUP -n NAME']),
    links: [learn('Stop and start a cluster', 'azure/aks/start-stop-cluster')],
  },
  {
    code: 'subnet-full',
    codes: ['SubnetIsFull', 'InsufficientSubnetSize', 'SubnetWithInsufficientAddressSpace'],
    tell: said('The subnet has too few free addresses for the extra nodes that this needs.', [
      'Use a larger subnet, fewer extra nodes (--max-surge), or a pool on another subnet.',
    ]),
    links: [guide('SubnetIsFull', 'error-codes/error-code-subnetisfull-upgrade')],
  },
  {
    code: 'drain-blocked',
    codes: ['PodDrainFailure', 'UnsatisfiablePDB', 'KubernetesDrainFailure'],
    tell: said('A node could not be emptied: a PodDisruptionBudget or a pod that does not end keeps it.', [
      'Find the budgets that allow nothing: kubectl get pdb -A',
      'Let them allow one pod, or give the workload another replica; none is removed for you. Then carry on: aks-harden resume',
      'Any later change of the cluster takes the stopped replacement of nodes up again.',
    ]),
    links: [guide('PodDrainFailure', 'error-codes/poddrainfailure-error')],
  },
  {
    code: 'drain-blocked',
    text: /violate the pod'?s disruption budget|eviction.{0,60}(blocked|too many requests)|drain.{0,80}(pdb|disruption)/i,
    tell: said('A node could not be emptied: a PodDisruptionBudget keeps it.', [
      'Find the budgets that allow nothing: kubectl get pdb -A',
      'Mend them, then carry on: aks-harden resume',
    ]),
    links: [guide('PodDrainFailure', 'error-codes/poddrainfailure-error')],
  },
  {
    code: 'deprecated-api-in-use',
    codes: ['UpgradeBlockedOnDeprecatedAPIUsage', 'ValidationErrorUpgradeBlockedOnDeprecatedAPIUsage'],
    tell: said('Something in the cluster still uses an API that the next version does not have.', [
      'The message names the API and who calls it: change that first.',
    ]),
    links: [learn('Stop upgrades on API breaking changes', 'azure/aks/stop-cluster-upgrade-api-breaking-changes')],
  },
  {
    code: 'version-not-supported',
    codes: ['K8sVersionNotSupported', 'NodePoolMcVersionIncompatible', 'AgentPoolK8sVersionNotSupported', 'OperationNotAllowedOnUnsupportedVersion'],
    tell: said('The Kubernetes version does not allow this.', [
      'See which versions the cluster can go to: az aks get-upgrades -g GROUP -n NAME -o table',
      'The control plane goes first, one minor version at a time.',
    ]),
    links: [learn('Supported versions', 'azure/aks/supported-kubernetes-versions')],
  },
  {
    code: 'workspace-gone',
    text: /unable to get log analytics workspace info|log analytics workspace.{0,200}(not found|could not be found|does not exist)|workspaces\/.{0,200}(was not found|could not be found)/i,
    tell: said('A part of the cluster refers to a Log Analytics workspace that is gone; until that is mended every change of the cluster fails.', [
      'A deleted workspace can be recovered for 14 days: az monitor log-analytics workspace recover --help',
      'Or point monitoring and Defender at another one, or turn them off: az aks disable-addons -a monitoring, az aks update --disable-defender',
    ]),
  },
  {
    code: 'resource-edited',
    codes: ['InvalidResourceReference'],
    tell: said('A resource that AKS manages refers to one that is gone: somebody changed the load balancer in the node resource group by hand.', [
      'The message names the resource: put it back, then run az aks update -g GROUP -n NAME to let AKS mend the rest.',
    ]),
  },
  {
    code: 'node-cannot-reach',
    codes: [
      'VMExtensionProvisioningError',
      'VMExtensionError_OutboundConnFail',
      'VMExtensionError_K8SAPIServerConnFail',
      'VMExtensionError_K8SAPIServerDNSLookupFail',
    ],
    tell: said('New nodes cannot reach the internet, the API server, or its name.', [
      "Check that the cluster's own outbound address is among the authorized IP ranges.",
      'Check routes, firewall and DNS of the node subnet.',
    ]),
    links: [guide('K8SAPIServerConnFailVMExtensionError', 'error-codes/k8sapiserverconnfailvmextensionerror')],
  },
  {
    code: 'no-capacity',
    codes: ['AksCapacityHeavyUsage', 'AllocationFailed', 'ZonalAllocationFailed', 'OverconstrainedAllocationRequest', 'SkuNotAvailable'],
    tell: said('The region has no room for this now.', ['Try again later, or with another VM size or zone.']),
    links: [guide('AksCapacityHeavyUsage', 'error-codes/akscapacityheavyusage-error')],
  },
  {
    code: 'property-fixed',
    codes: ['PropertyChangeNotAllowed'],
    tell: said('This property cannot be changed on an existing cluster.', ['Nothing was changed. Report it: the plan should not have held this change.']),
  },
  {
    code: 'private-dns-rights',
    codes: ['CustomPrivateDNSZoneMissingPermission', 'CustomPrivateDNSZoneMissingPermissionError', 'CreateOrUpdateVirtualNetworkLinkFailed'],
    tell: said("The cluster's identity may not write to the private DNS zone, or the zone cannot be linked to the network.", [
      'Give the control-plane identity "Private DNS Zone Contributor" on the zone and "Network Contributor" on the network.',
      'A policy that forbids virtual network links has the same effect.',
    ]),
    links: [guide('CreateOrUpdateVirtualNetworkLinkFailed', 'error-codes/create-or-update-virtual-network-link-failed')],
  },
  {
    code: 'local-accounts-off',
    text: /getting static credential is(n't| not) allowed/i,
    tell: said("The cluster's local accounts are off: it hands out no admin certificate.", [
      'That is what is wanted. Sign in with Entra: az aks get-credentials -g GROUP -n NAME',
    ]),
    links: [learn('Local accounts', 'azure/aks/manage-local-accounts-managed-azure-ad')],
  },
  {
    code: 'run-command-failed',
    codes: ['KubernetesPerformanceError', 'KubernetesOperationError'],
    tell: said('A command sent into the cluster through Azure did not run.', [
      'It needs a healthy node with room for one pod in namespace aks-command, within 60 seconds.',
      'See: kubectl get pods -n aks-command',
    ]),
    links: [learn('Run commands in a private cluster', 'azure/aks/access-private-cluster')],
  },
  {
    code: 'feature-not-registered',
    codes: ['FeatureNotRegistered', 'PreviewFeatureNotRegistered', 'FeatureNotEnabled'],
    tell: said('This is a preview feature that the subscription has not registered.', [
      'Register it: az feature register --namespace Microsoft.ContainerService --name FEATURE',
    ]),
  },
  {
    code: 'reimage-blocked',
    text: /node ?disruption ?policy/i,
    tell: said("The cluster's node disruption policy does not allow nodes to be replaced now.", ['Wait for its maintenance window, or change the policy.']),
    links: [learn('Node disruption policy', 'azure/aks/node-disruption-policy')],
  },
  {
    code: 'upgrade-failed',
    codes: ['UpgradeFailed', 'NodesNotReady', 'ReconcileVMSSAgentPoolFailed'],
    tell: said('Nodes were not replaced completely.', [
      'See what keeps them: kubectl get pdb -A and kubectl get nodes',
      'Any later change of the cluster takes it up again.',
    ]),
  },
];
