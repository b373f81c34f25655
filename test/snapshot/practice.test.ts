import { describe, expect, it } from 'vitest';
import { createRunCommandGateway } from '../../src/kubernetes/run-command-gateway.ts';
import { waysInto } from '../../src/kubernetes/ways.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { problemOf } from '../../src/model/problem.ts';
import { steppedClock } from '../../src/practice/clock.ts';
import { createPractice } from '../../src/practice/index.ts';
import { scenarioNames } from '../../src/practice/world.ts';
import { planOnlyKeys, readFacts, readKeys } from '../../src/snapshot/live.ts';

const now = new Date('2026-09-01T10:00:00Z');
const open = (scenario: string) => createPractice({ scenario, clock: steppedClock(now.getTime()) });

describe.each(scenarioNames)('the practice cluster %s', (scenario) => {
  it('tells every fact that starts nothing, but for what Azure does not tell either', async () => {
    const { arm, clusterId, kubernetes, world } = await open(scenario);
    world.state.settings = { ...world.state.settings, privatePath: true };
    const facts = await readFacts({ arm, clusterId, now, kubernetes });
    expect(Object.keys(facts.known).sort()).toEqual([...readKeys].sort());
    const unknown = Object.entries(facts.known).filter(([, fact]) => fact.state === 'unknown');
    // A Basic load balancer, and only that, hides its addresses.
    expect(unknown.map(([key]) => key)).toEqual(scenario === 'legacy' ? ['outboundAddresses'] : []);
    expect(facts.previewProperties).toEqual([]);
  });

  it('is reached through commands unless they are off; Entra is proven only where it is on', async () => {
    const { arm, clusterId } = await open(scenario);
    const { runCommand } = waysInto(arm, clusterId);
    expect((await runCommand()).reachable).toBe(scenario !== 'hardened');
    const access = await createRunCommandGateway(arm, clusterId)
      .access()
      .catch((thrown: unknown) => problemOf(thrown).code);
    if (scenario === 'private') expect(access).toEqual({ allowed: true, as: 'operator@practice.example' });
    if (scenario === 'legacy' || scenario === 'typical') expect(access).toBe('not-entra');
  });
});

describe('a long operation on the practice cluster', () => {
  it('is followed by whoever picks it up, and its end is seen in fresh facts', async () => {
    const { arm, clusterId } = await open('typical');
    const { cluster, apiVersion } = await readFacts({ arm, clusterId, now, keys: [] });
    const body: JsonObject = { location: cluster['location'], properties: { disableLocalAccounts: false, autoUpgradeProfile: { upgradeChannel: 'patch' } } };
    const { operation } = await arm.begin({ method: 'PUT', url: `${clusterId}?api-version=${apiVersion}`, body });
    let looks = 0;
    for (let state = operation?.state ?? ''; looks < 1000; looks += 1) {
      const picked = arm.restore(state);
      const { done, retryAfterMs } = await picked.poll();
      state = picked.state;
      if (done) break;
      await arm.sleep(retryAfterMs);
    }
    expect(looks).toBeGreaterThan(0);
    const after = await readFacts({ arm, clusterId, now, keys: [] });
    expect(after.cluster).toMatchObject({ properties: { provisioningState: 'Succeeded', autoUpgradeProfile: { upgradeChannel: 'patch' } } });
  });
});

describe('facts for planning', () => {
  it('are those of the practice cluster’s own Kubernetes', async () => {
    const { arm, clusterId, kubernetes } = await open('legacy');
    const { runCommand } = waysInto(arm, clusterId);
    const facts = await readFacts({ arm, clusterId, now, keys: [], planKeys: planOnlyKeys, kubernetes, runCommand });
    expect(Object.values(facts.known).map((fact) => fact.state)).toEqual(planOnlyKeys.map(() => 'known'));
  });
});
