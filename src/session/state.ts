import type { SeenChange } from '../checklist/records.ts';
import type { Checklist } from '../model/checklist.ts';
import type { ApplyEvent, Drift, Outcome } from '../model/events.ts';
import type { ClusterRef, Facts } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { ReadProgress } from '../model/read-progress.ts';
import type { Choice } from '../model/step.ts';
import type { ClusterSummary, Entrance, Override, Reach, Shell, Subscription } from './deps.ts';
import type { Effect } from './effects.ts';
import type { Field } from './field.ts';

/** A filter over a list. While `editing`, letters are its text. */
export interface Filter {
  readonly field: Field;
  readonly editing: boolean;
}

/** What a parameter's field holds before it becomes a value. Kept when the operator goes back. */
export type Entry =
  | { readonly kind: 'text' | 'list'; readonly field: Field }
  | { readonly kind: 'choice'; readonly value: string }
  | { readonly kind: 'choices'; readonly cursor: number; readonly chosen: readonly string[] }
  | { readonly kind: 'yes-no'; readonly value: boolean };

/** A decision in the making. */
export interface Draft {
  readonly option?: string;
  readonly entries: { readonly [param: string]: Entry };
}

export type StepPhase =
  | { readonly kind: 'state' }
  | { readonly kind: 'options'; readonly cursor: number }
  | { readonly kind: 'params'; readonly focus: number; readonly errors: { readonly [param: string]: string } }
  | { readonly kind: 'preview' }
  | { readonly kind: 'decision'; readonly cursor: number }
  | { readonly kind: 'commands' }
  | { readonly kind: 'decline'; readonly focus: 'reason' | 'review'; readonly reason: Field; readonly review: Field; readonly error?: string };

export interface StepScreen {
  readonly kind: 'step';
  readonly step: string;
  readonly phase: StepPhase;
}

/** What is about to be applied: one step now, or the queue. */
export type Scope = { readonly kind: 'step'; readonly step: string } | { readonly kind: 'queue' };

/** What the confirmation asks for now: first the phrase of each guard in the way, then Yes or the cluster's name. */
export type ConfirmStage =
  | { readonly kind: 'phrase'; readonly guard: string; readonly step: string; readonly phrase: string; readonly field: Field; readonly mistake?: string }
  | { readonly kind: 'name'; readonly field: Field; readonly mistake?: string }
  | { readonly kind: 'ask'; readonly cursor: number };

export interface ConfirmScreen {
  readonly kind: 'confirm';
  readonly scope: Scope;
  readonly choices: { readonly [step: string]: Choice };
  /** Of the plan that is on the screen: what was approved is what is applied. */
  readonly digest: string;
  readonly stage: ConfirmStage;
  readonly overrides: readonly Override[];
}

export type RunStatus =
  | 'waiting'
  | 'checked'
  | 'running'
  | 'restoring'
  | 'restored'
  | 'done'
  | 'unchanged'
  | 'failed'
  | 'skipped'
  | 'manual'
  | 'drift'
  | 'left-running';

/** One change while the executor works on it. */
export interface RunChange {
  readonly id: string;
  readonly title: string;
  readonly minutes?: readonly [number, number];
  readonly status: RunStatus;
  /** The executor's own clock, and ours (ms) when it said so: elapsed is the sum of it and what has passed since. */
  readonly elapsedMs: number;
  readonly seenAt: number;
  readonly detail?: string;
  readonly url?: string;
  readonly problem?: Problem;
  readonly drift?: readonly Drift[];
  readonly verified?: Extract<ApplyEvent, { type: 'done' }>['verified'];
  readonly besides?: readonly string[];
  readonly instructions?: readonly string[];
}

export interface ApplyingScreen {
  readonly kind: 'applying';
  readonly mode: 'apply' | 'resume';
  readonly changes: readonly RunChange[];
  /** The interrupt question, with its cursor; absent when nobody asked to stop. */
  readonly question?: number;
  readonly stopping: 'no' | 'leaving' | 'after-this';
}

export interface ListScreen<Item> {
  readonly items: readonly Item[];
  readonly cursor: number;
  readonly filter: Filter;
}

export type Screen =
  | { readonly kind: 'welcome'; readonly reason?: Problem }
  | { readonly kind: 'connecting'; readonly entrance: Entrance; readonly attempt: number; readonly told: readonly string[] }
  | ({ readonly kind: 'pick-subscription' } & ListScreen<Subscription>)
  | ({ readonly kind: 'pick-cluster' } & ListScreen<ClusterSummary>)
  | { readonly kind: 'reading'; readonly what: string; readonly progress?: ReadProgress }
  | { readonly kind: 'since' }
  | { readonly kind: 'overview'; readonly cursor: number; readonly filter: Filter }
  | StepScreen
  | { readonly kind: 'review'; readonly cursor: number }
  | ConfirmScreen
  | ApplyingScreen
  | { readonly kind: 'summary'; readonly changes: readonly RunChange[]; readonly outcome: Outcome; readonly fresh: boolean }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly retry?: Effect; readonly cursor: number };

export type ScreenKind = Screen['kind'];

/** Laid over a screen; the screen below keeps its state. */
export type Overlay =
  | { readonly kind: 'help' }
  | { readonly kind: 'pager'; readonly about: 'script' | 'details' }
  | { readonly kind: 'quit'; readonly cursor: number };

/** Where we are: always on the screen. */
export interface Place {
  readonly kind: Reach['kind'];
  readonly label: string;
  readonly scenario?: string;
  readonly subscription?: Subscription;
  readonly cluster?: ClusterRef;
  readonly readOnly?: string;
  /** The checklist's path. */
  readonly checklist?: string;
}

/** What is not as the checklist last saw it. */
export interface Since {
  /** When it was last written. */
  readonly when: string;
  readonly changes: readonly SeenChange[];
  readonly decided: number;
  readonly queued: number;
  readonly running: number;
}

export interface Notice {
  readonly tone: 'info' | 'warn';
  readonly text: string;
}

/** A line of what was decided and done; it stays in the terminal's own history. */
export interface JournalLine {
  readonly id: number;
  readonly mark: 'good' | 'info' | 'warn' | 'bad';
  readonly text: string;
}

export interface SessionState {
  readonly screen: Screen;
  readonly overlay?: Overlay;
  /** Ctrl-C was pressed once where nothing runs. */
  readonly pressAgain: boolean;
  readonly notice?: Notice;
  readonly place?: Place;
  readonly facts?: Facts;
  /** The step whose planning facts are being read. */
  readonly readingFor?: string;
  readonly checklist?: Checklist;
  readonly since?: Since;
  readonly drafts: { readonly [step: string]: Draft };
  readonly shell: Shell;
  readonly journal: readonly JournalLine[];
  readonly attempt: number;
  readonly resuming: boolean;
  /** The exit code of the last run's outcome. */
  readonly exitCode: number;
  /** Set once: the session is over. */
  readonly ended?: number;
}

export interface SessionSettings {
  readonly start: Entrance;
  /** Opened by `resume`: the first open decision comes up, not the overview. */
  readonly resuming?: boolean;
  readonly shell?: Shell;
}

/** A session that goes through the entrance of its settings as soon as it is started. */
export function initialState(settings: SessionSettings): SessionState {
  return {
    screen: { kind: 'connecting', entrance: settings.start, attempt: 1, told: [] },
    pressAgain: false,
    drafts: {},
    shell: settings.shell ?? 'bash',
    journal: [],
    attempt: 1,
    resuming: settings.resuming ?? false,
    exitCode: 0,
  };
}
