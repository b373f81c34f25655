/** The cursor after a move in a list of `count` entries. It stops at both ends: a list that wraps surprises. */
export function moved(cursor: number, by: number | 'first' | 'last', count: number): number {
  const target = by === 'first' ? 0 : by === 'last' ? count - 1 : cursor + by;
  return Math.max(0, Math.min(count - 1, target));
}
