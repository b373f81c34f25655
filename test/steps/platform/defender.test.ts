import { describe, expect, it } from 'vitest';
import type { ArmPut } from '../../../src/model/change.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { defender } from '../../../steps/platform/defender.ts';
import { choose, cluster, factsOf, readable, SUBSCRIPTION, WORKSPACE } from '../fixture.ts';

const three = ['ContainerSensor', 'AgentlessDiscoveryForKubernetes', 'ContainerRegistriesVulnerabilityAssessments'];
const pricing = (tier: string, enabled: readonly string[], over: JsonObject = {}) => ({
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Security/pricings/Containers`,
  name: 'Containers',
  type: 'Microsoft.Security/pricings',
  properties: {
    pricingTier: tier,
    freeTrialRemainingTime: 'P29DT3H',
    extensions: [...three, 'AgentlessVmScanning'].map((name) => ({
      name,
      isEnabled: enabled.includes(name) ? 'True' : 'False',
      operationStatus: { code: 'Succeeded' },
    })),
    ...over,
  },
});
const on = { securityProfile: { defender: { logAnalyticsWorkspaceResourceId: WORKSPACE, securityMonitoring: { enabled: true } } } };
const factsWith = (plan: object | string, properties: JsonObject = {}, known: object = {}, over: JsonObject = {}) =>
  factsOf(cluster({ properties, ...over }), {
    ...readable,
    availableWorkspaces: [{ id: WORKSPACE, location: 'westeurope' }],
    defenderPlan: plan as never,
    ...known,
  });
const statuses = (...args: Parameters<typeof factsWith>) =>
  Object.fromEntries(Object.entries(defender.assess(factsWith(...args))).map(([id, { status }]) => [id, status]));
function planned(option: string, facts: ReturnType<typeof factsOf>, values: { readonly [name: string]: Json } = {}) {
  const { changes, guards } = defender.plan(facts, choose(defender, facts, option, values));
  return {
    changes,
    guards,
    put: changes.find((change): change is ArmPut => change.kind === 'arm.put'),
    guard: (id: string) => guards.find((one) => one.id === id),
  };
}

describe('5.1 and 5.2', () => {
  it.each([
    ['Free', pricing('Free', []), {}, { '5.1': 'fail', '5.2': 'fail' }],
    ['Standard with its parts', pricing('Standard', three), on, { '5.1': 'pass', '5.2': 'pass' }],
    ['Standard without one part', pricing('Standard', three.slice(1)), {}, { '5.1': 'partial', '5.2': 'fail' }],
    ['Standard that lists no parts', pricing('Standard', [], { extensions: null }), on, { '5.1': 'partial', '5.2': 'pass' }],
    [
      'a sensor that is off',
      pricing('standard', three),
      { securityProfile: { defender: { securityMonitoring: { enabled: false } } } },
      { '5.1': 'pass', '5.2': 'fail' },
    ],
  ])('with %s', (_name, plan, properties, expected) => {
    expect(statuses(plan, properties)).toEqual(expected);
  });

  it('are not satisfied by the plans that were replaced', () => {
    for (const name of ['KubernetesService', 'ContainerRegistry']) {
      expect(statuses({ ...pricing('Standard', three), name })['5.1']).toBe('unknown');
    }
  });

  it('are unknown where the plan could not be read', () => {
    expect(statuses('forbidden')['5.1']).toBe('unknown');
    expect(statuses({ name: 'Containers', properties: {} })['5.1']).toBe('unknown');
  });

  it('do not take the setting of an old api-version for an answer', () => {
    expect(statuses('x', { securityProfile: { azureDefender: { enabled: true } } })['5.2']).toBe('unknown');
  });

  it('notice a sensor whose workspace is gone', () => {
    expect(statuses('x', on, { workspaces: [{ id: WORKSPACE.toUpperCase(), exists: false, usedBy: 'defender' }] })['5.2']).toBe('partial');
  });

  it('do not apply in Azure China after its end, and warn before it', () => {
    expect(statuses(pricing('Free', []), {}, {}, { location: 'chinanorth3' })).toEqual({ '5.1': 'not-applicable', '5.2': 'not-applicable' });
    const before = {
      ...factsWith(pricing('Free', []), {}, {}, { location: 'chinanorth3' }),
      source: { kind: 'azure' as const, label: 'x', readAt: '2026-08-17T10:00:00Z' },
    };
    expect(defender.assess(before)['5.1']?.status).toBe('fail');
    expect(planned('plan-and-sensor', before).guard('china')?.verdict).toBe('warn');
    expect(defender.options(before).some((option) => option.recommended)).toBe(false);
  });
});

describe('options', () => {
  const recommended = (facts: ReturnType<typeof factsOf>) => defender.options(facts).find((option) => option.recommended)?.id;

  it('recommend the plan unless it is complete or out of reach', () => {
    expect(recommended(factsWith(pricing('Free', [])))).toBe('plan-and-sensor');
    expect(recommended(factsWith(pricing('Standard', three)))).toBe('sensor-only');
    expect(recommended(factsWith(pricing('Free', []), {}, { subscriptionPermissions: [{ actions: ['*/read'], notActions: [] }] }))).toBe('sensor-only');
  });

  it('name nodes, not a price', () => {
    const [first] = defender.options(factsWith(pricing('Free', [])));
    expect(first?.cost).toContain('8 nodes (3 × Standard_D4s_v5 and 5 × Standard_D8s_v5)');
    expect(JSON.stringify(defender.options(factsWith(pricing('Free', []))))).not.toMatch(/[$€]\s?\d|\d\s?(USD|EUR|dollars)/);
  });
});

describe('plan', () => {
  it('turns on the plan, then the sensor', () => {
    const facts = factsWith(pricing('Free', []));
    const { changes, put, guard } = planned('plan-and-sensor', facts);
    expect(changes.map(({ id }) => id)).toEqual(['platform.defender/plan', 'platform.defender/sensor']);
    expect(put?.target.id).toBe(`/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Security/pricings/Containers`);
    expect(put?.before).toEqual({ properties: { pricingTier: 'Free' } });
    expect(changes[1]).toMatchObject({
      after: ['platform.defender/plan'],
      edits: [{ after: WORKSPACE }, { path: ['properties', 'securityProfile', 'defender', 'securityMonitoring', 'enabled'], after: true }],
    });
    expect(guard('subscription-wide')?.verdict).toBe('warn');
  });

  it('keeps the settings of parts that are there, and what is read-only out', () => {
    const properties = {
      subPlan: 'P1',
      extensions: [
        { name: 'AgentlessVmScanning', isEnabled: 'True', additionalExtensionProperties: { ExclusionTags: '[]' }, operationStatus: { code: 'Succeeded' } },
        { name: 'ContainerSensor', isEnabled: 'False', operationStatus: null },
      ],
    };
    // Even when somebody leaves it out of the list: what is on stays on.
    const { put } = planned('plan-and-sensor', factsWith(pricing('Standard', [], properties), on), { extensions: three });
    expect(put?.body).toEqual({
      properties: {
        pricingTier: 'Standard',
        subPlan: 'P1',
        extensions: [
          { name: 'AgentlessVmScanning', isEnabled: 'True', additionalExtensionProperties: { ExclusionTags: '[]' } },
          { name: 'ContainerSensor', isEnabled: 'True' },
          { name: 'AgentlessDiscoveryForKubernetes', isEnabled: 'True' },
          { name: 'ContainerRegistriesVulnerabilityAssessments', isEnabled: 'True' },
        ],
      },
    });
  });

  it('changes nothing where both are on, whatever the case of the ids', () => {
    const upper = { securityProfile: { defender: { logAnalyticsWorkspaceResourceId: WORKSPACE.toLowerCase(), securityMonitoring: { enabled: true } } } };
    const facts = factsWith(pricing('Standard', three), upper);
    expect(planned('plan-and-sensor', facts, { workspace: WORKSPACE }).changes).toEqual([]);
    expect(planned('sensor-only', facts, { workspace: WORKSPACE }).changes).toEqual([]);
  });

  it('does not claim a way back from a plan that it could not read', () => {
    const { put, guard } = planned('plan-and-sensor', factsWith('forbidden'));
    expect(put).toMatchObject({ reversible: { kind: 'partly' }, undo: [] });
    expect(guard('plan-known')).toMatchObject({ verdict: 'unknown', override: 'nothing is set there' });
  });

  it('asks for the right on the subscription, and not for locks of the cluster, when only the plan changes', () => {
    const lock = { name: 'keep', properties: { level: 'ReadOnly' } };
    const { changes, guards } = planned('plan-and-sensor', factsWith(pricing('Free', []), on, { locks: [lock] }));
    expect(changes).toHaveLength(1);
    expect(guards.filter(({ verdict }) => verdict === 'refuse')).toEqual([]);
    const reader = factsWith(pricing('Free', []), on, { subscriptionPermissions: [{ actions: ['Microsoft.ContainerService/*'], notActions: [] }] });
    expect(planned('plan-and-sensor', reader).guard('permission:Microsoft.Security/pricings/write')).toMatchObject({ verdict: 'refuse' });
  });

  it('says that a sensor without the plan tells nobody', () => {
    expect(planned('sensor-only', factsWith(pricing('Free', []))).guard('plan-first')?.verdict).toBe('warn');
    expect(planned('sensor-only', factsWith('forbidden')).guard('plan-first')?.verdict).toBe('unknown');
    expect(planned('sensor-only', factsWith(pricing('Standard', three))).guard('plan-first')).toBeUndefined();
  });

  it('never makes a workspace by itself', () => {
    const workspace = defender.params.find(({ name }) => name === 'workspace');
    expect(workspace?.defaultValue(factsWith('x', {}, { availableWorkspaces: [] }))).toBeUndefined();
    const gone = WORKSPACE.replace('workspaces/logs', 'workspaces/gone');
    expect(planned('sensor-only', factsWith(pricing('Standard', three)), { workspace: gone }).guard('workspace-exists')?.verdict).toBe('refuse');
  });

  it('moves a sensor whose workspace is gone to one that exists', () => {
    const gone = WORKSPACE.replace('workspaces/logs', 'workspaces/gone');
    const broken = { securityProfile: { defender: { logAnalyticsWorkspaceResourceId: gone, securityMonitoring: { enabled: true } } } };
    const facts = factsWith(pricing('Standard', three), broken, { workspaces: [{ id: gone, exists: false, usedBy: 'defender' }] });
    expect(planned('sensor-only', facts).changes).toMatchObject([{ edits: [{ before: gone, after: WORKSPACE }] }]);
  });
});
