import { clean } from '../model/foreign.ts';
import type { Problem } from '../model/problem.ts';

/** A Problem as lines for a person: what, why, what to do, where to read, what the cloud said. Ends with a newline. */
export function problemText(problem: Problem): string {
  const lines = [`ERROR: ${clean(problem.what)}`];
  if (problem.why) lines.push(`  Why:  ${clean(problem.why)}`);
  problem.next.forEach((step, i) => {
    lines.push(`  ${i === 0 ? 'Next: ' : '      '}${clean(step)}`);
  });
  for (const link of problem.links ?? []) lines.push(`  Read: ${clean(link.title)} ${clean(link.url)}`);
  if (problem.cloud) {
    const { status, code, requestId, correlationId } = problem.cloud;
    const ids = [requestId && `request ${requestId}`, correlationId && `correlation ${correlationId}`].filter(Boolean).join(', ');
    lines.push(`  Azure: ${clean(`${status} ${code}${ids ? ` (${ids})` : ''}`)}`);
  }
  return `${lines.join('\n')}\n`;
}
