import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import type { Intent, Result, SessionEvent } from './events.ts';
import { type Next, stay, to } from './next.ts';
import { reduceApplying } from './reduce-applying.ts';
import { reduceConfirm } from './reduce-confirm.ts';
import { reduceConnecting, reducePickCluster, reducePickSubscription, reduceWelcome } from './reduce-entry.ts';
import { reduceOverview, reduceProblem, reduceSince, reduceSummary } from './reduce-overview.ts';
import { reduceResult } from './reduce-result.ts';
import { reduceReview } from './reduce-review.ts';
import { reduceStep } from './reduce-step.ts';
import type { Overlay, SessionState } from './state.ts';
import { toNextOpen } from './walk.ts';

const results: { readonly [T in Result['type']]: true } = {
  entered: true,
  'not-entered': true,
  told: true,
  'read-so-far': true,
  subscriptions: true,
  clusters: true,
  opened: true,
  facts: true,
  'plan-facts': true,
  'plan-facts-missing': true,
  saved: true,
  'apply-event': true,
  'script-written': true,
  failed: true,
};

function isResult(event: SessionEvent): event is Result {
  return event.type in results;
}

/**
 * The wizard: a state and what happened in, the next state and what to do out. Pure; it knows nothing of keys, terminals or Azure.
 * An event that means nothing where the operator is leaves the state as it is.
 */
export function reduce(state: SessionState, event: SessionEvent, tools: Tools): Next {
  if (state.ended !== undefined) return stay(state);
  if (isResult(event)) return reduceResult(state, event, tools);
  if (event.type === 'interrupt') return interrupted(state, tools);
  const { notice: _told, ...rest } = state;
  const fresh: SessionState = { ...rest, pressAgain: false };
  if (fresh.overlay) return reduceOverlay(fresh, fresh.overlay, event);
  return reduceAnywhere(fresh, event, tools) ?? reduceScreen(fresh, event, tools);
}

/** Ctrl-C: a question while something is applied, else a second press ends the session. */
function interrupted(state: SessionState, tools: Tools): Next {
  if (state.screen.kind === 'applying') return reduceApplying({ ...state, overlay: undefined }, state.screen, { type: 'interrupt' }, tools);
  return state.pressAgain ? quit(state, 130) : stay({ ...state, pressAgain: true });
}

/** Ends the session. Nothing happens in it afterwards. */
function quit(state: SessionState, code: number): Next {
  return stay({ ...state, overlay: undefined, ended: code }, { type: 'quit', code });
}

function reduceOverlay(state: SessionState, overlay: Overlay, event: Intent): Next {
  const closed = stay({ ...state, overlay: undefined });
  if (overlay.kind !== 'quit') {
    const leaves = event.type === 'back' || event.type === 'choose' || event.type === overlayIntent[overlay.kind] || event.type === 'quit';
    return leaves ? closed : stay(state);
  }
  switch (event.type) {
    case 'move':
      return stay({ ...state, overlay: { kind: 'quit', cursor: moved(overlay.cursor, event.by, 2) } });
    case 'confirm':
      return quit(state, state.exitCode);
    case 'choose':
      return overlay.cursor === 1 ? quit(state, state.exitCode) : closed;
    case 'back':
    case 'refuse':
      return closed;
    default:
      return stay(state);
  }
}

/** The intent that opened an overlay closes it as well. */
const overlayIntent = { help: 'help', pager: 'view' } as const;

/** Intents that mean the same on most screens. Undefined: the screen decides. */
function reduceAnywhere(state: SessionState, event: Intent, tools: Tools): Next | undefined {
  const { screen } = state;
  switch (event.type) {
    case 'help':
      return stay({ ...state, overlay: { kind: 'help' } });
    case 'quit':
      return screen.kind === 'applying' ? undefined : stay({ ...state, overlay: { kind: 'quit', cursor: 0 } });
    case 'view':
      return canView(state)
        ? stay({ ...state, overlay: { kind: 'pager', about: screen.kind === 'step' && screen.phase.kind === 'state' ? 'details' : 'script' } })
        : stay(state);
    case 'review':
      return isWalking(state) ? to(state, { kind: 'review', cursor: 0 }) : undefined;
    case 'next-open':
      return isWalking(state) ? toNextOpen(state, tools, screen.kind === 'step' ? screen.step : undefined) : undefined;
    default:
      return undefined;
  }
}

/** True where the operator goes from decision to decision. */
function isWalking({ screen, facts }: SessionState): boolean {
  return facts !== undefined && (screen.kind === 'overview' || screen.kind === 'step' || screen.kind === 'review' || screen.kind === 'summary');
}

/** True where there is more to read than fits: evidence and references, or the commands. */
function canView({ screen }: SessionState): boolean {
  if (screen.kind === 'review' || screen.kind === 'confirm') return true;
  return (
    screen.kind === 'step' &&
    (screen.phase.kind === 'state' || screen.phase.kind === 'preview' || screen.phase.kind === 'decision' || screen.phase.kind === 'commands')
  );
}

function reduceScreen(state: SessionState, event: Intent, tools: Tools): Next {
  const { screen } = state;
  switch (screen.kind) {
    case 'welcome':
      return reduceWelcome(state, event);
    case 'connecting':
      return reduceConnecting(state, event);
    case 'pick-subscription':
      return reducePickSubscription(state, screen, event);
    case 'pick-cluster':
      return reducePickCluster(state, screen, event);
    case 'reading':
      return stay(state);
    case 'since':
      return reduceSince(state, event, tools);
    case 'overview':
      return reduceOverview(state, screen, event, tools);
    case 'step':
      return reduceStep(state, screen, event, tools);
    case 'review':
      return reduceReview(state, screen, event, tools);
    case 'confirm':
      return reduceConfirm(state, screen, event, tools);
    case 'applying':
      return reduceApplying(state, screen, event, tools);
    case 'summary':
      return reduceSummary(state, screen, event, tools);
    case 'problem':
      return reduceProblem(state, screen, event, tools);
    default:
      return screen satisfies never;
  }
}
