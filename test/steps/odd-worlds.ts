import { at, isObject, type JsonObject, list, path, withAt } from '../../src/model/json.ts';
import { storeResource, type World } from '../../src/practice/world.ts';
import type { TestGround } from '../az/grounds.ts';

/** One more pool in the world's cluster, made from its first one. */
const withPool =
  (own: JsonObject) =>
  (world: World): void => {
    const body = world.state.resources[world.state.clusterId.toLowerCase()];
    const place = path('properties.agentPoolProfiles');
    const all = list(at(body, place)).filter(isObject);
    const { nodeTaints: _own, ...first } = all[0] ?? {};
    // Through JSON, as it came over the wire: what is undefined is not there.
    const changed: unknown = JSON.parse(JSON.stringify(withAt(body, place, [...all, { ...first, mode: 'User', ...own }])));
    if (isObject(changed)) storeResource(world, changed);
  };

const windows = { name: 'win', osType: 'Windows', osSKU: 'Windows2022', nodeImageVersion: 'AKSWindows-2022-containerd-20348.2700.240911' };
const machines = {
  name: 'vms',
  type: 'VirtualMachines',
  count: undefined,
  vmSize: '',
  virtualMachinesProfile: { scale: { manual: [{ size: 'Standard_D4s_v5', count: 3 }] } },
  virtualMachineNodesStatus: [{ size: 'Standard_D4s_v5', count: 3 }],
};
const spot = { name: 'spot', scaleSetPriority: 'Spot', spotMaxPrice: -1, nodeTaints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] };

/** Clusters with pools of the less common kinds. */
export const oddWorlds: readonly TestGround[] = [
  { name: 'typical with a Windows pool', scenario: 'typical', alter: withPool(windows) },
  { name: 'typical with a pool of virtual machines', scenario: 'typical', alter: withPool(machines) },
  {
    name: 'typical with a spot pool and an empty one',
    scenario: 'typical',
    alter: (world) => {
      withPool(spot)(world);
      withPool({ name: 'none', count: 0 })(world);
    },
  },
];
