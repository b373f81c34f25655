import { isSettled } from '../model/assessment.ts';
import { knownValue } from '../model/facts.ts';
import { clean } from '../model/foreign.ts';
import { wayText } from '../model/kubernetes-way.ts';
import { assessAll, assessStep, hasFindings } from '../model/verdicts.ts';
import { makePlan } from '../plan/plan.ts';
import { undoPlan } from '../plan/undo.ts';
import { planDocument } from '../render/plan-json.ts';
import { script } from '../render/script.ts';
import { planText } from '../report/plan-text.ts';
import { decide } from './decide.ts';
import type { Io } from './io.ts';
import { tellBroken } from './kube-way.ts';
import { type Invocation, usageProblem } from './parse.ts';
import { pickSteps } from './pick-steps.ts';
import { saveFacts } from './save-facts.ts';
import { loadFacts, requireClusterId } from './source.ts';
import { type WrittenManifests, writeManifests } from './write-manifests.ts';

/** What was written below a folder, and what of an earlier plan lies there still. */
function manifestsText({ written, stale }: WrittenManifests, out: string): string {
  const lines = (paths: readonly string[]): string => paths.map((path) => `  ${clean(path)}\n`).join('');
  const before = stale.length === 0 ? '' : `No part of this plan any more, and left there:\n${lines(stale)}`;
  if (written.length === 0) return `No manifest is in this plan.\n${before}`;
  return `${written.length} ${written.length === 1 ? 'manifest' : 'manifests'} below ${clean(out)}:\n${lines(written)}${before}`;
}

/** `aks-harden plan`: the script on standard output, the talk on standard error. Nothing is changed. */
export async function plan(invocation: Invocation, io: Io): Promise<number> {
  const { steps: every } = await import('../../steps/index.ts');
  const steps = pickSteps(every, invocation);
  const { clusters, broken } = await loadFacts(invocation, io, steps, true);
  await saveFacts(invocation, clusters);
  const [facts, ...others] = clusters;
  if (!facts || others.length > 0) {
    throw usageProblem('A plan is for one cluster.', `The file holds ${clusters.length}.`, ['Give it a file with one cluster; check takes many.']);
  }
  requireClusterId(facts);
  if (facts.kubernetes !== undefined) io.err(`${wayText(facts.kubernetes)}\n`);
  const { choices, left } = decide(steps, facts, { choose: invocation.texts('choose'), set: invocation.texts('set') });
  const forward = makePlan(facts, every, choices);
  const shown = invocation.flag('undo') ? undoPlan(forward) : forward;
  const out = invocation.text('out');
  if (out !== undefined) {
    io.err(manifestsText(await writeManifests(shown, out), out));
  }
  const shell = invocation.text('shell') === 'pwsh' ? 'pwsh' : 'bash';
  if (invocation.text('output') === 'json') io.out(`${JSON.stringify(planDocument(shown, facts), null, 2)}\n`);
  else {
    const tenant = knownValue(facts, 'subscriptionTenant');
    io.out(
      script(shown, { shell, undo: invocation.flag('undo'), version: io.version, readAt: facts.source.readAt, ...(tenant === undefined ? {} : { tenant }) }),
    );
    io.err(planText(shown));
    for (const { step, reason } of left) {
      if (!isSettled(assessStep(step, facts).status)) io.err(`Left out: ${step.id}: ${clean(reason)}\n`);
    }
  }
  if (broken > 0) return tellBroken(broken, io);
  return invocation.flag('exit-code') && hasFindings(assessAll(steps, facts)) ? 3 : 0;
}
