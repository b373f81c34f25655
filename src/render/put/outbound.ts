import type { ArmPut } from '../../model/change.ts';
import { at, isObject, type JsonObject, text } from '../../model/json.ts';
import type { Command } from '../../model/plan.ts';
import { idsOf } from '../../model/way-out.ts';
import { az, flag } from '../az.ts';
import { placeOf } from '../place.ts';

const onlyKeys = (value: JsonObject, ...keys: readonly string[]): boolean => Object.keys(value).every((key) => keys.includes(key));

/** The body as far as these commands know it: a place, a SKU, properties. Undefined when it holds more. */
function known(body: JsonObject, skuKeys: readonly string[]) {
  const { location, sku, properties, ...others } = body;
  if (Object.keys(others).length > 0 || !isObject(sku) || !onlyKeys(sku, ...skuKeys) || !isObject(properties)) return undefined;
  const name = text(sku['name']);
  return typeof location === 'string' && name !== undefined ? { location, sku: name, tier: text(sku['tier']), properties } : undefined;
}

const idle = (properties: JsonObject) =>
  typeof properties['idleTimeoutInMinutes'] === 'number' ? [flag('--idle-timeout', String(properties['idleTimeoutInMinutes']))] : [];

/** A public address as `az network public-ip create`; undefined when it holds something that has no flag here. */
export function publicAddress(change: ArmPut): Command | undefined {
  const body = known(change.body, ['name', 'tier']);
  if (!body || !onlyKeys(body.properties, 'publicIPAllocationMethod', 'publicIPAddressVersion', 'idleTimeoutInMinutes')) return undefined;
  const [method, version] = [text(body.properties['publicIPAllocationMethod']), text(body.properties['publicIPAddressVersion'])];
  if (method === undefined || version === undefined) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('network public-ip create', subscription, [
    flag('--resource-group', resourceGroup),
    flag('--name', name),
    flag('--location', body.location),
    flag('--sku', body.sku),
    ...(body.tier === undefined ? [] : [flag('--tier', body.tier)]),
    flag('--allocation-method', method),
    flag('--version', version),
    ...idle(body.properties),
  ]);
}

/** A NAT gateway with its addresses as `az network nat gateway create`; undefined when it holds something that has no flag here. */
export function natGateway(change: ArmPut): Command | undefined {
  const body = known(change.body, ['name']);
  if (!body || !onlyKeys(body.properties, 'publicIpAddresses', 'idleTimeoutInMinutes')) return undefined;
  const addresses = idsOf(at(body.properties, ['publicIpAddresses']));
  if (addresses.length === 0) return undefined;
  const { subscription, resourceGroup, name } = placeOf(change.target);
  return az('network nat gateway create', subscription, [
    flag('--resource-group', resourceGroup),
    flag('--name', name),
    flag('--location', body.location),
    flag('--sku', body.sku),
    ['--public-ip-addresses', ...addresses],
    ...idle(body.properties),
  ]);
}
