import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type Json, type JsonObject, list, path, text, withAt } from '../model/json.ts';
import { byId, idsOf, networkOf } from '../model/way-out.ts';
import { type Answer, armError } from './answer.ts';
import { type Context, notFound, objectBody } from './context.ts';
import { deleteResource, missingGroup, putResource } from './other-resources.ts';
import { resourceOf, resourcesOf, storeResource, type World } from './world.ts';

const refused = (code: string, message: string): Answer => armError({ status: 400, code, message });

/** An address of a /24 (its first three numbers) that no public address has; `more` are on their way. */
export function freeAddress(world: World, net: string, more: readonly ArmResource[] = []): string {
  const taken = [...resourcesOf(world, '', 'Microsoft.Network/publicIPAddresses'), ...more].map((one) => text(at(one, path('properties.ipAddress'))));
  const host = Array.from({ length: 154 }, (_, i) => 100 + i).find((one) => !taken.includes(`${net}.${one}`));
  return `${net}.${host ?? 254}`;
}

/** PUT a public address. A static one has its address at once, and keeps it. */
export function putPublicAddress(context: Context): Answer {
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const stop = missingGroup(context);
  if (stop !== undefined) return stop;
  const sent = isObject(read.body['properties']) ? read.body['properties'] : {};
  const stood = at(resourceOf(context.world, context.path.id), path('properties.ipAddress'));
  const isStatic = text(sent['publicIPAllocationMethod'])?.toLowerCase() === 'static';
  const ipAddress = stood ?? (isStatic ? freeAddress(context.world, '20.101.96') : undefined);
  const properties = { publicIPAddressVersion: 'IPv4', idleTimeoutInMinutes: 4, ...sent, ...(ipAddress === undefined ? {} : { ipAddress }) };
  const sku = isObject(read.body['sku']) ? read.body['sku'] : { name: 'Basic' };
  return putResource({ ...context, body: { ...read.body, sku: { tier: 'Regional', ...sku }, properties } });
}

/** What a public address is in use by: a cluster's load balancer or NAT gateway, a NAT gateway, a firewall. */
function userOf(world: World, addressId: string): string | undefined {
  const uses = (one: ArmResource): boolean =>
    JSON.stringify(one['properties'] ?? {})
      .toLowerCase()
      .includes(`"${addressId.toLowerCase()}"`);
  const kinds = ['Microsoft.ContainerService/managedClusters', 'Microsoft.Network/natGateways', 'Microsoft.Network/azureFirewalls'];
  return text(kinds.flatMap((kind) => resourcesOf(world, '', kind)).find(uses)?.['id']);
}

/** DELETE a public address that nothing uses. */
export function deletePublicAddress(context: Context): Answer {
  const user = userOf(context.world, context.path.id);
  if (user === undefined) return deleteResource(context);
  return refused('PublicIPAddressCannotBeDeleted', `Public IP address ${context.path.id} can not be deleted since it is still allocated to resource ${user}.`);
}

/** PUT a NAT gateway: its addresses must be there. Which subnets it serves, the subnets say. */
export function putNatGateway(context: Context): Answer {
  const { world, path: place } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const stop = missingGroup(context);
  if (stop !== undefined) return stop;
  const { subnets: _subnets, ...sent } = isObject(read.body['properties']) ? read.body['properties'] : {};
  const missing = idsOf(sent['publicIpAddresses']).find((id) => resourceOf(world, id) === undefined);
  if (missing !== undefined) return unknownReference(missing, place.id);
  const subnets = at(resourceOf(world, place.id), path('properties.subnets'));
  const properties = { idleTimeoutInMinutes: 4, ...sent, ...(subnets === undefined ? {} : { subnets }) };
  return putResource({ ...context, body: { sku: { name: 'Standard' }, ...read.body, properties } });
}

/** DELETE a NAT gateway that no subnet uses. */
export function deleteNatGateway(context: Context): Answer {
  const subnets = idsOf(at(resourceOf(context.world, context.path.id), path('properties.subnets')));
  if (subnets.length === 0) return deleteResource(context);
  return refused('InUseNatGatewayCannotBeDeleted', `Nat gateway ${context.path.id} is in use by subnet ${subnets[0] ?? ''} and cannot be deleted.`);
}

const unknownReference = (missing: string, by: string): Answer =>
  refused(
    'InvalidResourceReference',
    `Resource ${missing} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );

const references: readonly (readonly [property: string, type: string])[] = [
  ['natGateway', 'Microsoft.Network/natGateways'],
  ['routeTable', 'Microsoft.Network/routeTables'],
];

/** Shows on every NAT gateway and route table which subnets are attached to it. */
function showSubnets(world: World): void {
  const subnets = resourcesOf(world, '', 'Microsoft.Network/virtualNetworks/subnets');
  for (const [property, type] of references) {
    for (const target of resourcesOf(world, '', type)) {
      const id = (text(target['id']) ?? '').toLowerCase();
      const own = subnets.filter((subnet) => text(at(subnet, ['properties', property, 'id']))?.toLowerCase() === id);
      const shown = own.length === 0 ? undefined : own.map((subnet) => ({ id: text(subnet['id']) ?? '' }));
      if (shown === undefined && at(target, path('properties.subnets')) === undefined) continue;
      storeResource(world, withAt(target, path('properties.subnets'), shown) as JsonObject);
    }
  }
}

/** PUT a subnet, whole: what is not sent is gone. What it refers to must be there. Its network shows it as well. */
export function putSubnet(context: Context): Answer {
  const { world, path: place } = context;
  const read = objectBody(context);
  if ('refusal' in read) return read.refusal;
  const network = resourceOf(world, networkOf(place.id));
  if (network === undefined) return notFound(context);
  const missing = references
    .flatMap(([property]) => text(at(read.body, ['properties', property, 'id'])) ?? [])
    .find((id) => resourceOf(world, id) === undefined);
  if (missing !== undefined) return unknownReference(missing, place.id);
  const answer = putResource(context);
  const stored = resourceOf(world, place.id);
  const listed = list(at(network, path('properties.subnets'))).filter(isObject);
  const shown: readonly Json[] = byId(listed, place.id)
    ? listed.map((one) => (text(one['id'])?.toLowerCase() === place.id.toLowerCase() ? (stored ?? one) : one))
    : [...listed, ...(stored ? [stored] : [])];
  storeResource(world, withAt(network, path('properties.subnets'), shown) as JsonObject);
  showSubnets(world);
  world.changed();
  return answer;
}
