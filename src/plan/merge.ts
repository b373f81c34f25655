import { type ArmAction, type ArmUpdate, type Change, type Edit, graver, type Impact, type Reversible } from '../model/change.ts';
import { clean } from '../model/foreign.ts';
import { same } from '../model/json.ts';
import { ProblemError } from '../model/problem.ts';
import { undoOf } from './undo.ts';

/** Kinds of change of which several can travel in one request. */
export type Mergeable = ArmUpdate | ArmAction;

/**
 * What a change could share a request with: changes with the same key. Undefined: it always travels by itself.
 * A change that is probed afterwards travels only with such: when the probe fails, all of the write is put back,
 * and nothing that cannot be put back may be in it.
 */
export function mergeKey(change: Change): string | undefined {
  if (change.alone) return undefined;
  if (change.kind === 'arm.update') return `update ${change.target.id.toLowerCase()} ${change.target.apiVersion} ${change.probeAfter === true}`;
  if (change.kind === 'arm.action' && change.action === 'upgradeNodeImageVersion') return `image ${change.target.id.toLowerCase()}`;
  return undefined;
}

const worst: readonly Reversible['kind'][] = ['yes', 'partly', 'no'];

function mergedImpact(parts: readonly Change[]): Impact {
  const gravest = parts.map((part) => part.impact).reduce(graver);
  const scopes = [
    ...new Set(
      parts
        .map((part) => part.impact)
        .filter((impact) => impact.kind !== 'none')
        .map((impact) => impact.scope),
    ),
  ];
  const pools = [...new Set(parts.flatMap((part) => part.impact.pools ?? []))];
  return { kind: gravest.kind, scope: scopes.length > 0 ? scopes.join('; ') : gravest.scope, ...(pools.length > 0 ? { pools } : {}) };
}

/** The worst of the parts; `how` says which part it is where they differ. */
function mergedReversible(parts: readonly Change[]): Reversible {
  const kind = worst[Math.max(...parts.map((part) => worst.indexOf(part.reversible.kind)))] ?? 'no';
  if (kind === 'yes') return { kind, how: [...new Set(parts.map((part) => part.reversible.how))].join('; ') };
  const doors = parts.filter((part) => part.reversible.kind !== 'yes');
  return { kind, how: doors.map((part) => `${clean(part.title)}: ${part.reversible.how}`).join('; ') };
}

function overlap(a: Edit, b: Edit): boolean {
  const [short, long] = a.path.length <= b.path.length ? [a.path, b.path] : [b.path, a.path];
  return short.every((segment, i) => segment.toLowerCase() === long[i]?.toLowerCase());
}

/** The edits of several changes as one list. Two that say the same are one; two that disagree are a Problem. */
function mergedEdits(parts: readonly ArmUpdate[]): readonly Edit[] {
  const edits: Edit[] = [];
  for (const part of parts) {
    for (const edit of part.edits) {
      const other = edits.find((known) => overlap(known, edit));
      if (!other) edits.push(edit);
      else if (other.path.length !== edit.path.length || !same(other.after, edit.after)) {
        throw new ProblemError({
          code: 'conflicting-choices',
          what: `Two decisions want different values for ${edit.path.join('.')}.`,
          why: `They belong to: ${[...new Set(parts.map((one) => one.step))].join(', ')}.`,
          next: ['Choose another option for one of these steps.'],
          exitCode: 2,
        });
      }
    }
  }
  return edits;
}

/** The way back of several changes: each one's own, last first, with plain edits of the resource in one write. */
function mergedUndo(parts: readonly Change[], id: string): readonly Change[] {
  const steps = [...parts].reverse().flatMap(undoOf);
  const updates = steps.filter((step): step is ArmUpdate => step.kind === 'arm.update' && step.undo === undefined && !step.alone);
  const [first, ...more] = updates;
  if (!first || more.length === 0 || updates.length !== steps.length) return steps;
  if (updates.some((one) => one.target.id !== first.target.id)) return steps;
  return [{ ...first, ...joined(updates), id: `${id}/undo`, edits: mergedEdits(updates) }];
}

function joined(parts: readonly Change[]) {
  return {
    controls: [...new Set(parts.flatMap((part) => part.controls))],
    title: [...new Set(parts.map((part) => part.title))].join('; '),
    impact: mergedImpact(parts),
    // One write takes as long as the slowest thing in it: nodes are replaced once, however many edits ask for it.
    minutes: [Math.max(...parts.map((part) => part.minutes[0])), Math.max(...parts.map((part) => part.minutes[1]))] as const,
    reversible: mergedReversible(parts),
    after: [...new Set(parts.flatMap((part) => part.after))],
  };
}

/** One change that does what `parts` do, in one request. They have the same `mergeKey`. A single one stays as it is. */
export function merge(parts: readonly [Change, ...Change[]]): Change {
  const [first] = parts;
  if (parts.length === 1) return first;
  const common = { ...joined(parts), undo: mergedUndo(parts, first.id) };
  if (first.kind === 'arm.update') {
    const updates = parts.filter((part): part is ArmUpdate => part.kind === 'arm.update');
    return { ...first, ...common, edits: mergedEdits(updates) };
  }
  return { ...first, ...common, title: first.title };
}
