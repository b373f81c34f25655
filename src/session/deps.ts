import type { Change } from '../model/change.ts';
import type { Checklist, ChecklistStore } from '../model/checklist.ts';
import type { ApplyEvent } from '../model/events.ts';
import type { FactKey, Facts } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import type { Command, Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ReadProgress } from '../model/read-progress.ts';
import type { Choice, Step } from '../model/step.ts';

export type Shell = 'bash' | 'pwsh';

/** One line of a preview. `path` is for people (dotted). */
export interface DiffRow {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly sign: '+' | '-' | '~';
}

/** A choice that may lack some values. */
export interface PartialChoice {
  readonly option: string;
  readonly values: { readonly [param: string]: Json };
}

/** The pure functions that the wizard's reducer and its screens stand on. They do no I/O, so the reducer may call them. */
export interface Tools {
  readonly steps: readonly Step[];
  readonly makePlan: (facts: Facts, steps: readonly Step[], choices: { readonly [step: string]: Choice }) => Plan;
  readonly completeChoice: (step: Step, facts: Facts, partial: PartialChoice) => { readonly choice: Choice } | { readonly problems: readonly Problem[] };
  readonly diffOf: (change: Change) => readonly DiffRow[];
  readonly commandsOf: (change: Change) => readonly Command[];
  /** A command as it is typed, with the shell's line continuation where it is wider than `width`. Never cut. */
  readonly showCommand: (command: Command, shell: Shell, width: number) => string;
  /** The plan as a runnable script. */
  readonly script: (plan: Plan, shell: Shell) => string;
}

/** Tools of a wizard that has not read a cluster yet: there is nothing to plan. */
export const noTools: Tools = {
  steps: [],
  makePlan: () => {
    throw new Error('A plan was asked for before a cluster was read.');
  },
  completeChoice: () => ({ problems: [] }),
  diffOf: () => [],
  commandsOf: () => [],
  showCommand: () => '',
  script: () => '',
};

/** A way in. `default` looks for a sign-in that is already there; `given` is what the command line named (a file, a practice cluster, a cluster). */
export type Entrance =
  | { readonly kind: 'default' }
  | { readonly kind: 'browser' }
  | { readonly kind: 'device-code' }
  | { readonly kind: 'practice'; readonly scenario: string }
  | { readonly kind: 'given' };

export interface Subscription {
  readonly id: string;
  readonly name: string;
}

/** What a list of clusters shows of one. */
export interface ClusterSummary {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly version: string;
  readonly state: string;
}

/** What lies behind an entrance. */
export interface Reach {
  readonly kind: 'azure' | 'practice' | 'file';
  /** For people: the account, the scenario, the file's name. */
  readonly label: string;
  /** Set where there is nothing to pick: practice, a file, or a cluster that the command line named. */
  readonly clusterId?: string;
  /** The name of that cluster's subscription where it is known. */
  readonly subscription?: Subscription;
  readonly subscriptions: () => Promise<readonly Subscription[]>;
  readonly clusters: (subscriptionId: string) => Promise<readonly ClusterSummary[]>;
  /** Opens one cluster: its checklist (locked) and what reads and writes it. */
  readonly open: (clusterId: string, tell?: TellRead) => Promise<Desk>;
  readonly close: () => Promise<void>;
}

/** Called while a long list is read. */
export type TellRead = (progress: ReadProgress) => void;

/** A lifted guard, as the executor and the checklist want it. */
export interface Override {
  readonly guard: string;
  readonly step: string;
  readonly phrase: string;
}

/** How an apply is asked to end early. Both only ever abort once. */
export interface ApplyControl {
  /** Stop watching at once; what runs in Azure goes on. */
  readonly leaveRunning: AbortSignal;
  /** Finish what runs, start nothing more. */
  readonly stopAfterThis: AbortSignal;
}

/** Everything that the wizard may do with one cluster. */
export interface Desk {
  /** Why nothing can be applied here (a file, --read-only); undefined when it can. */
  readonly readOnly?: string;
  /** Who decides, for the stamps in the checklist. */
  readonly who: string;
  /** The checklist. Where none is kept (facts from a file) it lives in memory and its path is empty. */
  readonly store: ChecklistStore;
  readonly read: (tell?: TellRead) => Promise<Facts>;
  /**
   * Reads what only planning needs and returns the same facts with it. `choice` is known once the parameters are,
   * so that what they name (a group, a workspace) can be read as well.
   */
  readonly readToPlan: (facts: Facts, keys: readonly FactKey[], choice: Choice | undefined) => Promise<Facts>;
  readonly apply: (plan: Plan, facts: Facts, overrides: readonly Override[], control: ApplyControl) => AsyncIterable<ApplyEvent>;
  /** Follows the operations that the checklist holds as running. Starts nothing new. */
  readonly resume: (control: ApplyControl) => AsyncIterable<ApplyEvent>;
  /** Writes the plan as a script beside the checklist, and its undo; returns the path. */
  readonly writeScript: (plan: Plan, shell: Shell) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** What a session needs from outside. Commands wire the real ones, with dynamic imports: nothing heavy is loaded before the first frame. */
export interface SessionDeps {
  /** Loads the steps, the planner and the renderers. Called once, when the first cluster is opened. */
  readonly tools: () => Promise<Tools>;
  /** Goes through an entrance. `tell` shows a line while it takes its time (the device code). Throws a ProblemError. */
  readonly enter: (entrance: Entrance, tell: (line: string) => void, signal: AbortSignal) => Promise<Reach>;
  readonly now: () => Date;
}

/** A checklist with nothing in it has nothing to come back to. */
export function isUntouched(checklist: Checklist): boolean {
  return Object.keys(checklist.steps).length === 0 && checklist.operations.length === 0;
}
