import { existsSync, readFileSync } from 'node:fs';
import AjvModule, { type ValidateFunction } from 'ajv-draft-04';
import { beforeAll, describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { onlyKnown, schemaProblems, writable } from '../../src/practice/schema/check.ts';
import { clusterProperties } from '../../src/practice/schema/cluster-properties.ts';
import { poolProperties } from '../../src/practice/schema/pool-properties.ts';
import { scenarioNames } from '../../src/practice/world.ts';
import { bench } from './bench.ts';

const file = new URL('../../../shared/data/arm/managedClusters-2026-05-01.schema.json', import.meta.url);
const here = existsSync(file);
if (!here) console.info('skipped: the published schema of managedClusters is not here');

/** ARM shows nulls where nothing is set; the schema of templates knows none. */
function withoutNulls(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((entry: Json) => withoutNulls(entry) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, withoutNulls(entry)]])));
}

describe.runIf(here)('against the published schema', () => {
  let validate: ValidateFunction;
  let names: ReadonlySet<string>;
  beforeAll(() => {
    const schema = JSON.parse(readFileSync(file, 'utf8')) as { definitions: JsonObject; resourceDefinitions: { managedClusters: JsonObject } };
    const text = JSON.stringify({ ...schema.resourceDefinitions.managedClusters, definitions: schema.definitions });
    // Template expressions (`[parameters(…)]`) are no part of a body.
    const self = JSON.parse(
      text.replaceAll(
        /"https:\/\/schema\.management\.azure\.com\/schemas\/common\/definitions\.json#\/definitions\/expression"/g,
        '"#/definitions/noExpression"',
      ),
    ) as JsonObject;
    const Ajv = AjvModule.default;
    validate = new Ajv({ strict: false, validateFormats: false }).compile({
      ...self,
      definitions: { ...(self['definitions'] as JsonObject), noExpression: { type: 'object', not: {} } },
    });
    names = new Set(Object.values(schema.definitions).flatMap((one) => (isObject(one) && isObject(one['properties']) ? Object.keys(one['properties']) : [])));
  });

  const valid = (cluster: JsonObject): unknown => {
    const body = {
      ...(withoutNulls(writable(cluster, 'ManagedCluster')) as JsonObject),
      name: cluster['name'],
      apiVersion: '2026-05-01',
      type: 'Microsoft.ContainerService/managedClusters',
    };
    return validate(body) ? [] : validate.errors?.map((error) => `${error.instancePath} ${error.message}`);
  };

  it.each(scenarioNames)('the scenario %s is a valid body', async (scenario) => {
    expect(valid(await (await bench(scenario)).get())).toEqual([]);
  });

  it('what a write leaves is a valid body', async () => {
    const practice = await bench('legacy');
    expect(
      await practice.apply({
        '/identity': { type: 'SystemAssigned' },
        aadProfile: { managed: true, adminGroupObjectIDs: ['a0000000-0000-4000-8000-000000000001'] },
        'networkProfile.loadBalancerSku': 'standard',
        'oidcIssuerProfile.enabled': true,
        'securityProfile.imageCleaner': { enabled: true },
      }),
    ).toBe('accepted');
    expect(valid(await practice.get())).toEqual([]);
  });

  it('the table of properties has the schema’s names and no others, but for what only the service writes', () => {
    const lines = Object.values({ ...clusterProperties, ...poolProperties }).flatMap((line) => line.trim().split(/\s+/));
    const writableNames = new Set(lines.filter((entry) => !entry.endsWith('!')).map((entry) => entry.slice(0, entry.indexOf(':'))));
    const top = ['extendedLocation', 'identity', 'kind', 'location', 'name', 'properties', 'sku', 'tags', 'type'];
    expect([...writableNames].filter((name) => !names.has(name) && !top.includes(name))).toEqual([]);
  });
});

describe('the table of properties', () => {
  it('finds unknown names, wrong types and values at any depth', () => {
    const body = {
      properties: {
        fooBar: 1,
        disableLocalAccounts: 'yes',
        networkProfile: { networkPolicy: 'maybe' },
        agentPoolProfiles: [{ name: 'a', colour: 'red' }],
        addonProfiles: { any: { enabled: true, config: { number: 1 } } },
      },
    };
    expect(schemaProblems(body, 'ManagedCluster').map((problem) => `${problem.kind} ${problem.path}`)).toEqual([
      'unknown properties.fooBar',
      'type properties.disableLocalAccounts',
      'value properties.networkProfile.networkPolicy',
      'unknown properties.agentPoolProfiles[0].colour',
      'type properties.addonProfiles.any.config.number',
    ]);
  });

  it('reads names and values in any case, and null as absent', () => {
    expect(
      schemaProblems(
        { properties: { ApiServerAccessProfile: { AuthorizedIpRanges: null }, networkProfile: { loadBalancerSku: 'Standard' } } },
        'ManagedCluster',
      ),
    ).toEqual([]);
  });

  it('keeps unknown properties of a write, and hides them from a stable read', () => {
    const body = { eTag: 'x', properties: { fqdn: 'f', safeguardsProfile: { level: 'Warn' }, securityProfile: { imageIntegrity: { enabled: true } } } };
    expect(writable(body, 'ManagedCluster')).toEqual({
      properties: { safeguardsProfile: { level: 'Warn' }, securityProfile: { imageIntegrity: { enabled: true } } },
    });
    expect(onlyKnown(body, 'ManagedCluster')).toEqual({ eTag: 'x', properties: { fqdn: 'f', securityProfile: {} } });
  });
});
