import type { JsonObject } from '../../../model/json.ts';
import { isSystemNamespace } from '../../../model/system-namespaces.ts';
import type { ScenarioName } from '../../world.ts';
import { adminRights } from './admin-rights.ts';
import { ingresses } from './ingresses.ts';
import type { Topic } from './make.ts';
import { networkPolicies } from './network-policies.ts';
import { podIdentity } from './pod-identity.ts';
import { podSecurity } from './pod-security.ts';
import { publicDoors } from './public-doors.ts';
import { vaultFiles } from './secrets.ts';
import { shopApp } from './shop.ts';
import { volumes } from './storage.ts';
import { systemApps } from './system.ts';

/** What runs in the clusters, topic by topic: one file each. */
const topics: readonly Topic[] = [systemApps, adminRights, shopApp, ingresses, networkPolicies, podIdentity, podSecurity, publicDoors, vaultFiles, volumes];

/** The `default` account of a namespace of one's own without a token, as who hardened the cluster left it. */
function withoutToken(object: JsonObject): JsonObject {
  const { namespace, name } = object['metadata'] as { readonly namespace?: string; readonly name: string };
  const isDefault = object['kind'] === 'ServiceAccount' && name === 'default' && namespace !== undefined && !isSystemNamespace(namespace);
  return isDefault ? { ...object, automountServiceAccountToken: false } : object;
}

/** Everything in the cluster of a scenario. */
export function workloadsOf(scenario: ScenarioName): readonly JsonObject[] {
  const all = topics.flatMap((topic) => topic[scenario]);
  return scenario === 'hardened' ? all.map(withoutToken) : all;
}
