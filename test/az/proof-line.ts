/** How many cases (an option, in a practice world that accepts it) and how many different options came how far. */
export interface ProofCounts {
  readonly proven: number;
  readonly failed: number;
  /** For lack of a tool: an az extension, kubectl. */
  readonly notHere: number;
}

/** The line that the run ends with and that the README repeats. */
export function proofLine({ proven, failed, notHere }: ProofCounts): string {
  return `${proven} of ${proven + failed + notHere} options proven`;
}
