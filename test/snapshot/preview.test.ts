import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { isSet, previewPropertiesBetween, previewPropertiesIn } from '../../src/snapshot/preview.ts';
import { hasRecorded, recordedClusters, schemaNames } from './recorded.ts';

describe('whether somebody set a property', () => {
  it.each([
    [undefined, false],
    [null, false],
    [false, false],
    ['', false],
    ['None', false],
    ['Disabled', false],
    [[], false],
    [{}, false],
    [{ enabled: false, level: null, list: [] }, false],
    [true, true],
    [0, true],
    ['Enabled', true],
    [['x'], true],
    [{ deep: { er: true } }, true],
  ] as const)('%j: %s', (value, expected) => {
    expect(isSet(value as Json | undefined)).toBe(expected);
  });

  it('a default that every cluster has is not set by anybody', () => {
    expect(isSet('IMDS', 'podLinkLocalAccess')).toBe(false);
    expect(isSet('None', 'podLinkLocalAccess')).toBe(false);
    expect(isSet('BlueGreen', 'upgradeStrategy')).toBe(true);
  });
});

describe('a file of a preview version', () => {
  it('tells the preview properties that are in use, pools by name', () => {
    const body = {
      properties: {
        securityProfile: { imageIntegrity: { enabled: true }, nodeRestriction: { enabled: false } },
        agentPoolProfiles: [
          { name: 'a', upgradeStrategy: 'Rolling' },
          { name: 'b', upgradeStrategy: 'BlueGreen' },
        ],
      },
    };
    expect(previewPropertiesIn(body)).toEqual(['properties.securityProfile.imageIntegrity', 'properties.agentPoolProfiles.b.upgradeStrategy']);
  });

  it('tells values that the stable version does not take, of properties that it has', () => {
    const body = {
      properties: {
        agentPoolProfiles: [
          { name: 'a', mode: 'System' },
          { name: 'b', mode: 'ManagedSystem' },
        ],
      },
    };
    expect(previewPropertiesIn(body)).toEqual(['properties.agentPoolProfiles.b.mode']);
    expect(previewPropertiesBetween(body, body)).toEqual(['properties.agentPoolProfiles.b.mode']);
  });
});

const maps = new Set(['tags', 'nodeLabels', 'config', 'addonProfiles', 'identityProfile', 'userAssignedIdentities']);

/** What every version shows and none takes: the schema is of writes. */
const readOnly =
  'id name type properties provisioningState currentKubernetesVersion fqdn privateFQDN azurePortalFQDN currentOrchestratorVersion eTag effectiveOutboundIPs maxAgentPools resourceUID issuerURL powerState'.split(
    ' ',
  );

/** What a stable version would show of a preview body: names that its schema has. */
function stableOf(value: Json, names: ReadonlySet<string>, keep = false): Json {
  if (Array.isArray(value)) return value.map((entry: Json) => stableOf(entry, names));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keep || names.has(key));
  return Object.fromEntries(kept.map(([key, entry = null]) => [key, stableOf(entry, names, maps.has(key))]));
}

describe.runIf(hasRecorded)('recorded clusters', () => {
  it('only what somebody turned on stands in the way of a stable write, never what every cluster shows', () => {
    const names = schemaNames();
    const found = recordedClusters()
      .filter(([name]) => name.includes('preview'))
      .flatMap(([name, text]) => {
        const body = JSON.parse(text) as JsonObject;
        return previewPropertiesBetween(stableOf({ ...body }, new Set([...names, ...readOnly])), body).map((path) => `${name}: ${path}`);
      });
    expect(found).toEqual([
      'create_with_monitoring_legacy_auth-2025-02-02-preview.json: properties.azureMonitorProfile.containerInsights',
      'update_with_kms_infrastructure_encryption-2025-08-02-preview.json: properties.securityProfile.kubernetesResourceObjectEncryptionProfile',
      'update_with_managed_system_pool-2025-05-02-preview.json: properties.agentPoolProfiles.nodepool1.mode',
    ]);
  });
});
