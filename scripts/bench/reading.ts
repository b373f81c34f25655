import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { factKeys, planKeys } from '../../src/commands/source.ts';
import { type Facts, knownValue } from '../../src/model/facts.ts';
import { at, isObject, list, path, withAt } from '../../src/model/json.ts';
import { createPractice, type Practice } from '../../src/practice/index.ts';
import { resourceGroup } from '../../src/practice/scenarios/ground.ts';
import { grant, registry } from '../../src/practice/scenarios/registries.ts';
import { storeResource, type World } from '../../src/practice/world.ts';
import { readFacts, readKeys } from '../../src/snapshot/live.ts';
import { steps } from '../../steps/index.ts';
import { row } from './measure.ts';

const LATENCY = 100;
const POOLS = 10;
const REGISTRIES = 3;

/** A gateway whose every request takes a round trip. */
function slowed(arm: Practice['arm']): Practice['arm'] {
  const late =
    <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await pause(LATENCY);
      return send(...args);
    };
  return { ...arm, send: late(arm.send), graph: late(arm.graph) };
}

/** Ten pools and three registries, beside the hub network that the scenario has. */
function grow(world: World): void {
  const id = world.state.clusterId.toLowerCase();
  const body = world.state.resources[id];
  const pools = list(at(body, path('properties.agentPoolProfiles'))).filter(isObject);
  const more = Array.from({ length: POOLS - pools.length }, (_, i) => ({ ...pools.at(-1), name: `more${i}` }));
  const grown = withAt(body, path('properties.agentPoolProfiles'), [...pools, ...more]);
  if (isObject(grown)) storeResource(world, grown);
  const kubelet = at(body, path('properties.identityProfile.kubeletidentity.objectId'));
  storeResource(world, resourceGroup('shop-registry-rg'));
  for (let i = 0; i < REGISTRIES; i += 1) {
    const images = registry('shop-registry-rg', `shopimages${i}`, 'Premium', {});
    storeResource(world, images);
    storeResource(world, grant(String(images['id']), 'AcrPull', String(kubelet), 50 + i));
  }
}

/** Reads everything about a large cluster through a slow gateway, in multiples of its round trip. Throws when the cluster is not as large as it says. */
export async function measureReading(): Promise<void> {
  const { arm, clusterId, world, close } = await createPractice({ scenario: 'private', speed: 1_000_000 });
  grow(world);
  const before = performance.now();
  const facts = await readFacts({ arm: slowed(arm), clusterId, keys: readKeys, now: new Date() });
  const rounds = (performance.now() - before) / LATENCY;
  const pools = list(at(facts.cluster, path('properties.agentPoolProfiles'))).length;
  const registries = knownValue(facts, 'registryScanners')?.length ?? 0;
  const hubs = knownValue(facts, 'adminPaths')?.networks.filter(({ kind }) => kind === 'peered').length ?? 0;
  if (pools < POOLS || registries < REGISTRIES || hubs < 1) throw new Error(`not the cluster that was meant: ${pools}, ${registries}, ${hubs}`);
  row(`reading: ${POOLS} pools, ${registries} registries, a hub; round trips of ${LATENCY} ms`, rounds.toFixed(2), '3', rounds <= 3);
  await close();
}

/** Facts of a practice cluster as the plan command reads them. */
export async function practiceFacts(scenario: string): Promise<Facts> {
  const practice = await createPractice({ scenario, speed: 1_000_000 });
  const facts = await readFacts({ arm: practice.arm, clusterId: practice.clusterId, keys: factKeys(steps), planKeys: planKeys(steps), now: new Date() });
  await practice.close();
  return facts;
}
