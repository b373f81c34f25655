import type { Facts } from '../model/facts.ts';
import { type Pillar, pillars, type Step } from '../model/step.ts';
import { minutesText, wrap } from './wrap.ts';

/** The catalogue in short, by pillar. `example` are the facts that texts and options are made from. */
export function stepsText(steps: readonly Step[]): string {
  const lines: string[] = [];
  for (const pillar of pillars) {
    const group = steps.filter((step) => step.pillar === pillar);
    if (group.length === 0) continue;
    lines.push(pillar.toUpperCase());
    for (const step of group) lines.push(`  ${step.id.padEnd(32)} ${step.title}`, `  ${' '.repeat(32)} controls ${step.controls.map((c) => c.id).join(', ')}`);
    lines.push('');
  }
  lines.push('More about one: aks-harden steps ID');
  return `${lines.join('\n')}\n`;
}

/** One step in full: explanation, controls with references, what it reads, options with their parameters. */
export function stepText(step: Step, example: Facts): string {
  const explanation = step.explain(example);
  const lines = [`${step.title}  [${step.id}]`, ''];
  for (const part of [explanation.what, explanation.why, explanation.today]) if (part) lines.push(...wrap(part, 100), '');
  lines.push('Controls');
  for (const { id, title, severity, references } of step.controls) {
    lines.push(`  ${id.padEnd(5)} ${title} (${severity})`);
    const others = [
      references.cis && `CIS ${references.cis.join(', ')}`,
      references.psrule?.join(', '),
      references.checkov?.join(', '),
      references.policy && `Azure Policy ${references.policy.join(', ')}`,
    ].filter(Boolean);
    if (others.length > 0) lines.push(...wrap(others.join(' · '), 92).map((line) => `        ${line}`));
    for (const doc of references.docs) lines.push(`        ${doc.title}: ${doc.url}`);
  }
  lines.push(
    '',
    `Reads: the cluster${[...step.needs, ...(step.needsToPlan ?? [])].map((need) => `, ${need}`).join('')}`,
    '',
    'Options (texts as for the practice cluster "legacy")',
  );
  for (const option of step.options(example)) {
    lines.push(`  ${step.id}=${option.id}`, `      ${option.title}`);
    lines.push(...wrap(option.tradeOff, 92).map((line) => `      ${line}`));
    lines.push(
      `      impact: ${option.impact.kind} (${option.impact.scope}); ${minutesText(option.minutes)}; cost: ${option.cost}; way back: ${option.reversible.how}`,
    );
  }
  if (step.params.length > 0) lines.push('', 'Parameters (--set)');
  for (const param of step.params) lines.push(`  ${step.id}.${param.name}`, ...wrap(`${param.prompt} ${param.help}`, 92).map((line) => `      ${line}`));
  return `${lines.join('\n')}\n`;
}

/** The catalogue as data, for `steps -o json`. */
export function stepsDocument(steps: readonly Step[], example: Facts): object {
  return {
    schemaVersion: 1,
    steps: steps.map((step) => ({
      id: step.id,
      pillar: step.pillar satisfies Pillar,
      title: step.title,
      explain: step.explain(example),
      controls: step.controls,
      reads: ['cluster', ...step.needs, ...(step.needsToPlan ?? [])],
      options: step
        .options(example)
        .map(({ id, title, impact, minutes, cost, reversible, params }) => ({ id, title, impact, minutes, cost, reversible, params })),
      params: step.params.map(({ name, prompt, help, kind }) => ({ name, prompt, help, kind })),
      after: step.after,
    })),
  };
}
