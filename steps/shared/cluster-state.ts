import { clusterAt, type Facts, fact, pools } from '../../src/model/facts.ts';
import { clean } from '../../src/model/foreign.ts';
import { at, type JsonObject, text } from '../../src/model/json.ts';
import type { Guard } from '../../src/model/step.ts';
import { listed } from './texts.ts';

const poolName = (pool: JsonObject): string => text(pool['name']) ?? '?';

/** Pools as their own resources carry the state below `properties`; the cluster body lists them flat. */
function poolStates(facts: Facts): readonly { readonly name: string; readonly state: string; readonly stalled: boolean }[] {
  const found = fact(facts, 'agentPools');
  const all = found.state === 'known' ? found.value : pools(facts);
  return all.map((pool) => {
    const has = (key: string): string | undefined => text(at(pool, ['properties', key])) ?? text(pool[key]);
    const wanted = has('orchestratorVersion');
    const current = has('currentOrchestratorVersion');
    // `1.31` stands for its newest patch, so that `1.31.7` is no difference.
    const behind = wanted !== undefined && current !== undefined && current !== wanted && !current.startsWith(`${wanted}.`);
    const state = has('provisioningState') ?? 'Succeeded';
    return { name: poolName(pool), state, stalled: behind || ['failed', 'canceled'].includes(state.toLowerCase()) };
  });
}

const terminal = ['succeeded', 'failed', 'canceled'];

/** Refuses while the cluster or a pool is busy, stopped, or in a failed state (one operation at a time; ARM answers 409). */
export function clusterStateGuard(facts: Facts): Guard {
  const id = 'cluster-state';
  const title = 'Cluster is running and idle';
  const state = text(clusterAt(facts, 'properties.provisioningState'));
  const power = text(clusterAt(facts, 'properties.powerState.code'));
  if (state === undefined) return { id, title, verdict: 'unknown', detail: 'The facts do not say which state the cluster is in.' };
  const busy = poolStates(facts).filter((pool) => !terminal.includes(pool.state.toLowerCase()));
  if (!terminal.includes(state.toLowerCase()) || busy.length > 0) {
    const who = terminal.includes(state.toLowerCase()) ? `Pool ${listed(busy.map(({ name }) => name))} is busy` : `The cluster is in state ${clean(state)}`;
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `${who}: AKS takes one operation at a time and answers 409.`,
      next: ['Wait until the running operation has ended, then read the cluster again.'],
      override: 'never',
    };
  }
  if (power !== undefined && power.toLowerCase() !== 'running') {
    return { id, title, verdict: 'refuse', detail: 'The cluster is stopped.', next: ['Start it first: az aks start.'], override: 'never' };
  }
  if (state.toLowerCase() !== 'succeeded') {
    return {
      id,
      title,
      verdict: 'refuse',
      detail: `The last operation ended as ${clean(state)}. The cluster may run well, but a write now also carries on with what failed.`,
      next: ['Reconcile first: az aks update with no other argument than the resource group and the name.'],
      override: `write to a ${state.toLowerCase()} cluster`,
    };
  }
  return { id, title, verdict: 'clear', detail: 'The last operation succeeded and nothing is running.' };
}

/**
 * Warns when an upgrade stopped half way: any later write of the cluster, whatever it is for, resumes it
 * (AKS docs: upgrade-aks-node-pools-rolling, drain timeout).
 */
export function pendingReimageGuard(facts: Facts): Guard {
  const id = 'pending-reimage';
  const title = 'No stopped rollout would start again';
  const stalled = poolStates(facts).filter((pool) => pool.stalled);
  if (stalled.length > 0) {
    return {
      id,
      title,
      verdict: 'warn',
      detail: `Pool ${listed(stalled.map(({ name }) => name))} stopped in the middle of an operation: this write may resume it and replace nodes.`,
      next: ['Finish or repair that upgrade first, in a maintenance window.'],
    };
  }
  return {
    id,
    title,
    verdict: 'clear',
    detail: 'No pool stopped half way. A setting that waits for a reimage without saying so cannot be seen from here.',
  };
}

/** Refuses when a stable write would drop properties that only a preview api-version shows. */
export function previewGuard(facts: Facts): Guard {
  const id = 'preview-properties';
  const title = 'No preview setting is lost';
  const found = facts.previewProperties;
  if (found.length === 0) return { id, title, verdict: 'clear', detail: 'No property in use that only a preview api-version shows.' };
  return {
    id,
    title,
    verdict: 'refuse',
    detail: `${listed(found)} can only be seen at a preview api-version: a stable write would leave it out.`,
    next: ['az extension add --name aks-preview, then run the printed command: it reads and writes at a preview api-version.'],
    override: 'never',
  };
}
