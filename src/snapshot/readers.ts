import { CLUSTER_API_VERSION } from '../model/change.ts';
import type { ArmResource, FactKey, FactValues, Permission, PoolImage, WorkspaceReference } from '../model/facts.ts';
import { at, isTrue, list, path, text, texts } from '../model/json.ts';
import { readAdminGroups, readOperatorGroups } from './admin-groups.ts';
import { readAdminPaths } from './admin-paths.ts';
import { apiVersions } from './api-versions.ts';
import { listAround, readNodeLoadBalancers, readPublicAddresses } from './around-network.ts';
import { readCertificateHistory } from './certificate-history.ts';
import { readDataCollectionRules } from './data-collection.ts';
import { readDeploymentSafeguards } from './deployment-safeguards.ts';
import { readIdentityRoleAssignments, readManagedIdentities, readNamesakes, readServicePrincipal, readSiblings } from './identities.ts';
import { wayIn } from './kubernetes/listed.ts';
import { readPodSecurityAnswers } from './kubernetes/pod-security-answers.ts';
import { kubernetesReaders } from './kubernetes/readers.ts';
import { nodeGroupId, readSubnets } from './network.ts';
import { readOutboundAddresses } from './outbound.ts';
import { readOwnership } from './ownership.ts';
import { armId, cannotTell, getList, getResource, isNotFound, type Reading, subscriptionOf } from './reading.ts';
import { readRegistries, readRegistryAssessments, readRegistryPrivateLink, readRegistryScanners } from './registries.ts';
import { readClusterUpgrades, readKubernetesVersions } from './versions.ts';

/** How each fact is read. A reader starts its requests at once, or waits for the cluster and then starts them: never a third time. */
export type Readers = { readonly [K in FactKey]: (reading: Reading) => Promise<FactValues[K]> };

async function readPermissions(reading: Reading, scope: string): Promise<readonly Permission[]> {
  const found = await getList(reading, `${scope}/providers/Microsoft.Authorization/permissions?api-version=${apiVersions.permissions}`);
  return found.map((entry) => ({ actions: texts(entry['actions']), notActions: texts(entry['notActions']) }));
}

async function readLocks(reading: Reading): Promise<readonly ArmResource[]> {
  const locks = (scope: string) => getList(reading, `${scope}/providers/Microsoft.Authorization/locks?api-version=${apiVersions.locks}`);
  const nodes = reading.cluster.then((cluster) => {
    const group = nodeGroupId(cluster, reading.clusterId);
    return group === undefined ? [] : locks(group).catch((thrown: unknown) => (isNotFound(thrown) ? [] : Promise.reject(thrown)));
  });
  const found = (await Promise.all([locks(reading.clusterId), nodes])).flat();
  // A lock of the subscription stands in both lists.
  return [...new Map(found.map((lock, i) => [text(lock['id'])?.toLowerCase() ?? String(i), lock])).values()];
}

async function readPoolImages(reading: Reading): Promise<readonly PoolImage[]> {
  const cluster = await reading.cluster;
  const pools = list(at(cluster, path('properties.agentPoolProfiles'))).flatMap((pool) => {
    const name = text(at(pool, ['name']));
    return name && /^[a-z0-9]+$/i.test(name) ? [{ name, current: text(at(pool, ['nodeImageVersion'])) }] : [];
  });
  return Promise.all(
    pools.map(async ({ name, current }) => {
      const profile = await getResource(reading, `${reading.clusterId}/agentPools/${name}/upgradeProfiles/default?api-version=${CLUSTER_API_VERSION}`);
      const latest = text(at(profile, path('properties.latestNodeImageVersion')));
      if (!current || !latest) return cannotTell(`pool ${name} does not tell its image, or the latest one`);
      return { pool: name, current, latest };
    }),
  );
}

/** Workspaces that enabled parts of the cluster send to, each once per part. */
export function referencedWorkspaces(cluster: ArmResource): readonly Omit<WorkspaceReference, 'exists'>[] {
  const omsagent = at(cluster, path('properties.addonProfiles.omsagent'));
  const defender = at(cluster, path('properties.securityProfile.defender'));
  const insights = at(cluster, path('properties.azureMonitorProfile.containerInsights'));
  const references = [
    { usedBy: 'omsagent', on: isTrue(at(omsagent, ['enabled'])), id: armId(at(omsagent, path('config.logAnalyticsWorkspaceResourceID'))) },
    { usedBy: 'defender', on: isTrue(at(defender, path('securityMonitoring.enabled'))), id: armId(at(defender, ['logAnalyticsWorkspaceResourceId'])) },
    { usedBy: 'containerInsights', on: isTrue(at(insights, ['enabled'])), id: armId(at(insights, ['logAnalyticsWorkspaceResourceId'])) },
  ];
  return references.flatMap(({ usedBy, on, id }) => (on && id !== undefined ? [{ usedBy, id }] : []));
}

async function readWorkspaces(reading: Reading): Promise<readonly WorkspaceReference[]> {
  return Promise.all(
    referencedWorkspaces(await reading.cluster).map(async ({ id, usedBy }) => {
      try {
        await getResource(reading, `${id}?api-version=${apiVersions.workspaces}`);
        return { id, usedBy, exists: true };
      } catch (thrown) {
        if (isNotFound(thrown)) return { id, usedBy, exists: false };
        throw thrown;
      }
    }),
  );
}

/** The host of the API server as clients here use it: the private name where the cluster is private. */
export function apiServerHost(cluster: ArmResource): string | undefined {
  const fqdn = text(at(cluster, path('properties.fqdn')));
  const privateFqdn = text(at(cluster, path('properties.privateFQDN')));
  return isTrue(at(cluster, path('properties.apiServerAccessProfile.enablePrivateCluster'))) ? (privateFqdn ?? fqdn) : (fqdn ?? privateFqdn);
}

export const readers: Readers = {
  agentPools: (reading) => getList(reading, `${reading.clusterId}/agentPools?api-version=${CLUSTER_API_VERSION}`),
  diagnosticSettings: (reading) =>
    getList(reading, `${reading.clusterId}/providers/Microsoft.Insights/diagnosticSettings?api-version=${apiVersions.diagnosticSettings}`),
  maintenanceConfigurations: (reading) => getList(reading, `${reading.clusterId}/maintenanceConfigurations?api-version=${CLUSTER_API_VERSION}`),
  defenderPlan: (reading) =>
    getResource(reading, `${subscriptionOf(reading.clusterId)}/providers/Microsoft.Security/pricings/Containers?api-version=${apiVersions.pricings}`),
  permissions: (reading) => readPermissions(reading, reading.clusterId),
  subscriptionPermissions: (reading) => readPermissions(reading, subscriptionOf(reading.clusterId)),
  locks: readLocks,
  policyAssignments: (reading) =>
    getList(reading, `${reading.clusterId}/providers/Microsoft.Authorization/policyAssignments?api-version=${apiVersions.policyAssignments}`),
  roleAssignments: (reading) =>
    getList(reading, `${reading.clusterId}/providers/Microsoft.Authorization/roleAssignments?api-version=${apiVersions.roleAssignments}&$filter=atScope()`),
  outboundAddresses: readOutboundAddresses,
  poolImages: readPoolImages,
  workspaces: readWorkspaces,
  adminGroups: readAdminGroups,
  operator: (reading) => reading.arm.operator(),
  operatorGroups: readOperatorGroups,
  subscriptionTenant: async (reading) => {
    const subscription = await getResource(reading, `${subscriptionOf(reading.clusterId)}?api-version=${apiVersions.subscriptions}`);
    return text(subscription['tenantId']) ?? cannotTell('the subscription does not tell its tenant');
  },
  ownership: readOwnership,
  deploymentSafeguards: readDeploymentSafeguards,
  availableWorkspaces: async (reading) => {
    const url = `${subscriptionOf(reading.clusterId)}/providers/Microsoft.OperationalInsights/workspaces?api-version=${apiVersions.workspaces}`;
    return (await getList(reading, url)).flatMap((workspace) => {
      const id = text(workspace['id']);
      return id === undefined ? [] : [{ id, location: text(workspace['location']) ?? '' }];
    });
  },
  subnets: readSubnets,
  ...kubernetesReaders,
  podSecurityAnswers: readPodSecurityAnswers,
  kubernetesAccess: async (reading) => (await wayIn(reading)).access(),
  apiServerReachability: async (reading) => {
    const host = apiServerHost(await reading.cluster) ?? cannotTell('the cluster does not name its API server');
    return reading.arm.probe(host, reading.signal);
  },
  servicePrincipal: readServicePrincipal,
  namesakePrincipals: readNamesakes,
  siblingClusters: readSiblings,
  managedIdentities: readManagedIdentities,
  identityRoleAssignments: readIdentityRoleAssignments,
  dataCollectionRules: readDataCollectionRules,
  registries: readRegistries,
  registryScanners: readRegistryScanners,
  registryAssessments: readRegistryAssessments,
  registryPrivateLink: readRegistryPrivateLink,
  adminPaths: readAdminPaths,
  certificateHistory: readCertificateHistory,
  natGateways: (reading) => listAround(reading, 'natGateways'),
  routeTables: (reading) => listAround(reading, 'routeTables'),
  firewalls: (reading) => listAround(reading, 'azureFirewalls'),
  publicAddresses: readPublicAddresses,
  nodeLoadBalancers: readNodeLoadBalancers,
  kubernetesVersions: readKubernetesVersions,
  clusterUpgrades: readClusterUpgrades,
  runCommand: async (reading) => (reading.runCommand ?? (() => cannotTell('run-command was not tried')))(),
};
