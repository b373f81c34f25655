import type { Edit } from '../../model/change.ts';
import { isObject, type Json, type JsonObject, keyOf } from '../../model/json.ts';
import type { CommandFile } from '../az.ts';

/** Flags that belong together, or a command of their own. */
export interface FlagGroup {
  readonly flags: readonly (readonly string[])[];
  readonly files?: readonly CommandFile[];
  /** az's first version that knows the flags, from its documentation. */
  readonly azVersion?: string;
  readonly extension?: string;
  /**
   * When it runs: `first` and `last` are commands of their own beside the one update, because az refuses the flags together.
   * The source for each is in azure-cli's managed_cluster_decorator.py, the function that raises.
   */
  readonly when?: 'first' | 'last';
  /** Words of another command than the update, e.g. `aks enable-addons`. */
  readonly words?: string;
  /** az asks a question otherwise. */
  readonly yes?: boolean;
  readonly comment?: string;
}

/** The edits that a rule reads, by dotted path; `[*]` in it stands for each entry of a list. */
export interface Found {
  /** The edit at this path, when there is one. */
  readonly get: (dotted: string) => Edit | undefined;
  /** Every edit at this path: one for each entry of a list. */
  readonly all: (dotted: string) => readonly Edit[];
  /** True when there is an edit there and its new value is exactly this one. */
  readonly is: (dotted: string, value: Json) => boolean;
}

/**
 * One row of the table from edits to az flags. `reads` are the paths it uses up, all of them or none.
 * `groups` gives undefined when these edits can not be said with flags; they are then written another way.
 */
export interface FlagRule {
  readonly reads: readonly string[];
  readonly groups: (found: Found) => readonly FlagGroup[] | undefined;
}

/** Details that most rows share. */
type Details = Pick<FlagGroup, 'azVersion' | 'extension' | 'yes' | 'when' | 'comment'>;

/** A property that is switched by two flags. `absent` is what a missing property means. */
export function toggle(read: string, on: string | undefined, off: string | undefined, details: Details & { readonly absent?: boolean } = {}): FlagRule {
  const { absent = false, ...rest } = details;
  return {
    reads: [read],
    groups: (found) => {
      const after = found.get(read)?.after ?? absent;
      const flag = after === true ? on : after === false ? off : undefined;
      return flag === undefined ? undefined : [{ flags: [[flag]], ...rest }];
    },
  };
}

/** A property whose value is a flag's value. `values` maps where az spells it differently; a value that is not in it can not be said. */
export function value(
  read: string,
  flag: string,
  details: Details & { readonly absent?: string; readonly values?: { readonly [arm: string]: string } } = {},
): FlagRule {
  const { absent, values, ...rest } = details;
  return {
    reads: [read],
    groups: (found) => {
      const after = found.get(read)?.after ?? absent;
      if (typeof after !== 'string' && typeof after !== 'number') return undefined;
      const spelled = values === undefined ? String(after) : values[keyOf(values, String(after)) ?? ''];
      return spelled === undefined || spelled.startsWith('@') ? undefined : [{ flags: [[flag, spelled]], ...rest }];
    },
  };
}

/** The edit's list as texts; undefined when it is something else. Absent counts as empty. */
export function textsOf(edit: Edit): readonly string[] | undefined {
  const after = edit.after ?? [];
  if (!Array.isArray(after)) return undefined;
  const texts = after.filter((entry): entry is string => typeof entry === 'string');
  return texts.length === after.length ? texts : undefined;
}

/** Where an edit is, as rules say it: lower case, list entries as `[*]`. */
const placeOf = (edit: Edit): string => edit.path.map((segment) => (segment.startsWith('[') ? '[*]' : segment.toLowerCase())).join('.');

function foundIn(edits: readonly Edit[]): Found {
  const all = (dotted: string) => edits.filter((edit) => placeOf(edit) === dotted.toLowerCase());
  const get = (dotted: string) => all(dotted)[0];
  return { get, all, is: (dotted, wanted) => get(dotted)?.after === wanted };
}

function startsWith(dotted: string, edit: Edit): boolean {
  return dotted.toLowerCase().startsWith(`${edit.path.join('.').toLowerCase()}.`);
}

/** An edit of a whole object, as edits of what is in it, as deep as the table's paths go. */
function opened(edit: Edit, rules: readonly FlagRule[]): readonly Edit[] {
  const known = rules.flatMap((rule) => rule.reads);
  const exact = known.some((dotted) => dotted.toLowerCase() === edit.path.join('.').toLowerCase());
  const { before, after } = edit;
  if (exact || !isObject(after) || !known.some((dotted) => startsWith(dotted, edit))) return [edit];
  const old: JsonObject = isObject(before) ? before : {};
  const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])];
  return keys
    .map((key): Edit => ({ path: [...edit.path, key], before: old[key], after: after[key] }))
    .filter((child) => child.before !== child.after)
    .flatMap((child) => opened(child, rules));
}

/** What the table makes of edits: flag groups in the table's order, and the edits that no row could say. */
export function applyRules(edits: readonly Edit[], rules: readonly FlagRule[]): { readonly groups: readonly FlagGroup[]; readonly left: readonly Edit[] } {
  let left = edits.flatMap((edit) => opened(edit, rules));
  const groups: FlagGroup[] = [];
  for (const rule of rules) {
    const reads = new Set(rule.reads.map((dotted) => dotted.toLowerCase()));
    const mine = left.filter((edit) => reads.has(placeOf(edit)));
    if (mine.length === 0) continue;
    const made = rule.groups(foundIn(mine));
    if (made === undefined) continue;
    groups.push(...made);
    left = left.filter((edit) => !mine.includes(edit));
  }
  return { groups, left };
}
