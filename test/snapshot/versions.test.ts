import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { cluster, clusterId, read, subscription, value, world } from './fake-arm.ts';

const list = `${subscription}/providers/Microsoft.ContainerService/locations/westeurope/kubernetesVersions`;
const profile = `${clusterId}/upgradeProfiles/default`;
const versionsIn = async (values: Json) => value(await read({ ...world, [list]: { values } }), 'kubernetesVersions');
const upgradesIn = async (properties: Json) => value(await read({ ...world, [profile]: { properties } }), 'clusterUpgrades');

describe('versions of the region', () => {
  it('are minors with plans and patches; what is no minor is passed over', async () => {
    const entry = {
      version: '1.34',
      isDefault: true,
      isPreview: null,
      capabilities: { supportPlan: ['KubernetesOfficial', 7] },
      patchVersions: { '1.34.2': { upgrades: ['1.35.1'] }, '1.34.3': null },
    };
    expect(await versionsIn([entry, { version: 7 }, 'odd', { version: '1.36', isPreview: true }])).toEqual([
      {
        minor: '1.34',
        plans: ['KubernetesOfficial'],
        preview: false,
        isDefault: true,
        patches: [
          { version: '1.34.2', upgrades: ['1.35.1'] },
          { version: '1.34.3', upgrades: [] },
        ],
      },
      { minor: '1.36', plans: [], preview: true, isDefault: false, patches: [] },
    ]);
  });

  it('an empty list is no knowledge, and a region that is no name leads nowhere', async () => {
    expect(await versionsIn([])).toMatchObject({ state: 'unknown' });
    const odd = { ...world, [clusterId]: { ...cluster, location: '../x?' } };
    expect(value(await read(odd), 'kubernetesVersions')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('region') });
    const spoken = { ...world, [clusterId]: { ...cluster, location: 'West Europe' } };
    expect(value(await read(spoken), 'kubernetesVersions')).toHaveLength(1);
  });
});

it('upgrades of a cluster leave previews out, and pools without a name', async () => {
  const upgrades = [{ kubernetesVersion: '1.35.1' }, { kubernetesVersion: '1.36.0', isPreview: true }, {}, null];
  const pools = [{ name: 'p1', kubernetesVersion: '1.34.2', upgrades }, { upgrades }];
  expect(await upgradesIn({ controlPlaneProfile: { kubernetesVersion: '1.34.2', upgrades }, agentPoolProfiles: pools })).toEqual({
    controlPlane: { version: '1.34.2', upgrades: ['1.35.1'] },
    pools: [{ pool: 'p1', version: '1.34.2', upgrades: ['1.35.1'] }],
  });
  expect(await upgradesIn({})).toEqual({ controlPlane: { version: '', upgrades: [] }, pools: [] });
});
