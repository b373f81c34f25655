import type { JsonObject } from '../../../model/json.ts';
import type { ScenarioName } from '../../world.ts';
import { adminRights } from './admin-rights.ts';
import { ingresses } from './ingresses.ts';
import type { Topic } from './make.ts';
import { networkPolicies } from './network-policies.ts';
import { podSecurity } from './pod-security.ts';
import { publicDoors } from './public-doors.ts';
import { vaultFiles } from './secrets.ts';
import { shopApp } from './shop.ts';
import { volumes } from './storage.ts';
import { systemApps } from './system.ts';

/** What runs in the clusters, topic by topic: one file each. */
const topics: readonly Topic[] = [systemApps, adminRights, shopApp, ingresses, networkPolicies, podSecurity, publicDoors, vaultFiles, volumes];

/** Everything in the cluster of a scenario. */
export function workloadsOf(scenario: ScenarioName): readonly JsonObject[] {
  return topics.flatMap((topic) => topic[scenario]);
}
