/** Where to read on. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** What ARM or Graph said, kept for support requests. */
export interface CloudError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly subcode?: string;
  readonly target?: string;
  readonly requestId?: string;
  readonly correlationId?: string;
  readonly retryAfterMs?: number;
}

/**
 * An error a person can act on: what happened, why, what to do next. Every error that reaches a user is one (DESIGN law 10).
 * `code` is stable and ours (kebab-case); the cloud's own code stays in `cloud`.
 */
export interface Problem {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly next: readonly string[];
  readonly links?: readonly Link[];
  readonly cloud?: CloudError;
  /** The exit code a command ends with when this problem ends it; 1 when not given. */
  readonly exitCode?: number;
}

/** The one Error this program throws on purpose: it carries a Problem through code that only knows exceptions. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.what, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** The Problem in any thrown value; what is not one of ours becomes an `unexpected` problem without a stack trace. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'unexpected',
    what: 'Something went wrong that this program did not expect.',
    why: message,
    next: ['Run the command again; nothing is repeated that was already applied.', 'If it happens again, report it with the text above.'],
  };
}
