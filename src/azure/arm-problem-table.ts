import { accessRows } from './access-problems.ts';
import { clusterRows } from './cluster-problems.ts';
import type { ProblemRow } from './problem-row.ts';
import { protocolRows, restRows } from './protocol-problems.ts';

/**
 * What Azure's errors mean, the first row that fits. The order matters: an outcome that is not known comes before any reading of
 * the code, a code before a status, and what nobody foresaw comes last.
 */
export const problemRows: readonly ProblemRow[] = [...protocolRows, ...clusterRows, ...accessRows, ...restRows];
