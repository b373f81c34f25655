import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { workloadIdentity } from '../../../steps/pod/workload-identity.ts';
import { applied } from '../applied.ts';
import { decide, editsOf, guardOf, statusOf } from '../decide.ts';
import { cluster, factsOf, readable } from '../fixture.ts';

const facts = (properties: JsonObject = {}, apiVersion = '2026-05-01'): Facts => ({ ...factsOf(cluster({ properties }), readable), apiVersion });
const issuer = { oidcIssuerProfile: { enabled: true } };
const webhook = { securityProfile: { workloadIdentity: { enabled: true } } };
const podIdentity = (bound: number): JsonObject => ({
  podIdentityProfile: { enabled: true, userAssignedIdentities: Array.from({ length: bound }, (_, i) => ({ name: `id${i}` })) },
});

describe('verdicts', () => {
  test.each([
    ['16.1 both', facts({ ...issuer, ...webhook }), '16.1', 'pass'],
    ['16.1 issuer only', facts(issuer), '16.1', 'partial'],
    ['16.1 webhook without issuer', facts(webhook), '16.1', 'fail'],
    ['16.1 neither', facts(), '16.1', 'fail'],
    ['16.1 not shown', facts({}, '2022-07-01'), '16.1', 'unknown'],
    ['16.1 webhook not shown yet', facts(issuer, '2022-11-01'), '16.1', 'unknown'],
    ['16.1 AKS Automatic', factsOf(cluster({ sku: { name: 'Automatic' } })), '16.1', 'preconfigured'],
    ['16.2 on', facts(podIdentity(0)), '16.2', 'fail'],
    ['16.2 on, as a text', facts({ podIdentityProfile: { enabled: 'true' } }), '16.2', 'fail'],
    ['16.2 off', facts({ podIdentityProfile: { enabled: false } }), '16.2', 'pass'],
    ['16.2 absent', facts(), '16.2', 'pass'],
  ] as const)('%s', (_name, of, control, status) => expect(statusOf(workloadIdentity, of, control)).toBe(status));

  test('16.2 says what Azure cannot see', () => expect(JSON.stringify(workloadIdentity.assess(facts())['16.2'])).toContain('only be seen in Kubernetes'));
});

describe('plan', () => {
  test('the issuer is a one-way door, the webhook is not, and both travel in one write', () => {
    const plan = decide(workloadIdentity, facts(), 'on');
    expect(plan.changes.map((change) => [editsOf(change), change.reversible.kind])).toEqual([
      [['properties.oidcIssuerProfile.enabled=true'], 'no'],
      [['properties.securityProfile.workloadIdentity.enabled=true'], 'yes'],
    ]);
    const whole = makePlan(facts(), [workloadIdentity], { [workloadIdentity.id]: { option: 'on', values: {} } });
    expect(whole.changes).toHaveLength(1);
    expect(whole.changes[0]?.change.impact.kind).toBe('api-server');
    expect(guardOf(plan, 'token-issuer')).toBe('warn');
    const after = applied(facts(), plan.changes);
    expect(statusOf(workloadIdentity, after, '16.1')).toBe('pass');
    expect(decide(workloadIdentity, after, 'on').changes).toEqual([]);
  });

  test('with the issuer on nothing restarts and nothing is for good', () => {
    const [option] = workloadIdentity.options(facts(issuer));
    expect([option?.impact.kind, option?.reversible.kind]).toEqual(['none', 'yes']);
    expect(decide(workloadIdentity, facts(issuer), 'on').changes).toHaveLength(1);
  });

  test('pod identity goes after its users, and only where it is on', () => {
    const of = facts(podIdentity(2));
    const plan = decide(workloadIdentity, of, 'migrate');
    const names = plan.changes.map(({ id }) => id.split('/')[1]);
    expect(names).toEqual(['issuer', 'webhook', 'migrate', 'pod-identity-off']);
    expect(plan.changes[2]?.after).toHaveLength(2);
    expect(plan.changes[3]?.after).toEqual([plan.changes[2]?.id]);
    expect(guardOf(plan, 'pod-identity-users')).toBe('refuse');
    expect(guardOf(decide(workloadIdentity, facts(podIdentity(0)), 'migrate'), 'pod-identity-users')).toBe('unknown');
    const after = applied(of, plan.changes);
    expect(statusOf(workloadIdentity, after, '16.2')).toBe('pass');
    expect(() => decide(workloadIdentity, after, 'migrate')).toThrow(/nothing to move away from/);
  });
});
