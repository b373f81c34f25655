import type { Refusal } from './answer.ts';
import type { World } from './world.ts';

const BURST = 20;
const MINUTE = 60_000;

/**
 * Takes one write from a resource's budget: 20 at once, then one a minute
 * (AKS docs: quotas-skus-regions, limits of the resource provider). A refusal says when to come back, in the world's milliseconds.
 */
export function takeWrite(world: World, id: string, name: string): (Refusal & { readonly retryAfterMs: number }) | undefined {
  const key = id.toLowerCase();
  const now = world.clock.now();
  const last = world.state.budgets[key] ?? { tokens: BURST, at: now };
  const tokens = Math.min(BURST, last.tokens + (now - last.at) / MINUTE);
  if (tokens < 1) {
    return {
      status: 429,
      code: 'Throttled',
      message: `The PUT ${name} request limit has been exceeded for the resource, please retry again later. For more information, see https://aka.ms/aks/quotas.`,
      retryAfterMs: Math.ceil((1 - tokens) * MINUTE),
    };
  }
  world.state.budgets = { ...world.state.budgets, [key]: { tokens: tokens - 1, at: now } };
  return undefined;
}
