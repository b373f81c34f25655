import type { Change } from './change.ts';
import type { ClusterRef } from './facts.ts';
import type { Choice, Guard } from './step.ts';

/** A change as planned: coalesced changes name every step and control they came from. */
export interface PlannedChange {
  readonly change: Change;
  /** Ids of the step changes that travel in this one; one of them is `change.id`. */
  readonly parts: readonly string[];
  readonly steps: readonly string[];
}

/** Sums for a person: what it costs to run this plan. */
export interface Totals {
  /** Requests that change something. */
  readonly writes: number;
  /** Node pool reimages: each pool counts each time. */
  readonly reimages: number;
  readonly minutes: readonly [number, number];
}

/** Changes in the order they are applied. A plan is a value: a new choice makes a new plan. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly cluster: ClusterRef;
  readonly choices: { readonly [step: string]: Choice };
  readonly changes: readonly PlannedChange[];
  readonly guards: readonly (Guard & { readonly step: string })[];
  readonly totals: Totals;
  /** The same steps done one command at a time. */
  readonly separately: Totals;
  /** SHA-256 over the canonical changes: what was approved is what is applied. */
  readonly digest: string;
}

/** Whether doing the steps of a plan together comes to less work than one command at a time. */
export function sparesWork({ totals, separately }: Plan): boolean {
  return separately.writes > totals.writes || separately.reimages > totals.reimages || separately.minutes[1] > totals.minutes[1];
}

/** One command line as an argument vector: never a string, so that quoting happens in one place. */
export interface Command {
  readonly argv: readonly string[];
  /** Text for standard input, e.g. a manifest for `kubectl apply -f -`. */
  readonly stdin?: string;
  /** Files the command reads, by the name that argv uses; the script writes them first, the executor into a private folder. */
  readonly files?: { readonly [name: string]: string };
  /** A comment line above the command in a script. */
  readonly comment?: string;
  /** az's minimum version for it, and the extension when it is not in the core. */
  readonly azVersion?: string;
  readonly extension?: string;
}

/** An ARM or Graph request, ready to send. */
export interface Request {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** From the host on: `/subscriptions/…?api-version=…`. */
  readonly url: string;
  readonly body?: unknown;
}
