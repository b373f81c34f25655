import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { retiredAddOns } from '../../../steps/governance/retired-add-ons.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const facts = (properties: JsonObject = {}, readAt = '2026-09-01T08:00:00Z'): Facts =>
  factsOf(cluster({ properties }), readable, { source: { kind: 'azure', label: 'test', readAt } });
const addOns = (addonProfiles: JsonObject): Facts => facts({ addonProfiles });
const nginx = (rest: JsonObject = {}): JsonObject => ({ ingressProfile: { webAppRouting: { enabled: true, ...rest } } });

describe('20.8', () => {
  test.each([
    ['no add-ons at all', facts(), 'pass'],
    ['an empty list', addOns({}), 'pass'],
    ['the dashboard switched off', addOns({ kubeDashboard: { enabled: false } }), 'pass'],
    ['the dashboard switched off, as a text', addOns({ KubeDashboard: { enabled: 'False' } }), 'pass'],
    ['the dashboard on', addOns({ kubeDashboard: { enabled: true } }), 'fail'],
    ['HTTP routing on, in lower case', addOns({ httpapplicationrouting: { enabled: true } }), 'fail'],
    ['HTTP routing on, as a text', addOns({ httpApplicationRouting: { enabled: 'true' } }), 'fail'],
    ['Open Service Mesh on', addOns({ openServiceMesh: { enabled: true, config: {} } }), 'fail'],
    ['other add-ons on', addOns({ azurepolicy: { enabled: true } }), 'pass'],
    ['NGINX of application routing, while it is patched', facts(nginx(), '2026-11-30T23:00:00Z'), 'partial'],
    ['NGINX of application routing, after its last patch', facts(nginx(), '2026-12-01T00:00:00Z'), 'fail'],
    ['application routing without NGINX', facts(nginx({ nginx: { defaultIngressControllerType: 'None' } })), 'pass'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(retiredAddOns, of, '20.8')).toBe(status));
});

describe('plan', () => {
  test('traffic is moved before its add-on goes, and all of them go with their settings', () => {
    const of = addOns({ HttpApplicationRouting: { enabled: true, config: { zone: 'x' } }, kubeDashboard: { enabled: true } });
    const { changes } = decide(retiredAddOns, of, 'remove');
    expect(changes.map(({ id, kind, after }) => [id.split('/')[1], kind, after.length])).toEqual([
      ['move-traffic', 'manual', 0],
      ['remove-httpApplicationRouting', 'arm.update', 1],
      ['remove-kubeDashboard', 'arm.update', 0],
    ]);
    expect(editsOf(changes[1])).toEqual([
      'properties.addonProfiles.httpApplicationRouting.enabled=false',
      'properties.addonProfiles.httpApplicationRouting.config=gone',
    ]);
    expect(changes[1]?.reversible.kind).toBe('no');
    const after = applied(of, changes);
    expect(statusOf(retiredAddOns, after, '20.8')).toBe('pass');
    expect(Object.keys((after.cluster['properties'] as JsonObject)['addonProfiles'] as JsonObject)).toEqual(['HttpApplicationRouting', 'kubeDashboard']);
    expect(decide(retiredAddOns, after, 'remove').changes).toEqual([]);
  });

  test('the dashboard alone needs nothing by hand', () => {
    expect(decide(retiredAddOns, addOns({ kubeDashboard: { enabled: true } }), 'remove').changes.map(({ kind }) => kind)).toEqual(['arm.update']);
  });

  test('moving to the Gateway API is offered where NGINX runs, and only there', () => {
    expect(decide(retiredAddOns, facts(nginx()), 'gateway-api').changes.map(({ kind }) => kind)).toEqual(['manual']);
    expect(() => decide(retiredAddOns, facts(), 'gateway-api')).toThrow(/is not on/);
  });
});
