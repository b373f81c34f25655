import { ProblemError } from '../model/problem.ts';

/** Who must come before whom: for each node the nodes before it. Nodes are numbered from 0. */
export type Before = readonly ReadonlySet<number>[];

/** True when `to` can only start after `from`, directly or through others. */
export function reaches(before: Before, from: number, to: number): boolean {
  const seen = new Set<number>();
  const open = [to];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const previous of before[node] ?? []) {
      if (previous === from) return true;
      if (!seen.has(previous)) {
        seen.add(previous);
        open.push(previous);
      }
    }
  }
  return false;
}

/** True when some nodes wait for each other. */
export function hasRing(before: Before): boolean {
  return before.some((_previous, node) => reaches(before, node, node));
}

/**
 * Nodes in an order that keeps every edge; among those that may come next, the lowest `rank` and then the lowest number first.
 * The same input gives the same order. Throws a ProblemError that names the ring when there is one.
 */
export function topological(before: Before, rank: (node: number) => number, name: (node: number) => string): readonly number[] {
  const left = new Set(before.keys());
  const order: number[] = [];
  while (left.size > 0) {
    let next: number | undefined;
    for (const node of left) {
      if ([...(before[node] ?? [])].some((previous) => left.has(previous))) continue;
      if (next === undefined || rank(node) < rank(next)) next = node;
    }
    if (next === undefined) throw new ProblemError(ringProblem([...left].map(name)));
    left.delete(next);
    order.push(next);
  }
  return order;
}

/** `before` with the wishes that close no ring, each tried in turn: a wish gives way, an edge of `before` never does. */
export function withWishes(before: Before, wishes: readonly (readonly [earlier: number, later: number])[]): Before {
  const grown = before.map((previous) => new Set(previous));
  for (const [earlier, later] of wishes) {
    if (earlier !== later && !reaches(grown, later, earlier)) grown[later]?.add(earlier);
  }
  return grown;
}

function ringProblem(names: readonly string[]) {
  return {
    code: 'plan-cycle',
    what: 'These decisions wait for each other, so that there is no order to carry them out in.',
    why: `Each of these comes after another of them: ${names.join(', ')}.`,
    next: ['Choose another option for one of them, or plan them one at a time.', 'Report it: the steps should not allow it.'],
  };
}
