import { existsSync, readdirSync, readFileSync } from 'node:fs';
import AjvDraft04, { type ErrorObject } from 'ajv-draft-04';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FactKey, Facts, FactValues } from '../../../src/model/facts.ts';
import { isObject, type Json, type JsonObject, texts, withAt } from '../../../src/model/json.ts';
import type { Step } from '../../../src/model/step.ts';
import { pillars } from '../../../src/model/step.ts';
import { apiServerExposure } from '../../../steps/cluster/api-server-exposure.ts';
import { certificates } from '../../../steps/cluster/certificates.ts';
import { networkPolicy } from '../../../steps/cluster/network-policy.ts';
import { nodeOsUpdates } from '../../../steps/cluster/node-os-updates.ts';
import { choose, cluster, factsOf, readable } from '../fixture.ts';

const steps: readonly Step[] = [nodeOsUpdates, apiServerExposure, certificates, networkPolicy];

/** Every fact these steps look at, with something in it. */
const everything: { readonly [K in FactKey]?: FactValues[K] } = {
  ...readable,
  agentPools: [{ name: 'system', properties: { provisioningState: 'Succeeded' } }],
  maintenanceConfigurations: [{ name: 'aksManagedNodeOSUpgradeSchedule', properties: { maintenanceWindow: { durationHours: 8 } } }],
  outboundAddresses: [{ resourceId: '/ip', cidr: '52.166.1.9/32' }],
  operator: { ...readable.operator, address: '20.71.10.5' },
  subnets: [{ id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a', properties: {} }],
  networkPolicies: [{ namespace: 'a', name: 'b', selectsAll: true, policyTypes: [], usesIpBlock: true }],
  apiServerReachability: { reachable: true, detail: 'ok', certificate: { notBefore: '2026-01-01T00:00:00Z', notAfter: '2028-01-01T00:00:00Z' } },
  runCommand: { reachable: true, detail: 'ok' },
  ownership: [{ tool: 'terraform', sign: 'tag' }],
};

/** Asks a step for everything it can say about facts, and holds it to what every step promises. */
function walk(step: Step, facts: Facts): void {
  const verdicts = step.assess(facts);
  expect(Object.keys(verdicts).sort()).toEqual(step.controls.map(({ id }) => id).sort());
  for (const verdict of Object.values(verdicts)) if ('reason' in verdict) expect(verdict.reason).not.toBe('');
  const { what, why } = step.explain(facts);
  expect(what.length * why.length).toBeGreaterThan(0);
  const options = step.options(facts);
  expect(options.filter(({ recommended }) => recommended !== undefined).length).toBeLessThanOrEqual(1);
  for (const option of options) {
    expect(option.recommended !== undefined && option.unavailable !== undefined).toBe(false);
    for (const name of option.params) expect(step.params.map((param) => param.name)).toContain(name);
    const { changes, guards } = step.plan(facts, choose(step, facts, option.id));
    const ids = changes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [i, change] of changes.entries()) {
      expect(change.id.startsWith(`${step.id}/`)).toBe(true);
      // A change waits for one before it, or for what other steps may plan.
      for (const before of change.after) if (before.startsWith(`${step.id}/`) && ids.includes(before)) expect(ids.slice(0, i)).toContain(before);
      if (change.kind === 'arm.update') expect(change.edits.length).toBeGreaterThan(0);
    }
    if (option.unavailable !== undefined) expect(ids).toEqual([]);
    if (changes.some(({ kind }) => kind !== 'manual')) expect(guards.some(({ id }) => id.startsWith('permission:'))).toBe(true);
  }
  for (const param of step.params) {
    const value = param.defaultValue(facts);
    if (value !== undefined && param.kind === 'choice') expect(param.choices?.(facts).map((choice) => choice.value)).toContain(value);
  }
}

/** Any JSON that may stand where a step expects something else. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    '',
    'none',
    'true',
    'Automatic',
    'kubenet',
    'cilium',
    'Basic',
    'Unmanaged',
    true,
    false,
    0,
    -1,
    [],
    {},
    ['0.0.0.0/0'],
    ['x', 3, null],
  ),
  fc.jsonValue() as fc.Arbitrary<Json>,
);
const places = [
  'identity',
  'sku.name',
  'location',
  'properties',
  'properties.agentPoolProfiles',
  'properties.apiServerAccessProfile',
  'properties.apiServerAccessProfile.authorizedIPRanges',
  'properties.apiServerAccessProfile.enablePrivateCluster',
  'properties.apiServerAccessProfile.enableVnetIntegration',
  'properties.apiServerAccessProfile.privateDNSZone',
  'properties.autoUpgradeProfile',
  'properties.autoUpgradeProfile.nodeOSUpgradeChannel',
  'properties.autoUpgradeProfile.upgradeChannel',
  'properties.currentKubernetesVersion',
  'properties.networkProfile',
  'properties.networkProfile.networkPolicy',
  'properties.networkProfile.networkPlugin',
  'properties.networkProfile.networkDataplane',
  'properties.networkProfile.loadBalancerSku',
  'properties.networkProfile.outboundType',
  'properties.networkProfile.serviceCidr',
  'properties.networkProfile.podCidr',
];

describe.each(steps.map((step) => [step.id, step] as const))('%s', (_id, step) => {
  test('says something about any subset of facts and any odd body', () => {
    const facts = fc
      .tuple(fc.subarray(Object.keys(everything) as FactKey[]), fc.array(fc.tuple(fc.constantFrom(...places), odd), { maxLength: 4 }))
      .map(([keys, changes]) => {
        const body = changes.reduce<Json | undefined>((whole, [place, value]) => withAt(whole, place.split('.'), value), cluster());
        const known = Object.fromEntries(keys.map((key) => [key, everything[key]])) as { readonly [K in FactKey]?: FactValues[K] };
        return factsOf(isObject(body) ? body : {}, known);
      });
    fc.assert(
      fc.property(facts, (of) => walk(step, of)),
      { numRuns: 400 },
    );
  });

  test('says something about an empty body', () => walk(step, factsOf({})));

  test('never passes on what is not known', () => {
    for (const verdict of Object.values(step.assess(factsOf({ name: 'x' }, {})))) expect(['pass', 'preconfigured']).not.toContain(verdict.status);
  });

  test('every fact that plan reads is named, and every control has a page to read on', () => {
    expect(pillars).toContain(step.pillar);
    for (const { references } of step.controls) expect(references.docs.length).toBeGreaterThan(0);
  });
});

const shared = new URL('../../../../shared/data/', import.meta.url);
const recorded = new URL('clusters/', shared);
const schemaFile = new URL('arm/managedClusters-2026-05-01.schema.json', shared);
if (!existsSync(recorded)) console.log('skipped: the recorded clusters are not beside the project');

describe.runIf(existsSync(recorded))('recorded clusters', () => {
  const files = readdirSync(recorded).filter((name) => name.endsWith('.json') && name !== 'index.json');
  test.each(files)('%s', (name) => {
    const body = JSON.parse(readFileSync(new URL(name, recorded), 'utf8')) as JsonObject;
    const bodies = Array.isArray(body) ? (body as readonly JsonObject[]) : [body];
    const apiVersion = /\d{4}-\d\d-\d\d(?:-preview)?/.exec(name)?.[0] ?? '';
    for (const one of bodies) {
      for (const known of [{}, everything]) {
        for (const step of steps) walk(step, { ...factsOf(one, known), source: { kind: 'file', label: name, readAt: '2026-09-01T08:00:00Z' }, apiVersion });
      }
    }
  });
});

describe.runIf(existsSync(schemaFile))('what is written', () => {
  const { definitions } = JSON.parse(readFileSync(schemaFile, 'utf8')) as { definitions: { readonly [name: string]: JsonObject } };
  const ajv = new AjvDraft04.default({ strict: false, logger: false });
  // The schema's other branch is an ARM template expression, which no write here uses.
  ajv.addSchema({ definitions: { expression: { not: {} } } }, 'https://schema.management.azure.com/schemas/common/definitions.json');
  ajv.addSchema({ definitions }, 'schema');
  const fits = (name: string, value: Json | undefined): readonly string[] => {
    const validate = ajv.compile({ $ref: `schema#/definitions/${name}` });
    return validate(value) ? [] : (validate.errors ?? []).map((error: ErrorObject) => `${error.instancePath} ${error.message}`);
  };

  test('maintenance windows fit the schema', () => {
    const of = factsOf(cluster(), { ...readable, maintenanceConfigurations: [] });
    const { changes } = nodeOsUpdates.plan(of, choose(nodeOsUpdates, of, 'node-image'));
    expect(changes).toHaveLength(2);
    for (const change of changes) {
      if (change.kind !== 'arm.put') throw new Error('no put');
      expect(fits('MaintenanceConfigurationProperties', change.body['properties'])).toEqual([]);
    }
    expect(fits('MaintenanceConfigurationProperties', { maintenanceWindow: { durationHours: 2, startTime: '01:00', schedule: {} } })).not.toEqual([]);
  });

  test('edits of the cluster fit the schema', () => {
    const network = factsOf(cluster({ properties: { networkProfile: { networkPlugin: 'kubenet', networkPluginMode: undefined, networkPolicy: 'calico' } } }), {
      ...readable,
      networkPolicies: [],
    });
    const exposed = factsOf(
      cluster({ properties: { apiServerAccessProfile: { enableVnetIntegration: true, authorizedIPRanges: ['137.117.106.88/29'] } } }),
      everything,
    );
    const planned = [
      ...networkPolicy.plan(network, choose(networkPolicy, network, 'overlay-then-cilium')).changes,
      ...apiServerExposure.plan(exposed, choose(apiServerExposure, exposed, 'private-cluster')).changes,
      ...apiServerExposure.plan(exposed, choose(apiServerExposure, exposed, 'authorized-ranges')).changes,
    ];
    expect(planned).toHaveLength(5);
    for (const change of planned) {
      if (change.kind !== 'arm.update') throw new Error('no update');
      const body = change.edits.reduce<Json | undefined>((whole, edit) => withAt(whole, edit.path, edit.after), {});
      const properties = isObject(body) && isObject(body['properties']) ? body['properties'] : {};
      const names: { readonly [key: string]: string } = {
        networkProfile: 'ContainerServiceNetworkProfile',
        apiServerAccessProfile: 'ManagedClusterAPIServerAccessProfile',
      };
      for (const [key, value] of Object.entries(properties)) {
        expect(fits(names[key] ?? key, value)).toEqual([]);
        const allowed = Object.keys((definitions[names[key] ?? key]?.['properties'] as JsonObject | undefined) ?? {});
        expect(texts(Object.keys(isObject(value) ? value : {})).filter((property) => !allowed.includes(property))).toEqual([]);
      }
    }
  });
});
