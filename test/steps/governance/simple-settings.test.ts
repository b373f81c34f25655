import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { imageCleaner } from '../../../steps/governance/image-cleaner.ts';
import { resourceGroupLockdown } from '../../../steps/governance/resource-group-lockdown.ts';
import { tier } from '../../../steps/governance/tier.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const facts = (body: JsonObject = {}, apiVersion = '2026-05-01'): Facts => ({ ...factsOf(cluster(body), readable), apiVersion });
const automatic = { sku: { name: 'Automatic', tier: 'Standard' } };

describe('20.2 image cleaner', () => {
  const cleaner = (imageCleaner: JsonObject): JsonObject => ({ properties: { securityProfile: { imageCleaner } } });
  test.each([
    ['on', facts(cleaner({ enabled: true })), 'pass'],
    ['on, as a text', facts(cleaner({ enabled: 'True' })), 'pass'],
    ['off', facts(cleaner({ enabled: false })), 'fail'],
    ['absent', facts(), 'fail'],
    ['absent where it could not be seen', facts({}, '2022-09-01'), 'unknown'],
    ['AKS Automatic', facts(automatic), 'preconfigured'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(imageCleaner, of, '20.2')).toBe(status));

  test('is written once', () => {
    const { changes } = decide(imageCleaner, facts(), 'on');
    expect(changes.map(editsOf)).toEqual([
      ['properties.securityProfile.imageCleaner.enabled=true', 'properties.securityProfile.imageCleaner.intervalHours=168'],
    ]);
    const after = applied(facts(), changes);
    expect(statusOf(imageCleaner, after, '20.2')).toBe('pass');
    expect(decide(imageCleaner, after, 'on').changes).toEqual([]);
  });

  test('keeps an interval that somebody chose, and takes another', () => {
    const daily = facts(cleaner({ enabled: false, intervalHours: 24 }));
    expect(decide(imageCleaner, daily, 'on').changes.map(editsOf)).toEqual([['properties.securityProfile.imageCleaner.enabled=true']]);
    expect(decide(imageCleaner, daily, 'on', { 'interval-hours': '48' }).changes.map(editsOf)[0]).toContain(
      'properties.securityProfile.imageCleaner.intervalHours=48',
    );
  });

  test.each(['23', '2161', '1.5', 'weekly', '', '0x20', '-48'])('refuses %s hours and says what to give', (value) => {
    expect(() => decide(imageCleaner, facts(), 'on', { 'interval-hours': value })).toThrow(/whole number of hours from 24 to 2160/);
  });
});

describe('20.5 tier', () => {
  test.each([
    ['Standard', 'pass'],
    ['standard', 'pass'],
    ['Premium', 'pass'],
    ['Paid', 'pass'],
    ['Free', 'fail'],
    [undefined, 'fail'],
  ] as const)('%s gives %s', (name, status) => expect(statusOf(tier, facts({ sku: { name: 'Base', tier: name } }), '20.5')).toBe(status));

  test('a body without sku is on Free', () => expect(statusOf(tier, facts({ sku: undefined }), '20.5')).toBe('fail'));

  test('Standard is one write, and the old name of the kind goes along', () => {
    const old = facts({ sku: { name: 'Basic', tier: 'Free' } });
    const { changes } = decide(tier, old, 'standard');
    expect(changes.map(editsOf)).toEqual([['sku.name="Base"', 'sku.tier="Standard"']]);
    expect(changes[0]?.impact.kind).toBe('billing');
    const after = applied(old, changes);
    expect(statusOf(tier, after, '20.5')).toBe('pass');
    expect(decide(tier, after, 'standard').changes).toEqual([]);
  });

  test('long-term support comes with Premium in one write, and is never taken away unasked', () => {
    const { changes } = decide(tier, facts(), 'premium', { 'long-term-support': 'yes' });
    expect(changes.map(editsOf)).toEqual([['sku.tier="Premium"', 'properties.supportPlan="AKSLongTermSupport"']]);
    const after = applied(facts(), changes);
    expect(decide(tier, after, 'premium').changes).toEqual([]);
    expect(() => decide(tier, after, 'premium', { 'long-term-support': 'no' })).toThrow(/say yes to keep it/);
    expect(() => decide(tier, after, 'standard')).toThrow(/includes all of Standard/);
  });

  test('an unchanged Terraform file would set it back, and the guard says the line', () => {
    const owned = factsOf(cluster({ sku: { name: 'Base', tier: 'Free' } }), { ...readable, ownership: [{ tool: 'terraform', sign: 'tag' }] });
    const { guards } = decide(tier, owned, 'standard');
    expect(JSON.stringify(guards.find(({ id }) => id === 'iac-ownership'))).toContain('sku_tier = \\"Standard\\"');
  });
});

describe('20.4 lockdown', () => {
  const level = (restrictionLevel: string | undefined): JsonObject => ({ properties: { nodeResourceGroupProfile: { restrictionLevel } } });
  test.each([
    ['ReadOnly', facts(level('ReadOnly')), 'pass'],
    ['readonly', facts(level('readonly')), 'pass'],
    ['Unrestricted', facts(level('Unrestricted')), 'fail'],
    ['absent', facts(), 'fail'],
    ['absent where it could not be seen', facts({}, '2023-02-01'), 'unknown'],
    ['AKS Automatic', facts(automatic), 'preconfigured'],
  ] as const)('%s', (_name, of, status) => expect(statusOf(resourceGroupLockdown, of, '20.4')).toBe(status));

  test('is written once', () => {
    const { changes } = decide(resourceGroupLockdown, facts(), 'read-only');
    expect(changes.map(editsOf)).toEqual([['properties.nodeResourceGroupProfile.restrictionLevel="ReadOnly"']]);
    const after = applied(facts(), changes);
    expect(statusOf(resourceGroupLockdown, after, '20.4')).toBe('pass');
    expect(decide(resourceGroupLockdown, after, 'read-only').changes).toEqual([]);
  });

  test('refuses while an outbound address of one’s own lives in the group', () => {
    const id = (group: string) => `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Network/publicIPAddresses/out`;
    const own = (group: string): Facts =>
      facts({ properties: { networkProfile: { loadBalancerProfile: { outboundIPs: { publicIPs: [{ id: id(group) }] } } } } });
    expect(guardOf(decide(resourceGroupLockdown, own('mc_RG-shop_shop_westeurope'), 'read-only'), 'hand-edits')).toBe('refuse');
    expect(guardOf(decide(resourceGroupLockdown, own('rg-net'), 'read-only'), 'hand-edits')).toBe('warn');
    expect(resourceGroupLockdown.options(own('MC_rg-shop_shop_westeurope'))[0]?.recommended).toBeUndefined();
  });
});
