import type { Assessment } from '../model/assessment.ts';
import { clusterRef, type Facts } from '../model/facts.ts';
import { clean, cleanValue } from '../model/foreign.ts';
import { wayText } from '../model/kubernetes-way.ts';
import { byPillar, countControls, type StepVerdict } from '../model/verdicts.ts';
import { mark, word } from './symbols.ts';
import { wrap } from './wrap.ts';

/** Why a verdict is as it is, one line a piece of evidence. */
function reasons(assessment: Assessment): readonly string[] {
  const evidence =
    'evidence' in assessment && assessment.status !== 'pass'
      ? assessment.evidence.map(({ path, actual, wanted }) => `${clean(path)} is ${cleanValue(actual)}, wanted: ${clean(wanted)}`)
      : [];
  const reason = 'reason' in assessment ? [clean(assessment.reason)] : 'note' in assessment && assessment.note ? [clean(assessment.note)] : [];
  return [...reason, ...evidence];
}

/** Sums of a check in one line: `8 pass, 3 fail, …`; statuses with no control are left out. */
export function countsLine(verdicts: readonly StepVerdict[]): string {
  return Object.entries(countControls(verdicts))
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${word(status as keyof ReturnType<typeof countControls>)}`)
    .join(', ');
}

/** The verdicts on one cluster as text, by pillar and step. Ends with a newline. */
export function checkText(facts: Facts, verdicts: readonly StepVerdict[], options: { readonly ascii: boolean }): string {
  const { name, resourceGroup, subscriptionId, location } = clusterRef(facts);
  const where = [resourceGroup && `resource group ${resourceGroup}`, location, subscriptionId && `subscription ${subscriptionId}`].filter(Boolean).join(', ');
  const practice = facts.source.kind === 'practice' ? ' (PRACTICE: not a real cluster)' : '';
  const lines = [
    `${clean(name)}${practice}`,
    `  ${clean(where)}`,
    `  read ${clean(facts.source.readAt)} from ${clean(facts.source.label)}`,
    ...(facts.kubernetes === undefined ? [] : wrap(wayText(facts.kubernetes), 100).map((line, i) => `  ${i === 0 ? '' : '  '}${line}`)),
  ];
  for (const { pillar, verdicts: group } of byPillar(verdicts)) {
    lines.push('', pillar.toUpperCase());
    for (const { step, status, controls } of group) {
      lines.push(`  ${mark(status, options.ascii)} ${step.title}  [${step.id}]`);
      for (const { control, assessment } of controls) {
        lines.push(
          `      ${mark(assessment.status, options.ascii)} ${control.id.padEnd(5)} ${word(assessment.status).padEnd(14)} ${control.title} (${control.severity})`,
        );
        for (const reason of reasons(assessment)) lines.push(...wrap(reason, 100).map((line, i) => `          ${i === 0 ? '' : '  '}${line}`));
      }
    }
  }
  lines.push('', `${countsLine(verdicts)}`);
  return `${lines.join('\n')}\n`;
}
