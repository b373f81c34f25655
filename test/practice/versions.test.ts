import { describe, expect, it } from 'vitest';
import { at, entrySegment, isObject, type Json, type JsonObject, list, text, withAt } from '../../src/model/json.ts';
import { type Bench, bench, outcome, version, waitFor } from './bench.ts';

const poolsOf = (cluster: JsonObject) => list(at(cluster, ['properties', 'agentPoolProfiles'])).filter(isObject);
const get = async (practice: Bench, path: string): Promise<Json | undefined> => (await practice.arm.send({ method: 'GET', url: `${path}?${version}` })).body;

/** Control plane and pools, as `plane: pool, pool`. */
async function versions(practice: Bench): Promise<string> {
  const cluster = await practice.get();
  const pools = poolsOf(cluster).map((pool) => text(pool['currentOrchestratorVersion']));
  return `${text(at(cluster, ['properties', 'currentKubernetesVersion']))}: ${pools.join(', ')}`;
}

/** Writes the cluster with a version for the control plane and for some pools (all of them when not given). */
async function upgrade(practice: Bench, to: string, only?: readonly string[]): Promise<string> {
  const names = only ?? poolsOf(await practice.get()).map((pool) => text(pool['name']) ?? '');
  const cluster = names.reduce<Json | undefined>(
    (value, name) => withAt(value, ['properties', 'agentPoolProfiles', entrySegment(name), 'orchestratorVersion'], to),
    await practice.get(),
  );
  return practice.apply({ agentPoolProfiles: at(cluster, ['properties', 'agentPoolProfiles']), kubernetesVersion: to });
}

async function upgradePool(practice: Bench, name: string, edits: JsonObject): Promise<string> {
  const url = `${practice.clusterId}/agentPools/${name}`;
  const body = (await get(practice, url)) as JsonObject;
  const properties = { ...(body['properties'] as JsonObject), ...edits };
  return outcome(
    practice.arm.begin({ method: 'PUT', url: `${url}?${version}`, body: { ...body, properties } }).then(async ({ operation }) => {
      if (operation !== undefined) await waitFor(practice, operation.state);
    }),
  );
}

describe('what a region offers', () => {
  it('lists minors with plans and patches, in the shape of ARM', async () => {
    const practice = await bench('typical');
    const url = `/subscriptions/${practice.world.state.subscriptionId}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions`;
    const found = list(at(await get(practice, url), ['values'])).filter(isObject);
    expect(found.find((one) => one['version'] === '1.33')).toMatchObject({ capabilities: { supportPlan: ['AKSLongTermSupport'] } });
    expect(at(found.find((one) => one['version'] === '1.34') ?? {}, ['patchVersions'])).toEqual({
      '1.34.2': { upgrades: ['1.34.4', '1.35.1', '1.35.3'] },
      '1.34.4': { upgrades: ['1.35.1', '1.35.3'] },
    });
  });

  it.each([
    ['typical', ['1.34.4', '1.35.1', '1.35.3']],
    ['hardened', ['1.35.3', '1.36.0', '1.36.1']],
    ['private', ['1.34.2', '1.34.4']],
    ['legacy', ['1.34.2', '1.34.4']],
  ] as const)('%s may go to the next minor, or to the oldest supported one', async (scenario, wanted) => {
    const practice = await bench(scenario);
    const profile = await get(practice, `${practice.clusterId}/upgradeProfiles/default`);
    const offered = list(at(profile, ['properties', 'controlPlaneProfile', 'upgrades']));
    expect(offered.map((one) => at(one, ['kubernetesVersion']))).toEqual(wanted);
  });

  it('long-term support may skip, within the skew', async () => {
    const practice = await bench('legacy');
    practice.plant({ supportPlan: 'AKSLongTermSupport', currentKubernetesVersion: '1.31.13' });
    const offered = list(at(await get(practice, `${practice.clusterId}/upgradeProfiles/default`), ['properties', 'controlPlaneProfile', 'upgrades']));
    expect(offered.map((one) => at(one, ['kubernetesVersion']))).toEqual(['1.32.9', '1.32.11', '1.33.5', '1.33.8', '1.34.2', '1.34.4']);
  });
});

describe('an upgrade', () => {
  it('of the control plane alone leaves nodes and images as they are', async () => {
    const practice = await bench('typical');
    expect(await practice.apply({ kubernetesVersion: '1.35.3' })).toBe('accepted');
    expect(await versions(practice)).toBe('1.35.3: 1.34.2');
    expect(poolsOf(await practice.get())[0]?.['nodeImageVersion']).toBe('AKSUbuntu-2204gen2containerd-202605.12.0');
  });

  it('of a pool follows, takes time, and brings the newest image of its system', async () => {
    const practice = await bench('typical');
    await practice.apply({ kubernetesVersion: '1.35.3' });
    const before = practice.world.clock.now();
    expect(await upgradePool(practice, 'nodepool1', { orchestratorVersion: '1.35.3' })).toBe('accepted');
    expect(practice.world.clock.now() - before).toBeGreaterThan(9 * 60_000);
    expect(await versions(practice)).toBe('1.35.3: 1.35.3');
    expect(poolsOf(await practice.get())[0]?.['nodeImageVersion']).toBe('AKSUbuntu-2404gen2containerd-202607.20.0');
  });

  it('from an unsupported version skips to the oldest supported one, all together', async () => {
    const practice = await bench('legacy');
    expect(await upgrade(practice, '1.34.4')).toBe('accepted');
    expect(await versions(practice)).toBe('1.34.4: 1.34.4, 1.34.4, 1.34.4');
  });

  it('a minor stands for its newest patch, and for the patch that runs', async () => {
    const practice = await bench('typical');
    await practice.apply({ kubernetesVersion: '1.35' });
    expect(await versions(practice)).toBe('1.35.3: 1.34.2');
    expect(await upgradePool(practice, 'nodepool1', { orchestratorVersion: '1.34', maxPods: 250 })).toBe('accepted');
    expect(await versions(practice)).toBe('1.35.3: 1.34.2');
  });

  it('another system replaces the nodes', async () => {
    const practice = await bench('typical');
    expect(await upgradePool(practice, 'nodepool1', { osSKU: 'Ubuntu2404' })).toBe('accepted');
    expect(poolsOf(await practice.get())[0]?.['nodeImageVersion']).toBe('AKSUbuntu-2404gen2containerd-202607.20.0');
  });
});

describe('what is refused', () => {
  it.each([
    [
      'two minors at once',
      'typical',
      (practice: Bench) => practice.write({ kubernetesVersion: '1.36.0' }),
      'OperationNotAllowed: Upgrading Kubernetes version 1.34.2',
    ],
    ['a downgrade', 'typical', (practice: Bench) => practice.write({ kubernetesVersion: '1.33.5' }), 'OperationNotAllowed: Downgrading'],
    ['a version that nobody has', 'typical', (practice: Bench) => practice.write({ kubernetesVersion: '1.34.77' }), 'K8sVersionNotSupported'],
    ['the control plane alone, far ahead', 'legacy', (practice: Bench) => practice.write({ kubernetesVersion: '1.34.2' }), 'NodePoolMcVersionIncompatible'],
    [
      'the control plane alone, from an unsupported version',
      'private',
      (practice: Bench) => practice.write({ kubernetesVersion: '1.34.2', 'autoUpgradeProfile.upgradeChannel': 'none' }),
      'OperationNotAllowed: Version 1.33.5',
    ],
    [
      'the control plane alone, with a channel',
      'hardened',
      (practice: Bench) => practice.write({ kubernetesVersion: '1.35.3' }),
      'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged',
    ],
    ['some of the pools', 'legacy', (practice: Bench) => upgrade(practice, '1.34.2', ['apps']), 'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged'],
    [
      'a pool ahead of its control plane',
      'typical',
      (practice: Bench) => upgradePool(practice, 'nodepool1', { orchestratorVersion: '1.35.1' }),
      'NodePoolMcVersionIncompatible',
    ],
    ['a pool back', 'typical', (practice: Bench) => upgradePool(practice, 'nodepool1', { orchestratorVersion: '1.33.5' }), 'OperationNotAllowed: Downgrading'],
  ] as const)('%s', async (_what, scenario, attempt, code) => {
    const practice = await bench(scenario);
    const before = await versions(practice);
    expect(await attempt(practice)).toContain(code);
    expect(await versions(practice)).toBe(before);
  });

  it('leaving long-term support once the community has left the version', async () => {
    const practice = await bench('private');
    expect(await practice.apply({ '/sku': { name: 'Base', tier: 'Premium' }, supportPlan: 'AKSLongTermSupport' })).toBe('accepted');
    expect(await practice.write({ supportPlan: 'KubernetesOfficial' })).toContain('BadRequest: Support plan');
  });
});
