import { listActivity } from './activity-log.ts';
import { getPool, listPools, putPool, upgradeNodeImage } from './agent-pools.ts';
import type { Answer } from './answer.ts';
import { listInherited, listPermissions, listRoleDefinitions, putRoleAssignment } from './authorization.ts';
import { clusterAction } from './cluster-actions.ts';
import { type Context, type Handler, notFound, retryAfter } from './context.ts';
import { listDiagnosticCategories, putDiagnosticSetting } from './diagnostic-settings.ts';
import { putMaintenanceConfiguration } from './maintenance-configurations.ts';
import { deleteCluster, getCluster, listClusters, patchCluster, putCluster } from './managed-clusters.ts';
import { deleteNatGateway, deletePublicAddress, putNatGateway, putPublicAddress, putSubnet } from './network-resources.ts';
import { operationBody, resultAnswer } from './operations.ts';
import { deleteResource, getResource, listResources, patchResource, putPricing, putResource } from './other-resources.ts';
import { getProviders, getSubscriptions } from './providers.ts';
import { deletePrivateEndpoint, patchRegistry, putPrivateEndpoint } from './registries.ts';
import { commandResult } from './run-command.ts';
import { clusterUpgradeProfile, listKubernetesVersions, poolUpgradeProfile } from './upgrade-profiles.ts';

interface Route {
  readonly method: string;
  /** The whole type, or the type and the unpaired last segment: `…/managedClusters#agentPools`. Lower case. */
  readonly on: string;
  readonly handler: Handler;
}

const clusters = 'microsoft.containerservice/managedclusters';
const authorization = 'microsoft.authorization';

/** What has a handler of its own. Everything else is a plain resource, kept as it is sent. */
const routes: readonly Route[] = [
  { method: 'GET', on: clusters, handler: getCluster },
  { method: 'PUT', on: clusters, handler: putCluster },
  { method: 'PATCH', on: clusters, handler: patchCluster },
  { method: 'DELETE', on: clusters, handler: deleteCluster },
  { method: 'GET', on: 'microsoft.containerservice#managedclusters', handler: listClusters },
  { method: 'GET', on: `${clusters}/agentpools`, handler: getPool },
  { method: 'PUT', on: `${clusters}/agentpools`, handler: putPool },
  { method: 'GET', on: `${clusters}#agentpools`, handler: listPools },
  { method: 'POST', on: `${clusters}/agentpools#upgradenodeimageversion`, handler: upgradeNodeImage },
  { method: 'GET', on: `${clusters}/agentpools/upgradeprofiles`, handler: poolUpgradeProfile },
  { method: 'GET', on: `${clusters}/upgradeprofiles`, handler: clusterUpgradeProfile },
  { method: 'GET', on: `${clusters}/commandresults`, handler: commandResult },
  { method: 'PUT', on: `${clusters}/maintenanceconfigurations`, handler: putMaintenanceConfiguration },
  { method: 'PUT', on: 'microsoft.insights/diagnosticsettings', handler: putDiagnosticSetting },
  { method: 'GET', on: 'microsoft.insights#diagnosticsettingscategories', handler: listDiagnosticCategories },
  { method: 'PUT', on: 'microsoft.security/pricings', handler: putPricing },
  { method: 'PATCH', on: 'microsoft.containerregistry/registries', handler: patchRegistry },
  { method: 'PUT', on: 'microsoft.network/privateendpoints', handler: putPrivateEndpoint },
  { method: 'DELETE', on: 'microsoft.network/privateendpoints', handler: deletePrivateEndpoint },
  { method: 'PUT', on: 'microsoft.network/publicipaddresses', handler: putPublicAddress },
  { method: 'DELETE', on: 'microsoft.network/publicipaddresses', handler: deletePublicAddress },
  { method: 'PUT', on: 'microsoft.network/natgateways', handler: putNatGateway },
  { method: 'DELETE', on: 'microsoft.network/natgateways', handler: deleteNatGateway },
  { method: 'PUT', on: 'microsoft.network/virtualnetworks/subnets', handler: putSubnet },
  { method: 'GET', on: `${authorization}#permissions`, handler: listPermissions },
  { method: 'GET', on: `${authorization}#locks`, handler: listInherited('Microsoft.Authorization/locks') },
  { method: 'GET', on: `${authorization}#policyassignments`, handler: listInherited('Microsoft.Authorization/policyAssignments') },
  { method: 'GET', on: `${authorization}#roleassignments`, handler: listInherited('Microsoft.Authorization/roleAssignments') },
  { method: 'PUT', on: `${authorization}/roleassignments`, handler: putRoleAssignment },
  { method: 'GET', on: `${authorization}#roledefinitions`, handler: listRoleDefinitions },
  { method: 'GET', on: `${authorization}/roledefinitions`, handler: listRoleDefinitions },
  { method: 'GET', on: 'microsoft.containerservice/locations#kubernetesversions', handler: listKubernetesVersions },
  { method: 'GET', on: 'microsoft.insights/eventtypes#values', handler: listActivity },
  { method: 'GET', on: 'microsoft.containerservice/locations/operations', handler: getOperation },
  { method: 'GET', on: 'microsoft.containerservice/locations/operationresults', handler: getOperationResult },
];

const table: ReadonlyMap<string, Handler> = new Map(routes.map(({ method, on, handler }) => [`${method} ${on}`, handler]));

function getOperation(context: Context): Answer {
  const operation = context.world.state.operations[context.path.name ?? ''];
  if (operation === undefined) return notFound(context);
  const left = Math.min(10_000, Math.max(1000, operation.endTime - context.world.clock.now()));
  const headers: Answer['headers'] = operation.status === 'InProgress' ? { 'retry-after': retryAfter(context, left) } : {};
  return { status: 200, headers, body: operationBody(operation) };
}

function getOperationResult(context: Context): Answer {
  const operation = context.world.state.operations[context.path.name ?? ''];
  return operation === undefined ? notFound(context) : resultAnswer(operation, retryAfter(context, 10_000));
}

/** Paths above any provider: subscriptions, tenants, providers. */
function platform(context: Context): Answer | undefined {
  const { path, method } = context;
  const tail = path.tail?.toLowerCase();
  if (method === 'GET' && path.id === '' && tail === 'subscriptions') return getSubscriptions(context, 'list');
  if (method === 'GET' && path.id === '' && tail === 'tenants') return getSubscriptions(context, 'tenants');
  if (method === 'GET' && path.type === 'Microsoft.Resources/subscriptions' && tail === undefined) return getSubscriptions(context, 'one');
  if (method === 'GET' && path.type === 'Microsoft.Resources/subscriptions' && tail === 'locations') return getSubscriptions(context, 'locations');
  if (tail === 'providers') return getProviders(context, undefined);
  if (path.name === undefined && path.type !== '' && !path.type.includes('/') && (tail === undefined || tail === 'register'))
    return getProviders(context, path.type);
  return undefined;
}

const general: { readonly [method: string]: Handler } = { GET: getResource, HEAD: getResource, PUT: putResource, PATCH: patchResource, DELETE: deleteResource };

/** The handler for a request, as its answer. */
export function route(context: Context): Answer {
  const { method, path } = context;
  const above = platform(context);
  if (above !== undefined) return above;
  const tail = path.tail === undefined ? '' : `#${path.tail.toLowerCase()}`;
  const own = table.get(`${method} ${path.type.toLowerCase()}${tail}`);
  if (own !== undefined) return own(context);
  if (method === 'POST' && path.type.toLowerCase() === clusters && path.tail !== undefined) return clusterAction(context);
  if (method === 'GET' && path.tail !== undefined) return listResources(context);
  return (general[method] ?? notFound)(context);
}
