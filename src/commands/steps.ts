import { stepsDocument, stepsText, stepText } from '../report/steps-text.ts';
import type { Io } from './io.ts';
import type { Invocation } from './parse.ts';
import { pickSteps, stepById } from './pick-steps.ts';
import { connectPractice, readConnected } from './source.ts';

/** `aks-harden steps [ID]`: the catalogue. Texts that need facts are made with those of the practice cluster `legacy`. */
export async function steps(invocation: Invocation, io: Io): Promise<number> {
  const { steps: every } = await import('../../steps/index.ts');
  const one = invocation.positional === undefined ? undefined : stepById(every, invocation.positional);
  const chosen = one ? [one] : pickSteps(every, invocation);
  const json = invocation.text('output') === 'json';
  if (!json && !one) {
    io.out(stepsText(chosen));
    return 0;
  }
  const practice = await connectPractice('legacy', '1000000');
  try {
    const example = await readConnected(practice, chosen, true, io);
    if (json) io.out(`${JSON.stringify(stepsDocument(chosen, example), null, 2)}\n`);
    else if (one) io.out(stepText(one, example));
  } finally {
    await practice.close();
  }
  return 0;
}
