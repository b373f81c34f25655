import type { Json } from './json.ts';

/** What a verdict rests on: a place in Azure's or Kubernetes' own data, what stands there, what should. */
export interface Evidence {
  /** ARM path (`properties.enableRBAC`) or object (`diagnosticSettings/aks-hardening`). */
  readonly path: string;
  /** As read; undefined when the property is absent. */
  readonly actual: Json | undefined;
  /** In words or as a value: `true`, `at least one of …`. */
  readonly wanted: string;
}

/** A control's verdict on facts. `unknown` never counts as pass; it says why it is not known. */
export type Assessment =
  | { readonly status: 'pass'; readonly evidence: readonly Evidence[]; readonly note?: string }
  | { readonly status: 'fail'; readonly evidence: readonly Evidence[]; readonly note?: string }
  | { readonly status: 'partial'; readonly evidence: readonly Evidence[]; readonly reason: string }
  | { readonly status: 'not-applicable'; readonly reason: string }
  | { readonly status: 'preconfigured'; readonly reason: string }
  | { readonly status: 'unknown'; readonly reason: string };

export type Status = Assessment['status'];

/** Worst first: what a step's own status is made of. */
const gravity: readonly Status[] = ['fail', 'partial', 'unknown', 'pass', 'preconfigured', 'not-applicable'];

/** The status of a group: its gravest member's. An empty group is not applicable. */
export function gravest(statuses: readonly Status[]): Status {
  return gravity.find((status) => statuses.includes(status)) ?? 'not-applicable';
}

/** True where nothing is left to do: passed, set by AKS itself, or without object. */
export function isSettled(status: Status): boolean {
  return status === 'pass' || status === 'preconfigured' || status === 'not-applicable';
}

export const pass = (...evidence: readonly Evidence[]): Assessment => ({ status: 'pass', evidence });
export const fail = (...evidence: readonly Evidence[]): Assessment => ({ status: 'fail', evidence });
export const partial = (reason: string, ...evidence: readonly Evidence[]): Assessment => ({ status: 'partial', reason, evidence });
export const unknown = (reason: string): Assessment => ({ status: 'unknown', reason });
export const notApplicable = (reason: string): Assessment => ({ status: 'not-applicable', reason });
export const preconfigured = (reason: string): Assessment => ({ status: 'preconfigured', reason });

/** `pass` or `fail` by one condition on one place. */
export function verdict(holds: boolean, evidence: Evidence): Assessment {
  return holds ? pass(evidence) : fail(evidence);
}
