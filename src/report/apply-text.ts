import type { ApplyEvent, Outcome } from '../model/events.ts';
import { clean, cleanValue } from '../model/foreign.ts';
import { problemText } from './problem-text.ts';

const outcomes: { readonly [O in Outcome]: { readonly text: string; readonly exitCode: number } } = {
  applied: { text: 'SUCCESS: everything was applied and verified.', exitCode: 0 },
  'nothing-to-do': { text: 'SUCCESS: nothing had to be changed.', exitCode: 0 },
  partly: { text: 'WARNING: a part was applied; see above for the rest.', exitCode: 5 },
  failed: { text: 'ERROR: nothing was applied.', exitCode: 1 },
  drift: { text: 'ERROR: the cluster changed since the plan; nothing was applied. Plan again.', exitCode: 4 },
  refused: { text: 'ERROR: a guard refused; nothing was applied.', exitCode: 1 },
  interrupted: { text: 'Interrupted.', exitCode: 130 },
};

/** The exit code an outcome ends a command with. */
export function exitCodeOf(outcome: Outcome): number {
  return outcomes[outcome].exitCode;
}

/** One event as lines for a log: `HH:MM:SS change: what`. Ends with a newline. `title` gives a change's title by its id. */
export function eventText(event: ApplyEvent, title: (change: string) => string): string {
  const time = event.at.slice(11, 19);
  const line = (text: string) => `${time} ${text}\n`;
  if (event.type === 'finished') return line(outcomes[event.outcome].text);
  const name = clean(title(event.change));
  switch (event.type) {
    case 'checked':
      return line(event.noop ? `(-) ${name}: already so, nothing is written` : `Checking ${name}`);
    case 'drift':
      return event.differences
        .map(({ path, planned, found }) => line(`(!) ${name}: ${clean(path)} is ${cleanValue(found)}, it was ${cleanValue(planned)} when planned`))
        .join('');
    case 'started':
      return line(`${event.resumed ? 'Following' : 'Applying'} ${name}${event.operationUrl ? ` (${clean(event.operationUrl)})` : ''}`);
    case 'waiting':
      return line(`Still at it: ${name} [${Math.round(event.elapsedMs / 1000)} s elapsed] ${clean(event.detail)}`);
    case 'output':
      return line(`  ${clean(event.line)}`);
    case 'probed':
      return line(`${event.reachable ? '(✓)' : '(x)'} API server from here: ${clean(event.detail)}`);
    case 'restoring':
      return line(`(!) Putting the old state back: ${clean(event.reason)}`);
    case 'restored':
      return line(`(✓) ${name}: the old state is back`);
    case 'done': {
      const verdicts = Object.entries(event.verified).map(([control, { status }]) => `${control} ${status}`);
      const besides = event.besides.length > 0 ? `; also changed: ${clean(event.besides.join(', '))}` : '';
      return line(`(✓) ${name}: ${verdicts.join(', ') || 'done'}${besides}`);
    }
    case 'failed':
      return line(`(x) ${name}`) + problemText(event.problem);
    case 'skipped':
      return line(`(-) ${name}: ${clean(event.reason)}`);
    case 'manual':
      return [
        line(`(!) By hand: ${name}`),
        ...event.instructions.map((text) => line(`    ${clean(text)}`)),
        line(`    Done when: ${clean(event.doneWhen)}`),
      ].join('');
    case 'left-running':
      return line(`(!) ${name}: left running in Azure${event.operationUrl ? ` (${clean(event.operationUrl)})` : ''}`);
    default:
      return event satisfies never;
  }
}
