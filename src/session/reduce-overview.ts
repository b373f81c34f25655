import type { StepVerdict } from '../model/verdicts.ts';
import { moved } from './cursor.ts';
import type { Tools } from './deps.ts';
import type { Effect } from './effects.ts';
import type { Intent } from './events.ts';
import { type Next, stay, to } from './next.ts';
import { matching } from './reduce-entry.ts';
import { reduceFilter } from './reduce-filter.ts';
import { unfinishedOperations, verdictsOf } from './selectors.ts';
import type { RunChange, Screen, SessionState } from './state.ts';
import { toNextOpen, toOverview, toStep } from './walk.ts';

type Of<K> = Extract<Screen, { kind: K }>;

/** The steps that the overview lists: those that match its filter. */
export function listedSteps(state: SessionState, screen: Of<'overview'>, tools: Tools): readonly StepVerdict[] {
  const textOf = ({ step }: StepVerdict) => `${step.title} ${step.id} ${step.controls.map(({ id, title }) => `${id} ${title}`).join(' ')}`;
  return matching({ items: verdictsOf(state, tools), cursor: 0, filter: screen.filter }, textOf);
}

export function reduceOverview(state: SessionState, screen: Of<'overview'>, event: Intent, tools: Tools): Next {
  const filter = reduceFilter(screen.filter, event);
  if (filter) return to(state, { ...screen, filter, cursor: filter.field.text === screen.filter.field.text ? screen.cursor : 0 });
  const listed = listedSteps(state, screen, tools);
  switch (event.type) {
    case 'move':
      return to(state, { ...screen, cursor: moved(screen.cursor, event.by, listed.length) });
    case 'choose': {
      const picked = listed[screen.cursor];
      return picked ? toStep(state, picked.step.id) : stay(state);
    }
    case 'refresh':
      return to(state, { kind: 'reading', what: 'the cluster again' }, { type: 'read' });
    default:
      return stay(state);
  }
}

/** The change of an operation that is followed, as it stands when nothing has been heard of it. */
function followed(changes: readonly { readonly id: string; readonly title: string; readonly minutes: readonly [number, number] }[]): readonly RunChange[] {
  return changes.map(({ id, title, minutes }) => ({ id, title, minutes, status: 'waiting', elapsedMs: 0, seenAt: 0 }));
}

export function reduceSince(state: SessionState, event: Intent, tools: Tools): Next {
  if (event.type === 'back') return toOverview(state, tools);
  if (event.type !== 'choose') return stay(state);
  const running = unfinishedOperations(state).map(({ change }) => change);
  if (running.length > 0 && state.place?.readOnly === undefined) {
    return to(state, { kind: 'applying', mode: 'resume', changes: followed(running), stopping: 'no' }, { type: 'resume' });
  }
  return toNextOpen(state, tools);
}

export function reduceSummary(state: SessionState, screen: Of<'summary'>, event: Intent, tools: Tools): Next {
  if (!screen.fresh) return stay(state);
  if (event.type === 'choose') return screen.outcome === 'drift' ? toOverview(state, tools) : toNextOpen(state, tools);
  return event.type === 'back' ? toOverview(state, tools) : stay(state);
}

/** What can be done about a problem, in the order of the menu. */
export function wayouts(state: SessionState, screen: Of<'problem'>): readonly { readonly id: 'retry' | 'on' | 'quit'; readonly label: string }[] {
  return [
    ...(screen.retry ? [{ id: 'retry' as const, label: 'Try again' }] : []),
    { id: 'on' as const, label: state.facts ? 'Back to the overview' : 'Back to the start' },
    { id: 'quit' as const, label: 'Quit' },
  ];
}

/** Does again what did not work. What only writes the file needs no screen to wait on. */
function again(state: SessionState, effect: Effect, tools: Tools): Next {
  if (effect.type !== 'save') return to(state, { kind: 'reading', what: 'again what could not be read' }, effect);
  const home = toOverview(state, tools);
  return { state: home.state, effects: [...home.effects, effect] };
}

export function reduceProblem(state: SessionState, screen: Of<'problem'>, event: Intent, tools: Tools): Next {
  const items = wayouts(state, screen);
  const home = () => (state.facts ? toOverview(state, tools) : to({ ...state, place: undefined }, { kind: 'welcome' }, { type: 'leave-entrance' }));
  if (event.type === 'move') return to(state, { ...screen, cursor: moved(screen.cursor, event.by, items.length) });
  if (event.type === 'back') return home();
  if (event.type !== 'choose') return stay(state);
  switch (items[screen.cursor]?.id) {
    case 'retry':
      return screen.retry ? again(state, screen.retry, tools) : stay(state);
    case 'on':
      return home();
    case 'quit':
      return stay({ ...state, ended: screen.problem.exitCode ?? 1 }, { type: 'quit', code: screen.problem.exitCode ?? 1 });
    default:
      return stay(state);
  }
}
