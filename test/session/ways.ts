import type { SessionState } from '../../src/session/state.ts';
import { choose, down, next, opened, play, say } from './play.ts';
import { sampleFacts } from './sample.ts';

const read = {
  type: 'plan-facts',
  step: 'cluster.heavy',
  facts: { ...sampleFacts(), known: { runCommand: { state: 'known', value: { reachable: true, detail: '' } } } },
} as const;

/** On the decision of a step, its first option chosen with the defaults. */
export function toDecision(step: 'identity.light' | 'cluster.heavy', options: Parameters<typeof opened>[0] = {}): SessionState {
  if (step === 'identity.light') return play(opened(options), choose, choose, choose, choose).state;
  return play(opened(options), down, choose, choose, read, choose, next, next, next, next, next, read, choose).state;
}

/** On the decision of the step with the guard, with ranges that do not hold the operator. */
export function closedBy(ranges: string): SessionState {
  return play(opened(), down, choose, choose, read, choose, { type: 'erase', what: 'line' }, say(ranges), next, next, next, next, next, read, choose).state;
}
