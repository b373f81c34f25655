import { scenarios } from './arguments.ts';
import type { Io } from './io.ts';
import { didYouMean, type Invocation, usageProblem } from './parse.ts';

/** `aks-harden practice`: serves the practice cluster on loopback until it is interrupted. */
export async function practice(invocation: Invocation, io: Io): Promise<number> {
  const scenario = invocation.positional ?? 'legacy';
  if (!scenarios.some((known) => known === scenario)) {
    throw usageProblem(`There is no scenario "${scenario}".${didYouMean(scenario, scenarios)}`, `The scenarios are ${scenarios.join(', ')}.`, [
      'Use one of these.',
    ]);
  }
  const port = Number(invocation.text('port') ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw usageProblem(`--port does not take "${invocation.text('port')}".`, 'It takes a port number.', ['Leave it out for a free one.']);
  const speed = invocation.text('speed');
  const { servePractice } = await import('../practice/serve.ts');
  const served = await servePractice({ scenario, port, ...(speed === undefined ? {} : { speed: Number(speed) }) });
  io.err(`PRACTICE: the scenario "${scenario}" is served at ${served.url}. It is not a real cluster. Ctrl-C ends it.\n`);
  io.err('Point az and kubectl at it, in another shell (your own az profile stays as it is):\n\n');
  io.out(`${served.lines().join('\n')}\n`);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  return 0;
}
