import { at, isObject, type JsonObject, list, path, text, withAt } from '../model/json.ts';
import { type Answer, armError } from './answer.ts';
import { type Context, objectBody } from './context.ts';
import { mergePatch } from './merge.ts';
import { deleteResource, patchResource, putResource } from './other-resources.ts';
import { resourceOf, resourcesOf, storeResource, type World } from './world.ts';

const isPremium = (registry: JsonObject): boolean => text(at(registry, path('sku.name')))?.toLowerCase() === 'premium';
const connections = path('properties.privateEndpointConnections');

const refused = (code: string, message: string): Answer => armError({ status: 400, code, message });

/** PATCH a registry: network rules are a matter of the Premium tier, and content trust is not given to new users any more (ACR docs). */
export function patchRegistry(context: Context): Answer {
  const { world, path: place } = context;
  const read = objectBody(context);
  const before = resourceOf(world, place.id);
  if ('refusal' in read || before === undefined) return patchResource(context);
  const goal = mergePatch(before, read.body) as JsonObject;
  const has = (dotted: string): string => (text(at(goal, path(dotted))) ?? '').toLowerCase();
  const fenced = has('properties.publicNetworkAccess') === 'disabled' || has('properties.networkRuleSet.defaultAction') === 'deny';
  if (fenced && !isPremium(goal)) {
    return refused(
      'NetworkRuleNotSupported',
      `Network access rules are not supported for the registry SKU '${text(at(goal, path('sku.name'))) ?? ''}'. Use Premium.`,
    );
  }
  if (list(at(goal, connections)).length > 0 && !isPremium(goal)) {
    return refused('PrivateEndpointNotSupported', 'The registry has private endpoint connections, which only the Premium SKU supports.');
  }
  const trust = has('properties.policies.trustPolicy.status');
  if (trust === 'enabled' && text(at(before, path('properties.policies.trustPolicy.status')))?.toLowerCase() !== 'enabled') {
    return refused('ContentTrustNotSupported', 'Docker Content Trust can not be enabled: it was deprecated on 2025-03-31.');
  }
  return patchResource(context);
}

/** The registries that an endpoint leads to. */
function targetsOf(endpoint: JsonObject): readonly string[] {
  return list(at(endpoint, path('properties.privateLinkServiceConnections'))).flatMap((one) => text(at(one, path('properties.privateLinkServiceId'))) ?? []);
}

/** Shows on each registry the connections that endpoints make to it. */
function connect(world: World): void {
  const endpoints = resourcesOf(world, '', 'Microsoft.Network/privateEndpoints');
  for (const registry of resourcesOf(world, '', 'Microsoft.ContainerRegistry/registries')) {
    const id = text(registry['id']) ?? '';
    const own = endpoints.filter((endpoint) => targetsOf(endpoint).some((target) => target.toLowerCase() === id.toLowerCase()));
    const shown = own.map((endpoint) => ({
      id: `${id}/privateEndpointConnections/${text(endpoint['name']) ?? ''}`,
      name: text(endpoint['name']) ?? '',
      type: 'Microsoft.ContainerRegistry/registries/privateEndpointConnections',
      properties: {
        privateEndpoint: { id: text(endpoint['id']) ?? '' },
        privateLinkServiceConnectionState: { status: 'Approved', description: 'Auto-Approved', actionsRequired: 'None' },
        provisioningState: 'Succeeded',
      },
    }));
    const next = withAt(registry, connections, shown);
    if (isObject(next)) storeResource(world, next);
  }
}

/** PUT a private endpoint: its subnet and the registry must be there, and the registry in the Premium tier. */
export function putPrivateEndpoint(context: Context): Answer {
  const { world } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const subnet = text(at(read.body, path('properties.subnet.id'))) ?? '';
  if (resourceOf(world, subnet) === undefined)
    return refused('InvalidResourceReference', `Resource ${subnet} referenced by the private endpoint was not found.`);
  for (const target of targetsOf(read.body)) {
    const registry = resourceOf(world, target);
    if (registry === undefined) return refused('LinkedResourceNotFound', `The resource ${target} was not found.`);
    if (!isPremium(registry)) return refused('PrivateEndpointNotSupported', `Private endpoints need a registry of the Premium SKU: ${target}.`);
  }
  // The service shows the default of an endpoint that says nothing about it (Microsoft.Network PrivateEndpointProperties.ipVersionType).
  const properties = { ipVersionType: 'IPv4', ...(isObject(read.body['properties']) ? read.body['properties'] : {}) };
  const answer = putResource({ ...context, body: { ...read.body, properties } });
  connect(world);
  world.changed();
  return answer;
}

/** DELETE a private endpoint, and the connections it made. */
export function deletePrivateEndpoint(context: Context): Answer {
  const answer = deleteResource(context);
  connect(context.world);
  context.world.changed();
  return answer;
}
