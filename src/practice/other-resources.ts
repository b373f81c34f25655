import { isObject, type JsonObject, text } from '../model/json.ts';
import { type Answer, armError, ok } from './answer.ts';
import { type Context, notFound, objectBody } from './context.ts';
import { mergePatch } from './merge.ts';
import { removeResource, resourceOf, resourcesOf, storeResource } from './world.ts';

/** GET or HEAD a resource. Resource groups answer HEAD with 204. */
export function getResource(context: Context): Answer {
  const resource = resourceOf(context.world, context.path.id);
  if (context.method === 'HEAD') return { status: resource === undefined ? 404 : 204, headers: {} };
  if (resource !== undefined) return ok(resource);
  return context.path.type === 'Microsoft.Resources/resourceGroups' ? groupNotFound(context.path.name ?? '') : notFound(context);
}

/** GET a collection: resources of its type below the scope. A child collection lies below its parent. */
export function listResources(context: Context): Answer {
  const { path, world } = context;
  const tail = path.tail ?? '';
  const isGroups = tail.toLowerCase() === 'resourcegroups';
  const type = isGroups ? 'Microsoft.Resources/resourceGroups' : `${path.type}/${tail}`;
  const parent = path.type.includes('/') || isGroups ? path.id : path.scope;
  if (tail.toLowerCase() === 'resources') return ok({ value: everythingIn(context) });
  if (!isGroups && path.type.includes('/') && resourceOf(world, parent) === undefined) return notFound(context);
  return ok({ value: resourcesOf(world, parent, type) });
}

/** Resources that stand in a resource group, of one group or of the subscription; those below another resource are not listed. */
function everythingIn({ world, path, query }: Context): readonly JsonObject[] {
  const group = /resourceGroup eq '([^']*)'/i.exec(query.get('$filter') ?? '')?.[1]?.toLowerCase();
  const below = `${path.id.toLowerCase()}/`;
  return Object.entries(world.state.resources)
    .filter(
      ([id]) =>
        id.startsWith(below) && /\/resourcegroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/.test(id) && (group === undefined || id.split('/')[4] === group),
    )
    .map(([, resource]) => resource);
}

function groupNotFound(name: string): Answer {
  return armError({ status: 404, code: 'ResourceGroupNotFound', message: `Resource group '${name}' could not be found.` });
}

/** What ARM answers for a resource in a group that is not there. */
export function missingGroup(context: Context): Answer | undefined {
  const { resourceGroup, subscriptionId, type } = context.path;
  if (resourceGroup === undefined || type === 'Microsoft.Resources/resourceGroups') return undefined;
  const group = resourceOf(context.world, `/subscriptions/${subscriptionId ?? ''}/resourceGroups/${resourceGroup}`);
  return group === undefined ? groupNotFound(resourceGroup) : undefined;
}

/** PUT a resource whose content the world does not look into. 201 for a new one. */
export function putResource(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const existing = resourceOf(world, path.id);
  const properties = { ...(isObject(read.body['properties']) ? read.body['properties'] : {}), provisioningState: 'Succeeded' };
  const body: JsonObject = { ...read.body, id: path.id, name: path.name ?? '', type: path.type, properties };
  storeResource(world, body);
  world.changed();
  return existing === undefined ? { ...ok(body), status: 201 } : ok(body);
}

/** PATCH: a merge patch. */
export function patchResource(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const existing = resourceOf(world, path.id);
  if (existing === undefined) return notFound(context);
  const { id: _id, name: _name, type: _type, ...patch } = read.body;
  const body = mergePatch(existing, patch) as JsonObject;
  storeResource(world, body);
  world.changed();
  return ok(body);
}

/** DELETE: 200 when it was there, 204 when it was not. */
export function deleteResource(context: Context): Answer {
  const existing = resourceOf(context.world, context.path.id);
  removeResource(context.world, context.path.id);
  context.world.changed();
  return existing === undefined ? { status: 204, headers: {} } : ok(existing);
}

/** PUT a Defender plan: exists from the start, always answers 200. */
export function putPricing(context: Context): Answer {
  const { world, path } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const sent = isObject(read.body['properties']) ? read.body['properties'] : {};
  const tier = text(sent['pricingTier']);
  if (tier !== 'Free' && tier !== 'Standard') {
    return armError({ status: 400, code: 'InvalidInput', message: `The pricing tier '${tier ?? ''}' is not supported. Supported tiers: Free, Standard.` });
  }
  const on = tier === 'Standard';
  const properties = { freeTrialRemainingTime: 'PT0S', ...sent, ...(on ? { enablementTime: new Date(world.clock.now()).toISOString() } : {}) };
  const resource = { id: path.id, name: path.name ?? '', type: 'Microsoft.Security/pricings', properties };
  storeResource(world, resource);
  world.changed();
  return ok(resource);
}
