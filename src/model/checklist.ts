import type { Assessment, Status } from './assessment.ts';
import type { Change } from './change.ts';
import type { ClusterRef } from './facts.ts';
import type { Problem } from './problem.ts';
import type { Choice } from './step.ts';

/** Raised when the file's shape changes; a newer one is refused, an older one is migrated. */
export const CHECKLIST_SCHEMA = 1;

/** How far a step has come. `verified` means assessed again on fresh facts after the change (DESIGN law 7). */
export type StepStatus = 'open' | 'queued' | 'applying' | 'verified' | 'half-done' | 'failed' | 'printed' | 'declined' | 'skipped';

/** Who did something, and when (ISO 8601). */
export interface Stamp {
  readonly who: string;
  readonly when: string;
}

/** What the checklist remembers of one step. */
export interface StepRecord {
  readonly status: StepStatus;
  /** Verdicts by control when the decision was made, and after it was carried out. */
  readonly before?: { readonly [control: string]: Assessment };
  readonly after?: { readonly [control: string]: Assessment };
  readonly choice?: Choice;
  readonly planDigest?: string;
  readonly stamp: Stamp;
  readonly declined?: { readonly reason: string; readonly reviewOn?: string };
  /** The way back, saved before the change was made. */
  readonly undo?: readonly Change[];
  readonly problem?: Problem;
  /** Guards that were lifted by their phrase. */
  readonly overrides?: readonly { readonly guard: string; readonly phrase: string; readonly stamp: Stamp }[];
}

/**
 * An operation, written before its request leaves and completed with the poller's state as soon as there is one (DESIGN law 5).
 * `intended`: the request may or may not have left: read before anything is sent again.
 */
export interface OperationRecord {
  readonly id: string;
  readonly change: Change;
  readonly steps: readonly string[];
  readonly status: 'intended' | 'running' | 'succeeded' | 'failed' | 'left-running' | 'restored';
  /** The poller's own serialized state. */
  readonly poller?: string;
  readonly url?: string;
  /** The resource's eTag when the operation was intended: one that has not changed since tells that nothing was carried out. */
  readonly etag?: string;
  /** Whether the API server answered from here before the change. Only for changes that are probed afterwards. */
  readonly reachableBefore?: boolean;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly via: 'sdk' | 'az';
  readonly problem?: Problem;
}

/** The file. It is never believed about the cluster: resume reads everything again (DESIGN law 6). */
export interface Checklist {
  readonly schemaVersion: typeof CHECKLIST_SCHEMA;
  readonly tool: string;
  /** True for the practice cluster: such a file never meets a real one. */
  readonly practice?: { readonly scenario: string; readonly world: string };
  readonly cluster: ClusterRef & {
    /** `properties.resourceUID` or another value that a recreated cluster of the same name does not share. */
    readonly fingerprint: string;
  };
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Step ids in the order they were queued. */
  readonly queue: readonly string[];
  readonly steps: { readonly [step: string]: StepRecord };
  readonly operations: readonly OperationRecord[];
  /** Step statuses when it was last written, to tell what changed since. */
  readonly lastSeen: { readonly [control: string]: Status };
}

/** Access to the file: every method returns when the bytes are on disk. */
export interface ChecklistStore {
  readonly path: string;
  readonly current: () => Checklist;
  /** Replaces the whole by a pure function of the current one, and writes it: temp file, fsync, rename, `.bak`. */
  readonly update: (change: (checklist: Checklist) => Checklist) => Promise<Checklist>;
  readonly close: () => Promise<void>;
}
