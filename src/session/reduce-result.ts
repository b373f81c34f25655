import { clusterRef } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import { isUntouched, type Tools } from './deps.ts';
import type { Effect } from './effects.ts';
import type { Result } from './events.ts';
import { journaled, type Next, stay, tell, to } from './next.ts';
import { applyEvent } from './reduce-applying.ts';
import { sinceOf } from './since.ts';
import type { SessionState } from './state.ts';
import { noFilter, noted, toOverview } from './walk.ts';

/** Takes in what came of an effect. */
export function reduceResult(state: SessionState, event: Result, tools: Tools): Next {
  const { screen } = state;
  switch (event.type) {
    case 'entered':
      return event.attempt === state.attempt && screen.kind === 'connecting' ? entered(state, event) : stay(state);
    case 'not-entered':
      return event.attempt === state.attempt && screen.kind === 'connecting' ? to(state, { kind: 'welcome', reason: event.problem }) : stay(state);
    case 'told':
      return event.attempt === state.attempt && screen.kind === 'connecting' ? to(state, { ...screen, told: [...screen.told, event.line] }) : stay(state);
    case 'read-so-far':
      return screen.kind === 'reading' ? to(state, { ...screen, progress: event.progress }) : stay(state);
    case 'subscriptions':
    case 'clusters':
      return screen.kind === 'reading' ? listed(state, event) : stay(state);
    case 'opened':
      return screen.kind === 'reading' ? opened(state, event, tools) : stay(state);
    case 'facts':
      return factsRead(state, event, tools);
    case 'plan-facts':
      return stay({ ...state, facts: event.facts, ...(state.readingFor === event.step ? { readingFor: undefined } : {}) });
    case 'plan-facts-missing':
      return tell(
        { ...state, ...(state.readingFor === event.step ? { readingFor: undefined } : {}) },
        `Not everything that this decision needs could be read. ${event.problem.what}`,
      );
    case 'saved':
      return stay({ ...state, checklist: event.checklist });
    case 'apply-event':
      return applyEvent(state, event.event, event.seenAt);
    case 'script-written':
      return tell(journaled(state, 'info', `Script written: ${event.path}`), `Written to ${event.path}`, 'info');
    case 'failed':
      return failed(state, event.effect, event.problem);
    default:
      return event satisfies never;
  }
}

function entered(state: SessionState, event: Extract<Result, { type: 'entered' }>): Next {
  const there = { ...state, place: event.place };
  return event.clusterId === undefined
    ? to(there, { kind: 'reading', what: 'the subscriptions' }, { type: 'list-subscriptions' })
    : to(there, { kind: 'reading', what: 'the cluster' }, { type: 'open', clusterId: event.clusterId });
}

/** A list with one entry is not asked about: picking it only reads. */
function listed(state: SessionState, event: Extract<Result, { type: 'subscriptions' | 'clusters' }>): Next {
  const [only, ...others] = event.items;
  if (only === undefined) return to(state, { kind: 'problem', problem: nothingListed(state, event.type), cursor: 0 });
  if (event.type === 'clusters') {
    if (others.length > 0) return to(state, { kind: 'pick-cluster', items: event.items, cursor: 0, filter: noFilter });
    return to(state, { kind: 'reading', what: 'the cluster' }, { type: 'open', clusterId: only.id });
  }
  if (others.length > 0 || !state.place) return to(state, { kind: 'pick-subscription', items: event.items, cursor: 0, filter: noFilter });
  const place = { ...state.place, subscription: { id: only.id, name: only.name } };
  return to({ ...state, place }, { kind: 'reading', what: 'the clusters of the subscription' }, { type: 'list-clusters', subscription: only.id });
}

function nothingListed(state: SessionState, what: 'subscriptions' | 'clusters'): Problem {
  const account = state.place?.label ?? 'this sign-in';
  return what === 'subscriptions'
    ? {
        code: 'no-subscription',
        what: 'The sign-in sees no subscription.',
        why: `${account} has no role on any subscription of this tenant.`,
        next: ['Sign in to the tenant that the cluster is in: az login --tenant TENANT.', 'Or ask for a role on the subscription.'],
      }
    : {
        code: 'no-cluster',
        what: 'There is no AKS cluster here.',
        why: `${account} sees none in subscription ${state.place?.subscription?.name ?? ''}.`,
        next: ['Name another subscription: aks-harden -s SUBSCRIPTION.', 'Or ask for Reader on the cluster.'],
      };
}

function opened(state: SessionState, event: Extract<Result, { type: 'opened' }>, tools: Tools): Next {
  const place = state.place && {
    ...state.place,
    cluster: clusterRef(event.facts),
    ...(event.path === undefined ? {} : { checklist: event.path }),
    ...(event.readOnly === undefined ? {} : { readOnly: event.readOnly }),
  };
  const there: SessionState = { ...state, ...(place === undefined ? {} : { place }), facts: event.facts, checklist: event.checklist };
  if (isUntouched(event.checklist)) return toOverview(there, tools);
  return to({ ...there, since: sinceOf(tools, event.facts, event.checklist) }, { kind: 'since' });
}

/** Fresh facts: after a run they prove it, and the file learns what was seen. */
function factsRead(state: SessionState, event: Extract<Result, { type: 'facts' }>, tools: Tools): Next {
  const { screen } = state;
  const fresh: SessionState = { ...state, facts: event.facts };
  if (screen.kind !== 'summary' && screen.kind !== 'reading') return stay(fresh);
  const { state: after, effect } = noted(fresh, tools, []);
  if (screen.kind === 'summary') return to(after, { ...screen, fresh: true }, effect);
  const home = toOverview(after, tools);
  return { state: { ...home.state, notice: { tone: 'info', text: 'Read again.' } }, effects: [effect, ...home.effects] };
}

/** An effect that did not work. Only what reads or writes the file is offered again; an apply never starts by itself. */
function failed(state: SessionState, effect: Effect, problem: Problem): Next {
  const repeatable =
    effect.type === 'list-subscriptions' || effect.type === 'list-clusters' || effect.type === 'open' || effect.type === 'read' || effect.type === 'save';
  if (effect.type === 'write-script' || effect.type === 'copy') return tell(state, `${problem.what} ${problem.why}`);
  return to(journaled(state, 'bad', problem.what), { kind: 'problem', problem, cursor: 0, ...(repeatable ? { retry: effect } : {}) });
}
