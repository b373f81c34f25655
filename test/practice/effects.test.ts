import { describe, expect, it } from 'vitest';
import { at, isObject, type JsonObject, list, text } from '../../src/model/json.ts';
import { idsOf } from '../../src/model/way-out.ts';
import { accessByToken } from '../../src/practice/cluster-access.ts';
import { effectOf } from '../../src/practice/effects.ts';
import { adminToken } from '../../src/practice/kubeconfig.ts';
import { publicIp } from '../../src/practice/scenarios/ground.ts';
import { grant } from '../../src/practice/scenarios/registries.ts';
import { resourceOf, storeResource } from '../../src/practice/world.ts';
import { type Bench, bench, START, version, waitFor } from './bench.ts';

const latest = '202607.20.0';
const images = async (practice: Bench) =>
  list(at(await practice.get(), ['properties', 'agentPoolProfiles'])).map((pool) =>
    text(at(pool, ['nodeImageVersion']))
      ?.split('-')
      .at(-1),
  );

describe('what replaces nodes', () => {
  it.each([
    ['a policy engine', { 'networkProfile.networkPolicy': 'calico' }, true],
    ['the Standard load balancer', { 'networkProfile.loadBalancerSku': 'standard' }, true],
    ['a managed identity instead of a service principal', { '/identity': { type: 'SystemAssigned' } }, true],
    ['away from Unmanaged', { 'autoUpgradeProfile.nodeOSUpgradeChannel': 'NodeImage' }, true],
    ['Entra', { aadProfile: { managed: true } }, false],
    ['OIDC issuer', { 'oidcIssuerProfile.enabled': true }, false],
    ['a channel for the cluster', { 'autoUpgradeProfile.upgradeChannel': 'patch' }, false],
  ])('%s', async (_what, edits, replaced) => {
    const practice = await bench('legacy');
    expect(await practice.apply(edits)).toBe('accepted');
    expect(await images(practice)).toEqual(Array.from({ length: 3 }, () => (replaced ? latest : '202411.12.0')));
  });

  it('all pools at once takes as long as the slowest, one by one as long as all together', async () => {
    const practice = await bench('legacy');
    const cluster = resourceOf(practice.world, practice.clusterId) ?? {};
    const goal = (properties: JsonObject): JsonObject => ({ ...cluster, properties: { ...(cluster['properties'] as JsonObject), ...properties } });
    const together = effectOf(practice.world, cluster, goal({ networkProfile: { networkPlugin: 'kubenet', networkPolicy: 'calico' } }));
    const oneByOne = effectOf(practice.world, cluster, goal({ autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' } }));
    expect(together.reimaged).toEqual(['nodepool1', 'apps', 'batch']);
    expect(oneByOne.reimaged).toEqual(['nodepool1', 'apps', 'batch']);
    // nodepool1: 3 nodes, one at a time; apps: 4, two at a time; batch: 2, one at a time; 200 s each.
    expect(together.ms - oneByOne.ms).toBeLessThan(0);
    expect(oneByOne.ms).toBe((95 + 600 + 400 + 400) * 1000);
  });
});

describe('what the service fills in', () => {
  it('a tenant, identities, the issuer, outbound addresses', async () => {
    const practice = await bench('legacy');
    await practice.apply({
      '/identity': { type: 'SystemAssigned' },
      aadProfile: { managed: true, adminGroupObjectIDs: [] },
      'oidcIssuerProfile.enabled': true,
      'networkProfile.loadBalancerSku': 'standard',
    });
    const cluster = await practice.get();
    const get = (dotted: string) => at(cluster, dotted.split('.'));
    expect(text(get('identity.principalId'))).toMatch(/^[0-9a-f-]{36}$/);
    expect(get('properties.servicePrincipalProfile')).toEqual({ clientId: 'msi' });
    expect(text(get('properties.identityProfile.kubeletidentity.objectId'))).toMatch(/^[0-9a-f-]{36}$/);
    expect(get('properties.aadProfile.tenantID')).toBe(practice.world.state.tenantId);
    expect(get('properties.aadProfile.enableAzureRBAC')).toBe(false);
    expect(text(get('properties.oidcIssuerProfile.issuerURL'))).toMatch(/^https:\/\/westeurope\.oic\./);
    const addresses = list(get('properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs'));
    expect(addresses).toHaveLength(1);
    const id = text(at(addresses[0], ['id'])) ?? '';
    const { body } = await practice.arm.send({ method: 'GET', url: `${id}?api-version=2024-05-01` });
    expect(text(at(body, ['properties', 'ipAddress']))).toMatch(/^20\.101\./);
  });

  it('a private name when a cluster becomes private', async () => {
    const practice = await bench('legacy');
    const subnetId =
      '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/resourceGroups/shop-network-rg/providers/Microsoft.Network/virtualNetworks/shop-vnet/subnets/api-server';
    await practice.apply({ apiServerAccessProfile: { enableVnetIntegration: true, subnetId } });
    expect(await practice.apply({ 'apiServerAccessProfile.enablePrivateCluster': true })).toBe('accepted');
    const cluster = await practice.get();
    expect(text(at(cluster, ['properties', 'privateFQDN']))).toMatch(/azmk8s\.io$/);
    expect(at(cluster, ['properties', 'apiServerAccessProfile', 'privateDNSZone'])).toBe('system');
  });

  it('turning Defender off drops its workspace', async () => {
    const practice = await bench('hardened');
    await practice.apply({ 'securityProfile.defender.securityMonitoring.enabled': false });
    expect(at(await practice.get(), ['properties', 'securityProfile', 'defender'])).toEqual({ securityMonitoring: { enabled: false } });
  });

  it('outbound addresses of one’s own take the place of managed ones, which are given back, and the other way round', async () => {
    const practice = await bench('private');
    const profile = async () => at(await practice.get(), ['properties', 'networkProfile', 'loadBalancerProfile']);
    const [old] = idsOf(at(await profile(), ['effectiveOutboundIPs']));
    const own = publicIp('shop-rg', 'own', '20.101.20.40');
    const group = '/subscriptions/c0ffee00-5ca1-4ab1-8e55-0123456789ab/resourceGroups/shop-rg';
    for (const one of [own, grant(group, 'Network Contributor', 'f0000000-0000-4000-8000-000000000021', 9)]) storeResource(practice.world, one);
    const outboundIPs = { publicIPs: [{ id: String(own['id']) }] };
    expect(await practice.apply({ 'networkProfile.loadBalancerProfile': { outboundIPs } })).toBe('accepted');
    expect(await profile()).toMatchObject({ outboundIPs, effectiveOutboundIPs: outboundIPs.publicIPs });
    expect(resourceOf(practice.world, old ?? '')).toBeUndefined();
    expect(await practice.apply({ 'networkProfile.loadBalancerProfile': { managedOutboundIPs: { count: 2 } } })).toBe('accepted');
    expect(await profile()).toMatchObject({ managedOutboundIPs: { count: 2 } });
    expect(isObject(await profile()) && 'outboundIPs' in ((await profile()) as JsonObject)).toBe(false);
    const made = idsOf(at(await profile(), ['effectiveOutboundIPs']));
    expect(made).toHaveLength(2);
    expect(made).not.toContain(own['id']);
    expect(resourceOf(practice.world, String(own['id']))).toBeDefined();
  });
});

it('rotating the certificates makes earlier admin credentials worthless and the API server unreachable meanwhile', async () => {
  const practice = await bench('typical');
  const cluster = () => resourceOf(practice.world, practice.clusterId) ?? {};
  const old = adminToken(practice.world, cluster());
  expect(accessByToken(practice.world, cluster(), old)).toMatchObject({ allowed: true });
  const { operation } = await practice.arm.begin({ method: 'POST', url: `${practice.clusterId}/rotateClusterCertificates?${version}` });
  const fqdn = text(at(cluster(), ['properties', 'fqdn'])) ?? '';
  expect(await practice.arm.probe(fqdn)).toMatchObject({ reachable: false });
  await waitFor(practice, operation?.state ?? '');
  const renewed = await practice.arm.probe(fqdn);
  expect(renewed.reachable).toBe(true);
  expect(Date.parse(renewed.certificate?.notBefore ?? '')).toBeGreaterThan(START);
  expect(accessByToken(practice.world, cluster(), old)).toBeUndefined();
  expect(await images(practice)).toEqual([latest]);
});
