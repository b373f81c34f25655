import type { Checklist } from '../model/checklist.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { Facts } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { ReadProgress } from '../model/read-progress.ts';
import type { ClusterSummary, Subscription } from './deps.ts';
import type { Effect } from './effects.ts';
import type { Place } from './state.ts';

/** What the operator wants, whatever key says so. An intent that means nothing on a screen changes nothing. */
export type Intent =
  | { readonly type: 'move'; readonly by: number | 'first' | 'last' }
  | { readonly type: 'across'; readonly by: -1 | 1 }
  | { readonly type: 'choose' }
  | { readonly type: 'toggle' }
  | { readonly type: 'next-field' }
  | { readonly type: 'previous-field' }
  | { readonly type: 'back' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'erase'; readonly what: 'before' | 'after' | 'line' }
  /** Puts the next suggestion into the field. */
  | { readonly type: 'suggest' }
  /** An entry of the welcome menu. */
  | { readonly type: 'pick'; readonly id: string }
  | { readonly type: 'filter' }
  | { readonly type: 'help' }
  | { readonly type: 'view' }
  | { readonly type: 'copy' }
  | { readonly type: 'shell' }
  | { readonly type: 'skip' }
  | { readonly type: 'decline' }
  | { readonly type: 'remove' }
  | { readonly type: 'script' }
  | { readonly type: 'review' }
  | { readonly type: 'next-open' }
  | { readonly type: 'refresh' }
  | { readonly type: 'quit' }
  | { readonly type: 'interrupt' }
  /** Yes, apply. The only intent that an apply can come of. */
  | { readonly type: 'confirm' }
  | { readonly type: 'refuse' };

/** What came of an effect. `attempt` tells the answer of an entrance that was left from the one that is waited for. */
export type Result =
  | { readonly type: 'entered'; readonly attempt: number; readonly place: Place; readonly clusterId?: string }
  | { readonly type: 'not-entered'; readonly attempt: number; readonly problem: Problem }
  | { readonly type: 'told'; readonly attempt: number; readonly line: string }
  | { readonly type: 'read-so-far'; readonly progress: ReadProgress }
  | { readonly type: 'subscriptions'; readonly items: readonly Subscription[] }
  | { readonly type: 'clusters'; readonly items: readonly ClusterSummary[] }
  | { readonly type: 'opened'; readonly facts: Facts; readonly checklist: Checklist; readonly path?: string; readonly readOnly?: string }
  | { readonly type: 'facts'; readonly facts: Facts }
  | { readonly type: 'plan-facts'; readonly step: string; readonly facts: Facts }
  | { readonly type: 'plan-facts-missing'; readonly step: string; readonly problem: Problem }
  | { readonly type: 'saved'; readonly checklist: Checklist }
  | { readonly type: 'apply-event'; readonly event: ApplyEvent; readonly seenAt: number }
  | { readonly type: 'script-written'; readonly path: string }
  | { readonly type: 'failed'; readonly effect: Effect; readonly problem: Problem };

export type SessionEvent = Intent | Result;
