import { describe, expect, it } from 'vitest';
import { at, type JsonObject, path } from '../../src/model/json.ts';
import { idsOf } from '../../src/model/way-out.ts';
import { resourceOf } from '../../src/practice/world.ts';
import { type Bench, bench, outcome } from './bench.ts';

const SUBSCRIPTION = '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab';
const network = (group: string) => `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Network`;
const address = `${network('shop-rg')}/publicIPAddresses/out`;
const gateway = `${network('shop-rg')}/natGateways/nat`;
const nodes = `${network('shop-network-rg')}/virtualNetworks/shop-vnet/subnets/nodes`;
const version = 'api-version=2024-05-01';

const send = (practice: Bench, method: 'GET' | 'PUT' | 'DELETE', id: string, body?: JsonObject) =>
  practice.arm.send({ method, url: `${id}?${version}`, ...(body === undefined ? {} : { body }) });
const putAddress = (practice: Bench, id = address) =>
  send(practice, 'PUT', id, { location: 'westeurope', sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } });
const putGateway = (practice: Bench, addresses: readonly string[] = [address]) =>
  send(practice, 'PUT', gateway, { location: 'westeurope', properties: { publicIpAddresses: addresses.map((id) => ({ id })) } });
const putNodes = (practice: Bench, properties: JsonObject) => send(practice, 'PUT', nodes, { properties: { addressPrefix: '10.10.0.0/22', ...properties } });
const shows = (practice: Bench, id: string, dotted: string) => at(resourceOf(practice.world, id), path(`properties.${dotted}`));

describe('a public address', () => {
  it('has its address at once, one that nobody has, and keeps it', async () => {
    const practice = await bench('private');
    await putAddress(practice);
    await putAddress(practice, `${address}-2`);
    const first = shows(practice, address, 'ipAddress');
    expect(first).toMatch(/^20\.101\.96\.\d+$/);
    expect(shows(practice, `${address}-2`, 'ipAddress')).not.toBe(first);
    await putAddress(practice);
    expect(shows(practice, address, 'ipAddress')).toBe(first);
  });

  it('that is in use cannot be deleted', async () => {
    const practice = await bench('private');
    await putAddress(practice);
    await putGateway(practice);
    expect(await outcome(send(practice, 'DELETE', address))).toContain(`400 PublicIPAddressCannotBeDeleted: Public IP address ${address}`);
    await send(practice, 'DELETE', gateway);
    expect(await outcome(send(practice, 'DELETE', address))).toBe('accepted');
  });

  it('needs a group', async () => {
    expect(await outcome(putAddress(await bench('private'), `${network('gone')}/publicIPAddresses/x`))).toContain('404 ResourceGroupNotFound');
  });
});

describe('a NAT gateway', () => {
  it('needs addresses that are there', async () => {
    expect(await outcome(putGateway(await bench('private')))).toContain('400 InvalidResourceReference');
  });

  it('shows the subnets that it serves, and stays as long as it serves one', async () => {
    const practice = await bench('private');
    await putAddress(practice);
    await putGateway(practice);
    await putNodes(practice, { natGateway: { id: gateway } });
    expect(idsOf(shows(practice, gateway, 'subnets'))).toEqual([nodes]);
    expect(await outcome(send(practice, 'DELETE', gateway))).toContain('InUseNatGatewayCannotBeDeleted');
    // What is not sent is gone.
    await putNodes(practice, {});
    expect(shows(practice, gateway, 'subnets')).toBeUndefined();
    expect(await outcome(send(practice, 'DELETE', gateway))).toBe('accepted');
  });
});

describe('a subnet', () => {
  it('is shown by its network as well', async () => {
    const practice = await bench('private');
    await putAddress(practice);
    await putGateway(practice);
    await putNodes(practice, { natGateway: { id: gateway } });
    const shown = shows(practice, nodes.replace(/\/subnets\/.*/, ''), 'subnets');
    expect(JSON.stringify(shown)).toContain(gateway);
    expect(JSON.stringify(shown)).toContain('api-server');
  });

  it.each(['natGateway', 'routeTable'])('refuses a %s that is not there', async (property) => {
    expect(await outcome(putNodes(await bench('private'), { [property]: { id: `${network('shop-rg')}/x/gone` } }))).toContain('InvalidResourceReference');
  });
});
