import type { Assessment } from './assessment.ts';
import type { Edit } from './change.ts';
import type { Problem } from './problem.ts';

/** A property that is not as it was when the plan was made. */
export interface Drift {
  readonly path: string;
  readonly planned: Edit['before'];
  readonly found: Edit['before'];
}

/** How one run of the executor ended. */
export type Outcome = 'applied' | 'nothing-to-do' | 'partly' | 'failed' | 'drift' | 'refused' | 'interrupted';

/**
 * What the executor tells while it works. The ink view and the plain reporter read the same events.
 * `change` is a planned change's id; `at` is ISO 8601.
 */
export type ApplyEvent =
  | { readonly type: 'checked'; readonly change: string; readonly at: string; readonly noop: boolean }
  | { readonly type: 'drift'; readonly change: string; readonly at: string; readonly differences: readonly Drift[] }
  | { readonly type: 'started'; readonly change: string; readonly at: string; readonly operationUrl?: string; readonly resumed?: boolean }
  | { readonly type: 'waiting'; readonly change: string; readonly at: string; readonly elapsedMs: number; readonly detail: string }
  | { readonly type: 'output'; readonly change: string; readonly at: string; readonly stream: 'stdout' | 'stderr'; readonly line: string }
  | { readonly type: 'probed'; readonly change: string; readonly at: string; readonly reachable: boolean; readonly detail: string }
  | { readonly type: 'restoring'; readonly change: string; readonly at: string; readonly reason: string }
  | { readonly type: 'restored'; readonly change: string; readonly at: string }
  | {
      readonly type: 'done';
      readonly change: string;
      readonly at: string;
      /** Verdicts on fresh facts for the controls of the change. */
      readonly verified: { readonly [control: string]: Assessment };
      /** Properties that changed beside the plan's edits. */
      readonly besides: readonly string[];
    }
  | { readonly type: 'failed'; readonly change: string; readonly at: string; readonly problem: Problem }
  | { readonly type: 'skipped'; readonly change: string; readonly at: string; readonly reason: string }
  | { readonly type: 'manual'; readonly change: string; readonly at: string; readonly instructions: readonly string[]; readonly doneWhen: string }
  | { readonly type: 'left-running'; readonly change: string; readonly at: string; readonly operationUrl?: string }
  | { readonly type: 'finished'; readonly at: string; readonly outcome: Outcome };
