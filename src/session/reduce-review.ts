import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import type { Intent } from './events.ts';
import { journaled, type Next, stay, tell, to } from './next.ts';
import { askConfirmation } from './reduce-confirm.ts';
import { planOf, queueOf } from './selectors.ts';
import type { Screen, SessionState } from './state.ts';
import { noted, toOverview } from './walk.ts';

export function reduceReview(state: SessionState, screen: Extract<Screen, { kind: 'review' }>, event: Intent, tools: Tools): Next {
  const { steps, choices } = queueOf(state, tools);
  const step = steps[screen.cursor];
  switch (event.type) {
    case 'move':
      return to(state, { ...screen, cursor: moved(screen.cursor, event.by, steps.length) });
    case 'back':
      return toOverview(state, tools);
    case 'remove': {
      if (!step) return stay(state);
      const { state: after, effect } = noted(state, tools, [{ kind: 'open', step: step.id }]);
      return to(journaled(after, 'info', `Taken out of the queue: ${step.title}`), { ...screen, cursor: moved(screen.cursor, 0, steps.length - 1) }, effect);
    }
    case 'shell':
      return stay({ ...state, shell: state.shell === 'bash' ? 'pwsh' : 'bash' });
    case 'copy':
    case 'script': {
      const planned = planOf(state, tools, choices);
      if (steps.length === 0 || !planned || 'problem' in planned) return stay(state);
      if (event.type === 'script') return stay(state, { type: 'write-script', plan: planned.plan, shell: state.shell });
      return stay(
        { ...state, notice: { tone: 'info', text: 'Copied, where the terminal allows it. v shows the commands.' } },
        { type: 'copy', text: tools.script(planned.plan, state.shell) },
      );
    }
    case 'choose':
      return Object.keys(choices).length === 0 ? tell(state, 'The queue is empty.', 'info') : askConfirmation(state, tools, { kind: 'queue' }, choices);
    default:
      return stay(state);
  }
}
