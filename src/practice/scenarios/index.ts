import type { ScenarioName, WorldState } from '../world.ts';
import { type Ground, worldState } from './ground.ts';
import { hardened } from './hardened.ts';
import { legacy } from './legacy.ts';
import { privateCluster } from './private.ts';
import { typical } from './typical.ts';

const grounds: { readonly [name in ScenarioName]: Ground } = { legacy, typical, private: privateCluster, hardened };

/** A fresh world of a scenario, as it is at `now`. */
export function scenarioState(name: ScenarioName, id: string, now: number): WorldState {
  return worldState(grounds[name], id, now);
}
