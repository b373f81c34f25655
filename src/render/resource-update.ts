import type { Edit, Target } from '../model/change.ts';
import { showPath } from '../model/json.ts';
import type { Command } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { az, flag } from './az.ts';
import { placeOf } from './place.ts';

/** Characters that az's `--set` and `--remove` take for structure (azure-cli-core commands/arm.py, _get_internal_path). */
const structural = /[.[\]=\s]/;

/**
 * Edits that have no flag, as one `az resource update`: it reads the resource, sets exactly these properties, and writes it back.
 * Values travel as JSON, so that texts stay texts. az stops with an error when a parent of a property is missing: nothing is lost silently.
 * Throws a ProblemError for a property whose name can not be written that way.
 */
export function resourceUpdate(target: Target, edits: readonly Edit[]): Command {
  for (const { path } of edits) {
    if (path.some((segment) => segment === '' || structural.test(segment))) {
      throw new ProblemError({
        code: 'change-not-printable',
        what: `There is no command for a change of ${showPath(path)}.`,
        why: 'az has no flag for it, and its name can not be given to az resource update.',
        next: ['Apply this change from here instead of printing it.'],
      });
    }
  }
  const set = edits.filter((edit) => edit.after !== undefined).map((edit) => ['--set', `${edit.path.join('.')}=${JSON.stringify(edit.after)}`]);
  const remove = edits.filter((edit) => edit.after === undefined).map((edit) => ['--remove', edit.path.join('.')]);
  return az('resource update', placeOf(target).subscription, [flag('--ids', target.id), flag('--api-version', target.apiVersion), ...set, ...remove], {
    comment: 'az has no flag that does this and nothing else: it is set on the resource itself',
  });
}
