import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { armName } from '../../src/snapshot/az-names.ts';
import { factsFromText, readFactsFile } from '../../src/snapshot/file.ts';
import { snapshotText } from '../../src/snapshot/save.ts';
import { cluster, clusterId } from './fake-arm.ts';
import { hasRecorded, recordedClusters, schemaNames } from './recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'facts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `az aks show -o json` of a cluster with something of every spelling: written as az 2.91 prints it. */
const shown: JsonObject = {
  id: clusterId,
  name: 'legacy',
  type: 'Microsoft.ContainerService/ManagedClusters',
  location: 'westeurope',
  resourceGroup: 'rg',
  eTag: 'e1',
  kind: 'Base',
  systemData: null,
  tags: { enableRbac: 'a tag of that name', resourceGroup: 'rg' },
  sku: { name: 'Base', tier: 'Free' },
  identity: {
    type: 'UserAssigned',
    tenantId: 't1',
    principalId: null,
    userAssignedIdentities: { '/subscriptions/s/x.y': { clientId: 'c', principalId: 'p' } },
  },
  enableRbac: true,
  privateFqdn: 'p',
  resourceUid: 'u1',
  diskEncryptionSetId: null,
  disableLocalAccounts: false,
  aadProfile: { managed: true, enableAzureRbac: true, tenantId: 't2', adminGroupObjectIDs: ['g'], clientAppId: null },
  apiServerAccessProfile: {
    authorizedIpRanges: ['1.2.3.4/32'],
    privateDnsZone: 'system',
    enablePrivateClusterPublicFqdn: true,
    inventedByAFutureVersion: { someIpThing: 1 },
  },
  autoUpgradeProfile: { upgradeChannel: null, nodeOsUpgradeChannel: 'NodeImage' },
  oidcIssuerProfile: { enabled: true, issuerUrl: 'https://issuer' },
  autoScalerProfile: { maxNodeProvisionTime: '15m', expander: 'random', balanceSimilarNodeGroups: 'false' },
  addonProfiles: {
    omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: '/w', issuerUrl: 'kept' }, identity: null },
    osSku: { enabled: false, config: null },
  },
  identityProfile: { kubeletidentity: { clientId: 'c', objectId: 'o', resourceId: '/r' } },
  agentPoolProfiles: [
    {
      name: 'p1',
      osSku: 'Ubuntu',
      osDiskSizeGb: 128,
      vnetSubnetId: '/vnet',
      enableFips: false,
      nodeLabels: { vnetSubnetId: 'a label' },
      type: 'VirtualMachineScaleSets',
    },
  ],
  networkProfile: {
    dnsServiceIp: '10.0.0.10',
    loadBalancerProfile: {
      managedOutboundIPs: { count: 1, countIpv6: null },
      effectiveOutboundIPs: [{ id: '/subscriptions/s/resourceGroups/MC/x', resourceGroup: 'mc' }],
    },
  },
};

const asArm: JsonObject = {
  id: clusterId,
  name: 'legacy',
  type: 'Microsoft.ContainerService/ManagedClusters',
  location: 'westeurope',
  eTag: 'e1',
  kind: 'Base',
  tags: { enableRbac: 'a tag of that name', resourceGroup: 'rg' },
  sku: { name: 'Base', tier: 'Free' },
  identity: { type: 'UserAssigned', tenantId: 't1', userAssignedIdentities: { '/subscriptions/s/x.y': { clientId: 'c', principalId: 'p' } } },
  properties: {
    enableRBAC: true,
    privateFQDN: 'p',
    resourceUID: 'u1',
    disableLocalAccounts: false,
    aadProfile: { managed: true, enableAzureRBAC: true, tenantID: 't2', adminGroupObjectIDs: ['g'] },
    apiServerAccessProfile: {
      authorizedIPRanges: ['1.2.3.4/32'],
      privateDNSZone: 'system',
      enablePrivateClusterPublicFQDN: true,
      inventedByAFutureVersion: { someIpThing: 1 },
    },
    autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' },
    oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer' },
    autoScalerProfile: { 'max-node-provision-time': '15m', expander: 'random', 'balance-similar-node-groups': 'false' },
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: '/w', issuerUrl: 'kept' } }, osSku: { enabled: false } },
    identityProfile: { kubeletidentity: { clientId: 'c', objectId: 'o', resourceId: '/r' } },
    agentPoolProfiles: [
      {
        name: 'p1',
        osSKU: 'Ubuntu',
        osDiskSizeGB: 128,
        vnetSubnetID: '/vnet',
        enableFIPS: false,
        nodeLabels: { vnetSubnetId: 'a label' },
        type: 'VirtualMachineScaleSets',
      },
    ],
    networkProfile: {
      dnsServiceIP: '10.0.0.10',
      loadBalancerProfile: { managedOutboundIPs: { count: 1 }, effectiveOutboundIPs: [{ id: '/subscriptions/s/resourceGroups/MC/x' }] },
    },
  },
};

describe('what a file may be', () => {
  it('an ARM body, kept as it is', () => {
    const [facts, ...others] = factsFromText(JSON.stringify(cluster), 'c.json', '2026-09-01T00:00:00.000Z');
    expect(others).toEqual([]);
    expect(facts).toEqual({
      schemaVersion: 1,
      source: { kind: 'file', label: 'c.json', readAt: '2026-09-01T00:00:00.000Z' },
      apiVersion: '2026-05-01',
      cluster,
      previewProperties: [],
      known: {},
    });
  });

  it('az aks show: put back into the shape and the names of ARM, nothing lost', () => {
    expect(factsFromText(JSON.stringify(shown), 'c.json')[0]?.cluster).toEqual(asArm);
  });

  it('a list, and lists as ARM and Resource Graph wrap them', () => {
    for (const whole of [[cluster, shown], { value: [cluster, shown] }, { count: 2, data: [cluster, shown] }]) {
      expect(factsFromText(JSON.stringify(whole), 'c.json').map((facts) => facts.cluster)).toEqual([cluster, asArm]);
    }
  });

  it('a saved snapshot: what was known then is known, as of then', () => {
    const facts: Facts = {
      schemaVersion: 1,
      source: { kind: 'azure', label: 'ada', readAt: '2026-01-01T00:00:00.000Z' },
      apiVersion: '2026-05-01',
      cluster,
      previewProperties: ['properties.x'],
      known: { locks: { state: 'known', value: [] }, adminGroups: { state: 'unknown', reason: 'no', permission: 'a/read' } },
    };
    expect(factsFromText(snapshotText(facts), 's.json')).toEqual([{ ...facts, source: { kind: 'file', label: 's.json', readAt: facts.source.readAt } }]);
    expect(factsFromText(JSON.stringify([facts, cluster]), 's.json')).toHaveLength(2);
  });

  it.each([
    ['UTF-16, as PowerShell writes it', (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['UTF-8 with a mark', (text: string) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-8', (text: string) => Buffer.from(text)],
  ])('%s', async (_name, encode) => {
    const file = join(folder, 'encoded.json');
    writeFileSync(file, encode(JSON.stringify(cluster)));
    expect(factsFromText(await readFactsFile(file), file)[0]?.cluster).toEqual(cluster);
  });

  it('50 MB of clusters', () => {
    const one = JSON.stringify({ ...cluster, padding: 'x'.repeat(40_000) });
    const whole = `[${Array.from({ length: 1250 }, () => one).join(',')}]`;
    expect(whole.length).toBeGreaterThan(50_000_000);
    expect(factsFromText(whole, 'big.json')).toHaveLength(1250);
  });

  it('keeps a property called __proto__ a property', () => {
    const [facts] = factsFromText(`{"type":"Microsoft.ContainerService/managedClusters","agentPoolProfiles":[],"__proto__":{"polluted":true}}`, 'c.json');
    expect(Object.getPrototypeOf(facts?.cluster)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

/** The way az makes a name of ARM's: the SDK's snake case, in camel case again (az 2.91, knack to_camel_case). */
function azSpelling(name: string): string {
  const snake = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
  return snake.replace(/_+([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

describe.runIf(hasRecorded)('recorded clusters', () => {
  it.each(recordedClusters())('%s loads unchanged', (name, text) => {
    const [facts] = factsFromText(text, name);
    expect(facts?.cluster).toEqual(JSON.parse(text));
  });

  it("az's spelling of every property of the schema leads back to ARM's", () => {
    const wrong = [...schemaNames()].filter((name) => name !== 'tenantID' && !name.includes('-') && armName(azSpelling(name), undefined) !== name);
    expect(wrong).toEqual([]);
  });

  it('a snapshot of each loads as what was saved', () => {
    for (const [name, text] of recordedClusters()) {
      const [facts] = factsFromText(text, name, '2026-01-01T00:00:00.000Z');
      if (!facts) throw new Error('nothing was read');
      expect(factsFromText(snapshotText(facts), name)).toEqual([facts]);
    }
  });
});

describe('a snapshot', () => {
  it('holds no secret, and all the rest', () => {
    const properties = {
      windowsProfile: { adminUsername: 'azureuser', adminPassword: 'hunter2' },
      servicePrincipalProfile: { clientId: 'c', secret: 'hunter2' },
      httpProxyConfig: { httpProxy: 'http://bob:hunter2@proxy:3128/', noProxy: ['a'] },
      addonProfiles: {
        azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'true' } },
        x: { config: { clientSecret: 'hunter2', accessToken: 'hunter2' } },
      },
      linuxProfile: { ssh: { publicKeys: [{ keyData: 'ssh-rsa AAA' }] } },
    };
    const facts = factsFromText(JSON.stringify({ ...cluster, properties: { agentPoolProfiles: [], ...properties } }), 'c.json')[0];
    if (!facts) throw new Error('nothing was read');
    const text = snapshotText(facts);
    expect(text).not.toContain('hunter2');
    const saved = (JSON.parse(text) as { cluster: { properties: JsonObject } }).cluster.properties;
    expect(saved).toMatchObject({
      windowsProfile: { adminUsername: 'azureuser' },
      servicePrincipalProfile: { clientId: 'c' },
      httpProxyConfig: { httpProxy: 'http://proxy:3128/', noProxy: ['a'] },
      addonProfiles: properties.addonProfiles.azureKeyvaultSecretsProvider
        ? { azureKeyvaultSecretsProvider: { config: { enableSecretRotation: 'true' } } }
        : {},
      linuxProfile: properties.linuxProfile,
    });
  });

  it('with any facts, is read again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (extra) => {
        const facts = factsFromText(JSON.stringify({ ...cluster, extra: isObject(extra) ? (extra as Json) : { extra: extra as Json } }), 'c.json')[0];
        return facts !== undefined && factsFromText(snapshotText(facts), 'c.json').length === 1;
      }),
    );
  });
});
