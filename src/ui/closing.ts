import { isAbsolute, relative } from 'node:path';
import { clean } from '../model/foreign.ts';
import type { Tools } from '../session/deps.ts';
import { isOpen, recordOf, unfinishedOperations, verdictsOf } from '../session/selectors.ts';
import type { SessionState } from '../session/state.ts';

/** A path as an argument of the resume hint: from the working folder where it is below it, quoted where a shell would break it. */
function argument(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const shown = clean(below.startsWith('..') || isAbsolute(below) ? path : `./${below}`);
  return /^[A-Za-z0-9_./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** The last words: where things stand, and how to come back. Empty when no cluster was opened. */
export function closingText(state: SessionState, tools: Tools, cwd: string): string {
  const { place } = state;
  if (!place?.cluster || !state.facts) return '';
  const verdicts = verdictsOf(state, tools);
  const statuses = Object.values(state.checklist?.steps ?? {}).map(({ status }) => status);
  const number = (...wanted: readonly string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const open = verdicts.filter((verdict) => isOpen(verdict, recordOf(state, verdict.step.id))).length;
  const running = unfinishedOperations(state).length;
  const parts = [
    [number('verified'), 'verified'],
    [number('queued'), 'queued'],
    [number('declined'), 'declined'],
    [number('failed', 'half-done'), 'not finished'],
    [open, 'open'],
  ] as const;
  const said = parts.flatMap(([many, word]) => (many > 0 ? [`${many} ${word}`] : [])).join(', ');
  const practice = place.kind === 'practice' ? ' (PRACTICE)' : '';
  return [
    `${clean(place.cluster.name)}${practice}: ${said || 'nothing to decide'}.`,
    ...(running > 0 ? [`${running === 1 ? 'One change is' : `${running} changes are`} still under way in Azure.`] : []),
    ...(place.checklist ? [`Resume with: aks-harden resume ${argument(place.checklist, cwd)}`] : []),
    '',
  ].join('\n');
}
