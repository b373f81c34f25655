import type { Change } from '../model/change.ts';
import { at, isObject, same, showPath } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';

/** A change that waits for the next plan, and the change whose outcome it must know. */
export interface Waiting {
  readonly change: Change;
  readonly for: Change;
  readonly property: string;
}

/** The property that an edit of `change` sets to something, among those that another step's change unsettles. */
function settledTooSoon(change: Change, properties: readonly string[]): string | undefined {
  if (change.kind !== 'arm.update') return undefined;
  return properties.find((property) =>
    change.edits.some(({ path, after }) => {
      const own = showPath(path).toLowerCase();
      const inside = property.toLowerCase().startsWith(`${own}.`)
        ? at(after, property.split('.').slice(path.length))
        : own === property.toLowerCase()
          ? after
          : undefined;
      // Taking it away needs no knowledge of what it should be.
      return !(inside === undefined || inside === null || same(inside, []) || (isObject(inside) && Object.keys(inside).length === 0));
    }),
  );
}

/**
 * Splits changes into those that can be planned together and those that rest on what another step's change only brings about: authorized
 * ranges must hold the address that traffic will leave from, and that is not known before. What comes after a waiting change waits with it.
 */
export function splitUnsettled(changes: readonly Change[]): { readonly now: readonly Change[]; readonly waiting: readonly Waiting[] } {
  const movers = changes.filter(({ unsettles = [] }) => unsettles.length > 0);
  const waiting: Waiting[] = changes.flatMap((change) => {
    const found = movers.flatMap((mover) => {
      const property = mover.step === change.step ? undefined : settledTooSoon(change, mover.unsettles ?? []);
      return property === undefined ? [] : [{ change, for: mover, property }];
    });
    return found.slice(0, 1);
  });
  const causeOf = (change: Change) =>
    waiting.find((one) => one.change !== change && change.after.some((name) => [one.change.id, one.change.step].includes(name)));
  for (let grown = true; grown; ) {
    const follower = changes.find((change) => !waiting.some((one) => one.change === change) && causeOf(change) !== undefined);
    const cause = follower && causeOf(follower);
    if (follower && cause) waiting.push({ ...cause, change: follower });
    grown = follower !== undefined;
  }
  return { now: changes.filter((change) => !waiting.some((one) => one.change === change)), waiting };
}

/** Tells which decisions of a plan wait for the next one, and why. */
export function waitingGuards(waiting: readonly Waiting[]): Plan['guards'] {
  const steps = [...new Set(waiting.map(({ change }) => change.step))];
  return steps.flatMap((step): Plan['guards'] => {
    const own = waiting.filter(({ change }) => change.step === step);
    const first = own[0];
    if (first === undefined) return [];
    return [
      {
        id: 'next-plan',
        step,
        title: 'Nothing is set from what this very plan changes',
        verdict: 'warn',
        detail: `"${own.map(({ change }) => change.title).join('", "')}" is left out of this plan: what ${first.property} must hold is only known once "${first.for.title}" is done.`,
        next: [`Apply this plan, read the cluster again, and decide ${step} then.`],
      },
    ];
  });
}
