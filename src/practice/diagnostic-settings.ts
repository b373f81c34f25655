import { at, isObject, type JsonObject, list, text } from '../model/json.ts';
import { type Answer, armError, ok } from './answer.ts';
import { type Context, notFound, objectBody } from './context.ts';
import { resourceOf, resourcesOf, storeResource, type World } from './world.ts';

const TYPE = 'Microsoft.Insights/diagnosticSettings';

/** Log categories of a managed cluster, and which category groups hold them (AKS docs: monitor-aks-reference). */
const clusterCategories: readonly { readonly name: string; readonly groups: readonly string[] }[] = [
  { name: 'kube-apiserver', groups: ['allLogs'] },
  { name: 'kube-audit', groups: ['audit', 'allLogs'] },
  { name: 'kube-audit-admin', groups: ['audit', 'allLogs'] },
  { name: 'kube-controller-manager', groups: ['allLogs'] },
  { name: 'kube-scheduler', groups: ['allLogs'] },
  { name: 'cluster-autoscaler', groups: ['allLogs'] },
  { name: 'cloud-controller-manager', groups: ['allLogs'] },
  { name: 'guard', groups: ['audit', 'allLogs'] },
  { name: 'csi-azuredisk-controller', groups: ['allLogs'] },
  { name: 'csi-azurefile-controller', groups: ['allLogs'] },
  { name: 'csi-snapshot-controller', groups: ['allLogs'] },
];

/** A resource may have five settings (Azure Monitor docs: diagnostic-settings). */
const MOST = 5;

const sinkProperties = ['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'marketplacePartnerId'] as const;

const logsOf = (setting: JsonObject): readonly JsonObject[] =>
  [...list(at(setting, ['properties', 'logs'])), ...list(at(setting, ['properties', 'metrics']))].filter(isObject);

/** Every category a setting has switched on, groups opened up. */
function categoriesOf(setting: JsonObject): readonly string[] {
  return logsOf(setting)
    .filter((log) => log['enabled'] === true)
    .flatMap((log) => {
      const group = text(log['categoryGroup']);
      if (group === undefined) return [text(log['category']) ?? ''];
      return clusterCategories.filter((category) => category.groups.some((one) => one.toLowerCase() === group.toLowerCase())).map((category) => category.name);
    });
}

const sinksOf = (setting: JsonObject): readonly string[] =>
  sinkProperties.flatMap((property) => text(at(setting, ['properties', property]))?.toLowerCase() ?? []);

const bad = (message: string): Answer => armError({ status: 400, code: 'BadRequest', message });

function refused(world: World, scope: string, name: string, setting: JsonObject): Answer | undefined {
  const unknown = logsOf(setting)
    .map((log) => text(log['category']))
    .find(
      (category) =>
        category !== undefined && category !== 'AllMetrics' && !clusterCategories.some((known) => known.name.toLowerCase() === category.toLowerCase()),
    );
  if (/managedClusters\/[^/]+$/i.test(scope) && unknown !== undefined) return bad(`Category '${unknown}' is not supported.`);
  const sinks = sinksOf(setting);
  if (sinks.length === 0) return bad('At least one data sink needs to be specified.');
  if (categoriesOf(setting).length === 0) return bad('At least one log or metric category needs to be enabled.');
  const missing = sinks.find((sink) => !sink.includes('/authorizationrules/') && resourceOf(world, sink) === undefined);
  if (missing !== undefined) return armError({ status: 404, code: 'ResourceNotFound', message: `The data sink '${missing}' was not found.` });
  const others = resourcesOf(world, scope, TYPE).filter((other) => text(other['name'])?.toLowerCase() !== name.toLowerCase());
  if (others.length >= MOST) return bad(`The limit of ${MOST} diagnostic settings was reached. To create a new setting, delete an existing one.`);
  for (const other of others) {
    const sink = sinks.find((one) => sinksOf(other).includes(one));
    const category = sink === undefined ? undefined : categoriesOf(setting).find((one) => categoriesOf(other).includes(one));
    if (category === undefined) continue;
    const message = `Data sink '${sink}' is already used in diagnostic setting '${text(other['name'])}' for category '${category}'. Data sinks can't be reused in different settings on the same category for the same resource.`;
    return armError({ status: 409, code: 'Conflict', message });
  }
  return undefined;
}

/** PUT replaces the whole setting and always answers 200. */
export function putDiagnosticSetting(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const name = path.name ?? '';
  if (resourceOf(world, path.scope) === undefined) return notFound(context);
  const stop = refused(world, path.scope, name, read.body);
  if (stop !== undefined) return stop;
  const resource = { id: path.id, name, type: TYPE, properties: read.body['properties'] };
  storeResource(world, resource);
  world.changed();
  return ok(resource);
}

/** GET diagnosticSettingsCategories of a resource. */
export function listDiagnosticCategories(context: Context): Answer {
  const { scope } = context.path;
  const logs = clusterCategories.map(({ name, groups }) => ({
    id: `${scope}/providers/Microsoft.Insights/diagnosticSettingsCategories/${name}`,
    name,
    type: 'Microsoft.Insights/diagnosticSettingsCategories',
    properties: { categoryType: 'Logs', categoryGroups: groups },
  }));
  return ok({ value: logs });
}
