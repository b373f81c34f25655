import type { ChecklistStore } from '../model/checklist.ts';
import type { ArmResource, FactKey, Facts } from '../model/facts.ts';
import type { ArmGateway, KubernetesGateway } from '../model/gateway.ts';
import type { Step } from '../model/step.ts';
import type { CommandRunner } from './az-run.ts';

/** What both applying and resuming work with. */
export interface Tools {
  readonly arm: ArmGateway;
  readonly store: ChecklistStore;
  readonly steps: readonly Step[];
  /** Reads fresh facts: the cluster, and these beside it. */
  readonly reread: (keys: readonly FactKey[]) => Promise<Facts>;
  readonly kubernetes?: KubernetesGateway;
  /** Stop watching at once: what runs in Azure goes on, and is followed again on resume. */
  readonly signal?: AbortSignal;
  /** Finish the change in hand, start nothing more. */
  readonly stopAfterThis?: AbortSignal;
  /** Who decides, for the stamps in the checklist. */
  readonly who: string;
  /** ISO 8601. */
  readonly now: () => string;
  /** Runs printed commands; only used with `via: 'az'`. */
  readonly commands?: CommandRunner;
}

/** One run of the executor. */
export interface Run extends Tools {
  readonly via: 'sdk' | 'az';
  /** Properties that only a preview api-version shows: a stable write would lose them. */
  readonly previewProperties: readonly string[];
  /** Resources as they stood after this run's own writes, by id in lower case: what AKS filled in itself is no drift. */
  readonly left: Map<string, ArmResource>;
}

/** How one change ended. Only the first two let what depends on it go on. */
export type Result = 'done' | 'noop' | 'failed' | 'drift' | 'skipped' | 'manual' | 'left-running';

/** True once the operator asked to stop watching. */
export function isAborted(run: Pick<Tools, 'signal'>): boolean {
  return run.signal?.aborted === true;
}
