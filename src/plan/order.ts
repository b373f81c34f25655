import type { Change } from '../model/change.ts';
import type { PlannedChange } from '../model/plan.ts';
import type { Step } from '../model/step.ts';
import { gatherImages } from './gather-images.ts';
import { type Before, hasRing, reaches, topological, withWishes } from './graph.ts';
import { merge, mergeKey } from './merge.ts';

/** For each change the numbers of those that its `after` names: by their id, or all of a step by the step's id. */
function strictEdges(changes: readonly Change[]): Before {
  return changes.map(
    (change) =>
      new Set(change.after.flatMap((name) => changes.flatMap((other, i) => (other !== change && (other.id === name || other.step === name) ? [i] : [])))),
  );
}

/** Groups as a graph of their own: which groups must be complete before which. */
function contracted(groups: readonly (readonly number[])[], strict: Before): Before {
  const groupOf = new Map(groups.flatMap((group, g) => group.map((n) => [n, g] as const)));
  return groups.map((group, g) => new Set(group.flatMap((n) => [...(strict[n] ?? [])].flatMap((p) => groupOf.get(p) ?? [])).filter((p) => p !== g)));
}

/**
 * Which changes share a request: groups of numbers. Each change, in strict order, joins the first group of its key
 * that it neither waits for nor is waited for by. That gives as few requests as the strict order allows.
 */
function groupsOf(changes: readonly Change[], strict: Before): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const node of topological(
    strict,
    () => 0,
    (n) => changes[n]?.id ?? '?',
  )) {
    const change = changes[node];
    const key = change && mergeKey(change);
    const before = contracted(groups, strict);
    const needed = groups.flatMap((group, g) => (group.some((n) => strict[node]?.has(n)) ? [g] : []));
    const found = groups.findIndex((group, g) => {
      const head = changes[group[0] ?? -1];
      if (key === undefined || !head || mergeKey(head) !== key) return false;
      return !needed.some((n) => n === g || reaches(before, g, n));
    });
    const home = found >= 0 ? found : groups.push([]) - 1;
    groups[home]?.push(node);
  }
  const gathered = gatherImages(gatherReimages(groups, changes, strict), changes, (moved) => contracted(moved, strict));
  // A write leads what travels in it.
  const place = (n: number) => n + (changes[n]?.kind === 'arm.action' ? changes.length : 0);
  return gathered.map((group) => [...group].sort((a, b) => place(a) - place(b)));
}

function rolls(change: Change | undefined): readonly string[] {
  return change?.kind === 'arm.update' && change.impact.kind === 'reimage' ? (change.impact.pools ?? []) : [];
}

/**
 * Moves an edit that replaces nodes into a later write that replaces them anyway, where the strict order lets it:
 * nodes that are replaced once need not be replaced twice.
 */
function gatherReimages(groups: readonly (readonly number[])[], changes: readonly Change[], strict: Before): readonly (readonly number[])[] {
  let best = groups;
  for (const node of changes.keys()) {
    const own = rolls(changes[node]);
    const key = changes[node] && mergeKey(changes[node]);
    const home = best.findIndex((group) => group.includes(node));
    if (own.length === 0 || key === undefined || best[home]?.some((n) => n !== node && rolls(changes[n]).length > 0)) continue;
    for (const [g, group] of best.entries()) {
      const head = changes[group[0] ?? -1];
      const pools = new Set(group.flatMap((n) => rolls(changes[n])));
      if (g === home || !head || mergeKey(head) !== key || !own.every((pool) => pools.has(pool))) continue;
      const moved = best.map((one, i) => (i === g ? [...one, node] : one.filter((n) => n !== node)));
      if (!hasRing(contracted(moved, strict)) && !moved[g]?.some((n) => strict[n]?.has(node) || strict[node]?.has(n))) {
        best = moved;
        break;
      }
    }
  }
  return best.filter((group) => group.length > 0);
}

/** Node images last: every reimage that is due anyway then brings the newest image, and no pool rolls twice. */
function rankOf(change: Change | undefined): number {
  return change?.kind === 'arm.action' && change.action === 'upgradeNodeImageVersion' ? 1 : 0;
}

/** Throws a ProblemError when steps wait for each other. */
function checkSteps(steps: readonly Step[]): void {
  const before = steps.map((step) => new Set(step.after.flatMap((id) => steps.flatMap((other, i) => (other.id === id ? [i] : [])))));
  topological(
    before,
    () => 0,
    (n) => steps[n]?.id ?? '?',
  );
}

/** Pairs of groups in the order that the steps ask for, in walking order of the steps that ask: an earlier step's wish goes first. */
function stepWishes(groups: readonly (readonly Change[])[], steps: readonly Step[]): readonly (readonly [number, number])[] {
  // A new image that travels in an upgrade follows it: only what leads a group is asked where it wants to be.
  const leads = groups.map((group) => group.filter(({ kind }) => kind === group[0]?.kind));
  const placesOf = (step: string) => leads.flatMap((group, g) => (group.some((change) => change.step === step) ? [g] : []));
  return steps.flatMap((step) => {
    const later = placesOf(step.id);
    return step.after.flatMap((id) => placesOf(id)).flatMap((earlier) => later.map((place) => [earlier, place] as const));
  });
}

/**
 * Changes in the order they are applied, as few requests as `Change.after` allows. `Step.after` orders what is left:
 * it gives way where changes of two steps travel in one request. `changes` come in walking order of the steps.
 * Throws a ProblemError when changes or steps wait for each other, or when two want different values for one property.
 */
export function orderAndMerge(changes: readonly Change[], steps: readonly Step[]): readonly PlannedChange[] {
  checkSteps(steps);
  const strict = strictEdges(changes);
  const numbers = groupsOf(changes, strict);
  const groups = numbers.map((group) => group.flatMap((n) => changes[n] ?? []));
  const before = contracted(numbers, strict);
  const first = (g: number) => numbers[g]?.[0] ?? 0;
  const ordered = topological(
    withWishes(before, stepWishes(groups, steps)),
    (g) => changes.length * rankOf(groups[g]?.[0]) + first(g),
    (g) => groups[g]?.map((change) => change.id).join(' + ') ?? '?',
  );
  return ordered.flatMap((g): PlannedChange[] => {
    const [head, ...rest] = groups[g] ?? [];
    if (!head) return [];
    const merged = merge([head, ...rest]);
    const after = [...(before[g] ?? [])].flatMap((p) => groups[p]?.[0]?.id ?? []);
    const parts = [head, ...rest];
    return [{ change: { ...merged, after }, parts: parts.map((part) => part.id), steps: [...new Set(parts.map((part) => part.step))] }];
  });
}
