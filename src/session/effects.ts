import type { Status } from '../model/assessment.ts';
import type { StepRecord } from '../model/checklist.ts';
import type { FactKey, Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Choice } from '../model/step.ts';
import type { Entrance, Override, Shell } from './deps.ts';

/** What is written to the checklist about one step. `open` takes a decision back. */
export type Decision =
  | {
      readonly kind: 'queued' | 'printed' | 'applying';
      readonly step: string;
      readonly choice: Choice;
      readonly digest: string;
      readonly overrides?: readonly Override[];
    }
  | { readonly kind: 'declined'; readonly step: string; readonly reason: string; readonly reviewOn?: string }
  | { readonly kind: 'skipped' | 'open'; readonly step: string };

/** What is written down at once. `seen` are the verdicts now, `before` those of the decided steps. */
export interface Note {
  readonly decisions: readonly Decision[];
  readonly seen: { readonly [control: string]: Status };
  readonly before: { readonly [step: string]: NonNullable<StepRecord['before']> };
}

/** Something that the session does for the reducer. Data, so that tests can look at it. */
export type Effect =
  | { readonly type: 'enter'; readonly entrance: Entrance; readonly attempt: number }
  | { readonly type: 'leave-entrance' }
  | { readonly type: 'list-subscriptions' }
  | { readonly type: 'list-clusters'; readonly subscription: string }
  | { readonly type: 'open'; readonly clusterId: string }
  | { readonly type: 'read' }
  | { readonly type: 'read-to-plan'; readonly step: string; readonly keys: readonly FactKey[]; readonly facts: Facts; readonly choice?: Choice }
  | { readonly type: 'save'; readonly note: Note }
  | { readonly type: 'apply'; readonly plan: Plan; readonly facts: Facts; readonly overrides: readonly Override[] }
  | { readonly type: 'resume' }
  | { readonly type: 'leave-running' }
  | { readonly type: 'stop-after-this' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'write-script'; readonly plan: Plan; readonly shell: Shell }
  | { readonly type: 'quit'; readonly code: number };

export type EffectType = Effect['type'];
