import type { Checklist, OperationRecord, StepStatus } from '../model/checklist.ts';
import { isObject, type JsonObject } from '../model/json.ts';

const statuses: readonly StepStatus[] = ['open', 'queued', 'applying', 'verified', 'half-done', 'failed', 'printed', 'declined', 'skipped'];
const operationStatuses: readonly OperationRecord['status'][] = ['intended', 'running', 'succeeded', 'failed', 'left-running', 'restored'];
const changeKinds = ['arm.update', 'arm.put', 'arm.patch', 'arm.action', 'arm.delete', 'kube.apply', 'kube.patch', 'kube.delete', 'graph', 'manual'];

/** What a place in the file must be: the first thing that is wrong, as `where: what`, or undefined. */
type Check = (value: unknown, where: string) => string | undefined;

const textual: Check = (value, where) => (typeof value === 'string' ? undefined : `${where}: not a text`);
const oneOf =
  (allowed: readonly string[]): Check =>
  (value, where) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : `${where}: not one of ${allowed.join(', ')}`;
const optional =
  (check: Check): Check =>
  (value, where) =>
    value === undefined ? undefined : check(value, where);
const listOf =
  (check: Check): Check =>
  (value, where) =>
    Array.isArray(value) ? firstOf(value.map((entry, i) => () => check(entry, `${where}[${i}]`))) : `${where}: not a list`;
const mapOf =
  (check: Check): Check =>
  (value, where) =>
    isObject(value)
      ? firstOf(
          Object.entries(value).map(
            ([key, entry]) =>
              () =>
                check(entry, `${where}.${key}`),
          ),
        )
      : `${where}: not an object`;
const objectOf =
  (fields: { readonly [key: string]: Check }): Check =>
  (value, where) =>
    isObject(value)
      ? firstOf(
          Object.entries(fields).map(
            ([key, check]) =>
              () =>
                check(value[key], where === '' ? key : `${where}.${key}`),
          ),
        )
      : `${where}: not an object`;

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}

const stamp = objectOf({ who: textual, when: textual });
const assessments = mapOf(objectOf({ status: textual }));
const change = objectOf({ id: textual, step: textual, kind: oneOf(changeKinds), title: textual, controls: listOf(textual), after: listOf(textual) });

const step = objectOf({
  status: oneOf(statuses),
  stamp,
  before: optional(assessments),
  after: optional(assessments),
  choice: optional(objectOf({ option: textual, values: mapOf(() => undefined) })),
  planDigest: optional(textual),
  declined: optional(objectOf({ reason: textual, reviewOn: optional(textual) })),
  undo: optional(listOf(change)),
  overrides: optional(listOf(objectOf({ guard: textual, phrase: textual, stamp }))),
});

const operation = objectOf({
  id: textual,
  change,
  steps: listOf(textual),
  status: oneOf(operationStatuses),
  poller: optional(textual),
  url: optional(textual),
  etag: optional(textual),
  reachableBefore: optional((value, where) => (typeof value === 'boolean' ? undefined : `${where}: not true or false`)),
  startedAt: textual,
  endedAt: optional(textual),
  via: oneOf(['sdk', 'az']),
});

const checklist = objectOf({
  tool: textual,
  practice: optional(objectOf({ scenario: textual, world: textual })),
  cluster: objectOf({ id: textual, name: textual, resourceGroup: textual, subscriptionId: textual, location: textual, fingerprint: textual }),
  createdAt: textual,
  updatedAt: textual,
  queue: listOf(textual),
  steps: mapOf(step),
  operations: listOf(operation),
  lastSeen: mapOf(textual),
});

/** What is wrong with a parsed checklist of our schema version (`steps.x.status: not one of …`), or undefined. */
export function faultOf(value: JsonObject): string | undefined {
  return checklist(value, '');
}

/** The same as a type guard. */
export function isChecklist(value: unknown): value is Checklist {
  return isObject(value) && faultOf(value) === undefined;
}
