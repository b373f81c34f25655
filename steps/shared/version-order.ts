import type { Facts } from '../../src/model/facts.ts';
import { text } from '../../src/model/json.ts';
import { namedPools } from './pool-edits.ts';

/** The changes that take the control plane to another version: its last hop, or everything together. */
export const upgradeIds: readonly string[] = ['cluster.control-plane-version/control-plane', 'cluster.control-plane-version/whole-cluster'];

/** Every change that may bring a new version to control plane or pools: what is best done on a version that AKS supports waits for these. */
export const versionIds = (facts: Facts): readonly string[] => [
  ...upgradeIds,
  ...namedPools(facts).map((pool) => `cluster.node-pool-versions/upgrade-${text(pool['name']) ?? '?'}`),
];
