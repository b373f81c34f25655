import type { Edit } from '../model/change.ts';
import { at, type Json, same } from '../model/json.ts';
import type { PlannedChange } from '../model/plan.ts';

function standing(earlier: readonly Edit[], edit: Edit): { readonly value: Json | undefined } | undefined {
  for (const known of [...earlier].reverse()) {
    const inside = known.path.every((segment, i) => segment.toLowerCase() === edit.path[i]?.toLowerCase());
    if (inside) return { value: at(known.after, edit.path.slice(known.path.length)) };
  }
  return undefined;
}

/**
 * Every edit's `before` as it will stand when its turn comes: what an earlier change of this plan leaves there.
 * Without that, the second of two writes to one property would look like drift. An edit with nothing left to do is dropped.
 */
export function rebase(planned: readonly PlannedChange[]): readonly PlannedChange[] {
  const done = new Map<string, Edit[]>();
  return planned.flatMap((one): PlannedChange[] => {
    const { change } = one;
    if (change.kind !== 'arm.update' && change.kind !== 'arm.patch') return [one];
    const earlier = done.get(change.target.id.toLowerCase()) ?? [];
    const edits = change.edits.map((edit) => {
      const found = standing(earlier, edit);
      return found ? { ...edit, before: found.value } : edit;
    });
    done.set(change.target.id.toLowerCase(), [...earlier, ...edits]);
    const left = edits.filter((edit) => !same(edit.before, edit.after));
    return left.length > 0 || change.edits.length === 0 ? [{ ...one, change: { ...change, edits: left } }] : [];
  });
}
