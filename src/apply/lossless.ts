import type { ArmUpdate } from '../model/change.ts';
import type { ArmResource } from '../model/facts.ts';
import { at, isObject, type Path, same, showPath } from '../model/json.ts';
import type { Request } from '../model/plan.ts';
import { ProblemError } from '../model/problem.ts';
import { requestOf } from '../render/index.ts';
import { differences, writableBody } from '../render/write-body.ts';

/** True when `inner` is `outer` or lies inside of it; keys match in any case, as ARM's do. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((segment, i) => segment.toLowerCase() === inner[i]?.toLowerCase());
}

/** Throws `write-not-lossless` unless `body`, compared with what was read, holds the edits and nothing else. */
export function assertLossless(change: ArmUpdate, current: ArmResource, body: ArmResource): void {
  const unplanned = differences(writableBody(current), body).filter((path) => !change.edits.some((edit) => isWithin(path, edit.path)));
  if (unplanned.length > 0) throw refused(change, `it would also change ${unplanned.map(showPath).join(', ')}`);
  const missing = change.edits.filter((edit) => !same(at(body, edit.path), edit.after));
  if (missing.length > 0) throw refused(change, `it would leave out ${missing.map((edit) => showPath(edit.path)).join(', ')}`);
}

/** The write of a resource as just read, with the plan's edits; what goes out is proven to be the plan, or nothing is sent. */
export function losslessWrite(change: ArmUpdate, current: ArmResource): Request {
  const request = requestOf(change, current);
  const body = request?.body;
  if (request === undefined || !isObject(body)) throw refused(change, 'there is no body to send');
  assertLossless(change, current, body);
  return request;
}

function refused(change: ArmUpdate, why: string): ProblemError {
  return new ProblemError({
    code: 'write-not-lossless',
    what: `"${change.title}" was not sent: the write would not be the plan.`,
    why: `Compared with the resource as just read, ${why}.`,
    next: ['Nothing was changed. Print the commands and run them with az instead: aks-harden plan', 'Please report it: this is a fault of the program.'],
  });
}
