import type { ArmPut } from '../../model/change.ts';
import { idPart } from '../../model/facts.ts';
import { at, isObject, type JsonObject, list, path, text, texts } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

/** True when an object has these keys and no other. */
function holdsOnly(value: JsonObject, ...keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

/** Properties of a body that has nothing beside them but a location; undefined otherwise. */
function propertiesOf(body: JsonObject): JsonObject | undefined {
  const { location: _location, properties = {}, ...others } = body;
  return Object.keys(others).length === 0 && isObject(properties) ? properties : undefined;
}

/** A private endpoint with one connection to one group; undefined for any other. Unlike `az rest`, these commands wait until it is made. */
export function privateEndpoint(change: ArmPut): Command | undefined {
  const properties = propertiesOf(change.body);
  const [connection, ...more] = list(properties?.['privateLinkServiceConnections']);
  const [subnet, name, target] = [at(properties, path('subnet.id')), at(connection, ['name']), at(connection, path('properties.privateLinkServiceId'))].map(
    text,
  );
  const [group, ...groups] = texts(at(connection, path('properties.groupIds')));
  const location = text(change.body['location']);
  if (!properties || !holdsOnly(properties, 'subnet', 'privateLinkServiceConnections') || more.length + groups.length > 0) return undefined;
  if (!subnet || !name || !target || !group || !location) return undefined;
  const place = placeOf(change.target);
  return az('network private-endpoint create', place.subscription, [
    flag('--resource-group', place.resourceGroup),
    flag('--name', place.name),
    flag('--location', location),
    flag('--subnet', subnet),
    flag('--private-connection-resource-id', target),
    flag('--group-id', group),
    flag('--connection-name', name),
  ]);
}

/** A private DNS zone; undefined when it holds more than its name. */
export function privateDnsZone(change: ArmPut): Command | undefined {
  const properties = propertiesOf(change.body);
  if (properties === undefined || Object.keys(properties).length > 0) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('network private-dns zone create', subscription, [flag('--resource-group', resourceGroup), flag('--name', name)]);
}

/** A network that sees a private DNS zone. */
export function privateDnsLink(change: ArmPut): Command | undefined {
  const properties = propertiesOf(change.body);
  const network = text(at(properties, path('virtualNetwork.id')));
  const { registrationEnabled, resolutionPolicy } = properties ?? {};
  const zone = idPart(change.target.id, 'privateDnsZones');
  if (!properties || !network || !zone || typeof registrationEnabled !== 'boolean') return undefined;
  if (!holdsOnly(properties, 'virtualNetwork', 'registrationEnabled', 'resolutionPolicy')) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('network private-dns link vnet create', subscription, [
    flag('--resource-group', resourceGroup),
    flag('--zone-name', zone),
    flag('--name', name),
    flag('--virtual-network', network),
    flag('--registration-enabled', String(registrationEnabled)),
    ...(typeof resolutionPolicy === 'string' ? [flag('--resolution-policy', resolutionPolicy)] : []),
  ]);
}

/** The zone that an endpoint registers its addresses in; undefined where there are several. */
export function privateDnsZoneGroup(change: ArmPut): Command | undefined {
  const properties = propertiesOf(change.body);
  const [config, ...more] = list(properties?.['privateDnsZoneConfigs']);
  const [name, zone] = [at(config, ['name']), at(config, path('properties.privateDnsZoneId'))].map(text);
  const endpoint = idPart(change.target.id, 'privateEndpoints');
  if (!properties || !holdsOnly(properties, 'privateDnsZoneConfigs') || more.length > 0 || !name || !zone || !endpoint) return undefined;
  const place = placeOf(change.target);
  return az('network private-endpoint dns-zone-group create', place.subscription, [
    flag('--resource-group', place.resourceGroup),
    flag('--endpoint-name', endpoint),
    flag('--name', place.name),
    flag('--private-dns-zone', zone),
    flag('--zone-name', name),
  ]);
}
