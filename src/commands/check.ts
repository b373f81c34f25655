import { assessAll, hasFindings } from '../model/verdicts.ts';
import { checkDocument } from '../report/check-json.ts';
import { checkText } from '../report/check-text.ts';
import type { Io } from './io.ts';
import { tellBroken } from './kube-way.ts';
import type { Invocation } from './parse.ts';
import { pickSteps } from './pick-steps.ts';
import { saveFacts } from './save-facts.ts';
import { loadFacts } from './source.ts';

/** `aks-harden check`: verdicts, nothing else. Exit 3 with --exit-code when something is open. */
export async function check(invocation: Invocation, io: Io): Promise<number> {
  const { steps: every } = await import('../../steps/index.ts');
  const steps = pickSteps(every, invocation);
  const { clusters, broken } = await loadFacts(invocation, io, steps, false);
  await saveFacts(invocation, clusters);
  let findings = false;
  const json = invocation.text('output') === 'json';
  if (json && clusters.length !== 1) io.out('[');
  for (const [i, facts] of clusters.entries()) {
    const verdicts = assessAll(steps, facts);
    findings ||= hasFindings(verdicts);
    if (!json) io.out(`${i > 0 ? '\n' : ''}${checkText(facts, verdicts, { ascii: invocation.flag('ascii') })}`);
    // One cluster at a time, as fast as it is read: a thousand documents are never in memory together.
    else if (clusters.length === 1) io.out(`${JSON.stringify(checkDocument(facts, verdicts), null, 2)}\n`);
    else io.out(`${i > 0 ? ',' : ''}\n${JSON.stringify(checkDocument(facts, verdicts))}`);
    await io.drained?.();
  }
  if (json && clusters.length !== 1) io.out('\n]\n');
  if (broken > 0) return tellBroken(broken, io);
  return findings && invocation.flag('exit-code') ? 3 : 0;
}
