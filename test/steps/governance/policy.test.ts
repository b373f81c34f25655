import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { policy } from '../../../steps/governance/policy.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable, SUBSCRIPTION } from '../fixture.ts';

const addOn = (profiles: JsonObject): JsonObject => ({ properties: { addonProfiles: profiles } });
const facts = (body: JsonObject = {}, known: Parameters<typeof factsOf>[1] = {}): Facts => factsOf(cluster(body), { ...readable, ...known });
const assignment = (set: string, effect = 'Audit'): JsonObject => ({
  name: 'theirs',
  properties: { policyDefinitionId: `/providers/Microsoft.Authorization/policySetDefinitions/${set}`, parameters: { effect: { value: effect } } },
});
const BASELINE = 'a8640138-9b0a-4a28-b8cb-1666c838647d';
const RESTRICTED = '42b8ef37-b724-4e24-bbc8-7a7708edfe00';

describe('20.1', () => {
  test.each([
    ['azurepolicy', facts(addOn({ azurepolicy: { enabled: true } })), 'pass'],
    ['azurePolicy', facts(addOn({ azurePolicy: { enabled: true } })), 'pass'],
    ['as a text', facts(addOn({ AzurePolicy: { enabled: 'True' } })), 'pass'],
    ['off', facts(addOn({ azurepolicy: { enabled: false } })), 'fail'],
    ['absent', facts(), 'fail'],
    ['AKS Automatic', facts({ sku: { name: 'Automatic' } }), 'preconfigured'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(policy, of, '20.1')).toBe(status));
});

describe('plan', () => {
  test('assigns the baseline at audit before the add-on that carries it out', () => {
    const { changes } = decide(policy, facts(), 'add-on-and-audit');
    const [assign, install] = changes;
    expect(assign?.kind === 'arm.put' ? [assign.target.id, assign.body] : []).toEqual([
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Authorization/policyAssignments/aks-pod-security-baseline`,
      {
        properties: expect.objectContaining({
          policyDefinitionId: `/providers/Microsoft.Authorization/policySetDefinitions/${BASELINE}`,
          parameters: { effect: { value: 'audit' }, excludedNamespaces: { value: ['kube-system', 'gatekeeper-system', 'azure-arc'] } },
        }),
      },
    ]);
    expect(editsOf(install)).toEqual(['properties.addonProfiles.azurepolicy.enabled=true']);
    expect(install?.after).toEqual([assign?.id]);
    const after = applied(facts(), changes);
    expect(statusOf(policy, after, '20.1')).toBe('pass');
    expect(decide(policy, after, 'add-on-and-audit').changes).toEqual([]);
  });

  test.each([BASELINE, RESTRICTED, BASELINE.toUpperCase()])('does not assign twice what stands there: %s', (set) => {
    const { changes } = decide(policy, facts({}, { policyAssignments: [assignment(set)] }), 'add-on-and-audit');
    expect(changes.map(({ kind }) => kind)).toEqual(['arm.update']);
  });

  test('without knowing the assignments only the add-on is offered', () => {
    const blind = facts({}, { policyAssignments: 'no permission' });
    expect(() => decide(policy, blind, 'add-on-and-audit')).toThrow(/is not known/);
    expect(policy.options(blind).find(({ recommended }) => recommended)?.id).toBe('add-on');
    expect(decide(policy, blind, 'add-on').changes).toHaveLength(1);
  });

  test('something above that denies is said before the add-on brings it in', () => {
    expect(guardOf(decide(policy, facts({}, { policyAssignments: [assignment(RESTRICTED, 'deny')] }), 'add-on'), 'assignments-above')).toBe('warn');
    expect(guardOf(decide(policy, facts(), 'add-on'), 'assignments-above')).toBe('clear');
  });

  test.each([
    ['by the subscription', {}, 'clear'],
    ['not at all', { permissions: [{ actions: ['Microsoft.ContainerService/*'], notActions: [] }], subscriptionPermissions: [] }, 'refuse'],
    ['by the cluster, which is not where it is written', { subscriptionPermissions: [] }, 'unknown'],
  ] as const)('the right to assign is given %s', (_name, known, verdict) => {
    expect(guardOf(decide(policy, facts({}, known), 'add-on-and-audit'), 'permission:Microsoft.Authorization/policyAssignments/write')).toBe(verdict);
  });

  test.each([
    ['shop', /Keep kube-system/],
    ['kube-system,gatekeeper-system,Shop_1', /is no namespace/],
  ])('refuses the exclusions %s', (value, words) => {
    expect(() => decide(policy, facts(), 'add-on-and-audit', { 'excluded-namespaces': value })).toThrow(words);
  });
});
