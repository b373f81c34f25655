import { describe, expect, it } from 'vitest';
import type { KubePatch } from '../../../src/model/change.ts';
import { type Facts, knownValue } from '../../../src/model/facts.ts';
import { at, type Json, type JsonObject, withAt } from '../../../src/model/json.ts';
import { completeChoice } from '../../../src/plan/choices.ts';
import { steppedClock } from '../../../src/practice/clock.ts';
import { createPractice } from '../../../src/practice/index.ts';
import type { Settings } from '../../../src/practice/world.ts';
import { planOnlyKeys, readFacts } from '../../../src/snapshot/live.ts';
import { podSecurity as step } from '../../../steps/pod/security.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** A probe that goes to a host of its own choice: refused at baseline from 1.34 on (Pod Security Standards, host probes). */
function withHostProbe(object: JsonObject): JsonObject {
  const name = String(at(object, ['metadata', 'name']));
  if (!name.startsWith('web') || at(object, ['metadata', 'namespace']) !== 'shop') return object;
  const probe = (place: readonly string[]): Json | undefined => {
    const containers = at(object, place);
    if (!Array.isArray(containers)) return undefined;
    return withAt(
      object,
      place,
      containers.map((one: Json) => ({ ...(one as JsonObject), livenessProbe: { tcpSocket: { host: '10.9.9.9', port: 80 } } })),
    );
  };
  return (probe(['spec', 'template', 'spec', 'containers']) ?? probe(['spec', 'containers']) ?? object) as JsonObject;
}

interface World {
  readonly scenario?: string;
  /** Of the cluster, as ARM tells it. */
  readonly version?: string;
  readonly settings?: Partial<Settings>;
}

/** Facts as the wizard reads them to plan: the API server's own answers among them. */
async function read({ scenario = 'typical', version, settings = {} }: World): Promise<Facts> {
  const practice = await createPractice({ scenario, clock: steppedClock(Date.parse('2026-11-20T08:00:00Z')) });
  const { state } = practice.world;
  state.kubernetes = state.kubernetes.map(withHostProbe);
  state.settings = { ...state.settings, ...settings };
  const key = state.clusterId.toLowerCase();
  const body = version === undefined ? undefined : withAt(state.resources[key], ['properties', 'currentKubernetesVersion'], version);
  if (body !== undefined) state.resources = { ...state.resources, [key]: body as JsonObject };
  return readFacts({
    arm: practice.arm,
    clusterId: practice.clusterId,
    planKeys: planOnlyKeys,
    kubernetes: practice.kubernetes,
    now: new Date(practice.world.clock.now()),
  });
}

function plan(facts: Facts, option: string, values: { readonly [name: string]: Json } = {}) {
  const completed = completeChoice(step, facts, { option, values });
  if ('problems' in completed) throw new Error(completed.problems.map(({ what }) => what).join());
  const { changes, guards } = step.plan(facts, completed.choice);
  const labels = (name: string): Json | undefined =>
    at((changes.find(({ id }) => id.endsWith(`/namespace-${name}`)) as KubePatch | undefined)?.patch, ['metadata', 'labels', ENFORCE]);
  return { labels, guard: (id: string) => guards.find((one) => one.id === id) };
}

describe('the API server is asked, and a disagreement is shown', () => {
  it('agrees where it has the same rules: nothing to show', async () => {
    const facts = await read({});
    expect(knownValue(facts, 'podSecurityAnswers')?.find(({ namespace, level }) => namespace === 'shop' && level === 'baseline')?.warnings).toEqual([
      expect.stringContaining('probe or lifecycle host'),
    ]);
    const { labels, guard } = plan(facts, 'fitting');
    expect([labels('shop'), labels('payments')]).toEqual([undefined, 'baseline']);
    expect(guard('server-disagrees')).toBeUndefined();
    expect(guard('refused-pods')).toMatchObject({ verdict: 'clear', detail: expect.stringContaining('own dry run says so too') });
  });

  it('an API server with older rules lets more in: what ours refuse stays open, and both are told', async () => {
    const { labels, guard } = plan(await read({ settings: { podSecurity: { rules: '1.33.5' } } }), 'fitting');
    expect(labels('shop')).toBeUndefined();
    expect(guard('server-disagrees')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringContaining('shop at baseline: the API server lets in what this program refuses (shop/web)'),
    });
  });

  it('one with newer rules refuses more: its answer counts, and both are told', async () => {
    const facts = await read({ version: '1.33.5', settings: { podSecurity: { rules: '1.34.2' } } });
    const { labels, guard } = plan(facts, 'fitting');
    expect(labels('shop')).toBeUndefined();
    expect(guard('server-disagrees')?.detail).toMatch(
      /shop at baseline: the API server refuses what this program lets in \(web-\S+ \(and 1 other pod\): probe or lifecycle host\)/,
    );
    expect(guard('refused-pods')?.verdict).toBe('clear');
  });

  it('what it alone refuses stands before one level for all, and takes a phrase', async () => {
    const facts = await read({ version: '1.33.5', settings: { podSecurity: { rules: '1.34.2' } } });
    const { labels, guard } = plan(facts, 'one-level', { level: 'baseline' });
    expect(labels('shop')).toBe('baseline');
    expect(guard('refused-pods')).toMatchObject({
      verdict: 'refuse',
      override: 'these pods may be refused',
      detail: expect.stringMatching(
        /^Refused would be pods in shop at baseline, as the API server says \(web-\S+ \(and 1 other pod\): probe or lifecycle host\)/,
      ),
    });
  });

  it('an exempt namespace: its labels do nothing, which is told', async () => {
    const facts = await read({ settings: { podSecurity: { exemptNamespaces: ['shop', 'kube-system'] } } });
    const { guard } = plan(facts, 'one-level', { level: 'restricted' });
    expect(guard('exempt-namespaces')).toMatchObject({ verdict: 'warn', detail: expect.stringContaining('exempts shop from Pod Security Admission') });
    // Silence there is no answer to what our rules see.
    expect(guard('server-disagrees')).toBeUndefined();
    expect(guard('refused-pods')?.detail).toContain('Deployment shop/web');
    expect(plan(facts, 'one-level', { level: 'restricted', namespaces: ['ledger'] }).guard('exempt-namespaces')).toBeUndefined();
  });

  it('a namespace whose labels a webhook guards is not asked about: our rules stand alone, and that is told', async () => {
    const facts = await read({ settings: { denials: [{ webhook: 'w', kind: 'Namespace', label: ENFORCE, message: 'levels are set in git' }] } });
    expect(knownValue(facts, 'podSecurityAnswers')).toEqual([]);
    expect(plan(facts, 'fitting').guard('refused-pods')).toMatchObject({ verdict: 'clear', detail: expect.stringMatching(/was asked for 0 of \d namespaces/) });
  });

  it('somebody who may not label gets no answer: that is unknown, with the reason', async () => {
    const facts = await read({ settings: { forbiddenVerbs: ['patch'] } });
    expect(facts.known.podSecurityAnswers).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/does not let the signed-in person/) });
    expect(plan(facts, 'fitting').guard('refused-pods')?.detail).toContain("The API server's own dry run was not asked");
  });
});
