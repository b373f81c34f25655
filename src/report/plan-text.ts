import { clean } from '../model/foreign.ts';
import { type Plan, sparesWork, type Totals } from '../model/plan.ts';
import { minutesText } from './wrap.ts';

function counted({ writes, reimages, minutes }: Totals): string {
  return `${writes} ${writes === 1 ? 'write' : 'writes'}, ${reimages} node pool ${reimages === 1 ? 'reimage' : 'reimages'}, ${minutesText(minutes)}`;
}

/** The plan in a few lines for a person: totals, what stands in the way, the changes in order. Ends with a newline. */
export function planText(plan: Plan): string {
  const { totals, separately } = plan;
  const lines: string[] = [];
  if (plan.changes.length === 0) return 'Nothing to change.\n';
  const alone = ` (one command at a time: ${counted(separately)})`;
  lines.push(`${counted(totals)}${sparesWork(plan) ? alone : ''}`);
  for (const guard of plan.guards) {
    if (guard.verdict === 'clear') continue;
    const label = { warn: 'WARNING', refuse: 'REFUSED', unknown: 'NOT KNOWN' }[guard.verdict];
    lines.push(`${label}: ${clean(guard.title)}: ${clean(guard.detail)} [${guard.id}]`);
    if (guard.override && guard.override !== 'never' && guard.verdict !== 'warn') lines.push(`  lifted by: --override '${guard.id}=${guard.override}'`);
  }
  plan.changes.forEach(({ change, steps }, i) => {
    const door = change.reversible.kind === 'no' ? '  ONE-WAY' : '';
    lines.push(`${String(i + 1).padStart(3)}. ${clean(change.title)}${door}`);
    lines.push(`       ${clean(change.impact.scope)}; ${minutesText(change.minutes)}; steps: ${steps.join(', ')}`);
  });
  return `${lines.join('\n')}\n`;
}
