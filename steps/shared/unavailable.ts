import type { Guard } from '../../src/model/step.ts';

/** Stands where an option was chosen that cannot be had: nothing is planned, and the reason is said once more. */
export function unavailableGuard(reason: string): Guard {
  return { id: 'unavailable', title: 'The option can be had here', verdict: 'refuse', detail: reason, override: 'never' };
}
