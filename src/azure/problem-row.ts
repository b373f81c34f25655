import type { MissingRight } from '../model/missing-right.ts';
import type { Link } from '../model/problem.ts';

/** What a row of the table may look at. `codes` are lower case, outermost first; `message` is cleaned. */
export interface ProblemContext {
  readonly status: number;
  readonly write: boolean;
  readonly url: string;
  readonly code: string;
  readonly codes: readonly string[];
  readonly message: string;
  readonly right?: MissingRight;
}

/** What a Problem tells. */
export interface Telling {
  readonly what: string;
  readonly why: string;
  readonly next: readonly string[];
}

/** One meaning of Azure's errors. Every condition that is given must hold; the first row that fits is taken. */
export interface ProblemRow {
  /** Ours, stable, kebab-case. */
  readonly code: string;
  /** Azure's codes, any of them, in any case. */
  readonly codes?: readonly string[];
  readonly status?: (status: number) => boolean;
  readonly write?: boolean;
  readonly text?: RegExp;
  readonly url?: RegExp;
  readonly tell: (context: ProblemContext) => Telling;
  readonly links?: readonly Link[];
  readonly exitCode?: number;
}

/** A telling whose why is Azure's own message, or `why` where Azure says nothing. */
export function said(what: string, next: readonly string[], why = 'Azure gave no reason.'): (context: ProblemContext) => Telling {
  return ({ message }) => ({ what, why: message || why, next });
}

/** A page of Microsoft's documentation. */
export function learn(title: string, path: string): Link {
  return { title, url: `https://learn.microsoft.com/${path}` };
}
