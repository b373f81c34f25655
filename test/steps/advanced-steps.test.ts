import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Step } from '../../src/model/step.ts';
import { assessStep } from '../../src/model/verdicts.ts';
import { completeChoice } from '../../src/plan/choices.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoOf, undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { nodeAccess } from '../../steps/cluster/node-access.ts';
import { imageCleaner } from '../../steps/governance/image-cleaner.ts';
import { locks } from '../../steps/governance/locks.ts';
import { nodeTrust } from '../../steps/governance/node-trust.ts';
import { policy } from '../../steps/governance/policy.ts';
import { resourceGroupLockdown } from '../../steps/governance/resource-group-lockdown.ts';
import { retiredAddOns } from '../../steps/governance/retired-add-ons.ts';
import { systemPool } from '../../steps/governance/system-pool.ts';
import { tier } from '../../steps/governance/tier.ts';
import { secrets } from '../../steps/pod/secrets.ts';
import { storage } from '../../steps/pod/storage.ts';
import { workloadIdentity } from '../../steps/pod/workload-identity.ts';
import { cluster, factsOf, readable } from './fixture.ts';

const all: readonly Step[] = [
  nodeAccess,
  workloadIdentity,
  storage,
  secrets,
  policy,
  imageCleaner,
  resourceGroupLockdown,
  tier,
  nodeTrust,
  retiredAddOns,
  locks,
  systemPool,
];

const KEY = 'https://kv-shop.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef';
const VAULT = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-shop';
/** Values that only a person can know. */
const given: { readonly [step: string]: { readonly [param: string]: Json } } = { 'pod.secrets': { 'key-id': KEY, 'key-vault-id': VAULT } };

/** Walks a step as a person would: every verdict, every option, every plan. Throws what the step throws. */
function walk(step: Step, facts: Facts): void {
  step.explain(facts);
  const verdict = assessStep(step, facts);
  expect(verdict.controls.map(({ assessment }) => assessment)).not.toContainEqual(expect.objectContaining({ reason: 'this program has no verdict for it' }));
  const options = step.options(facts);
  expect(options.filter(({ recommended }) => recommended !== undefined).length).toBeLessThanOrEqual(1);
  for (const option of options) {
    expect(option.unavailable === undefined || option.recommended === undefined, `${step.id}=${option.id} is recommended and refused`).toBe(true);
    for (const param of step.params) param.choices?.(facts);
    const mine = Object.fromEntries(Object.entries(given[step.id] ?? {}).filter(([name]) => option.params.includes(name)));
    const done = completeChoice(step, facts, { option: option.id, values: mine });
    if (!('choice' in done)) {
      expect(option.unavailable, `${step.id}=${option.id}: ${JSON.stringify(done.problems)}`).toBeDefined();
      continue;
    }
    const { changes } = step.plan(facts, done.choice);
    const ids = changes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const change of changes) {
      expect(change.id.startsWith(`${step.id}/`)).toBe(true);
      expect(step.controls.map(({ id }) => id)).toEqual(expect.arrayContaining([...change.controls]));
      for (const before of change.after) expect([...ids, ...step.after]).toContain(before);
      if (change.kind === 'arm.update') expect(change.edits.length).toBeGreaterThan(0);
      for (const one of [change, ...undoOf(change)]) expect(one.kind === 'manual' || commandsOf(one).length > 0, `${one.id} has a command`).toBe(true);
      if (change.impact.kind === 'reimage') expect(change.impact.pools?.length).toBeGreaterThan(0);
    }
    undoPlan(makePlan(facts, all, { [step.id]: done.choice }));
  }
}

const pool = (name: string, rest: JsonObject = {}): JsonObject => ({
  name,
  mode: 'User',
  osType: 'Linux',
  count: 2,
  vmSize: 'Standard_D4s_v5',
  type: 'VirtualMachineScaleSets',
  ...rest,
});
const many = cluster({
  properties: {
    agentPoolProfiles: [
      pool('system', { mode: 'System' }),
      pool('win', { osType: 'Windows', osSKU: 'Windows2022' }),
      pool('spot', { scaleSetPriority: 'Spot', enableNodePublicIP: true }),
      pool('empty', { count: 0 }),
      pool('vms', { type: 'VirtualMachines', count: undefined, vmSize: undefined, virtualMachinesProfile: { scale: {} } }),
      pool('arm', { vmSize: 'Standard_D4ps_v5', enableFIPS: true }),
      pool('old', { type: 'AvailabilitySet' }),
    ],
    addonProfiles: { AzurePolicy: { enabled: 'true' }, HTTPApplicationRouting: { enabled: 'True', config: { zone: 'x' } }, OpenServiceMesh: { enabled: true } },
    podIdentityProfile: { enabled: true, userAssignedIdentities: [{ name: 'a' }] },
    ingressProfile: { webAppRouting: { enabled: true } },
  },
});
const bodies: readonly (readonly [name: string, body: JsonObject])[] = [
  ['as az aks create makes it', cluster()],
  ['many kinds of pools', many],
  ['AKS Automatic', cluster({ sku: { name: 'Automatic', tier: 'Standard' }, properties: { agentPoolProfiles: [] } })],
  ['a hundred pools', cluster({ properties: { agentPoolProfiles: Array.from({ length: 100 }, (_, i) => pool(`p${i}`, i === 0 ? { mode: 'System' } : {})) } })],
  [
    'with an identity of its own',
    cluster({ identity: { type: 'UserAssigned', userAssignedIdentities: { '/x/y': { principalId: '00000000-0000-0000-0000-00000000000b' } } } }),
  ],
];

describe.each(all.map((step) => [step.id, step] as const))('%s', (_id, step) => {
  test.each(bodies)('walks through a cluster: %s', (_name, body) => {
    walk(step, factsOf(body, readable));
    walk(step, factsOf(body));
  });

  test('never passes where nothing was read', () => {
    const { controls } = assessStep(step, { ...factsOf({ id: '/subscriptions/s', name: 'x' }), apiVersion: '2019-01-01' });
    for (const { control, assessment } of controls) expect(`${control.id} ${assessment.status}`).toBe(`${control.id} unknown`);
  });

  test('throws nothing on facts that lack any part', () => {
    const holes = fc.array(fc.nat(400), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies.filter(([name]) => name !== 'a hundred pools').map(([, body]) => body)),
        holes,
        fc.constantFrom('2020-11-01', '2023-02-01', '2026-05-01'),
        (body, at, apiVersion) => {
          const facts = { ...factsOf(without(body, at)), apiVersion };
          expect(() => walk(step, facts)).not.toThrow();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the way back sends values, never the absence that a write of the whole would not notice', () => {
    const facts = factsOf(cluster(), readable);
    for (const { id, unavailable } of step.options(facts)) {
      if (unavailable !== undefined) continue;
      const done = completeChoice(step, facts, { option: id, values: given[step.id] && id.includes('kms') ? given[step.id] : {} } as Parameters<
        typeof completeChoice
      >[2]);
      if (!('choice' in done)) continue;
      const back = step.plan(facts, done.choice).changes.flatMap(undoOf);
      const gone = back.flatMap((one) =>
        one.kind === 'arm.update' ? one.edits.filter(({ after, path }) => after === undefined && !path.includes('config')) : [],
      );
      expect(gone.filter(({ path }) => path.at(-1) !== 'intervalHours')).toEqual([]);
    }
  });

  test('gives links for every control, and plain words without what only its makers understand', () => {
    for (const control of step.controls) expect(control.references.docs.length).toBeGreaterThan(0);
    const facts = factsOf(many, readable);
    const words = JSON.stringify([step.explain(facts), step.options(facts), step.params]);
    expect(words).not.toMatch(/undefined|NaN|\[object|controls\.md|semantics|DESIGN|[$€]\d/);
  });
});

/** A body without the values whose number, counted from the top, is in `holes`. */
function without(body: JsonObject, holes: readonly number[]): JsonObject {
  let n = 0;
  const cut = (value: Json | undefined): Json | undefined => {
    n += 1;
    if (holes.includes(n)) return n % 3 === 0 ? null : undefined;
    if (Array.isArray(value)) return value.flatMap((one: Json) => cut(one) ?? []);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one)])) : value;
  };
  n = -1;
  const result = cut(body);
  return isObject(result) ? result : {};
}

const recorded = new URL('../../../shared/data/clusters/', import.meta.url);
const there = existsSync(recorded);
if (!there) console.log('recorded clusters are not here: the walk through them is left out');
describe.runIf(there)('recorded clusters', () => {
  const index: readonly { readonly file: string; readonly apiVersion: string }[] = there
    ? JSON.parse(readFileSync(new URL('index.json', recorded), 'utf8'))
    : [];
  const files = there ? readdirSync(recorded).filter((name) => name.endsWith('.json') && name !== 'index.json') : [];
  test.each(files)('%s goes through every step', (file) => {
    const parsed: JsonObject = JSON.parse(readFileSync(new URL(file, recorded), 'utf8'));
    const body = isObject(parsed['body']) ? parsed['body'] : parsed;
    const apiVersion = index.find((one) => one.file === file)?.apiVersion ?? '2026-05-01';
    for (const step of all) walk(step, { ...factsOf(body), apiVersion });
  });
});
