import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmResource, FactKey, Facts, FactValues } from '../../src/model/facts.ts';
import { isObject, type Json } from '../../src/model/json.ts';
import { commandsOf } from '../../src/render/index.ts';
import { clusterIdentity } from '../../steps/identity/cluster-identity.ts';
import { containerInsights } from '../../steps/platform/container-insights.ts';
import { registry } from '../../steps/platform/registry.ts';
import { choose, cluster, factsOf, readable, SUBSCRIPTION, WORKSPACE } from './fixture.ts';
import { bench } from './on-practice.ts';

const steps = [clusterIdentity, containerInsights, registry];
const APP = '51515151-2222-4333-8444-555555555555';
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/net`;
const REGISTRY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/shop`;
const contributor = {
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/x`,
  properties: { roleDefinitionId: '/x/b24988ac-6180-42a0-ab88-20f7382dd24c', scope: `/subscriptions/${SUBSCRIPTION}`, principalId: APP },
};
const identity = (name: string) => ({
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  principalId: APP.replace(/^5/, name === 'control' ? '6' : '7'),
  clientId: APP,
});

const everything: { readonly [K in FactKey]?: FactValues[K] } = {
  ...readable,
  servicePrincipal: { appId: APP, exists: true, objectId: APP, credentials: [{ kind: 'secret', endsAt: '2027-01-01T00:00:00Z' }] },
  namesakePrincipals: [{ objectId: APP, appId: SUBSCRIPTION, displayName: 'shopSP-20200101000000' }],
  siblingClusters: [{ id: '/other', servicePrincipal: APP }],
  managedIdentities: [identity('control'), identity('kubelet')],
  identityRoleAssignments: [
    { identity: 'service-principal', principalId: APP, assignments: [contributor] },
    { identity: 'kubelet', principalId: APP, assignments: [contributor] },
  ],
  dataCollectionRules: [{ association: 'ContainerInsightsExtension', ruleId: '/r' }],
  registries: [{ id: REGISTRY, name: 'shop', sku: { name: 'Basic' }, properties: { adminUserEnabled: true, loginServer: 'shop.azurecr.io' } }],
  registryScanners: [{ registryId: REGISTRY, webhooks: [], quarantineWriters: [] }],
  registryAssessments: [{ registryId: REGISTRY, codes: ['Unhealthy'] }],
  registryPrivateLink: { endpoints: [{ id: '/e', subnetId: `${NETWORK}/subnets/other`, targets: ['/x'], zones: [] }], zones: [] },
  subnets: [{ id: `${NETWORK}/subnets/nodes`, properties: {} }],
  outboundAddresses: [{ resourceId: '/x', cidr: '20.50.60.70/32' }],
  availableWorkspaces: [{ id: WORKSPACE, location: 'westeurope' }],
  workspaces: [{ id: WORKSPACE, exists: true, usedBy: 'omsagent' }],
  defenderPlan: { name: 'Containers', properties: { pricingTier: 'Free' } },
};

/** What one set of facts makes of the steps: nothing throws, and every answer hangs together. */
function walk(facts: Facts): void {
  for (const step of steps) {
    expect(Object.keys(step.assess(facts)).sort()).toEqual(step.controls.map(({ id }) => id).sort());
    step.explain(facts);
    const options = step.options(facts);
    expect(options.filter(({ recommended }) => recommended).length, step.id).toBeLessThanOrEqual(1);
    for (const option of options) {
      expect(option.recommended && option.unavailable, `${step.id}=${option.id}`).toBeFalsy();
      const choice = choose(step, facts, option.id);
      for (const param of step.params.filter(({ name }) => option.params.includes(name))) {
        const value = choice.values[param.name];
        if (value !== undefined) expect(param.validate(value, facts), `${step.id}.${param.name}: ${JSON.stringify(value)}`).toBeUndefined();
        for (const odd of [null, 7, 'odd', ['odd', 7], {}] as const) {
          if (param.name !== 'preset') expect(param.validate(odd, facts), `${step.id}.${param.name}: ${JSON.stringify(odd)}`).toBeTypeOf('string');
        }
      }
      const { changes, guards } = step.plan(facts, choice);
      if (option.unavailable) expect(changes).toEqual([]);
      expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
      expect(new Set(guards.map(({ id }) => id)).size, `${step.id}=${option.id}: guards`).toBe(guards.length);
      for (const guard of guards) if (guard.verdict === 'refuse') expect(guard.override, guard.id).toBeDefined();
      for (const change of changes) {
        expect(change.id.startsWith(`${step.id}/`)).toBe(true);
        expect(change.step).toBe(step.id);
        if (change.kind === 'arm.update' || change.kind === 'arm.patch')
          for (const edit of change.edits) expect(edit.after, edit.path.join('.')).not.toEqual(edit.before);
      }
    }
  }
}

const bodies: readonly ArmResource[] = [
  cluster(),
  cluster({
    identity: undefined,
    properties: {
      servicePrincipalProfile: { clientId: APP },
      agentPoolProfiles: [{ name: 'one', count: 2, vnetSubnetID: `${NETWORK}/subnets/nodes` }],
      addonProfiles: { omsAgent: { enabled: 'true', config: { logAnalyticsWorkspaceResourceID: WORKSPACE } } },
      apiServerAccessProfile: { privateDNSZone: '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/privateDnsZones/z' },
    },
  }),
  cluster({
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identity('control').id]: { clientId: 'c', principalId: 'p' } } },
    properties: { identityProfile: { kubeletidentity: { resourceId: identity('kubelet').id } }, addonProfiles: { omsagent: { enabled: false, config: null } } },
  }),
  cluster({ sku: { name: 'Automatic', tier: 'Standard' } }),
];
const keys = Object.keys(everything) as FactKey[];

describe('whatever is known', () => {
  it('no step throws, and no answer contradicts another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.subarray(keys), fc.subarray(keys), (body, missing, refused) => {
        const known: { [key: string]: unknown } = { ...everything };
        for (const key of refused) if (key !== 'subscriptionTenant') known[key] = 'not allowed to read it';
        for (const key of missing) delete known[key];
        walk(factsOf(body, known as never));
      }),
      { numRuns: 80 },
    );
  });
  it('no step throws on a body that has lost its shape', () => {
    for (const body of bodies) {
      const inside = isObject(body['properties']) ? body['properties'] : {};
      fc.assert(
        fc.property(
          fc.subarray([...Object.keys(inside), 'addonProfiles', 'identityProfile']),
          fc.constantFrom<Json>(null, '', 'odd', 7, [], {}),
          fc.boolean(),
          (names, value, top) => {
            walk(
              factsOf(
                { ...body, ...(top ? { identity: value } : {}), properties: { ...inside, ...Object.fromEntries(names.map((name) => [name, value])) } },
                everything,
              ),
            );
          },
        ),
        { numRuns: 25 },
      );
    }
    walk(factsOf({}, {}));
  });
  it('odd resources beside the body do no harm either', () => {
    const odd = fc.constantFrom<Json>(null, '', 7, [], {}, { id: 7 }, { properties: 'odd' });
    fc.assert(
      fc.property(fc.constantFrom(...bodies), odd, (body, value) => {
        const resource = { id: REGISTRY, name: 'shop', properties: value, sku: value, policies: value };
        walk(
          factsOf(body, {
            ...everything,
            registries: [resource],
            subnets: [{ id: `${NETWORK}/subnets/nodes`, properties: value }],
            policyAssignments: [resource],
          }),
        );
      }),
    );
  });
  it('without any fact beside the body, nothing outside of it is called good', () => {
    for (const body of bodies) {
      const found = Object.assign({}, ...steps.map((step) => step.assess(factsOf(body, {}))));
      for (const id of ['1.3', '1.4', '6.1', '6.2', '6.3', '6.4', '6.5', '6.6']) expect(found[id]?.status, id).toBe('unknown');
    }
  });
  it('hostile names neither break a command nor a line', () => {
    const evil = `x";rm -rf ~;"\u001b[2J\n`;
    const facts = factsOf(
      { ...bodies[1], name: evil },
      {
        ...everything,
        registries: [{ id: `${REGISTRY}`, name: evil, properties: { adminUserEnabled: true, policies: { trustPolicy: { status: 'enabled' } } } }],
      },
    );
    for (const step of steps) {
      for (const option of step.options(facts)) {
        expect(option.tradeOff).not.toMatch(/[\u001b\n]/);
        if (option.unavailable) continue;
        for (const change of step.plan(facts, choose(step, facts, option.id)).changes) {
          expect(change.title).not.toMatch(/[\u001b\n]/);
          if (change.kind === 'manual') for (const line of change.instructions) expect(line).not.toMatch(/[\u001b\n]|rm -rf/);
        }
      }
    }
  });
});

describe('on every practice cluster', () => {
  it.each(['legacy', 'typical', 'private', 'hardened'])('%s: each option that can be had comes to changes that can be printed', async (scenario) => {
    const { read } = await bench(scenario, steps);
    const facts = await read();
    walk(facts);
    for (const step of steps)
      for (const option of step.options(facts))
        for (const change of step.plan(facts, choose(step, facts, option.id)).changes)
          if (change.kind !== 'manual') expect(commandsOf(change).length, change.id).toBeGreaterThan(0);
  });
});

const recorded = fileURLToPath(new URL('../../../shared/data/clusters/', import.meta.url));
if (!existsSync(recorded)) console.log('skipped: the recorded clusters are not beside this project');
describe.runIf(existsSync(recorded))('recorded clusters', () => {
  const files = existsSync(recorded) ? readdirSync(recorded).filter((name) => name.endsWith('.json') && name !== 'index.json') : [];
  it.each(files)('%s is assessed and planned', (name) => {
    const body = JSON.parse(readFileSync(`${recorded}${name}`, 'utf8')) as ArmResource;
    const apiVersion = /(\d{4}-\d{2}-\d{2}(-preview)?)\.json$/.exec(name)?.[1] ?? '';
    walk(factsOf(body, {}, { apiVersion, source: { kind: 'file', label: name, readAt: '2026-09-01T00:00:00Z' } }));
    walk(factsOf(body, everything, { apiVersion }));
  });
});
