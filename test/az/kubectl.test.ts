import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Facts } from '../../src/model/facts.ts';
import { at, isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { step } from '../plan/build.ts';
import { findKubectl, whyNot } from './az-program.ts';
import { type AzGround, type AzWorld, openAzGround } from './az-world.ts';
import { compare, idsIn, snapshotOf } from './compare.ts';
import { grounds } from './grounds.ts';
import { type RefusingProxy, startRefusingProxy } from './refusing-proxy.ts';
import { applyIn, consentOf, factsOf, openSdkWorld, printed, troubles } from './sdk-world.ts';

const missing = whyNot() ?? (findKubectl() === undefined ? 'no kubectl' : undefined);
if (missing !== undefined) console.log(`skipped: ${missing}, so that no kubectl line is run`);

const common = {
  step: 'pod.sample',
  controls: [],
  impact: { kind: 'none' as const, scope: 'one namespace' },
  minutes: [1, 1] as const,
  reversible: { kind: 'yes' as const, how: 'the old objects are put back' },
};
const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const policy: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny', namespace: 'shop', annotations: { note: `it's $HOME; "quoted"\nEND` } },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};
const made: Change = {
  ...common,
  kind: 'kube.apply',
  id: 'pod.sample/make',
  title: 'Make objects',
  objects: [namespace('printed'), policy],
  before: [],
  after: [],
};
const about = { apiVersion: 'v1', kind: 'Namespace', name: 'printed' };
const labelled: Change = {
  ...common,
  kind: 'kube.patch',
  id: 'pod.sample/label',
  title: 'Label the namespace',
  object: about,
  patch: { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'restricted' } } },
  before: { metadata: { labels: { 'pod-security.kubernetes.io/warn': null } } },
  after: [made.id],
};
const patched: Change = {
  ...common,
  kind: 'kube.patch',
  id: 'pod.sample/patch',
  title: 'Open the policy for DNS',
  object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'default-deny' },
  patch: { spec: { policyTypes: ['Ingress'] } },
  before: { spec: { policyTypes: ['Ingress', 'Egress'] } },
  after: [made.id],
};

const planOf = (facts: Facts, changes: readonly Change[]): Plan =>
  makePlan(facts, [step('pod.sample', changes)], { 'pod.sample': { option: 'on', values: {} } });

/** Who wrote which field, and when, is the API server's own record. */
const withoutRecord = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) return value.map((entry) => withoutRecord(entry) ?? null);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation'].includes(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutRecord(entry)]));
};

describe.runIf(missing === undefined)('printed kubectl lines with the real kubectl', () => {
  const [where] = grounds.filter(({ name }) => name === 'typical');
  let proxy: RefusingProxy;
  let ground: AzGround;
  let az: AzWorld;

  beforeAll(async () => {
    proxy = await startRefusingProxy();
    ground = await openAzGround(proxy);
    if (where === undefined) throw new Error('there is no typical cluster');
    az = await ground.open(where);
  });
  afterAll(async () => {
    await az.close();
    await ground.close();
    await proxy.close();
  });

  const objects = ({ served: { world } }: AzWorld) => withoutRecord(snapshotOf(world)['kubernetes']);
  const run = async (plan: Plan, facts: Facts, undo = false) => {
    const { code, stderr } = await az.run(printed(plan, facts, { shell: 'bash', undo }), { AKS_HARDEN_OVERRIDE: consentOf(plan) });
    expect(code, stderr).toBe(0);
  };

  it('make the objects that the gateway makes, label and patch them, and take them away again', async () => {
    if (where === undefined) throw new Error('there is no typical cluster');
    const sdk = await openSdkWorld(where);
    const facts = await factsOf(sdk);
    const start = objects(az);
    const first = planOf(facts, [made]);
    expect(troubles(await applyIn(sdk, first, facts))).toEqual([]);
    await run(first, facts);
    const both = [withoutRecord(snapshotOf(sdk.world)), withoutRecord(snapshotOf(az.served.world))].map((one) => (isObject(one) ? one : {}));
    expect(compare({ kubernetes: both[0]?.['kubernetes'] }, { kubernetes: both[1]?.['kubernetes'] }, idsIn(start))).toEqual([]);
    expect(at(objects(az), ['NetworkPolicy/shop/default-deny', 'metadata', 'annotations', 'note'])).toBe(`it's $HOME; "quoted"\nEND`);

    const madeObjects = objects(az);
    const second = planOf(facts, [labelled, patched]);
    await run(second, facts);
    expect(at(objects(az), ['Namespace//printed', 'metadata', 'labels', 'pod-security.kubernetes.io/warn'])).toBe('restricted');
    expect(at(objects(az), ['NetworkPolicy/shop/default-deny', 'spec', 'policyTypes'])).toEqual(['Ingress']);
    await run(undoPlan(second), facts, true);
    expect(objects(az)).toEqual(madeObjects);
    await run(undoPlan(first), facts, true);
    // Others may live in a namespace by now: it is a person who takes it away, with what Kubernetes put into it.
    const stays = ['Namespace//printed', 'ServiceAccount/printed/default'].map((one) => [one, at(madeObjects, [one])]);
    expect(objects(az)).toEqual({ ...(isObject(start) ? start : {}), ...Object.fromEntries(stays) });
    await sdk.close();
    expect(proxy.attempts).toEqual([]);
  });
});
